"""Headers of every page, cookies, sign-in and sign-out, forged requests, where a sign-in may lead."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from tests.district import STREET, District
from tests.security.routes import pages
from yimen.foundation.identity.models import Account
from yimen.kernel.access import PUBLIC, SIGNED_IN

SECRET = "a-long-enough-password-7"
OPEN = sorted({r.path for r in pages() if r.access == (PUBLIC,) and not r.borrowed})
OWN = sorted({r.path for r in pages() if r.access == (SIGNED_IN,) and not r.borrowed})
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=\"|\son[a-z]+=\"|javascript:", re.IGNORECASE
)
DATA_SCRIPT = re.compile(r"<script[^>]*type=\"(?:application/json|speculationrules)\"[^>]*>", re.IGNORECASE)


@pytest.fixture
def lin(district: District) -> Iterator[Account]:
    """Lin with a password."""
    account = district.account("lin")
    Account.objects.filter(pk=account.pk).update(password=make_password(SECRET))
    yield account


def sign_in(client: Client, password: str = SECRET, **more: Any) -> Any:
    page = client.get("/accounts/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    return client.post(
        "/accounts/login/",
        {"login": "lin", "password": password, "csrfmiddlewaretoken": token[1] if token else "", **more},
    )


def check_headers(response: Any) -> None:
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in response["Content-Security-Policy"].split(";")
        if part.strip()
    )
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert (policy["object-src"], policy["frame-ancestors"]) == ("'none'", "'none'")
    assert policy["base-uri"] == policy["form-action"] == "'self'"
    assert (
        "unsafe" not in response["Content-Security-Policy"] and "*" not in response["Content-Security-Policy"]
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def check_nothing_inline(response: Any) -> None:
    """What the policy would block anyway must not be there: a page that needs it would be broken."""
    if response.headers.get("Content-Type", "").startswith("text/html"):
        text = DATA_SCRIPT.sub("", response.content.decode())
        assert INLINE.findall(text) == []


@pytest.mark.parametrize("path", OPEN)
def test_headers_of_public_pages(district: District, path: str) -> None:
    response = district.page().get(path)
    check_headers(response)
    check_nothing_inline(response)


@pytest.mark.parametrize("path", OWN)
def test_headers_of_personal_pages(district: District, path: str) -> None:
    for username in ("lin", "sun", "root"):
        response = district.page(username).get(path)
        check_headers(response)
        check_nothing_inline(response)
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/no/such/page/", "/api/v1/openapi.json", "/api/v1/docs", "/api/v1/cases", "/health/ready"]
)
def test_headers_of_everything_else(district: District, path: str) -> None:
    check_headers(district.page().get(path))


def test_answers_of_the_interface_are_not_kept_by_others(district: District) -> None:
    number = district.case("lin", STREET)
    answer = district.caller("lin").get(f"/cases/{number}")
    assert "no-store" in answer.headers["Cache-Control"]


def test_cookies_are_for_this_site_only(lin: Account) -> None:
    client = Client()
    sign_in(client)
    session, csrf = client.cookies[settings.SESSION_COOKIE_NAME], client.cookies[settings.CSRF_COOKIE_NAME]
    assert session["httponly"] and session["samesite"] == "Lax" and session["path"] == "/"
    assert csrf["samesite"] == "Lax" and not session["domain"] and not csrf["domain"]


def test_cookies_travel_over_https_only_where_it_is_served(lin: Account, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    sign_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME]["secure"]


def test_a_session_planted_before_signing_in_is_worth_nothing(lin: Account) -> None:
    victim = Client(enforce_csrf_checks=True)
    victim.get("/accounts/login/")
    planted = victim.session
    planted["planted"] = True
    planted.save()
    victim.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
    assert sign_in(victim).status_code == 302
    assert victim.session.session_key != planted.session_key
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
    assert thief.get("/my/").status_code == 302


def test_signing_out_ends_the_session(lin: Account) -> None:
    client = Client()
    sign_in(client)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get("/my/").status_code == 200
    assert client.get("/accounts/logout/").status_code == 200 and client.get("/my/").status_code == 200, (
        "GET asks only"
    )
    client.post("/accounts/logout/")
    copy = Client()
    copy.cookies[settings.SESSION_COOKIE_NAME] = key
    assert copy.get("/my/").status_code == 302
    assert copy.get("/api/v1/me").status_code == 401


def test_a_changed_password_ends_other_sessions(lin: Account) -> None:
    one, other = Client(), Client()
    sign_in(one)
    sign_in(other)
    Account.objects.filter(pk=lin.pk).update(password=make_password(SECRET + "x"))
    assert other.get("/my/").status_code == one.get("/my/").status_code == 302


def test_wrong_password_and_unknown_name_look_the_same(lin: Account) -> None:
    def said(login: str) -> str:
        text = Client().post("/accounts/login/", {"login": login, "password": "wrong"}).content.decode()
        return re.sub(r' ?value="[\w-]*"|\b\w{64}\b', "", text)

    assert said("lin") == said("nobody-of-this-name")


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "http:evil.example",
     "https:///evil.example", "/%09/evil.example\t", "\x00//evil.example", "http://127.0.0.1:9999/", "data:text/html,x"],
)  # fmt: skip
def test_sign_in_leads_nowhere_else(lin: Account, target: str) -> None:
    client = Client()
    response = client.post("/accounts/login/", {"login": "lin", "password": SECRET, "next": target})
    places = [response.headers.get("Location", "/")]
    page = Client().get("/accounts/login/", {"next": target})
    assert page.status_code < 500
    signed = Client()
    sign_in(signed)
    for path in ("/accounts/login/", "/accounts/signup/"):
        places.append(signed.get(path, {"next": target}).headers.get("Location", "/"))
    for path in ("/accounts/logout/", "/me/representations/act-for/", "/ui/appearance"):
        again = Client()
        sign_in(again)
        places.append(again.post(path, {"next": target}).headers.get("Location", "/"))
    for place in places:
        assert place.startswith("/") and not place.startswith(("//", "/\\")), place
        assert not set(place) & set("\\\t\n\r\0"), place


def test_a_stranger_comes_back_to_where_he_was(lin: Account) -> None:
    client = Client()
    sent = client.get("/my/?state=done")
    assert sent["Location"] == "/accounts/login/?next=/my/%3Fstate%3Ddone"
    done = client.post(sent["Location"], {"login": "lin", "password": SECRET, "next": "/my/?state=done"})
    assert done["Location"] == "/my/?state=done"


ASKED_FIRST = ("/identity/o/authorize", "/identity/o/device", "/identity/o/logout")
"""Protocol addresses where other sites may send a form (OpenID Connect Core 3.1.2.1): they only show the question."""
POSTED = sorted({r.path for r in pages() if not r.path.startswith(("/identity/o/api", "/.well-known"))})


@pytest.mark.parametrize("path", POSTED)
def test_no_page_takes_a_forged_form(district: District, path: str) -> None:
    """Every POST without the mark is refused, before the page's own code runs."""
    client = district.page("root", enforce_csrf_checks=True)
    response = client.post(path, {"a": "b"})
    if path in ASKED_FIRST:
        assert response.status_code in (200, 302) and client.get("/me/").status_code == 200
    else:
        assert response.status_code in (403, 405), (path, response.status_code)


def test_the_interface_by_session_wants_the_mark(district: District) -> None:
    client = district.page("lin", enforce_csrf_checks=True)
    refused = client.post("/api/v1/applications", {}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    client.get("/my/")
    page = client.get("/accounts/logout/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    taken = client.post(
        "/api/v1/applications", {}, content_type="application/json", headers={"X-CSRFToken": token[1]}
    )
    assert taken.status_code == 422
    assert client.get("/api/v1/me").status_code == 200


def test_a_false_token_does_not_open_what_a_session_would(district: District) -> None:
    client = district.page("lin", enforce_csrf_checks=True)
    refused = client.post(
        "/api/v1/applications", {}, content_type="application/json", headers={"Authorization": "Bearer x"}
    )
    assert refused.status_code == 403
    for scheme in (
        "Basic x",
        "bearer",
        "Bearer",
        "Bearer  ",
        "Token x",
        "Bearer \u00e9",
        "Bearer " + "x" * 9000,
    ):
        answer = Client().get("/api/v1/me", headers={"Authorization": scheme})
        assert answer.status_code == 401, scheme


def test_no_other_host_is_answered(district: District) -> None:
    assert Client(raise_request_exception=False).get("/", headers={"Host": "evil.example"}).status_code == 400

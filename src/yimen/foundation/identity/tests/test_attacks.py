"""Guessing, probing, taking over: what somebody with bad intent tries upon sign-in, sign-up and sessions."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from yimen.foundation.identity import middleware
from yimen.foundation.identity.api import find_or_register_entity, find_or_register_person, issue_token
from yimen.foundation.identity.models import Account, Person
from yimen.foundation.identity.permissions import ACCOUNT_MANAGE, AUDIT_READ, LOCKOUT_MANAGE
from yimen.foundation.identity.services.accounts import reset_password
from yimen.foundation.identity.services.tokens import actor_of_bearer, create_sign_in_client
from yimen.foundation.identity.tests.factories import (
    AT,
    PASSWORD,
    account,
    credit_code,
    id_number,
    resident,
    staff,
)
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM

pytestmark = [pytest.mark.django_db, pytest.mark.urls("yimen.foundation.identity.tests.urls")]
LOGIN, SECOND, SIGN_UP = "/accounts/login/", "/accounts/2fa/authenticate/", "/accounts/signup/"
AGENTS = "/me/representations/add/"
FORM = {
    "name": "林晓燕", "id_kind": "resident_id", "id_number": id_number(21), "phone": "13800138000", "username": "lin.xy",
    "password": PASSWORD, "password2": PASSWORD, "agree": "1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _quiet(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.DEMO = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], settings.IDENTITY_TEMPLATES]}]
    cache.clear()


def sign_in(client: Client, username: str, password: str = PASSWORD, address: str = "127.0.0.1"):
    return client.post(LOGIN, {"login": username, "password": password}, REMOTE_ADDR=address)


def clerk(username: str = "chen", **fields: object) -> Account:
    made = staff(username, ("desk:case:accept",))
    made.set_password(PASSWORD)
    made.save()
    return made


def acts_of(username: str) -> list[str]:
    return [event.act for event in trace.events_of("account", username)]


def test_guesses_from_many_addresses_are_counted_by_name() -> None:
    resident("lin", password=PASSWORD)
    for n in range(20):
        sign_in(Client(), "LIN" if n % 2 else "lin", "wrong", f"198.51.100.{n}")
    refused = sign_in(Client(), "lin", PASSWORD, "198.51.100.99")
    assert refused.status_code == 200 and "过于频繁" in refused.content.decode()


def test_nobody_shuts_another_out_from_one_address() -> None:
    resident("lin", password=PASSWORD)
    for _ in range(30):
        sign_in(Client(), "lin", "wrong", "198.51.100.1")
    assert sign_in(Client(), "lin", PASSWORD, "198.51.100.2").status_code == 302


def test_guesses_at_the_second_step_are_counted_by_account() -> None:
    """Who knows the password must not try the million codes from a thousand addresses."""
    made, secret = clerk(), generate_totp_secret()
    TOTP.activate(made, secret)
    told = ""
    for n in range(21):
        client, address = Client(), f"198.51.100.{n}"
        sign_in(client, "chen", address=address)
        told = client.post(SECOND, {"code": "000000"}, REMOTE_ADDR=address).content.decode()
        assert ("动态口令不对" in told) == (n < 20)
    assert "过于频繁" in told


def test_the_session_changes_at_the_second_step() -> None:
    made, secret = clerk(), generate_totp_secret()
    TOTP.activate(made, secret)
    client = Client()
    sign_in(client, "chen")
    before = client.session.session_key
    from yimen.foundation.identity.tests.test_signin import code_for

    client.post(SECOND, {"code": code_for(secret)})
    assert client.get("/desk/").status_code == 200 and client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_code_opens_once() -> None:
    made, secret = clerk(), generate_totp_secret()
    TOTP.activate(made, secret)
    from yimen.foundation.identity.tests.test_signin import code_for

    code, first, second = code_for(secret), Client(), Client()
    for client in (first, second):
        sign_in(client, "chen")
        client.post(SECOND, {"code": code})
    assert first.get("/desk/").status_code == 200
    assert second.get("/desk/").status_code == 302


def test_staff_cannot_take_their_second_factor_away() -> None:
    made, secret = clerk(), generate_totp_secret()
    TOTP.activate(made, secret)
    client = Client()
    sign_in(client, "chen")
    from yimen.foundation.identity.tests.test_signin import code_for

    client.post(SECOND, {"code": code_for(secret)})
    client.post("/accounts/2fa/totp/deactivate/")
    assert made.authenticator_set.filter(type="totp").exists()


def test_name_and_number_of_somebody_known_do_not_open_his_matters() -> None:
    known = find_or_register_person("林晓燕", id_number(21), "13800138000", AT)
    answer = Client().post(SIGN_UP, {**FORM, "phone": "13900139000"})
    assert answer.status_code == 422 and not known.accounts.exists()
    known.refresh_from_db()
    assert known.phone == "13800138000"
    assert Client().post(SIGN_UP, FORM).status_code == 302 and known.accounts.count() == 1


def test_somebody_known_without_a_telephone_goes_to_a_window_first() -> None:
    known = find_or_register_person("林晓燕", id_number(21), "", AT)
    entity = find_or_register_entity("晨光餐饮", credit_code(7), AT, legal_representative=known)
    answer = Client().post(SIGN_UP, FORM)
    assert answer.status_code == 422 and not known.accounts.exists()
    assert "请持证件到窗口办理" in answer.context["errors"]["id_number"]
    entity.legal_representative = None
    entity.save()
    find_or_register_person("林晓燕", id_number(21), "", AT, real_name_level=2)
    assert Client().post(SIGN_UP, FORM).status_code == 422
    Person.objects.update(real_name_level=1)
    assert Client().post(SIGN_UP, FORM).status_code == 302


def test_why_somebody_known_cannot_sign_up_is_not_told() -> None:
    find_or_register_person("林晓燕", id_number(21), "13800138000", AT)
    find_or_register_person("吴海", id_number(22), "13800138001", AT)
    resident_of = resident("he", "何芳", password=PASSWORD).person
    tries = [
        {"name": "林小燕"},
        {"phone": "13900139000"},
        {"name": "何芳", "id_number": resident_of.id_number, "phone": resident_of.phone},
    ]
    told = {Client().post(SIGN_UP, {**FORM, **change}).context["errors"]["id_number"] for change in tries}
    assert len(told) == 1


def test_a_form_that_cannot_pass_does_not_tell_whether_a_number_is_known() -> None:
    find_or_register_person("林晓燕", id_number(21), "13800138000", AT)
    wrong = {"name": "吴海", "password2": "x"}
    told = [
        Client().post(SIGN_UP, {**FORM, **wrong, "id_number": number}).context["errors"]
        for number in (id_number(21), id_number(22))
    ]
    assert told[0] == told[1] == {"password2": told[0]["password2"]}


def test_adding_an_agent_does_not_say_where_the_agent_is_told_of_his_matters() -> None:
    victim = find_or_register_person("吴海", id_number(31), "", AT)
    client = Client()
    client.force_login(resident("lin"))
    given = {"name": "吴海", "id_number": id_number(31), "phone": "13900139000"}
    assert client.post(AGENTS, given).status_code == 302
    assert Person.objects.get(pk=victim.pk).phone == ""


def test_numbers_of_others_are_not_tried_as_agents_all_day() -> None:
    client = Client()
    client.force_login(resident("lin"))
    find_or_register_person("吴海", id_number(31), "", AT)
    tried = [
        client.post(AGENTS, {"name": "王海", "id_number": id_number(31)}).content.decode() for _ in range(21)
    ]
    assert "太多" in tried[20] and not any("太多" in page for page in tried[:20])


def test_tokens_end_with_the_password() -> None:
    for change in ("own", "reset"):
        made = account(f"lin-{change}", kind="resident", password=PASSWORD)
        token = issue_token(made, AT)
        assert actor_of_bearer(token, AT).account_id == made.pk
        if change == "own":
            client = Client()
            sign_in(client, made.username)
            client.post(
                "/accounts/password/change/",
                {"oldpassword": PASSWORD, "password1": PASSWORD + "x", "password2": PASSWORD + "x"},
            )
        else:
            reset_password(made, PASSWORD + "x", actor=PLATFORM, at=AT)
        assert actor_of_bearer(token, AT) is None, change


def test_what_staff_do_with_their_sign_in_is_in_the_trace(settings) -> None:
    settings.IDENTITY_SECOND_FACTOR = False
    clerk()
    client = Client()
    sign_in(client, "chen", address="203.0.113.9")
    client.post("/accounts/logout/")
    for _ in range(6):
        sign_in(Client(), "chen", "wrong")
    assert acts_of("chen")[:3] == ["sign_in", "sign_out", "locked_out"]
    assert trace.events_of("account", "chen")[0].note == "203.0.113.9"
    resident("lin", password=PASSWORD)
    sign_in(client, "lin")
    assert acts_of("lin") == []


def test_a_session_left_alone_ends_and_no_session_lasts_longer_than_a_day(monkeypatch) -> None:
    resident("lin", password=PASSWORD)
    client = Client()
    sign_in(client, "lin")
    start = time.time()
    at = [start]
    monkeypatch.setattr(middleware.time, "time", lambda: at[0])
    for minutes in (25, 50, 75):
        at[0] = start + minutes * 60
        assert client.get("/").status_code == 200
    key = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    at[0] += 31 * 60
    assert client.get("/").status_code == 302
    assert not Session.objects.filter(session_key=key).exists()
    at[0] = start
    sign_in(client, "lin")
    for minutes in range(25, 13 * 60, 25):
        at[0] = start + minutes * 60
        status = client.get("/").status_code
        assert (status == 200) == (minutes < 12 * 60), minutes
        if status == 302:
            break


def _authorize(client: Client, app: object, **changes: str):
    import base64
    import hashlib

    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    query = {
        "client_id": app.id, "response_type": "code", "redirect_uri": BACK, "scope": "openid", "state": "s",
        "code_challenge": challenge, "code_challenge_method": "S256",
    } | changes  # fmt: skip
    return client.get("/identity/o/authorize", query)


VERIFIER, BACK = "v" * 50, "https://app.example/back"


@pytest.mark.parametrize(
    "address",
    ["https://app.example/back/x", "https://app.example/back?x=1", "http://app.example/back", "https://app.example.evil/back",
     "https://evil@app.example/back", "https://app.example:444/back", "https://app.example/Back", "//app.example/back", ""],
)  # fmt: skip
def test_nobody_is_sent_back_elsewhere(client: Client, address: str) -> None:
    app = create_sign_in_client(name="某应用", redirect_uris=[BACK], account=staff(), at=AT)
    client.force_login(resident("lin"))
    page = _authorize(client, app, redirect_uri=address)
    assert page.status_code == 400 or "无法授权登录" in page.content.decode()
    assert (
        'name="request"' not in page.content.decode()
        and page.headers["Content-Security-Policy"].count("http") == 0
    )
    assert 'name="request"' in _authorize(client, app).content.decode()


def test_a_code_is_used_once_and_only_by_who_asked_for_it(client: Client) -> None:
    apps = [create_sign_in_client(name=n, redirect_uris=[BACK], account=staff(), at=AT) for n in ("甲", "乙")]
    client.force_login(resident("lin"))
    hidden = _authorize(client, apps[0]).context["form"]["request"].value()
    agreed = client.post(
        "/identity/o/authorize", {"request": hidden, "scopes": ["openid"], "action": "grant"}
    )
    form = {
        "grant_type": "authorization_code", "client_id": apps[0].id, "redirect_uri": BACK, "code_verifier": VERIFIER,
        "code": agreed.headers["Location"].split("code=")[1].split("&")[0],
    }  # fmt: skip
    token = "/identity/o/api/token"
    for change in ({"client_id": apps[1].id}, {"code_verifier": "w" * 50}, {"code": form["code"] + "x"}):
        assert Client().post(token, form | change).status_code in (400, 401), change
    hidden = _authorize(client, apps[0]).context["form"]["request"].value()
    agreed = client.post(
        "/identity/o/authorize", {"request": hidden, "scopes": ["openid"], "action": "grant"}
    )
    form["code"] = agreed.headers["Location"].split("code=")[1].split("&")[0]
    assert Client().post(token, form).status_code == 200
    assert Client().post(token, form).status_code == 400


@pytest.mark.parametrize("grant", [LOCKOUT_MANAGE, AUDIT_READ])
def test_no_administrator_becomes_another_by_setting_the_password(client: Client, grant: str) -> None:
    root, other, plain = staff("root", (ACCOUNT_MANAGE,)), staff("other", (grant,)), staff("plain")
    client.force_login(root)
    for holder, status in ((other, 422), (plain, 302)):
        before = holder.password
        answer = client.post(f"/console/people/{holder.pk}/password/", {"password": "Xin-Mi-Ma-2026"})
        holder.refresh_from_db()
        assert (answer.status_code, holder.password == before) == (status, status == 422)

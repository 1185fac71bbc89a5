"""Bearer tokens: hashed at rest, of people and of systems, with an end; never more than two statements."""

from datetime import timedelta

import pytest
from allauth.idp.oidc.models import Client as OidcClient
from allauth.idp.oidc.models import Token
from django.test import Client

from yimen.foundation.identity.api import actor_of_bearer, create_client, issue_token, lock_account
from yimen.foundation.identity.services.tokens import create_sign_in_client
from yimen.foundation.identity.tests.factories import AT, account, resident, staff
from yimen.kernel.actor import PLATFORM
from yimen.kernel.clock import now

pytestmark = [pytest.mark.django_db, pytest.mark.urls("yimen.foundation.identity.tests.urls")]


def test_a_token_acts_as_its_account_in_two_statements(django_assert_max_num_queries) -> None:
    clerk = staff("chen", ("desk:case:accept",))
    token = issue_token(clerk, AT, timedelta(hours=1))
    assert not Token.objects.filter(hash__contains=token[:10]).exists()
    with django_assert_max_num_queries(2):
        actor = actor_of_bearer(token, AT)
    assert actor is not None
    assert (actor.account_id, actor.channel) == (clerk.pk, "api")
    assert actor.may("desk:case:accept")


@pytest.mark.parametrize("value", ["", "x", "不是令牌", "a" * 5000, "\x00"])
def test_an_unknown_token_is_nobody(value: str) -> None:
    assert actor_of_bearer(value, AT) is None


def test_a_token_ends() -> None:
    token = issue_token(account(), AT, timedelta(hours=1))
    assert actor_of_bearer(token, AT + timedelta(minutes=59)) is not None
    assert actor_of_bearer(token, AT + timedelta(hours=1)) is None


def test_a_locked_account_has_no_tokens() -> None:
    clerk, admin = account("chen"), PLATFORM
    token = issue_token(clerk, AT)
    lock_account(clerk, actor=admin, at=AT, reason="离职")
    assert actor_of_bearer(token, AT) is None
    assert not Token.objects.exists()


def test_a_token_of_an_application_without_the_interface_scope_opens_nothing() -> None:
    lin = resident("lin")
    token = Token(
        type=Token.Type.ACCESS_TOKEN, user=lin, scopes="openid\nprofile", expires_at=AT + timedelta(hours=1)
    )
    token.set_value("third-party")
    token.save()
    assert actor_of_bearer("third-party", AT) is None


def test_a_refresh_token_is_no_access_token() -> None:
    token = Token(type=Token.Type.REFRESH_TOKEN, user=account(), scopes="api")
    token.set_value("refresh")
    token.save()
    assert actor_of_bearer("refresh", AT) is None


def test_a_public_client_without_a_person_is_nobody() -> None:
    client = create_sign_in_client(name="app", redirect_uris=["https://a.example/cb"], account=staff(), at=AT)
    token = Token(
        type=Token.Type.ACCESS_TOKEN, client=client, scopes="api", expires_at=AT + timedelta(hours=1)
    )
    token.set_value("nobody")
    token.save()
    assert actor_of_bearer("nobody", AT) is None


def test_a_system_gets_a_token_for_its_credentials_and_acts_as_its_account(client: Client) -> None:
    system = account("tax-system", kind="system")
    made, secret = create_client(name="税务系统", account=system, actor=PLATFORM, at=AT)
    assert OidcClient.objects.get().secret != secret
    form = {"grant_type": "client_credentials", "client_id": made.id, "client_secret": secret}
    answer = client.post("/identity/o/api/token", form)
    assert answer.status_code == 200, answer.content
    actor = actor_of_bearer(answer.json()["access_token"], now())
    assert actor is not None
    assert actor.account_id == system.pk
    wrong = client.post("/identity/o/api/token", {**form, "client_secret": "wrong"})
    assert wrong.status_code in (400, 401)


def test_a_person_signs_in_to_an_application_with_pkce(client: Client) -> None:
    lin = resident("lin", password="Deng-Lu-2026!")
    app = create_sign_in_client(
        name="某应用", redirect_uris=["https://app.example/back"], account=staff(), at=AT
    )
    client.force_login(lin)
    verifier = "v" * 64
    import base64
    import hashlib

    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "client_id": app.id,
        "response_type": "code",
        "redirect_uri": "https://app.example/back",
        "scope": "openid profile api",
        "state": "s",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    page = client.get("/identity/o/authorize", query)
    assert page.status_code == 200, page.content
    assert "form-action 'self' https://app.example" in page.headers["Content-Security-Policy"]
    hidden = page.context["form"]["request"].value()
    agreed = client.post(
        "/identity/o/authorize",
        {"request": hidden, "scopes": ["openid", "profile", "api"], "action": "grant"},
    )
    assert agreed.status_code == 302, agreed.content
    code = agreed.headers["Location"].split("code=")[1].split("&")[0]
    form = {
        "grant_type": "authorization_code",
        "client_id": app.id,
        "code": code,
        "redirect_uri": "https://app.example/back",
        "code_verifier": verifier,
    }
    answer = client.post("/identity/o/api/token", form)
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert actor_of_bearer(body["access_token"], now()).person_id == lin.person_id
    assert body["id_token"].count(".") == 2


def test_no_code_without_pkce(client: Client) -> None:
    app = create_sign_in_client(
        name="某应用", redirect_uris=["https://app.example/back"], account=staff(), at=AT
    )
    client.force_login(resident("lin"))
    query = {
        "client_id": app.id,
        "response_type": "code",
        "redirect_uri": "https://app.example/back",
        "scope": "openid",
    }
    page = client.get("/identity/o/authorize", query)
    assert page.status_code in (302, 400)
    assert "code=" not in page.headers.get("Location", "")


def test_discovery_names_the_addresses(client: Client) -> None:
    body = client.get("/.well-known/openid-configuration").json()
    assert body["token_endpoint"].endswith("/identity/o/api/token")
    assert client.get("/.well-known/jwks.json").json()["keys"]

"""Bearer tokens (RFC 6750) in the token table of the OpenID Connect provider, hashed by its own function.

A token issued to an outside application through the authorization code flow opens the interface only when it was
given the scope ``api``; a system's token (client credentials) belongs to the account that owns the client.
"""

import secrets
from datetime import datetime, timedelta

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from django.db import transaction
from django.db.models import CharField, DateTimeField, Q, QuerySet

from yimen.foundation.identity.models import Account
from yimen.foundation.identity.queries import actor_of
from yimen.foundation.identity.services.journal import ACCOUNT, record
from yimen.kernel import frozen
from yimen.kernel.actor import Actor
from yimen.kernel.frozen import Slot

API_SCOPE = "api"
TOKEN_BYTES = 32
DEFAULT_LIFETIME = timedelta(hours=12)


def issue_token(account: Account, at: datetime, lifetime: timedelta = DEFAULT_LIFETIME) -> str:
    """A new bearer token of an account; shown once, stored only as a hash."""
    value = secrets.token_urlsafe(TOKEN_BYTES)
    token = Token(
        type=Token.Type.ACCESS_TOKEN, user=account, created_at=at, expires_at=at + lifetime, scopes=API_SCOPE
    )
    token.set_value(value)
    token.save()
    return value


def account_of_bearer(value: str, at: datetime) -> Account | None:
    """The active account of a live access token, in one statement; ``None`` for anything else."""
    if not value or len(value) > 4096:
        return None
    found = frozen.rows("bearer", _live_token, {"hash": get_adapter().hash_token(value), "at": at})
    token = found[0] if found else None
    if token is None or API_SCOPE not in token.get_scopes():
        return None
    account = token.user
    if account is None and token.client is not None and token.client.type == Client.Type.CONFIDENTIAL:
        account = token.client.owner
    return account if isinstance(account, Account) and account.is_active else None


def _live_token() -> QuerySet[Token]:
    """The access token of a hash; (type, hash) is unique."""
    at = Slot("at", DateTimeField())
    found: QuerySet[Token] = Token.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=at),
        type=Token.Type.ACCESS_TOKEN,
        hash=Slot("hash", CharField()),
    ).select_related("user", "client__owner")
    return found


def actor_of_bearer(value: str, at: datetime) -> Actor | None:
    """The actor of a bearer token, in two statements; ``None`` when the token is unknown, expired or powerless."""
    account = account_of_bearer(value, at)
    return actor_of(account, at, "api") if account else None


def revoke_tokens(account: Account) -> int:
    """End every token of an account, also those of the systems it owns; returns how many."""
    ended: int = Token.objects.filter(Q(user=account) | Q(client__owner=account)).delete()[0]
    return ended


@transaction.atomic
def create_client(*, name: str, account: Account, actor: Actor, at: datetime) -> tuple[Client, str]:
    """A client for a department's system (client credentials); returns it with its secret, which is shown once."""
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    client = Client(name=name, owner=account, type=Client.Type.CONFIDENTIAL, created_at=at)
    client.set_secret(secret)
    client.set_scopes([API_SCOPE])
    client.set_default_scopes([API_SCOPE])
    client.set_grant_types([Client.GrantType.CLIENT_CREDENTIALS])
    client.set_response_types([Client.ResponseType.NONE])
    client.save()
    record(ACCOUNT, account.username, "create_client", actor=actor, at=at, note=name)
    return client, secret


@transaction.atomic
def create_sign_in_client(*, name: str, redirect_uris: list[str], account: Account, at: datetime) -> Client:
    """A public client of an outside application in which people sign in (authorization code with PKCE, RFC 7636)."""
    client = Client(name=name, owner=account, type=Client.Type.PUBLIC, created_at=at)
    client.set_scopes(["openid", "profile", API_SCOPE])
    client.set_default_scopes(["openid"])
    client.set_grant_types([Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.REFRESH_TOKEN])
    client.set_response_types([Client.ResponseType.CODE])
    client.set_redirect_uris(redirect_uris)
    client.save()
    return client

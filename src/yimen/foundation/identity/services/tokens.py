"""Bearer tokens (RFC 6750) in the token table of the OpenID Connect provider, hashed by its own function.

A token issued to an outside application through the authorization code flow opens the interface only when it was
given the scope ``api``; a system's token (client credentials) belongs to the account that owns the client.
"""

import secrets
from datetime import datetime, timedelta

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from django.db import transaction
from django.db.models import Q

from yimen.foundation.identity.actors import actor_of_token
from yimen.foundation.identity.models import Account
from yimen.foundation.identity.services.journal import ACCOUNT, record
from yimen.kernel.actor import Actor

API_SCOPE = "api"
TOKEN_BYTES = 32
LONGEST = 4096
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


def actor_of_bearer(value: str, at: datetime) -> Actor | None:
    """The actor of a bearer token, in one statement; ``None`` when the token is unknown, expired or powerless."""
    if not value or len(value) > LONGEST:
        return None
    return actor_of_token(get_adapter().hash_token(value), API_SCOPE, at)


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

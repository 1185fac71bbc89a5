"""Who calls: a bearer token (OAuth 2.0), or the browser's session with its CSRF token."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from yimen.kernel.access import actor_of_request
from yimen.kernel.actor import Actor


class BearerActor(HttpBearer):
    """``Authorization: Bearer …``; the token was looked up by ``middleware.BearerMiddleware``."""

    openapi_description = "OAuth 2.0 访问令牌（OpenID Connect；系统用客户端凭证）"

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor: Actor | None = getattr(request, "bearer_actor", None)
        return actor


class SessionActor(APIKeyCookie):
    """The signed-in browser; writes need the CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        """Only a browser that has a session needs the CSRF token: a caller without one is simply not signed in."""
        return super()._get_key(request) if self.param_name in request.COOKIES else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        actor = actor_of_request(request)
        return actor if actor.signed_in else None


SIGNED_IN_CALLER = [BearerActor(), SessionActor()]

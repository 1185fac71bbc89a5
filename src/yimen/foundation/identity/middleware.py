"""Who is at the other end of a page request; staff without a second factor are sent to set one up."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, urlsplit

from allauth.idp.oidc.models import Client
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from yimen.foundation.identity import acting, session
from yimen.foundation.identity.actors import actor_of
from yimen.foundation.identity.pages.adapters import SECOND_FACTOR_OWED
from yimen.foundation.identity.queries import china_day, place_of
from yimen.kernel.access import actor_of_request
from yimen.kernel.actor import STRANGER, Actor
from yimen.kernel.clock import now

GetResponse = Callable[[HttpRequest], HttpResponseBase]
OPEN_PATHS = ("/accounts/", "/static/", "/health/", "/.well-known/")


def channel_of(path: str) -> str:
    """The channel a page belongs to: the desk is the window, everything else is online."""
    return "window" if path.startswith("/desk") else "online"


def _actor(request: HttpRequest) -> Actor:
    account: Any = getattr(request, "user", None)
    if account is None or not account.is_authenticated:
        return STRANGER
    return actor_of(account, now(), channel_of(request.path))


class ActorMiddleware:
    """Puts ``actor``, ``acting_for``, ``post_name`` and ``centre_name`` on the request, each found when first asked for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        setattr(request, "actor", SimpleLazyObject(lambda: _actor(request)))  # noqa: B010
        setattr(request, "acting_for", SimpleLazyObject(lambda: _acting_for(request)))  # noqa: B010
        place = SimpleLazyObject(lambda: _place(request))
        setattr(request, "post_name", SimpleLazyObject(lambda: place[0]))  # noqa: B010
        setattr(request, "centre_name", SimpleLazyObject(lambda: place[1]))  # noqa: B010
        return self.get_response(request)


def _acting_for(request: HttpRequest) -> acting.Principal | None:
    actor = actor_of_request(request)
    return acting.chosen(request.session, actor) if actor.signed_in else None


def _place(request: HttpRequest) -> tuple[str, str]:
    actor = actor_of_request(request)
    return place_of(actor.account_id, china_day(now())) if actor.account_id and actor.posts else ("", "")


class SessionAgeMiddleware:
    """Ends a session that was left alone or lasted too long; costs nothing where there is no session."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            limits = settings.IDENTITY_IDLE_SECONDS, settings.IDENTITY_SESSION_SECONDS
            if session.has_ended(request.session, time.time(), *limits):
                logout(request)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Staff who signed in without a second factor see nothing but its enrolment, when it was asked for at sign-in.

    Costs nothing for everybody else: the sign-in leaves a mark in the session (``adapters.AccountAdapter``).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(OPEN_PATHS) and self._owes(request):
            if not request.path.startswith("/api/"):
                return HttpResponseRedirect(f"{reverse('mfa_activate_totp')}?required=1")
            setattr(request, "actor", STRANGER)  # noqa: B010
        return self.get_response(request)

    def _owes(self, request: HttpRequest) -> bool:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.session.get(SECOND_FACTOR_OWED):
            return False
        account: Any = request.user
        if account.is_authenticated and not is_mfa_enabled(account):
            return True
        request.session.pop(SECOND_FACTOR_OWED, None)
        return False


def _target(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _is_registered(request: HttpRequest) -> bool:
    if request.path != reverse("idp:oidc:authorization"):
        return False
    client = Client.objects.filter(id=request.GET.get("client_id", "")[:100]).first()
    return client is not None and request.GET.get("redirect_uri", "") in client.get_redirect_uris()


class ConsentMiddleware:
    """The consent page of the sign-in service may send the person back to the application that asked.

    The house's content policy allows forms to lead nowhere else; this one address is added only when it is one that the
    client registered: the page that tells of a wrong address comes with status 200 as well.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.GET.get("redirect_uri", "")
        if "?" in asked and request.path == reverse("idp:oidc:authorization") and not _is_registered(request):
            raise BadRequest(
                "redirect_uri"
            )  # the library lets any query pass; RFC 6749 3.1.2.3 wants the very address
        response = self.get_response(request)
        target = _target(asked)
        safe = target.scheme in ("http", "https") and target.netloc and not set(target.netloc) & set(" ;,'\"")
        if safe and response.status_code == 200 and _is_registered(request):
            response.headers["Content-Security-Policy"] = (
                "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
                f"form-action 'self' {target.scheme}://{target.netloc}; frame-ancestors 'none'"
            )
        return response

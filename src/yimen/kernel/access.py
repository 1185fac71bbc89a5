"""Every page says who may open it; a test walks the addresses and fails on silence."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import LazyObject, empty

from yimen.kernel.actor import STRANGER, Actor

PUBLIC = "public"
SIGNED_IN = "signed_in"

View = Callable[..., HttpResponseBase]


def actor_of_request(request: HttpRequest) -> Actor:
    """The actor that the identity middleware found; a stranger when it found none."""
    found = getattr(request, "actor", STRANGER)
    if isinstance(
        found, LazyObject
    ):  # the value itself: a dataclass inside a proxy cannot be replaced or compared
        if found._wrapped is empty:
            found._setup()
        found = found._wrapped
    actor: Actor = found
    return actor


def access(grant: str, *others: str) -> Callable[[View], View]:
    """Guard a page: ``PUBLIC``, ``SIGNED_IN`` or a grant name, or any one of several grants.

    A stranger is sent to sign in; somebody signed in without the grant gets PermissionDenied (403 page
    that says who could).

    Args:
        grant: the power that a refusal names.
        others: each of these opens the page as well.
    """
    grants = (grant, *others)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if grant != PUBLIC:
                actor = actor_of_request(request)
                if not actor.signed_in:
                    return redirect_to_login(request.get_full_path())
                if grant != SIGNED_IN and not actor.may_any(grants):
                    raise PermissionDenied(grant)
            return view(request, *args, **kwargs)

        guarded.access = grants  # type: ignore[attr-defined]
        return guarded

    return decorate

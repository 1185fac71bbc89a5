"""Two ways in: people with a browser and a session, and callers of the interface with a token.

A call with a token needs no session, form token, message or sign-in page; preparing them costs more than many a call itself.
In ``settings.MIDDLEWARE`` all that only pages need stands between ``TokensPass`` and ``TokensJoin``.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]
PREFIX, SCHEME = "/api/", "bearer "
_joined: list[GetResponse] = []
"""Where the shorter way ends: noted by the inner mark, taken by the outer one, which Django makes right after."""


def calls_with_token(request: HttpRequest) -> bool:
    """Is this a call of the interface that names a token, good or bad? A session it may also carry is not looked at."""
    return request.path.startswith(PREFIX) and (
        request.META.get("HTTP_AUTHORIZATION", "")[: len(SCHEME)].lower() == SCHEME
    )


class TokensJoin:
    """The inner mark: from here on pages and calls are served alike."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response
        _joined.append(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)


class TokensPass:
    """The outer mark: callers with a token go straight to the inner one."""

    def __init__(self, get_response: GetResponse) -> None:
        self._for_people, self._for_callers = get_response, _joined.pop()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return (self._for_callers if calls_with_token(request) else self._for_people)(request)

"""Two ways in: people with a browser and a session, and callers of the interface with a token.

A call with a token needs no session, form token, message or sign-in page; preparing them costs more than many a call itself.
In ``settings.MIDDLEWARE`` all that only pages need stands between ``TokensPass`` and ``TokensJoin``.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from yimen.portals.openapi.middleware import token_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]
_joined: list[GetResponse] = []
"""Where the shorter way ends: noted by the inner mark, taken by the outer one, which Django makes right after."""


class TokensJoin:
    """The inner mark: from here on pages and calls are served alike."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response
        _joined.append(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)


class TokensPass:
    """The outer mark: callers with a token go straight to the inner one; a session they may also carry is not looked at."""

    def __init__(self, get_response: GetResponse) -> None:
        self._for_people, self._for_callers = get_response, _joined.pop()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return (self._for_people if token_of(request) is None else self._for_callers)(request)

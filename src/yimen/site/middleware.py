"""What every answer carries, and what becomes of a refusal that no page caught."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from yimen.kernel import errors
from yimen.kernel.access import actor_of_request
from yimen.portals.openapi.problems import status_of
from yimen.portals.ui.errors import refusal_page

GetResponse = Callable[[HttpRequest], HttpResponseBase]

CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


class SecurityHeaders:
    """Content policy, permissions policy and no caching of personal pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or actor_of_request(request).signed_in:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class Refusals:
    """A refusal that reaches the top of a page becomes a page that says why and what would pass."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, errors.Refusal):
            return refusal_page(request, exception, status_of(exception))
        return None

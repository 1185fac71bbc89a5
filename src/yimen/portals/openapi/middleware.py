"""Before and around every REST call: the token's actor, and ``Idempotency-Key``."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from yimen.foundation.identity.api import actor_of_bearer
from yimen.kernel.clock import now
from yimen.kernel.errors import NotFound, Refusal
from yimen.portals.openapi.problems import answer, problem, problem_response
from yimen.portals.openapi.services import once
from yimen.portals.openapi.walls import check_address, is_clean

PREFIX = "/api/"
SCHEME = "bearer "
WRITES = {"POST", "PUT", "PATCH", "DELETE"}
GetResponse = Callable[[HttpRequest], HttpResponseBase]


def token_of(request: HttpRequest) -> str | None:
    """The bearer token that a call of the interface names, good or bad; ``None`` for everybody else."""
    authorization = request.META.get("HTTP_AUTHORIZATION", "")
    if not request.path.startswith(PREFIX) or authorization[: len(SCHEME)].lower() != SCHEME:
        return None
    return str(authorization[len(SCHEME) :].strip())


class BearerMiddleware:
    """Looks the token up once a request, and turns away addresses that no database could look up."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        try:
            check_address(request)
        except Refusal as refusal:
            return problem_response(refusal)
        if not is_clean(request.path):
            return problem_response(NotFound())
        token = token_of(request)
        if token is not None:
            actor = actor_of_bearer(token, now())
            if actor is not None:
                request.actor = request.bearer_actor = actor  # type: ignore[attr-defined]
        return spoken(self.get_response(request))


def spoken(response: HttpResponseBase) -> HttpResponseBase:
    """A wrong method is told like every other error."""
    if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
        return response
    allowed = response.headers.get("Allow", "")
    told = answer(problem(405, f"这个地址只接受 {allowed}。", "method_not_allowed"))
    told.headers["Allow"] = allowed
    return told


class IdempotencyMiddleware:
    """Does a write with a key once."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in WRITES or not request.path.startswith(PREFIX):
            return self.get_response(request)
        try:
            return once(request, lambda: self.get_response(request), now())
        except Refusal as refusal:
            return problem_response(refusal)

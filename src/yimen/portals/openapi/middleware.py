"""Before and around every REST call: the token's actor, and ``Idempotency-Key``."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from yimen.foundation.identity.api import actor_of_bearer
from yimen.kernel.clock import now
from yimen.kernel.errors import Refusal
from yimen.portals.openapi.idempotency import once
from yimen.portals.openapi.problems import problem_response

PREFIX = "/api/"
SCHEME = "bearer "
WRITES = {"POST", "PUT", "PATCH", "DELETE"}
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class BearerMiddleware:
    """Looks the token up once a request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        authorization = request.headers.get("Authorization", "")
        if request.path.startswith(PREFIX) and authorization[: len(SCHEME)].lower() == SCHEME:
            actor = actor_of_bearer(authorization[len(SCHEME) :].strip(), now())
            if actor is not None:
                request.actor = request.bearer_actor = actor  # type: ignore[attr-defined]
        return self.get_response(request)


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

"""What becomes of an exception that nobody caught: a page or a problem document, and a line in the log."""

import sys

import structlog
from django.http import HttpRequest, HttpResponse

from yimen.kernel.outages import outage_of, refusal_of
from yimen.portals.openapi.middleware import PREFIX
from yimen.portals.openapi.problems import answer, problem, problem_response
from yimen.portals.ui import errors as pages

log = structlog.get_logger()


def server_error(request: HttpRequest) -> HttpResponse:
    """503 with ``Retry-After`` when the ground is away (database, disk); 500 for a bug. Touches no database."""
    error, for_system = sys.exc_info()[1], request.path.startswith(PREFIX)
    if outage := outage_of(error):
        log.warning("request not served", outage=outage.value, path=request.path, error=str(error)[:200])
        refusal = refusal_of(outage)
        return problem_response(refusal) if for_system else pages.unavailable(request, refusal)
    log.error("request failed", path=request.path, exc_info=error)
    if for_system:
        return answer(problem(500, "系统出了故障，已经记录。请稍后再试。", "internal_error"))
    return pages.server_error(request)

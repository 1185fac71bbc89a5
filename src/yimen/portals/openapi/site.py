"""The REST interface ``/api/v1``: routers of the modules under one door, errors as problem+json."""

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, Throttled, ValidationError
from ninja.openapi.docs import Swagger

from yimen.foundation.files.rest import router as files
from yimen.foundation.identity.rest import router as identity
from yimen.kernel import errors
from yimen.kernel.outages import outage_of, refusal_of
from yimen.kernel.validation import invalid_from_errors
from yimen.modules.cases.rest import router as cases
from yimen.modules.deadlines.rest import router as deadlines
from yimen.modules.insight.rest import router as insight
from yimen.modules.items.rest import router as items
from yimen.modules.projects.rest import router as projects
from yimen.modules.registration.rest import router as registration
from yimen.modules.supervision.rest import router as supervision
from yimen.modules.themes.rest import router as themes
from yimen.portals.openapi.auth import SIGNED_IN_CALLER
from yimen.portals.openapi.describing import DocumentedAPI
from yimen.portals.openapi.problems import answer, problem, problem_response
from yimen.portals.openapi.walls import BodyTooLarge, StrictParser, wall_of

log = structlog.get_logger()

api = DocumentedAPI(
    title="一门 Yimen",
    version="1",
    description="政务服务一门平台的开放接口。错误一律为 application/problem+json（RFC 9457）。",
    urls_namespace="api",
    auth=SIGNED_IN_CALLER,
    parser=StrictParser(),
    docs=Swagger(),
)
ROUTERS: list[tuple[str, Router]] = [
    ("", cases),
    ("/items", items),
    ("/themes", themes),
    ("/files", files),
    ("", deadlines),
    ("", projects),
    ("", supervision),
    ("", insight),
    ("/me", identity),
    ("", registration),
]
for prefix, router in ROUTERS:
    api.add_router(prefix, router)


@api.exception_handler(errors.Refusal)
def refused(request: HttpRequest, refusal: errors.Refusal) -> HttpResponse:
    return problem_response(refusal)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    trimmed = [
        {**e, "loc": [p for p in e["loc"] if p not in ("body", "query", "path", "payload")]}
        for e in error.errors
    ]
    return problem_response(invalid_from_errors(trimmed))


@api.exception_handler(AuthenticationError)
def unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = answer(problem(401, "请先登录，或者带上有效的访问令牌。", "not_signed_in"))
    response.headers["WWW-Authenticate"] = 'Bearer realm="yimen"'
    return response


@api.exception_handler(AuthorizationError)
def forbidden(request: HttpRequest, error: AuthorizationError) -> HttpResponse:
    return problem_response(errors.NotAllowed())


@api.exception_handler(Http404)
def nowhere(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(errors.NotFound())


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem_response(BodyTooLarge())


@api.exception_handler(Throttled)
def too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
    return problem_response(errors.TooMany())


@api.exception_handler(HttpError)
def other(request: HttpRequest, error: HttpError) -> HttpResponse:
    if (wall := wall_of(request)) is not None:
        return problem_response(wall)
    if error.status_code == 403:
        sentence = "页面的安全标记已经失效，请刷新页面后再试；系统调用请带访问令牌。"
        return answer(problem(403, sentence, "csrf_failed"))
    return answer(
        problem(error.status_code, "请求的内容无法读取，请检查格式（JSON，UTF-8）。", "bad_request")
    )


@api.exception_handler(Exception)
def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    if settings.DEBUG:
        raise error
    if outage := outage_of(error):
        log.warning("request not served", outage=outage.value, path=request.path, error=str(error)[:200])
        return problem_response(refusal_of(outage))
    log.exception("request failed", path=request.path)
    return answer(problem(500, "系统出了故障，已经记录。请稍后再试。", "internal_error"))

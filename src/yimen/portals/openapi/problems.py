"""How a refusal becomes HTTP: the one mapping, for pages (status) and REST (problem+json, RFC 9457)."""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

from yimen.foundation.files.api import FileTooLarge
from yimen.kernel import errors, outages
from yimen.portals.openapi.walls import BodyTooLarge, Malformed

STATUS: dict[type[errors.Refusal], int] = {
    FileTooLarge: 413,
    BodyTooLarge: 413,
    Malformed: 400,
    errors.Invalid: 422,
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.NotPossible: 409,
    errors.TooMany: 429,
    errors.Away: 503,
    errors.Refusal: 409,
}
TITLES = {
    400: "请求有误",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "方法不对",
    409: "当前不能办理",
    413: "文件过大",
    415: "类型不符",
    422: "内容有误",
    429: "操作过于频繁",
    500: "系统故障",
    503: "暂不可用",
}


def status_of(refusal: errors.Refusal) -> int:
    """The HTTP status of a refusal: that of the nearest class in the table."""
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


def problem(status: int, detail: str, code: str, **more: Any) -> dict[str, Any]:
    """A problem document; empty members are left out."""
    body = {"type": f"urn:yimen:problem:{code}", "title": TITLES.get(status, "未能办理"), "status": status}
    return body | {"detail": detail, "code": code} | {k: v for k, v in more.items() if v}


def problem_of(refusal: errors.Refusal) -> dict[str, Any]:
    """The problem document of a refusal."""
    return problem(
        status_of(refusal),
        refusal.message,
        refusal.code,
        clause=refusal.clause,
        fields=refusal.fields,
        would_pass=refusal.would_pass,
    )


def answer(body: dict[str, Any]) -> HttpResponse:
    """A problem document as a response."""
    text = json.dumps(body, ensure_ascii=False)
    response = HttpResponse(
        text, status=body["status"], content_type="application/problem+json; charset=utf-8"
    )
    if body["status"] == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(outages.RETRY_SECONDS)
    return response


def problem_response(refusal: errors.Refusal) -> HttpResponse:
    """A refusal as a response."""
    return answer(problem_of(refusal))

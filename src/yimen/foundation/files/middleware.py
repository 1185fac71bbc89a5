"""An upload that says itself that it is too large is answered before anything of it is read."""

from collections.abc import Callable
from html import escape

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from yimen.foundation.files.errors import FileTooLarge
from yimen.foundation.files.limits import max_bytes
from yimen.foundation.files.uploads import FORM_ROOM, TOGETHER
from yimen.kernel.clock import now

API = "/api/"
API_FILES = "/api/v1/files"


class UploadLimit:
    """Stands before the CSRF check, which would otherwise read the whole form to find its token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.content_type == "multipart/form-data":
            limit = max_bytes(now())
            together = 0 if request.path.rstrip("/") == API_FILES else limit * TOGETHER
            if content_length(request) > (together or limit) + FORM_ROOM:
                return too_large(request, FileTooLarge(limit, total=together))
        return self.get_response(request)


def content_length(request: HttpRequest) -> int:
    """What the request says of its length; 0 when it does not say."""
    said = str(request.META.get("CONTENT_LENGTH") or "")
    return int(said) if said.isdecimal() else 0


def too_large(request: HttpRequest, refusal: FileTooLarge) -> HttpResponse:
    """413 in the form the caller reads: problem+json for systems, a plain sentence for people."""
    if request.path.startswith(API):
        body = {
            "type": f"urn:yimen:problem:{refusal.code}",
            "title": "文件过大",
            "status": 413,
            "detail": refusal.message,
            "code": refusal.code,
            "fields": refusal.fields,
            "would_pass": refusal.would_pass,
        }
        return JsonResponse(body, status=413, content_type="application/problem+json")
    page = (
        '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>文件过大</title>'
        f'<main><h1>文件过大</h1><p role="alert">{escape(refusal.message)}</p><p>请返回上一页重新选择文件。</p></main></html>'
    )
    return HttpResponse(page, status=413)

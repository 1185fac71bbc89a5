"""Pages for what could not be done: what is wrong, why, what would be right, and where to go on.

``refusal_page`` shows an anticipated ``Refusal``; the other functions are Django's error handlers
(``handler400 = "yimen.portals.ui.errors.bad_request"`` and so on).
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import render_to_string

from yimen.kernel.errors import Away, Refusal
from yimen.kernel.outages import RETRY_SECONDS
from yimen.portals.ui import grants

LAST_RESORT = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>系统出错</title>'
    "<h1>系统出错了，不是您的问题</h1><p>我们已经记录。请稍后再试，或到就近的办事大厅办理。</p></html>"
)


def _is_fragment(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False)) and not getattr(request, "htmx").boosted  # noqa: B009


def refusal_page(request: HttpRequest, refusal: Refusal, status: int) -> HttpResponse:
    """Show a refusal: the sentence, the clause, what would pass.

    Args:
        request: the page asked for; a part of a page (htmx) gets only the notice.
        refusal: what the platform said.
        status: HTTP status it is mapped to.
    """
    template = "ui/errors/_refusal.html" if _is_fragment(request) else "ui/errors/refusal.html"
    response = render(request, template, {"refusal": refusal, "status": status}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the address or the form is not understood."""
    return render(request, "ui/errors/400.html", {"status": 400}, status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: says which power is missing and, where known, who has it."""
    grant = str(exception or "")
    context = {
        "status": 403,
        "label": grants.label_of(grant),
        "who_could": grants.who_could(grant) if grant else [],
    }
    template = "ui/errors/_403.html" if _is_fragment(request) else "ui/errors/403.html"
    return render(request, template, context, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing under this address."""
    return render(request, "ui/errors/404.html", {"status": 404}, status=404)


def unavailable(request: HttpRequest, refusal: Away) -> HttpResponse:
    """503: database or disk is away for a while. Touches neither database nor session."""
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(_bare("ui/errors/503.html", refusal=refusal), status=503, headers=headers)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a bug of ours. Touches neither database nor session, so that it shows even when those are down."""
    return HttpResponse(_bare("ui/errors/500.html"), status=500)


def _bare(template: str, **context: object) -> str:
    """A page without the frame of the others; one sentence where even that cannot be drawn."""
    try:
        return str(render_to_string(template, {"demo": getattr(settings, "DEMO", False), **context}))
    except (TemplateDoesNotExist, TemplateSyntaxError, OSError):
        return LAST_RESORT


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 because the form's protection mark was missing or old (CSRF)."""
    return render(request, "ui/errors/csrf.html", {"status": 403}, status=403)

"""A version before it is published: what changed, what is found, whom it touches; the acts; its handbook."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yimen.foundation.documents.api import render_docx, render_pdf
from yimen.kernel.access import actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Invalid, NotFound, NotPossible
from yimen.modules.authoring.pages.guards import working
from yimen.modules.authoring.pages.writing import NAV, preview_of
from yimen.modules.authoring.queries.work import standard_for
from yimen.modules.items.api.authors import (
    EDITABLE,
    MACHINE,
    Standard,
    StandardState,
    approve_standard,
    discard_draft,
    impact_of,
    previous_of,
    publish,
    reaches,
    return_standard,
    submit_for_review,
    wrote,
)
from yimen.modules.items.api.contents import compare, grouped, verdict
from yimen.modules.items.api.words import POST_WORDS
from yimen.modules.items.permissions import WRITE


@working
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """A version with its differences, findings and impact, and the acts that are possible now."""
    actor = actor_of_request(request)
    standard = standard_for(actor, code, version)
    errors: dict[str, str] = {}
    refused = ""
    if request.method == "POST":
        try:
            return _act(request, standard)
        except Invalid as refusal:
            errors = refusal.fields
        except NotPossible as refusal:
            errors, refused = refusal.fields, refusal.message
    status = 422 if errors and not refused else 409 if refused else 200
    return render(
        request,
        "authoring/review.html",
        _review_context(request, standard, errors, refused),
        status=status,
    )


def _review_context(
    request: HttpRequest, standard: Standard, errors: dict[str, str], refused: str
) -> dict[str, Any]:
    actor = actor_of_request(request)
    before = previous_of(standard)
    changes = compare(before.parsed, standard.parsed) if before else []
    return {
        "standard": standard,
        "item": standard.item,
        "before": before,
        "changes": changes,
        "groups": grouped(changes),
        "verdict": verdict(changes),
        "impact": impact_of(before.pk if before else None),
        "possible": MACHINE.possible(StandardState(standard.state), actor, standard.item),
        "own": wrote(standard, actor),
        "editable": standard.state in EDITABLE and reaches(WRITE, actor, standard.item),
        "today": now().astimezone(CHINA).date(),
        "errors": errors,
        "refused": refused,
        "opinion": request.POST.get("opinion", ""),
        "nav_current": NAV,
        **preview_of(standard.content),
    }


def _act(request: HttpRequest, standard: Standard) -> HttpResponse:
    actor, at = actor_of_request(request), now()
    act, opinion = request.POST.get("act", ""), request.POST.get("opinion", "")[:4000]
    code, version = standard.item.code, standard.version
    if act == "submit":
        submit_for_review(standard.pk, actor, at)
        messages.success(request, _("已送法制审核。"))
    elif act == "return":
        return_standard(standard.pk, opinion, actor, at)
        messages.success(request, _("已退回修改。"))
    elif act == "approve":
        approve_standard(standard.pk, opinion, actor, at)
        messages.success(request, _("审核通过，可以发布了。"))
    elif act == "publish":
        publish(standard.pk, _day(request.POST.get("valid_from", "")), actor, at)
        messages.success(request, _("已发布。"))
    elif act == "discard":
        discard_draft(standard.pk, actor, at)
        messages.success(request, _("草稿已删除。"))
        return redirect("items_console:item", code)
    else:
        raise NotFound()
    return redirect("items_console:review", code, version)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        sentence = "请填写生效日期，例如 2026-12-01。"
        raise Invalid(sentence, fields={"valid_from": sentence}) from error


@working
@require_GET
def handbook(request: HttpRequest, code: str, version: int, form: str) -> HttpResponse:
    """The handbook (业务手册) of a version as PDF or Word."""
    standard = standard_for(actor_of_request(request), code, version)
    data = {
        "content": standard.content,
        "code": standard.item.code,
        "version": standard.version,
        "organisation": standard.item.organisation.name,
        "date": standard.valid_from or standard.updated_at.astimezone(CHINA).date(),
        "names": POST_WORDS,
    }
    if form == "docx":
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        response = HttpResponse(render_docx("handbook", data), content_type=kind)
    else:
        response = HttpResponse(render_pdf("handbook", data), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="handbook-{version}.{form}"'
    return response

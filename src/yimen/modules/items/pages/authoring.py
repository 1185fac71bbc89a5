"""Write a version beside the guide it makes; review it; publish it."""

from datetime import date
from typing import Any

import yaml
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yimen.foundation.documents.api import render_docx, render_pdf
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Conflict, Invalid, NotFound, NotPossible
from yimen.modules.items.canonical import parse_content
from yimen.modules.items.compare import compare, verdict
from yimen.modules.items.content import StandardContent
from yimen.modules.items.editing import Posted, finished, from_post, rearranged, shown
from yimen.modules.items.impact import impact_of
from yimen.modules.items.lint import Severity, lint
from yimen.modules.items.models import Standard
from yimen.modules.items.pages.guards import working
from yimen.modules.items.pages.hall import grouped
from yimen.modules.items.permissions import WRITE
from yimen.modules.items.presenting import POST_WORDS, guide_of
from yimen.modules.items.queries.items import previous_of, standard_for
from yimen.modules.items.services.drafting import (
    approve_standard,
    discard_draft,
    return_standard,
    save_draft,
    submit_for_review,
    wrote,
)
from yimen.modules.items.services.publishing import publish
from yimen.modules.items.states import EDITABLE, MACHINE, StandardState, reaches
from yimen.modules.items.wording import place_words

NAV = "items_console:list"
LONGEST_YAML = 1_000_000


@access(WRITE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """The structured form, or the whole as YAML (``?tab=yaml``); row buttons work without scripts."""
    standard = standard_for(actor_of_request(request), code, version)
    if standard.state not in EDITABLE:
        return redirect("items_console:review", code, version)
    if request.GET.get("tab") == "yaml":
        return _edit_yaml(request, standard)
    data: dict[str, Any] = dict(standard.content)
    errors: dict[str, str] = {}
    conflict = ""
    if request.method == "POST":
        data = from_post(posted(request), standard.content)
        act = request.POST.get("act", "save")
        if act not in ("save", "save_review"):
            return _form(request, standard, rearranged(data, act), {}, focus=act)
        try:
            _save(request, standard, finished(data))
            if act == "save_review":
                return redirect("items_console:review", code, version)
            messages.success(request, _("已保存。"))
            return redirect("items_console:edit", code, version)
        except Invalid as refusal:
            errors = refusal.fields
        except Conflict as refusal:
            conflict = refusal.message
    return _form(request, standard, data, errors, conflict=conflict)


def posted(request: HttpRequest) -> Posted:
    return Posted({name: [str(v) for v in request.POST.getlist(name)] for name in request.POST})


def _save(request: HttpRequest, standard: Standard, content: Any) -> None:
    text = request.POST.get("revision", "")
    save_draft(
        standard.pk,
        content,
        int(text) if text.isdigit() and len(text) < 9 else 0,
        actor_of_request(request),
        now(),
        change_note=request.POST.get("change_note", standard.change_note)[:4000],
    )


def _form(
    request: HttpRequest,
    standard: Standard,
    data: dict[str, Any],
    errors: dict[str, str],
    *,
    conflict: str = "",
    focus: str = "",
) -> HttpResponse:
    context = {
        "standard": standard,
        "item": standard.item,
        "groups": shown(data, errors),
        "errors": {name: f"{place_words(name)}：{text}" for name, text in errors.items()},
        "conflict": conflict,
        "revision": request.POST.get("revision") or standard.revision,
        "change_note": request.POST.get("change_note", standard.change_note),
        "opened": focus.split(":")[1] if focus.count(":") else "",
        "tab": "form",
        "nav_current": NAV,
        **_preview(finished(data)),
    }
    return render(
        request, "items/console_edit.html", context, status=422 if errors else 409 if conflict else 200
    )


def _edit_yaml(request: HttpRequest, standard: Standard) -> HttpResponse:
    text = yaml.safe_dump(standard.content, allow_unicode=True, sort_keys=False, width=100)
    errors: dict[str, str] = {}
    conflict = ""
    if request.method == "POST":
        text = request.POST.get("text", "")[:LONGEST_YAML]
        try:
            _save(request, standard, _parsed(text))
            messages.success(request, _("已保存。"))
            return redirect(f"{request.path}?tab=yaml")
        except Invalid as refusal:
            errors = {name: f"{place_words(name)}：{said}" for name, said in refusal.fields.items()}
        except Conflict as refusal:
            conflict = refusal.message
    context = {
        "standard": standard,
        "item": standard.item,
        "text": text,
        "errors": errors,
        "conflict": conflict,
        "revision": request.POST.get("revision") or standard.revision,
        "change_note": standard.change_note,
        "tab": "yaml",
        "nav_current": NAV,
        **_preview(standard.content),
    }
    return render(
        request, "items/console_yaml.html", context, status=422 if errors else 409 if conflict else 200
    )


def _parsed(text: str) -> StandardContent:
    """YAML or JSON (JSON is YAML)."""
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        sentence = f"格式有误{f'（第{mark.line + 1}行）' if mark else ''}，请核对缩进、冒号和引号。"
        raise Invalid(sentence, fields={"text": sentence}) from error
    if not isinstance(found, dict):
        raise Invalid(
            "最外层应当是一组字段。", fields={"text": "最外层应当是一组字段，例如“name: 事项名称”。"}
        )
    return parse_content(found)


def _preview(data: Any) -> dict[str, Any]:
    """The guide that a content makes and what lint finds; when it is not complete, what is missing."""
    try:
        content = parse_content(data)
    except Invalid as refusal:
        return {
            "guide": None,
            "missing": {place_words(n): t for n, t in refusal.fields.items()},
            "findings": [],
        }
    findings = lint(content)
    return {
        "guide": guide_of(content),
        "missing": {},
        "findings": findings,
        "blocking": sum(finding.severity is Severity.ERROR for finding in findings),
    }


@access(WRITE)
@require_POST
def preview(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """The guide and the findings for what is typed at the moment; nothing is stored."""
    standard = standard_for(actor_of_request(request), code, version)
    data = finished(from_post(posted(request), standard.content))
    return render(
        request, "items/_preview.html", {"standard": standard, "item": standard.item, **_preview(data)}
    )


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
        "items/console_review.html",
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
        **_preview(standard.content),
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

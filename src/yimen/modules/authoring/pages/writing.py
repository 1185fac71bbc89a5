"""Write a version beside the guide it makes."""

from typing import Any

import yaml
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yimen.foundation.orgs.api import organisations
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Conflict, Invalid
from yimen.modules.authoring.editing import (
    Posted,
    finished,
    from_post,
    rearranged,
    relocated,
    shown,
    unknown_organisations,
)
from yimen.modules.authoring.queries.work import standard_for
from yimen.modules.items.api.authors import EDITABLE, Standard, save_draft
from yimen.modules.items.api.contents import Severity, guide_of, lint, parse_content
from yimen.modules.items.api.words import place_words
from yimen.modules.items.content import StandardContent
from yimen.modules.items.permissions import WRITE

NAV = "items_console:list"
LONGEST_YAML = 1_000_000
MOST_ORGANISATIONS = 5000


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
        names = organisation_names(standard)
        data = from_post(posted(request), standard.content, names)
        act = request.POST.get("act", "save")
        if act not in ("save", "save_review"):
            return _form(request, standard, rearranged(data, act), {}, focus=act)
        try:
            if unknown := unknown_organisations(data, names):
                raise Invalid("有的机构没有找到。", fields=unknown)
            _save(request, standard, finished(data))
            if act == "save_review":
                return redirect("items_console:review", code, version)
            messages.success(request, _("已保存。"))
            return redirect("items_console:edit", code, version)
        except Invalid as refusal:
            errors = relocated(refusal.fields, data)
        except Conflict as refusal:
            conflict = refusal.message
    return _form(request, standard, data, errors, conflict=conflict)


def organisation_names(standard: Standard) -> dict[str, str]:
    """Organisations that may be asked for an opinion: those of the item's city and below, and its own, by code."""
    city = f"{standard.item.division.code[:4]}00"
    rows = organisations(city, now().astimezone(CHINA).date())
    return dict(rows.order_by("code").values_list("code", "name")[:MOST_ORGANISATIONS])


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
        "groups": shown(data, errors, organisation_names(standard)),
        "errors": {name: f"{place_words(name)}：{text}" for name, text in errors.items()},
        "conflict": conflict,
        "revision": request.POST.get("revision") or standard.revision,
        "change_note": request.POST.get("change_note", standard.change_note),
        "opened": focus.split(":")[1] if focus.count(":") else "",
        "tab": "form",
        "nav_current": NAV,
        **preview_of(finished(data)),
    }
    return render(request, "authoring/edit.html", context, status=422 if errors else 409 if conflict else 200)


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
        **preview_of(standard.content),
    }
    return render(request, "authoring/yaml.html", context, status=422 if errors else 409 if conflict else 200)


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


def preview_of(data: Any) -> dict[str, Any]:
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
    names = organisation_names(standard)
    data = from_post(posted(request), standard.content, names)
    context = {"standard": standard, "item": standard.item, **preview_of(finished(data))}
    unknown = unknown_organisations(data, names)
    context["missing"] = {**context["missing"], **{place_words(name): text for name, text in unknown.items()}}
    return render(request, "authoring/_preview.html", context)

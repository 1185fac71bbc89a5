"""Write a version beside the one thing that it makes: structured, or the whole as text."""

from typing import Any

import yaml
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yimen.kernel import yaml_text
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Conflict, Invalid
from yimen.modules.items import api as items
from yimen.modules.items.api.words import AUDIENCE_WORDS
from yimen.modules.themes.canonical import parse_content, plain
from yimen.modules.themes.content import ThemeContent
from yimen.modules.themes.editing.reading import finished, from_post, rearranged
from yimen.modules.themes.editing.showing import located, shown
from yimen.modules.themes.models import ThemeVersion
from yimen.modules.themes.pages.showing import NAV, names_of, preview_of
from yimen.modules.themes.pages.work import leads
from yimen.modules.themes.permissions import WRITE
from yimen.modules.themes.queries.work import version_for
from yimen.modules.themes.services.authoring import save_draft
from yimen.modules.themes.states import VersionState

LONGEST_TEXT = 400_000
MOST_FOUND = 8


@access(WRITE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """The structured form, or the whole as YAML (``?tab=yaml``); row buttons work without scripts."""
    row = version_for(actor_of_request(request), code, version)
    if row.state != VersionState.DRAFT:
        return redirect("themes_console:version", code, version)
    if request.GET.get("tab") == "yaml":
        return _edit_text(request, row)
    if request.method != "POST":
        return _form(request, row, dict(row.content), {})
    data = from_post(_posted(request))
    act = request.POST.get("act", "save")[:1200]
    if act != "save":
        return _form(request, row, rearranged(data, act), {}, focus=act)
    try:
        _save(request, row, finished(data))
        messages.success(request, _("已保存。"))
        return redirect("themes_console:edit", code, version)
    except Invalid as refusal:
        return _form(request, row, data, refusal.fields)
    except Conflict as refusal:
        return _form(request, row, data, {}, conflict=refusal.message)


@access(WRITE)
@require_POST
def preview(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """The one thing that what is typed at the moment makes; nothing is stored."""
    row = version_for(actor_of_request(request), code, version)
    context = {"theme": row.theme, "version": row, **preview_of(finished(from_post(_posted(request))))}
    return render(request, "themes/_preview.html", context)


def _posted(request: HttpRequest) -> dict[str, list[str]]:
    return {name: [str(v) for v in request.POST.getlist(name)] for name in request.POST}


def _save(request: HttpRequest, row: ThemeVersion, content: Any) -> None:
    text = request.POST.get("revision", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    save_draft(row.pk, content, number, actor_of_request(request), now())


def _form(
    request: HttpRequest,
    row: ThemeVersion,
    data: dict[str, Any],
    errors: dict[str, str],
    *,
    conflict: str = "",
    focus: str = "",
) -> HttpResponse:
    names = names_of(data)
    placed = located(errors)
    context = {
        "theme": row.theme,
        "version": row,
        "groups": shown(data, placed, _options(request, names, data), names),
        "errors": placed,
        "conflict": conflict,
        "revision": request.POST.get("revision") or row.revision,
        "opened": _opened(focus),
        "found": _found(request, focus),
        "find": request.POST.get("find", "")[:80],
        "tab": "form",
        "nav_current": NAV,
        **preview_of(finished(data)),
    }
    return render(request, "themes/edit.html", context, status=422 if errors else 409 if conflict else 200)


def _opened(focus: str) -> str:
    """The group that stays open after a row button."""
    name, _sep, rest = focus.partition(":")
    return {"join": "members", "find": "members", "same": "same", "different": "different"}.get(
        name, rest.partition(":")[0]
    )


def _found(request: HttpRequest, focus: str) -> list[dict[str, str]] | None:
    """Items that match what the author searches; None when nothing was searched."""
    text = request.POST.get("find", "").replace("\x00", "")[:80].strip()
    if focus != "find" or not text:
        return None
    page = items.search(text, size=MOST_FOUND)
    return [
        {"key": line.slug or line.code, "name": line.name, "organisation": line.organisation_name}
        for line in page.results
    ]


def _options(
    request: HttpRequest, names: dict[str, str], data: dict[str, Any]
) -> dict[str, list[tuple[str, str]]]:
    called = [str(one.get("item", "")) for one in data.get("members") or () if isinstance(one, dict)]
    return {
        "leads": [("", _("请选择")), *leads(request)],
        "members": [("", _("请选择")), *((item, names.get(item, item)) for item in called if item)],
        "handover": [("each", _("办好一项给一项")), ("together", _("全部办好一起给"))],
        "failed": [("ask", _("请申请人另行提交材料")), ("terminate", _("终止后一事项"))],
        "audience": list(AUDIENCE_WORDS.items()),
    }


def _edit_text(request: HttpRequest, row: ThemeVersion) -> HttpResponse:
    text = yaml.safe_dump(_written(row.parsed), allow_unicode=True, sort_keys=False, width=110)
    errors: dict[str, str] = {}
    conflict = ""
    if request.method == "POST":
        text = request.POST.get("text", "")[:LONGEST_TEXT]
        try:
            _save(request, row, _parsed(text))
            messages.success(request, _("已保存。"))
            return redirect(f"{request.path}?tab=yaml")
        except Invalid as refusal:
            errors = {"text": "；".join(f"{path}：{said}" for path, said in refusal.fields.items())}
        except Conflict as refusal:
            conflict = refusal.message
    context = {
        "theme": row.theme,
        "version": row,
        "text": text,
        "errors": errors,
        "conflict": conflict,
        "revision": request.POST.get("revision") or row.revision,
        "tab": "yaml",
        "nav_current": NAV,
        **preview_of(row.content),
    }
    return render(request, "themes/yaml.html", context, status=422 if errors else 409 if conflict else 200)


def _written(content: ThemeContent) -> dict[str, Any]:
    """Without what is at its default: short enough to be read."""
    return {"name": content.name, **content.model_dump(mode="json", exclude_defaults=True)}


def _parsed(text: str) -> dict[str, Any]:
    """YAML or JSON (JSON is YAML)."""
    try:
        found = yaml_text.load(text.replace("\x00", ""))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        sentence = f"格式有误{f'（第{mark.line + 1}行）' if mark else ''}，请核对缩进、冒号和引号。"
        raise Invalid(sentence, fields={"text": sentence}) from error
    if not isinstance(found, dict):
        sentence = "最外层应当是一组字段，例如“name: 新生儿出生一件事”。"
        raise Invalid(sentence, fields={"text": sentence})
    return plain(parse_content({str(key): value for key, value in found.items()}))

"""Read a version: the one thing that it makes, tried with answers, and the proof that nothing was lost."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.kernel.access import actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Refusal
from yimen.kernel.spreadsheets import neutral
from yimen.modules.items.api import reaches
from yimen.modules.themes.compiling.values import Compiled, Known, ProofRow
from yimen.modules.themes.models import ThemeVersion
from yimen.modules.themes.pages.guards import given, working
from yimen.modules.themes.pages.showing import HOW_WORDS, KIND_WORDS, NAV, preview_of, shown_of, today
from yimen.modules.themes.permissions import PUBLISH, WRITE
from yimen.modules.themes.queries.composing import Composed, compose
from yimen.modules.themes.queries.trying import as_published
from yimen.modules.themes.queries.work import version_for
from yimen.modules.themes.states import VersionState

KINDS = (("", "未说明"), ("person", "个人"), ("entity", "企业或单位"))


@working
@require_GET
def version(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """One version with what it makes; ``?a.<question>=<answer>&kind=`` tries it as somebody would answer."""
    actor = actor_of_request(request)
    row = version_for(actor, code, version)
    composed, refused = _tried(request, row)
    context: dict[str, Any] = {
        "theme": row.theme,
        "version": row,
        "content": row.parsed,
        "kind": given(request, "kind"),
        "kinds": KINDS,
        "composed": composed,
        "refused": refused,
        "may_write": row.state == VersionState.DRAFT and reaches(WRITE, actor, row.theme),
        "may_publish": row.state == VersionState.DRAFT and reaches(PUBLISH, actor, row.theme),
        "query": request.GET.urlencode(),
        "nav_current": NAV,
        **preview_of(row.content),
    }
    if composed is not None:
        context |= shown_of(composed.compiled)
    return render(request, "themes/version.html", context)


def _tried(request: HttpRequest, row: ThemeVersion) -> tuple[Composed | None, str]:
    """The version composed under the answers in the address, or why it cannot be."""
    answers = {
        name[2:42]: given(request, name, 300)
        for name in request.GET
        if name.startswith("a.") and given(request, name, 300)
    }
    kind = given(request, "kind")
    known = Known(values={"applicant_kind": kind}) if kind in ("person", "entity") else Known()
    try:
        return compose(as_published(row, today()), answers, known, today()), ""
    except Refusal as refusal:
        return None, refusal.message


@working
@require_GET
def proof(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """The proof row by row, computed anew at each look: ``?item=&kind=&how=`` narrow it, ``?format=csv`` takes it away."""
    row = version_for(actor_of_request(request), code, version)
    composed, refused = _tried(request, row)
    compiled = composed.compiled if composed else None
    wanted = {name: given(request, name) for name in ("item", "kind", "how")}
    rows = _narrowed(compiled, wanted)
    if given(request, "format") == "csv" and compiled is not None:
        return _csv(compiled, rows, f"{code}-{version}-proof.csv")
    context = {
        "theme": row.theme,
        "version": row,
        "compiled": compiled,
        "refused": refused,
        "rows": [(one, _name(compiled, one.item), KIND_WORDS[one.kind], HOW_WORDS[one.how]) for one in rows],
        "wanted": wanted,
        "items": [("", "所有事项"), *((s.code, s.content.name) for s in compiled.items)] if compiled else [],
        "kinds": [("", "所有类别"), *KIND_WORDS.items()],
        "hows": [("", "所有去向"), *HOW_WORDS.items(), ("lost", "没有通过")],
        "at": now(),
        "nav_current": NAV,
    }
    return render(request, "themes/proof.html", context)


def _narrowed(compiled: Compiled | None, wanted: dict[str, str]) -> list[ProofRow]:
    if compiled is None:
        return []
    return [
        row
        for row in compiled.proof.rows
        if wanted["item"] in ("", row.item)
        and wanted["kind"] in ("", row.kind)
        and (wanted["how"] in ("", row.how) or (wanted["how"] == "lost" and not row.holds))
    ]


def _name(compiled: Compiled | None, code: str) -> str:
    return next((s.content.name for s in compiled.items if s.code == code), code) if compiled else code


def _csv(compiled: Compiled, rows: list[ProofRow], name: str) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(("事项", "类别", "代码", "名称", "条件", "去向", "怎样处理", "通过", "说明"))
    for row in rows:
        values = (
            _name(compiled, row.item), KIND_WORDS[row.kind], row.code, row.name, row.demanded, row.went_to,
            HOW_WORDS[row.how], "是" if row.holds else "否", row.why,
        )  # fmt: skip
        writer.writerow([neutral(value) for value in values])
    return response

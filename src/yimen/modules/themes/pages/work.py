"""The workbench: all themes, one theme with its versions and what its items did to it, new themes, acts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yimen.foundation.orgs.api import organisations
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid, NotFound
from yimen.modules.items.api import reaches
from yimen.modules.themes.models import Theme, ThemeVersion
from yimen.modules.themes.pages.guards import given, page_number, working
from yimen.modules.themes.pages.showing import NAV, today
from yimen.modules.themes.permissions import PUBLISH, WRITE
from yimen.modules.themes.queries.changes import ItemChange, changed_themes, changes_since
from yimen.modules.themes.queries.work import WorkFilter, theme_for, version_for, work_list
from yimen.modules.themes.services import authoring
from yimen.modules.themes.states import THEME_STATE_LABELS, ThemeState, VersionState

MOST_ORGANISATIONS = 500


@working
@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """Themes of one's reach: ``?q=&state=&changed=&page=``."""
    actor = actor_of_request(request)
    state = given(request, "state")
    wanted = WorkFilter(
        q=given(request, "q"),
        state=state if state in THEME_STATE_LABELS else "",
        changed=given(request, "changed") == "1",
        page=page_number(request),
    )
    page = work_list(actor, wanted, today())
    context = {
        "page": page,
        "wanted": wanted,
        "changed": changed_themes(today(), [theme.pk for theme in page.results]),
        "states": [("", _("所有状态")), *((s.value, label) for s, label in THEME_STATE_LABELS.items())],
        "may_write": actor.may(WRITE),
        "nav_current": NAV,
    }
    return render(request, "themes/list.html", context)


@access(WRITE)
@require_http_methods(["GET", "POST"])
def new_theme(request: HttpRequest) -> HttpResponse:
    """A name, a code, a lead organisation: the rest is written on the next page."""
    actor = actor_of_request(request)
    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = {name: request.POST.get(name, "").strip()[:300] for name in ("name", "code", "lead")}
        content = {"name": values["name"], "lead": values["lead"]}
        try:
            version = authoring.create_theme(
                authoring.NewTheme(code=values["code"], content=content), actor, now()
            )
            return redirect("themes_console:edit", version.theme.code, version.version)
        except Invalid as refusal:
            errors = refusal.fields
    context = {"values": values, "errors": errors, "leads": leads(request), "nav_current": NAV}
    return render(request, "themes/new.html", context, status=422 if errors else 200)


def leads(request: HttpRequest) -> list[tuple[str, str]]:
    """Organisations that the actor may write for."""
    actor = actor_of_request(request)
    scopes = actor.scopes(WRITE)
    rows = organisations(on=today())
    if scopes and all(scope.organisation_id for scope in scopes):
        rows = rows.filter(pk__in=[scope.organisation_id for scope in scopes])
    elif len(scopes) == 1 and scopes[0].division:
        rows = rows.filter(division__code__startswith=scopes[0].division)
    return [(org.code, org.name) for org in rows[:MOST_ORGANISATIONS]]


@working
@require_GET
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """One theme: its versions, what its items did to it since publication, and what may be done."""
    actor = actor_of_request(request)
    theme = theme_for(actor, code)
    versions = list(theme.versions.order_by("-version"))
    in_force = next((v for v in versions if v.state == VersionState.PUBLISHED), None)
    context = {
        "theme": theme,
        "versions": versions,
        "in_force": in_force,
        "draft": next((v for v in versions if v.state == VersionState.DRAFT), None),
        "changes": _changes(in_force),
        "may_write": reaches(WRITE, actor, theme),
        "may_publish": reaches(PUBLISH, actor, theme),
        "nav_current": NAV,
    }
    return render(request, "themes/theme.html", context)


def _changes(version: ThemeVersion | None) -> tuple[ItemChange, ...]:
    return changes_since(version.parsed, version.pins, today()) if version else ()


@access(WRITE)
@require_POST
def new_version(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the next version, or go on with the one in work."""
    theme = theme_for(actor_of_request(request), code)
    version = authoring.start_version(theme.code, actor_of_request(request), now())
    return redirect("themes_console:edit", code, version.version)


@access(WRITE)
@require_POST
def discard(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Throw a draft away."""
    actor = actor_of_request(request)
    authoring.discard_draft(version_for(actor, code, version).pk, actor, now())
    messages.success(request, _("草稿已放弃。"))
    return redirect("themes_console:theme", code)


@access(PUBLISH)
@require_POST
def publish(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Put a draft in force; what keeps it from that is told on its own page."""
    actor = actor_of_request(request)
    row = version_for(actor, code, version)
    try:
        authoring.publish(row.pk, actor, now())
    except Invalid as refusal:
        messages.error(request, refusal.message)
        return redirect("themes_console:version", code, version)
    messages.success(request, _("已发布，今天起可以申请。"))
    return redirect("themes_console:theme", code)


@access(PUBLISH)
@require_POST
def take_over(request: HttpRequest, code: str) -> HttpResponse:
    """Publish the same content anew under the standards in force."""
    actor = actor_of_request(request)
    theme = theme_for(actor, code)
    try:
        authoring.take_over(theme.code, actor, now())
        messages.success(request, _("已按事项的现行标准重新发布。已经收下的申请仍按原来的标准办。"))
    except Invalid as refusal:
        messages.error(request, refusal.message)
    return redirect("themes_console:theme", code)


ACTS = {
    "suspend": ("暂停", "暂停后不再按一件事收新的申请；已经收下的照常办完，其中各事项仍可以分别申请。"),
    "resume": ("恢复", "恢复后可以重新按一件事申请。"),
}


@access(PUBLISH)
@require_http_methods(["GET", "POST"])
def life(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """Suspend or resume: what it means, reason, clause."""
    actor = actor_of_request(request)
    theme = theme_for(actor, code)
    if act not in ACTS:
        raise NotFound()
    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = {name: request.POST.get(name, "").strip()[:500] for name in ("reason", "clause")}
        try:
            _carry_out(act, theme, values, actor)
            messages.success(request, _("已办理：%(act)s。") % {"act": ACTS[act][0]})
            return redirect("themes_console:theme", code)
        except Invalid as refusal:
            errors = refusal.fields
    context = {
        "theme": theme,
        "act": act,
        "title": ACTS[act][0],
        "meaning": ACTS[act][1],
        "values": values,
        "errors": errors,
        "nav_current": NAV,
    }
    return render(request, "themes/life.html", context, status=422 if errors else 200)


def _carry_out(act: str, theme: Theme, values: dict[str, str], actor: Any) -> None:
    if act == "suspend":
        authoring.suspend(theme.code, values["reason"], values["clause"], actor, now())
    elif theme.state == ThemeState.SUSPENDED:
        authoring.resume(theme.code, actor, now())

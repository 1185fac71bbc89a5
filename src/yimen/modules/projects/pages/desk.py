"""The departments' pages: the projects they take part in, one project with everything they can do on it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import NotFound, Refusal
from yimen.modules.projects import api as projects
from yimen.modules.projects.models import Project, Stage
from yimen.modules.projects.pages.reading import list_context, project_context, text_of
from yimen.modules.projects.permissions import READ
from yimen.modules.projects.queries.possible import Possible
from yimen.modules.projects.queries.stages import part_of
from yimen.modules.projects.states import PROCEDURES, SESSION_KINDS, TERM_OUTCOMES

NAV = "projects_desk:list"
BOOLEANS = {"agrees", "ready"}
NUMBERS = {"session", "procedure", "days"}
LISTS = {"organisations", "cases"}
OWNERS = {"choose_track", "start_stage", "request_pre_review"}


@dataclass(frozen=True, kw_only=True)
class ActForm:
    """One act as a small form.

    Args:
        key: tells several forms of one act apart.
        about: what it is upon, in words.
        context: choices the form offers.
    """

    key: str
    act: str
    label: str
    about: str
    hidden: dict[str, str]
    context: dict[str, Any]
    values: dict[str, Any]
    errors: dict[str, str]

    @property
    def linked(self) -> dict[str, str]:
        """The errors by the ids of this form's own controls, for the list on top."""
        return {f"{self.key}-{name}" if name else "": sentence for name, sentence in self.errors.items()}

    @property
    def template(self) -> str:
        return f"projects/acts/{self.act}.html"


@access(READ)
@require_GET
def project_list(request: HttpRequest) -> HttpResponse:
    """The projects that the actor's department leads or decides in."""
    actor = actor_of_request(request)
    return render(
        request, "projects/desk_list.html", {**list_context(request, actor, now()), "nav_current": NAV}
    )


@access(READ)
@require_GET
def project(request: HttpRequest, code: str) -> HttpResponse:
    """One project with what this department can do."""
    return _page(request, code)


@access(READ)
@require_POST
def act(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Do one act; refused, the page comes back with all that was typed."""
    if name not in projects.ACTS or name in OWNERS:
        raise NotFound("没有这个办理动作。")
    typed = {key: text_of(value, 4000) if key not in ("text", "opinion", "missing") else str(value)[:4000].replace("\0", "")
             for key, value in request.POST.items() if key not in ("csrfmiddlewaretoken", "_key")}  # fmt: skip
    for field in LISTS & set(request.POST):
        typed[field] = [text_of(value, 60) for value in request.POST.getlist(field)[:40]]  # type: ignore[assignment]
    key = text_of(request.POST.get("_key"))
    try:
        projects.act(code, name, _payload(typed), actor_of_request(request), now())
    except NotFound:
        raise
    except Refusal as refusal:
        errors = refusal.fields or {
            "": " ".join(part for part in (refusal.message, refusal.would_pass) if part)
        }
        return _page(request, code, key=key, values=typed, errors=errors, status=422)
    messages.success(request, _("已办理：%(label)s。") % {"label": projects.ACTS[name].label})
    return redirect("projects_desk:project", code=code)


def _payload(typed: dict[str, Any]) -> dict[str, Any]:
    """Texts of the page as the act's shape wants them; what does not fit stays, and is told beside its field."""
    given: dict[str, Any] = {}
    for name, value in typed.items():
        if (
            name in NUMBERS
            and isinstance(value, str)
            and value.isascii()
            and value.isdigit()
            and len(value) < 18
        ):
            given[name] = int(value)
        elif name in BOOLEANS:
            if value in ("yes", "no"):
                given[name] = value == "yes"
        elif value != "" or name not in ("clause", "organisation"):
            given[name] = value
    return given


def _page(
    request: HttpRequest,
    code: str,
    *,
    key: str = "",
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, at = actor_of_request(request), now()
    found = projects.project_with_code(code, actor)
    context = project_context(found, actor, at)
    forms = [
        _form(found, one, key, values or {}, errors or {})
        for one in projects.possible_on(found, actor)
        if one.act not in OWNERS
    ]
    lost = "" if not errors or any(form.errors for form in forms) else " ".join(errors.values())
    context |= {"forms": forms, "lost": lost, "nav_current": NAV}
    return render(request, "projects/desk_project.html", context, status=status)


def _form(
    project: Project, one: Possible, key: str, values: dict[str, Any], errors: dict[str, str]
) -> ActForm:
    stage = projects.stage_named(project, one.stage)
    own = "-".join(str(part) for part in (one.act, one.stage, one.item, one.session, one.procedure) if part)
    mine = own == key
    hidden = {
        name: str(value)
        for name, value in (
            ("stage", one.stage if projects.ACTS[one.act].of_stage else ""),
            ("item", one.item), ("session", one.session), ("procedure", one.procedure),
        )
        if value
    }  # fmt: skip
    return ActForm(
        key=own,
        act=one.act,
        label=projects.ACTS[one.act].label,
        about=_about(project, stage, one),
        hidden=hidden,
        context=_choices(project, stage, one),
        values=values if mine else _first(stage, one),
        errors=errors if mine else {},
    )


def _about(project: Project, stage: Stage, one: Possible) -> str:
    if one.item:
        row = next(row for row in stage.items.all() if row.plan_code == one.item)
        return row.item.name
    if one.session:
        session = next(session for session in stage.sessions.all() if session.pk == one.session)
        return session.kind_label
    if one.procedure:
        procedure = next(found for found in stage.procedures.all() if found.pk == one.procedure)
        return f"{procedure.kind_label}（{procedure.document}）"
    return stage.label


def _choices(project: Project, stage: Stage, one: Possible) -> dict[str, Any]:
    invited = {stage.lead.code: stage.lead.label} | {
        row.organisation.code: row.organisation.label for row in stage.items.all()
    }
    return {
        "kinds": [(rule.kind, SESSION_KINDS[rule.kind]) for rule in part_of(project, stage).sessions],
        "organisations": list(invited.items()),
        "outcomes": list(TERM_OUTCOMES.items()),
        "procedures": list(PROCEDURES.items()),
        "agreeing": [("yes", "同意"), ("no", "要整改")],
        "readiness": [("yes", "材料齐备，没有问题"), ("no", "还有问题")],
        "reviewing": [("passed", "预审通过"), ("failed", "预审不通过")],
    }


def _first(stage: Stage, one: Possible) -> dict[str, Any]:
    """What stands in a fresh form: everybody invited; the findings put together for the one opinion."""
    if one.act == "call_session":
        codes = dict.fromkeys([stage.lead.code, *(row.organisation.code for row in stage.items.all())])
        return {"organisations": list(codes)}
    if one.act == "tell_opinion":
        session = next(session for session in stage.sessions.all() if session.pk == one.session)
        lines = [f"{found.organisation.label}：{found.text}" for found in session.findings.all()]
        agreed = all(found.agrees for found in session.findings.all())
        return {"opinion": "\n".join(lines), "outcome": "passed" if agreed else "rectify"}
    if one.act == "begin_procedure":
        return {"clause": "行政许可法第四十五条"}
    return {}

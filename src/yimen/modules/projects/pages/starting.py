"""Starting a stage: one form and one set of materials for all its items, kept as a draft until it is handed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Refusal
from yimen.modules.forms import api as forms
from yimen.modules.projects import api as projects
from yimen.modules.projects.compiling import StageSet
from yimen.modules.projects.models import Project, Stage
from yimen.modules.projects.pages import collecting
from yimen.modules.projects.pages.hall import NAV
from yimen.modules.projects.queries.stages import objection_to_start, part_of, pre_reviewed, stage_set, to_do
from yimen.modules.projects.services.frame import must_own

PREFIX = "q-"
YUAN = 10_000
"""A project says its investment in 10,000 yuan, forms ask in yuan."""


@dataclass(kw_only=True)
class Filling:
    """What is filled in so far, from the draft and this post."""

    project: Project
    stage: Stage
    actor: Actor
    at: datetime
    values: dict[str, Any]
    draft: forms.LoadedDraft | None
    set: StageSet

    @property
    def subject(self) -> str:
        return f"project:{self.project.code}:{self.stage.kind}"

    @property
    def answers(self) -> dict[str, str]:
        """Answers to the items' situation questions that fit."""
        options = {one.situation.code: one.situation.options for one in self.set.compiled.questions}
        return {code: str(self.values[code]) for code, fit in options.items() if self.values.get(code) in fit}

    @property
    def form_values(self) -> dict[str, Any]:
        held = self.set.compiled.form
        return {one.element: self.values[one.element] for one in held.fields() if one.element in self.values}


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def start_stage(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Show and take the one form of a stage; ``_go`` hands in, any other button keeps what is typed."""
    actor, at = actor_of_request(request), now()
    project = projects.project_with_code(code, actor)
    must_own(actor, project)
    stage = projects.stage_named(project, kind)
    if why := objection_to_start(project, stage):
        messages.info(request, why)
        return redirect("projects:project", code=project.code)
    here = _load(project, stage, actor, at)
    if request.method == "GET":
        return _page(request, here, {})
    errors = _take(request, here)
    try:
        _save(here)
        if "_go" in request.POST and not errors:
            return _hand_in(request, here)
    except Refusal as refusal:
        errors = {**errors, **_beside(refusal)}
    return _page(request, here, errors, 422 if errors else 200)


def _load(project: Project, stage: Stage, actor: Actor, at: datetime) -> Filling:
    draft = forms.load_draft(f"project:{project.code}:{stage.kind}", actor)
    values = {**_known(project), **(draft.values if draft else {})}
    compiled = stage_set(project, stage, to_do(stage), at, values)
    return Filling(project=project, stage=stage, actor=actor, at=at, values=values, draft=draft, set=compiled)


def _known(project: Project) -> dict[str, Any]:
    """What the project says of itself, by the data elements that forms ask with; shown to confirm."""
    owner = project.owner
    return {
        "entity_name": owner.name,
        "entity_uscc": owner.uscc,
        "project_name": project.name,
        "project_code": project.code,
        "project_investment": f"{project.invests * YUAN:.2f}",
        "project_land_area": str(project.site_area),
        "project_building_area": str(project.floor_area),
        "project_kind": project.facts.get("approval", ""),
    }


def _take(request: HttpRequest, here: Filling) -> dict[str, str]:
    """Read the post into the filling; nothing typed is dropped."""
    post = request.POST
    definition = here.set.compiled.form
    for question in here.set.compiled.questions:
        answer = str(post.get(PREFIX + question.situation.code, ""))
        if answer in question.situation.options:
            here.values[question.situation.code] = answer
    cleared = forms.cleared_fields(definition, post)
    here.values = {
        k: v for k, v in {**here.values, **forms.posted_values(definition, post)}.items() if k not in cleared
    }
    here.set = stage_set(here.project, here.stage, to_do(here.stage), here.at, here.values)
    kept, errors = collecting.taken_in(request, [one.key for one in here.set.asked], here.actor)
    here.values[collecting.KEPT] = kept
    here.values[collecting.SHOWN] = collecting.licences_in(request, here.set.asked)
    return errors


def _save(here: Filling) -> None:
    title = f"{here.project.name} {here.stage.label}"
    based_on = here.draft.revision if here.draft else 0
    forms.save_draft(here.subject, here.values, here.actor, here.at, based_on=based_on, title=title)


def _hand_in(request: HttpRequest, here: Filling) -> HttpResponse:
    materials = collecting.materials_of(
        here.set.asked, collecting.kept_in(here.values), collecting.shown_in(here.values)
    )
    given = projects.StartIn(form={**here.form_values, **here.answers}, materials=materials)
    projects.start_stage(here.project.code, here.stage.kind, given, here.actor, here.at)
    forms.discard_drafts_about(here.subject, here.actor)
    messages.success(request, _("“%(stage)s”阶段已经提交，各部门同时收到。") % {"stage": here.stage.label})
    return redirect("projects:project", code=here.project.code)


def _beside(refusal: Refusal) -> dict[str, str]:
    lead = " ".join(part for part in (refusal.message, refusal.would_pass) if part)
    return {**refusal.fields, "": lead}


def _page(request: HttpRequest, here: Filling, errors: dict[str, str], status: int = 200) -> HttpResponse:
    compiled = here.set.compiled
    names = {standard.code: standard.content.name for standard in here.set.standards}
    on = here.at.astimezone(CHINA).date()
    context = {
        "project": here.project,
        "stage": here.stage,
        "part": part_of(here.project, here.stage),
        "standards": here.set.standards,
        "questions": compiled.questions,
        "form_body": forms.render_form(
            compiled.form,
            here.form_values,
            errors,
            known=here.answers,
            divisions=forms.division_choices(here.project.division, on),
            summary=False,
        ),
        "lines": collecting.lines_of(
            here.set.asked, names, collecting.kept_in(here.values), here.actor, errors, collecting.shown_in(here.values)
        ),
        "not_asked": here.set.not_asked,
        "edges": [(names[e.earlier], names[e.later], e.why) for e in here.set.edges if {e.earlier, e.later} <= names.keys()],
        "saved": compiled.saved,
        "review": pre_reviewed(here.stage),
        "values": here.values,
        "errors": errors,
        "nav_current": NAV,
    }  # fmt: skip
    return render(request, "projects/hall_start.html", context, status=status)

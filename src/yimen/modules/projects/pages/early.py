"""Asking for a pre-review: the promise read and made, the materials there are so far."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Refusal
from yimen.modules.projects import api as projects
from yimen.modules.projects.pages import collecting
from yimen.modules.projects.pages.hall import NAV
from yimen.modules.projects.queries.stages import part_of, stage_set, to_do
from yimen.modules.projects.services.frame import must_own


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def pre_review(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Show what would be asked and the promise; take the request."""
    actor, at = actor_of_request(request), now()
    project = projects.project_with_code(code, actor)
    must_own(actor, project)
    stage = projects.stage_named(project, kind)
    part = part_of(project, stage)
    if part.pre_review is None or not to_do(stage):
        messages.info(request, _("这一阶段没有预审，可以直接申请。"))
        return redirect("projects:project", code=project.code)
    compiled = stage_set(project, stage, to_do(stage), at, {})
    kept: dict[str, list[str]] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        kept, errors = collecting.taken_in(request, [one.key for one in compiled.asked], actor)
        if "_go" in request.POST and not errors:
            given = {
                "promised": request.POST.get("promised") == "yes",
                "materials": [
                    {"item": one.item, "requirement": one.requirement, "file": one.file}
                    for one in collecting.materials_of(compiled.asked, kept, {})
                ],
            }
            try:
                projects.act(code, "request_pre_review", {**given, "stage": stage.kind}, actor, at)
                messages.success(request, _("预审申请已经送到牵头部门。"))
                return redirect("projects:project", code=project.code)
            except Refusal as refusal:
                errors = {**refusal.fields, "": refusal.message}
    names = {standard.code: standard.content.name for standard in compiled.standards}
    context = {
        "project": project,
        "stage": stage,
        "part": part,
        "rule": part.pre_review,
        "lines": collecting.lines_of(compiled.asked, names, kept, actor, errors, {}),
        "promised": request.POST.get("promised") == "yes",
        "errors": errors,
        "nav_current": NAV,
    }
    return render(request, "projects/hall_pre_review.html", context, status=422 if errors else 200)

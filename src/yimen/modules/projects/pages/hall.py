"""The owner's pages: my projects, one project followed, the choice of track."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import NotPossible
from yimen.modules.projects import api as projects
from yimen.modules.projects.pages.reading import list_context, project_context, text_of

NAV = "projects:list"


@access(SIGNED_IN)
@require_GET
def project_list(request: HttpRequest) -> HttpResponse:
    """The projects of the enterprises one may act for."""
    actor = actor_of_request(request)
    context = list_context(request, actor, now())
    return render(
        request,
        "projects/hall_list.html",
        {**context, "may_register": bool(actor.entity_ids), "nav_current": NAV},
    )


@access(SIGNED_IN)
@require_GET
def project(request: HttpRequest, code: str) -> HttpResponse:
    """One project: where it stands, what can be done, its chart with the table behind it."""
    actor, at = actor_of_request(request), now()
    found = projects.project_with_code(code, actor)
    context = project_context(found, actor, at)
    first = next((line.stage.kind for line in context["stages"] if "start_stage" in line.can), "")
    return render(
        request, "projects/hall_project.html", {**context, "first_start": first, "nav_current": NAV}
    )


@access(SIGNED_IN)
@require_POST
def track(request: HttpRequest, code: str) -> HttpResponse:
    """Let the stages that have not begun run the other way."""
    chosen = text_of(request.POST.get("track"), 10)
    try:
        changed = projects.act(code, "choose_track", {"track": chosen}, actor_of_request(request), now())
        messages.success(
            request, _("没有开始的阶段改为%(track)s，计划日期已经重排。") % {"track": changed.track_label}
        )
    except NotPossible as refusal:
        messages.error(request, refusal.message)
    return redirect("projects:project", code=code)

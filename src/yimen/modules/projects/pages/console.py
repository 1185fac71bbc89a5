"""The console: every project of the area with its time against the target, and export for the level above."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.modules.projects import api as projects
from yimen.modules.projects.pages.reading import filters_of, list_context, page_number, project_context
from yimen.modules.projects.permissions import WATCH
from yimen.modules.projects.queries.projects import page_for_export

NAV = "projects_console:list"


@access(WATCH)
@require_GET
def project_list(request: HttpRequest) -> HttpResponse:
    """Projects with filters kept in the address."""
    actor = actor_of_request(request)
    return render(
        request, "projects/console_list.html", {**list_context(request, actor, now()), "nav_current": NAV}
    )


@access(WATCH)
@require_GET
def project(request: HttpRequest, code: str) -> HttpResponse:
    """One project as it stands: nothing can be done here but export."""
    actor, at = actor_of_request(request), now()
    found = projects.project_with_code(code, actor)
    context = project_context(found, actor, at)
    return render(request, "projects/console_project.html", {**context, "nav_current": NAV})


@access(WATCH)
@require_GET
def export_one(request: HttpRequest, code: str) -> HttpResponse:
    """One project in the documented format."""
    found = projects.project_with_code(code, actor_of_request(request))
    return _download(projects.export([found], now()), f"project-{found.code}")


@access(WATCH)
@require_GET
def export_list(request: HttpRequest) -> HttpResponse:
    """The page of the list that is seen, in the documented format."""
    at = now()
    wanted = filters_of(request)
    found = page_for_export(
        actor_of_request(request), state=wanted["state"], track=wanted["track"], text=wanted["q"],
        page=page_number(request),
    )  # fmt: skip
    return _download(projects.export(found, at), f"projects-{at.astimezone(CHINA):%Y%m%d}")


def _download(document: dict[str, Any], name: str) -> HttpResponse:
    answer = HttpResponse(
        json.dumps(document, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer

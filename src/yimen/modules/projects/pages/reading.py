"""What the three rooms share: reading addresses and posts, and the context of one project's page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.modules.projects import api as projects
from yimen.modules.projects.drawing import SitePicture, draw, draw_site
from yimen.modules.projects.gantt import CLASS_LABELS, Chart, Row
from yimen.modules.projects.models import Project, Stage, StageItem
from yimen.modules.projects.queries.possible import Possible
from yimen.modules.projects.queries.stages import objection_to_start, part_of
from yimen.modules.projects.states import (
    APPROVALS,
    EVENT_KIND,
    INVESTMENTS,
    PROJECT_KINDS,
    PROJECT_LABELS,
    TRACK_LABELS,
)

SHOWN_EVENTS = 60


@dataclass(frozen=True, kw_only=True)
class StageLine:
    """One stage on the page: what stands in it, and what this actor may do."""

    stage: Stage
    name: str
    days: int
    used: int
    rows: list[tuple[StageItem, list[Row]]]
    objection: str
    acts: list[Possible]

    @property
    def can(self) -> set[str]:
        return {one.act for one in self.acts}


def text_of(value: object, most: int = 200) -> str:
    """A posted or queried value without control characters, cut to a bearable length."""
    return "".join(c for c in str(value or "") if c.isprintable()).strip()[:most]


def page_number(request: HttpRequest) -> int:
    """``?page=`` as a number; anything odd is the first page."""
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def project_context(project: Project, actor: Actor, at: datetime) -> dict[str, Any]:
    """Everything a project's page shows, in a fixed number of statements."""
    chart = projects.chart_of(project, at)
    possible = projects.possible_on(project, actor)
    events = trace.events_of(EVENT_KIND, project.code).order_by("-sequence")[:SHOWN_EVENTS]
    return {
        "project": project,
        "chart": chart,
        "drawing": draw(chart),
        "classes": CLASS_LABELS,
        "site": picture_of(project),
        "stages": [_line(project, stage, chart, possible) for stage in project.stages.all()],
        "possible": {one.act for one in possible},
        "plan": project.plan.parsed,
        "words": words_of(project),
        "events": events,
    }


def picture_of(project: Project) -> SitePicture:
    """The site from above."""
    site = project.site
    ring = site["coordinates"][0] if site.get("type") == "Polygon" else []
    return draw_site(ring, [float(project.longitude), float(project.latitude)])


def words_of(project: Project) -> dict[str, str]:
    """Codes of a project in words."""
    return {
        "kind": PROJECT_KINDS.get(project.kind, project.kind),
        "investment": INVESTMENTS.get(project.investment, ""),
        "approval": APPROVALS.get(project.facts.get("approval", ""), ""),
    }


def filters_of(request: HttpRequest) -> dict[str, str]:
    """The list's filters as they stand in the address; unknown values count as none."""
    state, track = text_of(request.GET.get("state")), text_of(request.GET.get("track"))
    return {
        "q": text_of(request.GET.get("q"), 60),
        "state": state if state in PROJECT_LABELS else "",
        "track": track if track in TRACK_LABELS else "",
    }


def filter_choices() -> dict[str, list[tuple[str, str]]]:
    return {
        "states": [("", _("全部")), *((str(value), label) for value, label in PROJECT_LABELS.items())],
        "tracks": [("", _("全部")), *((str(value), label) for value, label in TRACK_LABELS.items())],
    }


def list_context(request: HttpRequest, actor: Actor, at: datetime) -> dict[str, Any]:
    """A page of the actor's projects with the time each has used."""
    wanted = filters_of(request)
    page = projects.list_projects(
        actor, state=wanted["state"], track=wanted["track"], text=wanted["q"], page=page_number(request)
    )
    charts = projects.charts_of(page.results, at)
    rows = [(project, charts[project.pk], current_stage(project.stages.all())) for project in page.results]
    return {"page": page, "rows": rows, "wanted": wanted, **filter_choices()}


def current_stage(stages: Iterable[Stage]) -> Stage | None:
    """The stage that runs, else the first that has not begun."""
    found = list(stages)
    running = [stage for stage in found if stage.state == "under_way"]
    return next(iter(running), next((stage for stage in found if stage.state == "waiting"), None))


def _line(project: Project, stage: Stage, chart: Chart, possible: Iterable[Possible]) -> StageLine:
    part = part_of(project, stage)
    by_item: dict[str, list[Row]] = {}
    for row in chart.of_stage(stage.kind):
        by_item.setdefault(row.item, []).append(row)
    return StageLine(
        stage=stage,
        name=part.name,
        days=part.days,
        used=chart.used_by(stage.kind),
        rows=[(row, by_item.get(row.item.code, [])) for row in stage.items.all()],
        objection=objection_to_start(project, stage),
        acts=[one for one in possible if one.stage == stage.kind],
    )

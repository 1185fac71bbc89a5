"""REST of projects: register, read with chart, act, export for the level above."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Status
from pydantic import BaseModel

from yimen.kernel.access import actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid
from yimen.kernel.lists import AFTER, next_key
from yimen.modules.projects import api as projects
from yimen.modules.projects import exporting, showing
from yimen.modules.projects.models import Project
from yimen.modules.projects.states import PROJECT_LABELS, TRACK_LABELS

router = Router(tags=["工程建设项目"])


class ProjectBrief(BaseModel):
    """One line of the list; days are working days."""

    code: str
    name: str
    owner: str
    kind: str
    track: str
    state: str
    stage: str | None
    registered_at: datetime
    target_days: int
    used_days: int


class ProjectPage(BaseModel):
    count: int
    results: list[ProjectBrief]
    next: str | None = Field(None, description="还有下一页时，用它作 after 接着列")


class WholeClock(BaseModel):
    """The clock over all stages: ``used_days`` are days on which the limit of at least one authority ran."""

    target_days: int
    used_days: int
    left_days: int
    excluded_days: int
    days_added_up: int


class ProjectOut(ProjectBrief):
    """The whole project."""

    division: str
    address: str
    investment: str
    approval: str
    invests: float
    floor_area: float
    site: dict[str, Any]
    point: list[float]
    site_area: float
    plan: dict[str, Any]
    finished_at: datetime | None
    earthworks_at: datetime | None
    clock: WholeClock
    stages: list[dict[str, Any]]
    cases: list[dict[str, Any]]
    gantt: list[dict[str, Any]] = Field(
        description="每个办件一行：days 与 holders 各自相加都等于 ledger_days"
    )
    possible: list[dict[str, Any]]


class ProjectActIn(BaseModel):
    """An act and what it takes; ``stage`` is site, project, construction or completion where the act concerns one."""

    model_config = {"extra": "allow"}

    act: str = Field(max_length=40)
    stage: str = Field("", max_length=20)


@router.get("/projects", response=ProjectPage, summary="我的或本部门参与的项目", description=AFTER)
def list_projects(
    request: HttpRequest,
    state: str = "",
    track: str = "",
    q: str = "",
    page: int = 1,
    size: int = 20,
    after: str = "",
) -> Any:
    for name, value, known in (("state", state, PROJECT_LABELS), ("track", track, TRACK_LABELS)):
        if value and value not in known:
            raise Invalid("没有这样的筛选值。", fields={name: f"可以是：{'、'.join(known)}。"})
    text = q.replace("\0", "")[:100]
    found = projects.list_projects(
        actor_of_request(request), state=state, track=track, text=text, page=page, size=size, after=after
    )
    charts = projects.charts_of(found.results, now())
    results = [showing.brief(one, charts[one.pk]) for one in found.results]
    return {"count": found.count, "results": results, "next": next_key(found.results, found.size, "code")}


@router.post("/projects", response={201: ProjectOut}, summary="登记项目")
def register_project(request: HttpRequest, payload: projects.ProjectIn) -> Status[Any]:
    actor = actor_of_request(request)
    made = projects.register_project(payload, actor, now())
    return Status(201, _read(made.code, request))


@router.get("/projects/export/schema", auth=None, response=dict[str, Any], summary="导出格式（JSON Schema）")
def export_schema(request: HttpRequest) -> Any:
    return exporting.schema()


@router.get("/projects/{code}", response=ProjectOut, summary="项目：阶段、办件、时限、甘特图")
def read_project(request: HttpRequest, code: str) -> Any:
    return _read(code, request)


@router.post("/projects/{code}/acts", response=ProjectOut, summary="办理一步")
def act_on_project(request: HttpRequest, code: str, payload: ProjectActIn) -> Any:
    given = dict(payload.model_extra or {}) | ({"stage": payload.stage} if payload.stage else {})
    projects.act(code, payload.act, given, actor_of_request(request), now())
    return _read(code, request)


@router.get("/projects/{code}/export", response=dict[str, Any], summary="导出给上级平台")
def export_project(request: HttpRequest, code: str) -> Any:
    return exporting.export([_found(code, request)], now())


def _found(code: str, request: HttpRequest) -> Project:
    return projects.project_with_code(code, actor_of_request(request))


def _read(code: str, request: HttpRequest) -> dict[str, Any]:
    project = _found(code, request)
    return showing.whole(project, projects.chart_of(project, now()), actor_of_request(request))

"""Registering a project: its code, owner, site, and the plan that follows from a few plain answers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db import IntegrityError, transaction
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from yimen.foundation.identity import api as identity
from yimen.foundation.orgs import api as orgs
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from yimen.modules.projects.codes import DRAWN, compose_code, drawn_of, read_code
from yimen.modules.projects.geometry import SCALE
from yimen.modules.projects.models import CodeCounter, Project, StagePlan
from yimen.modules.projects.queries.projects import plans_on
from yimen.modules.projects.rules import plan_for
from yimen.modules.projects.services.frame import must_be_open, must_own, plain, record, taken
from yimen.modules.projects.services.planning import lay_out, plan_again
from yimen.modules.projects.sites import Site, read_site
from yimen.modules.projects.states import CODE_TYPES, TRACK_LABELS, ProjectState, StageState, Track

CLAUSE = "国务院令第673号第四条；国务院令第712号第十条"
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]


class ProjectIn(BaseModel):
    """A project as it is registered.

    Args:
        owner: unified social credit code of the owner (建设单位).
        code: where the project has one already; else one is given.
        approval: how the investment is handled (备案、核准、审批); of a government investment always 审批.
        invests: total investment, 10,000 yuan.
        floor_area: square metres; 0 for a line.
        division: division code of the site's district.
        boundary, point: as ``sites.read_site`` takes them.
        answers: the plan's yes-or-no questions; one left out means no.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Short
    owner: Annotated[str, StringConstraints(strip_whitespace=True, max_length=30)]
    code: Annotated[str, Field(max_length=60)] = ""
    investment: Literal["enterprise", "government"]
    approval: Literal["filing", "verification", "approval"] = "filing"
    kind: Literal["housing", "public", "factory", "line", "small"]
    track: Literal["parallel", "serial"] = "parallel"
    division: Annotated[str, Field(max_length=12)]
    address: Short
    invests: Decimal = Field(gt=0, max_digits=12, decimal_places=2)
    floor_area: Decimal = Field(Decimal(0), ge=0, max_digits=11, decimal_places=2)
    boundary: str | dict[str, Any] | list[Any] = ""
    point: Annotated[str, Field(max_length=200)] = ""
    answers: dict[Annotated[str, Field(max_length=41)], bool] = Field(default_factory=dict, max_length=60)


def register_project(given: ProjectIn, actor: Actor, at: datetime) -> Project:
    """Register a project and lay out its four stages.

    Raises:
        Invalid: a wrong code, site, division or name; ``fields`` says where.
        NotAllowed: the actor may not act for the owner.
        NotPossible: no stage plan is for such a project.
        Conflict: the code belongs to a project already registered.
    """
    owner = _owner(given.owner, actor)
    on = at.astimezone(CHINA).date()
    site = read_site(given.boundary, given.point)
    division = _division(given.division, on)
    facts = facts_of(given, site)
    plan = _plan(facts, on)
    name = plain(given.name, "name", "项目名称", most=200)
    with transaction.atomic():
        code = read_code(given.code).text if given.code.strip() else _new_code(given.kind, division, on)
        project = Project(
            code=code, name=name, owner=owner, account_id=actor.account_id, division=division, plan=plan,
            track=given.track, state=ProjectState.REGISTERED, investment=given.investment, kind=given.kind,
            address=plain(given.address, "address", "项目地址", most=200), invests=given.invests,
            floor_area=given.floor_area, site=site.geojson, longitude=Decimal(site.point[0]) / SCALE,
            latitude=Decimal(site.point[1]) / SCALE, site_area=Decimal(f"{site.area:.2f}"), facts=facts,
            registered_at=at,
        )  # fmt: skip
        _save(project)
        lay_out(project)
        note = f"登记项目，{TRACK_LABELS[Track(given.track)]}"
        data = {"plan": plan.code, "version": plan.version, "track": given.track, "facts": facts}
        record(project, "register", actor, at, note=note, clause=CLAUSE, data=data)
    return project


def facts_of(given: ProjectIn, site: Site) -> dict[str, Any]:
    """What the conditions of plans may ask; numbers as JSON keeps them."""
    approval = "approval" if given.investment == "government" else given.approval
    if approval == "approval" and given.investment == "enterprise":
        raise Invalid(
            "企业投资的项目实行备案或者核准，不实行审批。",
            fields={"approval": "请选择备案或者核准。"},
            clause=CLAUSE,
        )
    return {
        **given.answers,
        "investment": given.investment,
        "approval": approval,
        "kind": given.kind,
        "invests": float(given.invests),
        "floor_area": float(given.floor_area),
        "site_area": round(site.area, 2),
    }


def choose_track(code: str, track: str, actor: Actor, at: datetime) -> Project:
    """Let the stages that have not begun run the other way; what runs goes on as it was started.

    Raises:
        Invalid: no such track.
        NotAllowed: not the owner.
        NotPossible: every stage has begun.
    """
    if track not in TRACK_LABELS:
        raise Invalid("请选择并联办理或者逐项办理。", fields={"track": "可以是 parallel 或 serial。"})
    with transaction.atomic():
        project = taken(code, actor)
        must_own(actor, project)
        must_be_open(project)
        stages = list(project.stages.all())
        waiting = [stage for stage in stages if stage.state == StageState.WAITING]
        if not waiting:
            raise NotPossible("四个阶段都已经开始，不能再改办理方式。", code="all_begun")
        if project.track != track:
            project.track = track
            begun = [
                stage.planned_to for stage in stages if stage.state != StageState.WAITING and stage.planned_to
            ]
            plan_again(project, max([*begun, at.astimezone(CHINA).date()]))
            record(
                project,
                "choose_track",
                actor,
                at,
                changed=["track"],
                note=f"改为{TRACK_LABELS[Track(track)]}",
                data={"track": track},
            )
    return project


def _owner(uscc: str, actor: Actor) -> identity.LegalEntity:
    found = identity.entity_with_uscc(identity.check_uscc(uscc))
    if found is None or found.pk not in actor.entity_ids:
        raise NotAllowed(
            "您还没有被授权为这家建设单位办事。",
            would_pass="请法定代表人在“授权代办”里授权您，再登记项目。",
            fields={"owner": "请选择您可以代表的单位。"},
        )
    return found


def _division(code: str, on: date) -> str:
    try:
        return orgs.resolve_division(code, on).code
    except NotFound as unknown:
        raise Invalid(unknown.message, fields={"division": "请选择项目所在的区。"}) from unknown


def _plan(facts: dict[str, Any], on: date) -> StagePlan:
    plans = plans_on(on)
    found = plan_for([plan.parsed for plan in plans], facts)
    if found is None:
        raise NotPossible(
            "还没有适用于这类项目的审批流程。",
            code="no_stage_plan",
            would_pass="请向项目所在地的审批部门咨询。",
        )
    unknown = facts.keys() - {question.code for question in found.questions} - BASIC
    if unknown:
        name = min(unknown)
        raise Invalid(f"没有“{name[:40]}”这个问题。", fields={"answers": f"请去掉“{name[:40]}”。"})
    for question in found.questions:
        facts.setdefault(question.code, False)
    return next(plan for plan in plans if plan.parsed is found)


BASIC = frozenset({"investment", "approval", "kind", "invests", "floor_area", "site_area"})


def _new_code(kind: str, division: str, on: date) -> str:
    prefix = f"{on:%y%m}{division[:6]}04{CODE_TYPES[kind]}"
    CodeCounter.objects.get_or_create(prefix=prefix)
    counter = CodeCounter.objects.select_for_update().get(prefix=prefix)
    start = int(identity.keyed_hash(prefix, "project-code")[:8], 16)
    while counter.given < DRAWN:
        drawn = drawn_of(counter.given, start)
        counter.given += 1
        code = compose_code(on.year, on.month, division, "04", CODE_TYPES[kind], drawn)
        if not code.endswith("-000000") and not Project.objects.filter(code=code).exists():
            counter.save(update_fields=["given"])
            return code
    raise NotPossible("本月的项目代码已经用完，请联系平台管理人员。", code="codes_used_up")


def _save(project: Project) -> None:
    try:
        with transaction.atomic():
            project.save(force_insert=True)
    except IntegrityError as clash:
        if not Project.objects.filter(code=project.code).exists():
            raise
        raise Conflict(
            f"项目代码 {project.code} 已经登记过了。",
            code="project_exists",
            fields={"code": "请核对项目代码；同一个项目不用再登记。"},
            would_pass="在“我的项目”里打开它，或者请建设单位授权您。",
        ) from clash

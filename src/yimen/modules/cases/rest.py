"""REST of applications and cases."""

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Status
from pydantic import BaseModel

from yimen.foundation.trace import api as trace
from yimen.kernel.access import actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid
from yimen.modules.cases import ledger as ledgers
from yimen.modules.cases import queries
from yimen.modules.cases.models import Application, Case
from yimen.modules.cases.permissions import CREATE
from yimen.modules.cases.services import clocks
from yimen.modules.cases.services.intake.applicant import ApplicantIn
from yimen.modules.cases.services.intake.hand_in import HandIn, hand_in
from yimen.modules.cases.services.intake.materials import MaterialIn
from yimen.modules.cases.services.perform import ACTS, act
from yimen.modules.deadlines import api as deadlines
from yimen.modules.flows import api as flows

router = Router(tags=["办件"])

ChannelIn = Literal["window", "online", "mobile", "kiosk", "courier", "api"]


class LimitOut(BaseModel):
    amount: int
    unit: str


class ClockOut(BaseModel):
    """One promise of time; ``due_at`` is null while time excluded by law runs."""

    kind: str
    limit: LimitOut
    started_at: datetime
    due_at: datetime | None
    state: str
    holder: str
    clause: str


class CaseBrief(BaseModel):
    number: str
    item: str
    state: str


class ApplicationIn(BaseModel):
    """An application: one applicant, one form, one set of materials, one or many items."""

    items: list[str] = Field(min_length=1, max_length=30)
    applicant: ApplicantIn | None = None
    form: dict[str, Any] = Field(default_factory=dict)
    materials: list[MaterialIn] = Field(default_factory=list, max_length=200)
    channel: ChannelIn = "api"
    centre: str = Field("", max_length=60)
    delivery_way: Literal["window", "courier", "electronic"] = "window"
    draft: bool = False
    standards: dict[str, int] = Field(
        default_factory=dict, description="事项编码到您所读版本；版本已更新时拒绝并说明"
    )


class ApplicationOut(BaseModel):
    number: str
    state: str
    received_at: datetime | None
    cases: list[CaseBrief]


class CaseOut(BaseModel):
    number: str
    application: str
    item: str
    item_name: str
    standard_version: int
    state: str
    step: str | None
    steps: list[str]
    organisation: str
    revision: int
    due_at: datetime | None
    outcome: str
    clocks: list[ClockOut]
    possible: list[str]


class CaseRow(BaseModel):
    number: str
    application: str
    item: str
    item_name: str
    state: str
    organisation: str
    applicant: str
    received_at: datetime | None
    due_at: datetime | None
    overdue: bool


class CasePage(BaseModel):
    count: int
    results: list[CaseRow]


class ActIn(BaseModel):
    """An act and what it takes; ``revision`` makes the act refuse when somebody was quicker."""

    model_config = {"extra": "allow"}

    act: str = Field(max_length=40)
    revision: int | None = None


class EventOut(BaseModel):
    sequence: int
    at: datetime
    actor: str
    act: str
    from_: str = Field(serialization_alias="from")
    to: str
    clause: str
    note: str
    data: dict[str, Any]
    previous: str
    hash: str


class LedgerRow(BaseModel):
    model_config = {"from_attributes": True}

    date: date
    counted: bool
    holder: str
    why: str
    clause: str


@router.post("/applications", response={201: ApplicationOut}, summary="提交申请", by_alias=True)
def create_application(request: HttpRequest, payload: ApplicationIn) -> Status[Any]:
    actor = _through(actor_of_request(request), payload.channel)
    command = HandIn(
        items=payload.items,
        applicant=payload.applicant,
        form=payload.form,
        materials=payload.materials,
        centre=payload.centre,
        delivery_way=payload.delivery_way,
        draft=payload.draft,
        expected=payload.standards,
    )
    return Status(201, _application(hand_in(command, actor, now())))


@router.get("/applications/{number}", response=ApplicationOut, summary="查看申请")
def read_application(request: HttpRequest, number: str) -> Any:
    return _application(queries.application_with_number(number, actor_of_request(request)))


@router.get("/cases", response=CasePage, summary="我的或本部门的办件")
def list_cases(
    request: HttpRequest,
    state: str = "",
    organisation: str = "",
    overdue: bool | None = None,
    page: int = 1,
    size: int = 20,
) -> Any:
    at = now()
    found = queries.list_cases(
        actor_of_request(request),
        at,
        state=state,
        organisation=organisation,
        overdue=overdue,
        page=page,
        size=size,
    )
    return {"count": found.count, "results": [_row(case, at) for case in found.results]}


@router.get("/cases/{number}", response=CaseOut, summary="查看办件")
def read_case(request: HttpRequest, number: str) -> Any:
    actor = actor_of_request(request)
    return _case(queries.case_in_brief(number, actor), actor)


@router.post("/cases/{number}/acts", response=CaseOut, summary="办理一步")
def act_on_case(request: HttpRequest, number: str, payload: ActIn) -> Any:
    if payload.act not in ACTS:
        raise Invalid(
            f"没有“{payload.act}”这个办理动作。",
            code="unknown_act",
            fields={"act": "可用：" + "、".join(ACTS)},
        )
    actor = actor_of_request(request)
    taken = payload.model_extra or {}
    return _case(act(number, payload.act, taken, actor, now(), revision=payload.revision), actor)


@router.get("/cases/{number}/trace", response=list[EventOut], summary="办理痕迹", by_alias=True)
def read_trace(request: HttpRequest, number: str) -> Any:
    case = queries.case_with_number(number, actor_of_request(request))
    return [
        {
            "sequence": e.sequence,
            "at": e.at,
            "actor": e.actor_name,
            "act": e.act,
            "from_": e.from_state,
            "to": e.to_state,
            "clause": e.clause,
            "note": e.note,
            "data": json.loads(e.data) if e.data else {},
            "previous": e.previous,
            "hash": e.hash,
        }
        for e in trace.events_of("case", case.number)
    ]


@router.get("/cases/{number}/ledger", response=list[LedgerRow], summary="时间账：每一天在谁手里")
def read_ledger(request: HttpRequest, number: str) -> Any:
    case = queries.case_with_number(number, actor_of_request(request))
    return ledgers.ledger_of(case, now())


def _through(actor: Actor, channel: str) -> Actor:
    """The channel as told; only window clerks speak for a window."""
    if channel == "window" and not actor.may(CREATE):
        raise Invalid("只有窗口收件人员可以以窗口方式提交。", fields={"channel": "请用 online 或 api。"})
    return replace(actor, channel=channel)


def _application(application: Application) -> dict[str, Any]:
    return {
        "number": application.number,
        "state": application.state,
        "received_at": application.received_at,
        "cases": [
            {"number": c.number, "item": c.published.code, "state": c.state} for c in application.cases.all()
        ],
    }


def _case(case: Case, actor: Actor) -> dict[str, Any]:
    [own] = deadlines.clocks_of(clocks.SUBJECT, [case.number]).values()
    opened = flows.open_steps(case.flow) if case.is_open else []
    return {
        "number": case.number,
        "application": case.application.number,
        "item": case.item.code,
        "item_name": case.published.content.name,
        "standard_version": case.published.version,
        "state": case.state,
        "step": opened[0] if opened else None,
        "steps": opened,
        "organisation": case.organisation.code,
        "revision": case.revision,
        "due_at": case.due_at,
        "outcome": case.outcome,
        "clocks": [_clock(clock) for clock in own],
        "possible": queries.possible_acts(case, actor),
    }


def _clock(clock: deadlines.Clock) -> dict[str, Any]:
    return {
        "kind": clock.kind,
        "limit": {"amount": clock.amount, "unit": clock.unit},
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "state": clock.state,
        "holder": clock.holder,
        "clause": clock.clause,
    }


def _row(case: Case, at: datetime) -> dict[str, Any]:
    return {
        "number": case.number,
        "application": case.application.number,
        "item": case.item.code,
        "item_name": case.item.name,
        "state": case.state,
        "organisation": case.organisation.code,
        "applicant": case.application.applicant_label,
        "received_at": case.received_at,
        "due_at": case.due_at,
        "overdue": case.is_open and case.due_at is not None and case.due_at < at,
    }

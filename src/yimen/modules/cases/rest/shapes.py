"""What the calls of applications and cases take and give."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field
from pydantic import BaseModel

from yimen.modules.cases.services.intake.applicant import ApplicantIn
from yimen.modules.cases.services.intake.materials import MaterialIn

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
    after: list[str] = Field(default_factory=list, description="在等哪几件办结")


class ApplicationActIn(BaseModel):
    """An act upon all cases of an application: ``accept_together``, ``tell_together`` or ``correct``."""

    act: Literal["accept_together", "tell_together", "correct"]
    materials: list[MaterialIn] = Field(default_factory=list, max_length=200)
    form: dict[str, Any] = Field(default_factory=dict)


class ApplicationIn(BaseModel):
    """An application: one applicant, one form, one set of materials, one or many items.

    ``theme`` with ``answers`` may stand instead of ``items``: the theme says which items join and in what order.
    """

    items: list[str] = Field(default_factory=list, max_length=30)
    theme: str = Field("", max_length=64)
    answers: dict[str, str] = Field(default_factory=dict)
    together: bool = Field(False, description="全部办好后一起领取结果")
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
    joint: bool = False
    due_at: datetime | None = Field(None, description="联办承诺的日期")
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
    next: str | None = Field(None, description="还有下一页时，用它作 after 接着列")


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

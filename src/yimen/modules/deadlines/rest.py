"""REST: reckon a due day, explained. Public: a promise of time that cannot be checked is none."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema

from yimen.foundation.calendar.api import current_calendar
from yimen.modules.deadlines.rules import due_of, due_text, limit_from

router = Router(tags=["期限"])


class ExclusionIn(Schema):
    """Time that does not count: both end days are left out."""

    from_: str = Field(alias="from", examples=["2025-09-22"])
    to: str = Field(examples=["2025-10-15"])
    reason: str = Field("", examples=["检验检测"])
    clause: str = Field("", examples=["行政许可法第四十五条"])


class ExtensionIn(Schema):
    """More time of the same unit."""

    amount: int = Field(ge=0, examples=[10])
    reason: str = ""
    clause: str = ""


class DeadlineIn(Schema):
    """A limit, as the public contract writes it."""

    start: str = Field(description="日期或时刻（RFC 3339）", examples=["2026-02-11"])
    amount: int = Field(ge=0, examples=[5])
    unit: Literal["working_day", "calendar_day", "month", "year", "working_hour", "hour"] = "working_day"
    first_day: Literal["next", "same"] = "next"
    exclusions: list[ExclusionIn] = Field(default=[], max_length=1000)
    extensions: list[ExtensionIn] = Field(default=[], max_length=1000)
    roll: bool = Field(False, description="末日为休息日时顺延至下一个工作日（日、月、年）")
    id: str | int | None = Field(None, description="原样带回")


class DayOut(Schema):
    date: str
    counted: bool
    why: str
    clause: str


class DeadlineOut(Schema):
    """The due day (or moment, for hours) and every day from the start through it."""

    id: str | int | None = None
    due: str
    days: list[DayOut]


class ProblemOut(Schema):
    """RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    fields: dict[str, str] = {}
    would_pass: str = ""


@router.post(
    "/deadlines",
    auth=None,
    response={200: DeadlineOut, 422: ProblemOut},
    exclude_unset=True,
    summary="推算期限届满日并逐日说明",
    operation_id="compute_deadline",
)
def compute_deadline(request: HttpRequest, payload: DeadlineIn) -> dict[str, Any]:
    """The due day of a limit. A year whose working days are not announced is refused (422) and named."""
    given = payload.dict(by_alias=True)
    answer = due_of(limit_from(given), current_calendar())
    body: dict[str, Any] = {
        "due": due_text(answer),
        "days": [
            {"date": d.date.isoformat(), "counted": d.counted, "why": d.why, "clause": d.clause}
            for d in answer.days
        ],
    }
    return body if payload.id is None else {"id": payload.id, **body}

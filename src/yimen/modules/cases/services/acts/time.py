"""Acts that move time: special procedures and extension (行政许可法第四十二条, 第四十五条)."""

from typing import Literal

from pydantic import Field

from yimen.kernel.errors import Invalid
from yimen.modules.cases import rules
from yimen.modules.cases.services import clocks
from yimen.modules.cases.services.acts.base import Clause, Done, NoPayload, Note, Payload, Reason, Work
from yimen.modules.cases.states import CaseState

LAWFUL = {
    "hearing": "听证", "tender": "招标", "auction": "拍卖", "inspection": "检验", "testing": "检测",
    "quarantine": "检疫", "appraisal": "鉴定", "expert_review": "专家评审",
}  # fmt: skip
"""The eight procedures whose time the law leaves out (行政许可法第四十五条)."""


class Suspend(Payload):
    """A special procedure begins.

    Args:
        procedure: a code of the standard's special procedures.
        clause: the article that excludes the time.
        days: working days it will take, told to the applicant in writing.
        document: number of the paper that ordered it.
    """

    procedure: str = Field(max_length=30)
    clause: Clause
    days: int | None = Field(None, ge=1, le=250)
    document: str = Field("", max_length=100)
    note: Note = ""


class Resume(NoPayload):
    """The procedure is over; ``note`` says with what result."""


class Extend(Payload):
    """More time, once, by the head."""

    days: int = Field(ge=1, le=60)
    reason: Reason
    unit: Literal["working_day"] = "working_day"


def suspend(work: Work) -> Done:
    """Let the time of a special procedure stand outside the limits; the applicant is told in writing how long.

    Raises:
        Invalid: a procedure that neither the standard nor the law knows.
    """
    case, payload = work.case, work.payload
    known = {p.code: p for p in case.published.content.special_procedures if p.excluded}
    names = LAWFUL | {code: p.name for code, p in known.items()}
    if payload.procedure not in known and payload.procedure not in LAWFUL:
        raise Invalid(
            f"“{payload.procedure}”不是可以不计入期限的程序。",
            fields={"procedure": "可选：" + "、".join(f"{code}（{name}）" for code, name in names.items())},
            clause="行政许可法第四十五条",
        )
    name = names[payload.procedure]
    limit = known[payload.procedure].limit if payload.procedure in known else None
    days = payload.days or (limit.amount if limit and limit.unit == "working_day" else None)
    if days is None:
        raise Invalid(
            "所需时间应当书面告知申请人，请填写需要多少个工作日。",
            fields={"days": "填写工作日数。"},
            clause="行政许可法第四十五条",
        )
    case.resume_state = case.state
    until = clocks.pause(
        case, work.at, reason=name, clause=payload.clause, document=payload.document, days=days
    )
    data = {"procedure": payload.procedure, "name": name, "days": days, "document": payload.document}
    note = f"{name}，需要{days}个工作日" + (f"。{payload.note}" if payload.note else "")
    return Done(note=note, clause=payload.clause, data=data | {"until": until.isoformat() if until else ""})


def resume(work: Work) -> Done:
    """The procedure is over: time counts again."""
    case = work.case
    clocks.resume(case, work.at)
    state = CaseState(case.resume_state or CaseState.IN_REVIEW)
    case.resume_state = ""
    return Done(state=state, note=work.payload.note or "特别程序结束，恢复计时")


def extend(work: Work) -> Done:
    """Extend the limit of law once, before it is over, with the reason told.

    Raises:
        Invalid: more days than the law allows.
        NotPossible: the limit is over already, or paused.
    """
    case, payload = work.case, work.payload
    allowed = rules.extension_of(case.published.content.legal_limit)
    clocks.extend(
        case, payload.days, work.at, approver=work.actor.name, reason=payload.reason, allowed=allowed
    )
    case.extended_at = work.at
    data = {"days": payload.days, "reason": payload.reason, "approver": allowed.approver}
    state = CaseState(case.state)
    return Done(
        state=state, note=f"延长{payload.days}个工作日：{payload.reason}", clause=allowed.clause, data=data
    )

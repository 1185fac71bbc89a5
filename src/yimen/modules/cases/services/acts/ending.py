"""Withdraw, terminate, and what remains after: owed material and promises to check."""

from typing import Literal

from pydantic import Field

from yimen.kernel.errors import Invalid
from yimen.modules.cases.services import clocks
from yimen.modules.cases.services.acts.base import Clause, Done, NoPayload, Note, Payload, Reason, Work
from yimen.modules.cases.services.intake.materials import MaterialIn, add_materials
from yimen.modules.cases.states import CaseState


class Withdraw(NoPayload):
    """Withdrawing needs no reason."""


class Terminate(Payload):
    """Ending a case without a decision needs a clause and a reason."""

    clause: Clause
    reason: Reason


class Supply(Payload):
    """Owed material that follows (容缺后补)."""

    materials: tuple[MaterialIn, ...] = Field(min_length=1, max_length=60)


class Revoke(Payload):
    """Taking a decision back needs its clause and its reason (行政许可法第六十九条)."""

    clause: Clause
    reason: Reason


class CheckPromise(Payload):
    """What the later check of a promise found (告知承诺核查)."""

    outcome: Literal["kept", "broken"]
    note: Note = ""


def withdraw(work: Work) -> Done:
    """The applicant takes the application back."""
    clocks.cancel_all(work.case, work.at)
    return Done(note=work.payload.note or "申请人撤回申请")


def terminate(work: Work) -> Done:
    """End the case by law without deciding it."""
    clocks.cancel_all(work.case, work.at)
    return Done(note=work.payload.reason, clause=work.payload.clause, data={"reason": work.payload.reason})


def supply(work: Work) -> Done:
    """Bring the material that was tolerated; its clock stops when nothing is owed any more."""
    case = work.case
    names = add_materials(case, work.payload.materials, work.actor, work.at)
    if not case.owed:
        clocks.stop(case, work.at, clocks.TOLERANCE)
    state = CaseState(case.state)
    return Done(state=state, note="补交：" + "、".join(names), data={"owed": case.owed})


def revoke(work: Work) -> Done:
    """Take a granted decision back, such as after a promise that proved false."""
    clocks.cancel_all(work.case, work.at)
    return Done(note=work.payload.reason, clause=work.payload.clause, data={"reason": work.payload.reason})


def check_promise(work: Work) -> Done:
    """Record the check; after a broken promise the office may revoke."""
    case, payload = work.case, work.payload
    if payload.outcome == "broken" and len(payload.note) < 2:
        raise Invalid("承诺不实应当写明查到的情况。", fields={"note": "写明核查方式和发现的问题。"})
    clocks.stop(case, work.at, clocks.PROMISE_CHECK)
    case.promised = 0
    found = "承诺属实" if payload.outcome == "kept" else "承诺不实，责令限期整改"
    note = f"{found}。{payload.note}".rstrip("。")
    return Done(
        state=CaseState(case.state), note=note, clause="国办发〔2020〕42号", data={"outcome": payload.outcome}
    )

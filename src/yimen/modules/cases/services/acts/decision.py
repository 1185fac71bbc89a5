"""Decide, deliver (决定、送达)."""

from typing import Literal

from yimen.kernel.errors import Invalid, NotPossible
from yimen.kernel.masking import mask_name
from yimen.modules.cases import rules
from yimen.modules.cases.services import clocks
from yimen.modules.cases.services.acts.acceptance import accept_as_of
from yimen.modules.cases.services.acts.base import Done, Note, Payload, Work
from yimen.modules.cases.states import CaseState, guard_decision
from yimen.modules.flows import api as flows


class Decide(Payload):
    """The decision; a refusal needs its reason, its clause and what would pass (行政许可法第三十八条)."""

    outcome: Literal["granted", "refused"]
    reason: Note = ""
    clause: Note = ""
    would_pass: Note = ""


class Deliver(Payload):
    """How the result was handed over."""

    way: Literal["window", "courier", "electronic"]
    receiver: Note = ""
    reference: Note = ""


def decide(work: Work) -> Done:
    """Decide the case. An instant item may be accepted and decided in one act at the window.

    Where the applicant takes all results together, the ten days of delivery start with the last decision.

    Raises:
        Invalid: a refusal without reason.
        NotPossible: steps are open, material is owed, or acceptance is missing.
    """
    case, payload = work.case, work.payload
    granted = payload.outcome == "granted"
    if not granted and len(payload.reason) < 2:
        raise Invalid(
            "不予许可应当说明理由，请写明理由。", fields={"reason": "写明不符合哪一条规定、为什么。"},
            clause="行政许可法第三十八条第二款",
        )  # fmt: skip
    before = CaseState(case.state)
    if why := guard_decision(case, before, granted):
        raise NotPossible(why, code="not_ready")
    if before is CaseState.SUBMITTED:
        accept_as_of(work, work.at)
    case.outcome, case.decided_at = payload.outcome, work.at
    steps = case.published.content.steps
    case.flow = flows.pass_all_of(case.flow, steps, rules.DECIDING_POSTS, work.actor.account_id or 0, work.at)
    clocks.stop_decided(case, work.at)
    case.due_at = None
    if not case.waits_to_be_handed_out:
        clocks.start_delivery(case, work.at)
    if granted and case.promised and case.published.content.promise:
        clocks.start_promise_check(case, work.at)
    note = payload.reason or ("准予" if granted else "不予")
    data = {
        "outcome": payload.outcome,
        "would_pass": payload.would_pass,
        "on_the_spot": before is CaseState.SUBMITTED,
    }
    state = CaseState.GRANTED if granted else CaseState.REFUSED
    return Done(state=state, note=note, clause=payload.clause, data=data)


def deliver(work: Work) -> Done:
    """The applicant has the result."""
    case, steps = work.case, work.case.published.content.steps
    case.flow = flows.pass_all_of(case.flow, steps, rules.CLOSING_POSTS, work.actor.account_id or 0, work.at)
    clocks.stop(case, work.at, clocks.DELIVERY)
    ways = {"window": "窗口领取", "courier": "邮寄送达", "electronic": "电子送达"}
    payload = work.payload
    data = {"way": payload.way, "reference": payload.reference, "receiver": mask_name(payload.receiver)}
    return Done(note=ways[payload.way], data=data)

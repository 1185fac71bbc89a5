"""Accept, refuse to accept (受理、不予受理)."""

from datetime import datetime

from yimen.modules.cases import rules
from yimen.modules.cases.services import clocks
from yimen.modules.cases.services.acts.base import Clause, Done, NoPayload, Payload, Reason, Work
from yimen.modules.cases.services.acts.opinions import ask_opinions
from yimen.modules.flows import api as flows

DEEMED = "逾期未告知，自收到申请材料之日起即为受理"


class RefuseAcceptance(Payload):
    """A refusal says why, by which clause, and what would pass."""

    clause: Clause
    reason: Reason
    would_pass: Reason


class Accept(NoPayload):
    """Accepting takes nothing."""


def accept(work: Work) -> Done:
    """Accept the application: the limits of law and promise start, the first review steps open."""
    return accept_as_of(work, work.at, note=work.payload.note)


def accept_as_of(work: Work, accepted_at: datetime, *, note: str = "", clause: str = "") -> Done:
    """Accept with effect from a moment: now, or the receipt where silence counted (行政许可法第三十二条)."""
    case = work.case
    clocks.stop(case, work.at, clocks.TELLING)
    case.accepted_at, case.proposed = accepted_at, None
    steps = case.published.content.steps
    flow = flows.begin(steps, case.application.facts(accepted_at), accepted_at)
    case.flow = flows.pass_all_of(flow, steps, rules.RECEIVING_POSTS, work.actor.account_id or 0, accepted_at)
    clocks.start_handling(case, accepted_at, work.at)
    ask_opinions(case, flows.open_steps(case.flow), work.at)
    return Done(note=note, clause=clause, data={"accepted_at": accepted_at.isoformat()})


def refuse_acceptance(work: Work) -> Done:
    """Refuse to accept, in writing, saying where to go or what would pass."""
    payload = work.payload
    work.case.proposed = None
    clocks.stop(work.case, work.at, clocks.TELLING)
    return Done(
        note=payload.reason,
        clause=payload.clause,
        data={"reason": payload.reason, "would_pass": payload.would_pass},
    )

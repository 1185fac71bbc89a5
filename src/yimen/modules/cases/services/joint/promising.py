"""The one date promised for the whole application (联办承诺时限): a clock of the application itself."""

from datetime import datetime

from yimen.modules.cases.models import Application
from yimen.modules.cases.states import BEFORE_DECISION, CaseState
from yimen.modules.deadlines import api as deadlines

JOINT, SUBJECT = "joint", "application"
deadlines.declare_kind(JOINT, "联办承诺时限")
STANDING_STILL = {
    CaseState.CORRECTION_REQUESTED: "等申请人补正",
    CaseState.SUSPENDED: "特别程序",
}


def follow_joint_promise(application: Application, at: datetime) -> None:
    """Start with the acceptance of everything that could be accepted, stand still with its cases, stop with the last decision."""
    if not application.joint_days:
        return
    states = [CaseState(state) for state in application.cases.values_list("state", flat=True)]
    found = deadlines.clocks_of(SUBJECT, [application.number]).get(application.number, [])
    if not found:
        if _all_looked_at(states):
            _start(application, at)
        return
    running = [clock for clock in found if clock.is_open]
    if not running:
        return
    why = next((STANDING_STILL[state] for state in states if state in STANDING_STILL), "")
    if not any(state in BEFORE_DECISION for state in states):
        _end(running, states, at)
    elif why and not running[0].is_paused and not running[0].is_overdue(at):
        deadlines.pause(running, at, reason=why, clause=application.joint_clause, document="", holder=why)
    elif not why and running[0].is_paused:
        deadlines.resume(running, at)


def _all_looked_at(states: list[CaseState]) -> bool:
    waiting = {CaseState.SUBMITTED, CaseState.CORRECTION_REQUESTED, CaseState.DRAFT}
    begun = {CaseState.ACCEPTED, CaseState.IN_REVIEW, CaseState.SUSPENDED, CaseState.GRANTED}
    return not any(state in waiting for state in states) and any(state in begun for state in states)


def _start(application: Application, at: datetime) -> None:
    lead = application.lead
    spec = deadlines.ClockSpec(
        kind=JOINT,
        amount=application.joint_days,
        unit="working_day",
        clause=application.joint_clause,
        subject_kind=SUBJECT,
        subject_key=application.number,
        holder=lead.label if lead else "",
        organisation_id=application.lead_id,
        division=application.division,
    )
    deadlines.start_clocks([spec], at)


def _end(running: list[deadlines.Clock], states: list[CaseState], at: datetime) -> None:
    if all(state in (CaseState.WITHDRAWN, CaseState.TERMINATED) for state in states):
        deadlines.cancel(running, at)
    else:
        deadlines.stop(running, at)

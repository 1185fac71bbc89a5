"""Who used how much time: the ledger of a case, and its totals by holder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yimen.foundation.trace import api as trace
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines

APPLICANT = "申请人"
"""As the ledger of cases calls whoever applied."""


@dataclass(frozen=True)
class Share:
    """What one holder used.

    Args:
        seconds: exact time in its hands; the sum over all holders is the time elapsed.
        days: days of the ledger on which it held the case longest.
        counted: days of the limit used up on those days.
        percent: of the time elapsed.
    """

    holder: str
    seconds: int
    days: int
    counted: int
    percent: float


def shares_of(
    case: cases.Case,
    events: Sequence[trace.Event],
    rows: Sequence[deadlines.LedgerDay],
    at: datetime,
) -> tuple[list[Share], int]:
    """Totals by holder in order of first appearance, and the seconds elapsed from receipt to the end (or now)."""
    changes = _holders(case, events)
    if not changes:
        return [], 0
    end = case.finished_at or at
    seconds: dict[str, int] = {}
    ends = [moment for moment, _ in changes[1:]] + [end]
    for (start, holder), until in zip(changes, ends, strict=True):
        used = max(0, _stamp(min(until, end)) - _stamp(min(start, end)))
        seconds[holder] = seconds.get(holder, 0) + used
    elapsed = max(0, _stamp(end) - _stamp(min(changes[0][0], end)))
    days = {hand.holder: hand for hand in deadlines.hands(rows)}
    return [
        Share(
            holder,
            used,
            days[holder].days if holder in days else 0,
            round(days[holder].counted) if holder in days else 0,
            100 * used / elapsed if elapsed else 0,
        )
        for holder, used in seconds.items()
        if used or holder in days
    ], elapsed


def _stamp(moment: datetime) -> int:
    return int(moment.timestamp())


def _holders(case: cases.Case, events: Sequence[trace.Event]) -> list[tuple[datetime, str]]:
    """(moment, holder): in whose hands the case came, named as in its ledger."""
    organisation = case.published.organisation_name
    return [(e.at, _holder(e, organisation)) for e in events if e.to_state != e.from_state]


def _holder(event: trace.Event, organisation: str) -> str:
    state = cases.CaseState(event.to_state)
    if state is cases.CaseState.CORRECTION_REQUESTED or state in cases.FINAL:
        return APPLICANT
    return event.note.split("，", 1)[0] if state is cases.CaseState.SUSPENDED else organisation

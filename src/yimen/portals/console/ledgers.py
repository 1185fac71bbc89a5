"""Who used how much time: the ledger of a case, and its totals by holder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yimen.foundation.trace import api as trace
from yimen.modules.cases import api as cases
from yimen.modules.cases.ledger import APPLICANT, holders_of, ledger_of
from yimen.modules.deadlines import api as deadlines

__all__ = ["APPLICANT", "Share", "ledger_of", "shares_of"]


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
    changes = holders_of(case, events)
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

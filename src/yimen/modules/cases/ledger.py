"""The time account of a case: day by day in whose hands it was, whether the day counted, and by which clause."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from yimen.foundation.trace import api as trace
from yimen.modules.cases.models import Case
from yimen.modules.cases.services import clocks
from yimen.modules.cases.states import FINAL, CaseState
from yimen.modules.deadlines import api as deadlines

APPLICANT = "申请人"
TOLD = "收件至受理"
S = CaseState


def ledger_of(case: Case, at: datetime) -> list[deadlines.LedgerDay]:
    """Every local day from receipt to the end (or now), exactly once.

    The days between two changes of the governing clock follow that clock: telling, the applicant's correction, the limit of
    law, delivery. ``counted`` says whether the day used up the limit of law or the five days to tell.
    """
    if case.state == S.DRAFT:
        return []
    events = list(trace.events_of("case", case.number))
    until = case.finished_at or at
    [found] = deadlines.clocks_of(clocks.SUBJECT, [case.number]).values()
    holders = holders_of(case, events)
    rows: list[deadlines.LedgerDay] = []
    for phase in _phases(found, until):
        part = deadlines.ledger(phase.clock, holders, phase.until)
        if rows and part and part[0].date == rows[-1].date:
            rows[-1] = _one_day(rows[-1], part[0])
        last = rows[-1].date if rows else None
        rows += [row for row in part if last is None or row.date > last]
    return rows


def _one_day(before: deadlines.LedgerDay, after: deadlines.LedgerDay) -> deadlines.LedgerDay:
    """The day on which one clock follows another: both shares, held by whoever had it longest."""
    shares = (*before.shares, *after.shares)
    totals: dict[str, int] = {}
    for holder, seconds in shares:
        totals[holder] = totals.get(holder, 0) + seconds
    holder = max(totals, key=lambda name: totals[name]) if totals else before.holder
    told = before if before.counted or not after.counted else after
    return replace(told, holder=holder, shares=shares, amount=max(before.amount, after.amount))


class _Phase:
    """A stretch of the case's life under one clock."""

    def __init__(self, clock: deadlines.Clock, until: datetime) -> None:
        self.clock, self.until = clock, until


GOVERNING = (clocks.TELLING, clocks.CORRECTION, clocks.LEGAL, clocks.DELIVERY)


def _phases(found: Sequence[deadlines.Clock], until: datetime) -> list[_Phase]:
    """Clocks that follow one another; each governs until the next one starts or the case ends."""
    chain = sorted(
        (c for c in found if c.kind in GOVERNING), key=lambda c: (c.started_at, GOVERNING.index(c.kind))
    )
    ends = [min(later.started_at, until) for _, later in pairwise(chain)]
    return [_Phase(clock, end) for clock, end in zip(chain, [*ends, until], strict=False)]


def holders_of(case: Case, events: Sequence[trace.Event]) -> list[tuple[datetime, str]]:
    """(moment, holder): in whose hands the case came, from its events."""
    organisation = case.published.organisation_name
    return [(e.at, _holder(e, organisation)) for e in events if e.to_state != e.from_state]


def _holder(event: trace.Event, organisation: str) -> str:
    state = CaseState(event.to_state)
    if state == S.CORRECTION_REQUESTED or state in FINAL:
        return APPLICANT
    if state == S.SUSPENDED:
        return event.note.split("，", 1)[0]
    return organisation

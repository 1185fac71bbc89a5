"""The time account of a case: day by day in whose hands it was, whether the day counted, and by which clause."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise

from yimen.foundation.trace import api as trace
from yimen.kernel.clock import CHINA
from yimen.modules.cases.models import Case, CaseLink
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
    return ledgers_of([case], at)[case.number]


def ledgers_of(cases: Sequence[Case], at: datetime) -> dict[str, list[deadlines.LedgerDay]]:
    """The ledgers of many cases by case number, in as many statements as for one."""
    numbers = [case.number for case in cases]
    events: dict[str, list[trace.Event]] = {number: [] for number in numbers}
    stored = trace.Event.objects.filter(subject_kind="case", subject_key__in=numbers)
    for event in stored.order_by("subject_key", "sequence"):
        events[event.subject_key].append(event)
    found = deadlines.clocks_of(clocks.SUBJECT, numbers)
    waited = [case.pk for case in cases if _began_waiting(events[case.number])]
    links: dict[int, list[CaseLink]] = {}
    if waited:
        for link in CaseLink.objects.filter(later__in=waited).select_related("earlier").order_by("id"):
            links.setdefault(link.later_id, []).append(link)
    return {
        case.number: _days(case, events[case.number], found[case.number], links.get(case.pk, []), at)
        for case in cases
    }


def _began_waiting(events: Sequence[trace.Event]) -> bool:
    return bool(events) and events[0].to_state == S.WAITING


def _days(
    case: Case,
    events: Sequence[trace.Event],
    found: Sequence[deadlines.Clock],
    links: Sequence[CaseLink],
    at: datetime,
) -> list[deadlines.LedgerDay]:
    if case.state == S.DRAFT:
        return []
    until = case.finished_at or at
    holders = holders_of(case, events)
    rows = _waiting(events, links, until)
    for phase in _phases(found, until):
        part = deadlines.ledger(phase.clock, holders, phase.until)
        if rows and part and part[0].date == rows[-1].date:
            rows[-1] = _one_day(rows[-1], part[0])
        last = rows[-1].date if rows else None
        rows += [row for row in part if last is None or row.date > last]
    return rows


def _waiting(
    events: Sequence[trace.Event], links: Sequence[CaseLink], until: datetime
) -> list[deadlines.LedgerDay]:
    """The days a serial case waited for the earlier one: nobody's limit, in the earlier department's hands."""
    if not _began_waiting(events):
        return []
    ended = next((e.at for e in events if e.from_state == S.WAITING and e.to_state != S.WAITING), until)
    holder = "、".join(dict.fromkeys(link.earlier.published.organisation_name for link in links))
    names = "“".join(dict.fromkeys(f"{link.earlier.published.content.name}”" for link in links))
    clause = next((link.clause for link in links if link.clause), "")
    rows, begin = [], events[0].at
    while begin < ended:
        day = begin.astimezone(CHINA).date()
        end = min(datetime.combine(day + timedelta(days=1), time(), CHINA), ended)
        shares = ((holder, int((end - begin).total_seconds())),)
        rows.append(
            deadlines.LedgerDay(
                date=day,
                counted=False,
                holder=holder,
                why=f"等“{names}办结",
                clause=clause,
                amount=0.0,
                shares=shares,
            )
        )
        begin = end
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

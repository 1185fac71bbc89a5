"""Whose hands: every day from start to stop, counted or not, with who held the matter (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yimen.foundation.calendar.api import WorkCalendar, YearNotAnnounced
from yimen.kernel.clock import CHINA
from yimen.modules.deadlines.rules.compute import Limit, due_of
from yimen.modules.deadlines.rules.explain import day_row, days_through, exclusion_on
from yimen.modules.deadlines.rules.hours import WorkingFace, hours_in, start_moment
from yimen.modules.deadlines.rules.values import DayCount, Unit, local_day, local_moment, moments_of, stamp

Change = tuple[datetime, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerDay:
    """One day of the ledger.

    Args:
        date, counted, why, clause: as in ``DayCount``.
        holder: who held the matter for the longest part of that day.
        amount: what the day used up: 1, or hours.
        shares: (holder, seconds) of that day, in order; their sum over all rows is the elapsed time.
    """

    date: date
    counted: bool
    holder: str
    why: str
    clause: str
    amount: float
    shares: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hand:
    """What one holder used up.

    Args:
        days: days on which it held the matter longest.
        counted: how much of the limit these days used up (days, or hours).
        seconds: exact time in its hands.
    """

    holder: str
    days: int
    counted: float
    seconds: int


def ledger_days(
    limit: Limit, calendar: WorkCalendar, first_holder: str, changes: Iterable[Change], until: datetime
) -> list[LedgerDay]:
    """Every local day from the start through ``until``, exactly once.

    Args:
        limit: the clock's limit; an open pause must have been closed at ``until``.
        first_holder: who holds the matter before the first change.
        changes: (moment, new holder), any order.
        until: when the clock stopped, or now. Days after the due day are shown as overdue.
    """
    begin = local_moment(limit.start)
    until = max(local_moment(until), begin)
    timeline = [(begin, first_holder), *sorted((local_moment(m), h) for m, h in changes)]
    rows = _hour_rows(limit, calendar, until) if limit.unit.in_hours else _day_rows(limit, calendar, until)
    return [_held(row, limit, timeline, begin, until) for row in rows]


def hands(rows: Sequence[LedgerDay]) -> list[Hand]:
    """Totals by holder in order of first appearance; seconds add up to the elapsed time."""
    totals: dict[str, list[float]] = {}
    for row in rows:
        for holder, seconds in row.shares:
            totals.setdefault(holder, [0, 0, 0])[2] += seconds
        mine = totals.setdefault(row.holder, [0, 0, 0])
        mine[0] += 1
        mine[1] += row.amount
    return [Hand(holder=h, days=int(d), counted=c, seconds=int(s)) for h, (d, c, s) in totals.items()]


def _day_rows(limit: Limit, calendar: WorkCalendar, until: datetime) -> list[DayCount]:
    last, due = _due(limit, calendar)
    rows: list[DayCount] = []
    counted = late = 0
    for day in days_through(local_day(limit.start), local_day(until)):
        try:
            row = day_row(limit, calendar, day, counted, last)
            if due is not None and day > due:
                row = _late_row(limit, calendar, day, late + 1)
                late += row.counted
        except YearNotAnnounced as missing:
            row = DayCount(
                date=day, counted=False, why=f"{missing.year}年放假安排尚未公布", clause=missing.clause
            )
        counted += row.counted
        rows.append(row)
    return rows


def _due(limit: Limit, calendar: WorkCalendar) -> tuple[int, date | None]:
    try:
        deadline = due_of(limit, calendar)
    except YearNotAnnounced:
        return date.max.toordinal(), None
    return deadline.last, deadline.due_on


def _late_row(limit: Limit, calendar: WorkCalendar, day: date, number: int) -> DayCount:
    """A day after the due day; a pause there changes nothing any more."""
    if limit.unit is Unit.WORKING_DAY and not calendar.is_working(day):
        return DayCount(
            date=day,
            counted=False,
            why=f"{calendar.name_of(day)}，不是工作日",
            clause=calendar.clause_of(day),
        )
    unit = "个工作日" if limit.unit is Unit.WORKING_DAY else "日"
    return DayCount(date=day, counted=True, why=f"超期第{number}{unit}", amount=1.0)


def _hour_rows(limit: Limit, calendar: WorkCalendar, until: datetime) -> list[DayCount]:
    face = WorkingFace(calendar, limit.hours) if limit.unit is Unit.WORKING_HOUR else None
    begin, spans = start_moment(limit.start, limit.first_day), moments_of(limit.exclusions)
    try:
        due = due_of(limit, calendar).due_at
    except YearNotAnnounced:
        due = None
    rows = []
    for day in days_through(local_day(limit.start), local_day(until)):
        used = hours_in(day, stamp(begin), stamp(until), spans, face)
        late = due is not None and day >= local_day(due) and until > due
        why = f"计{used:g}小时{'（已超期）' if late else ''}" if used else "没有计时"
        clause = ""
        if not used and (excluded := exclusion_on(limit.exclusions, day)):
            why, clause = f"{excluded.reason or '暂停计时'}，不计入期限", excluded.clause
        rows.append(DayCount(date=day, counted=bool(used), why=why, clause=clause, amount=used))
    return rows


def _held(row: DayCount, limit: Limit, timeline: list[Change], begin: datetime, until: datetime) -> LedgerDay:
    opens = max(datetime.combine(row.date, time(), CHINA), begin)
    closes = min(datetime.combine(row.date + timedelta(days=1), time(), CHINA), until)
    shares = _shares(timeline, stamp(opens), stamp(closes))
    excluded = exclusion_on(limit.exclusions, row.date)
    if excluded and excluded.holder and not row.counted:
        shares = [(excluded.holder, sum(seconds for _, seconds in shares))]
    holder = max(shares, key=lambda share: share[1])[0]
    return LedgerDay(
        date=row.date,
        counted=row.counted,
        holder=holder,
        why=row.why,
        clause=row.clause,
        amount=row.amount,
        shares=tuple(shares),
    )


def _shares(timeline: list[Change], opens: int, closes: int) -> list[tuple[str, int]]:
    shares: dict[str, int] = {}
    ends = [stamp(moment) for moment, _ in timeline[1:]] + [closes]
    current = timeline[0][1]
    for (moment, holder), end in zip(timeline, ends, strict=True):
        if stamp(moment) <= opens:
            current = holder
        seconds = min(end, closes) - max(stamp(moment), opens)
        if seconds > 0:
            shares[holder] = shares.get(holder, 0) + seconds
    return list(shares.items()) or [(current, 0)]

"""What another calendar or another limit would move, and moving it: whole sets at a time."""

import time
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count, DateField, Exists, Func, OuterRef, Q, QuerySet, Subquery

from yimen.foundation.calendar.api import (
    WorkCalendar,
    YearNotAnnounced,
    calendar_of,
    current_calendar,
    packaged_calendar,
    version_numbered,
)
from yimen.kernel.errors import NotFound
from yimen.kernel.events import announce
from yimen.modules.deadlines.events import ClocksRecounted
from yimen.modules.deadlines.models import Clock, Move, Recount, limit_of
from yimen.modules.deadlines.rules import CODES, Limit, Unit, due_of, due_ordinals
from yimen.modules.deadlines.rules.values import end_of, local_day, local_moment
from yimen.modules.deadlines.states import OPEN, ClockState, label_of

CHUNK = 20_000
"""Clocks read, computed and written at a time: memory stays flat over millions."""

PART = 2_000
"""Clocks that may move in one transaction."""
TURN = 0.12
"""Seconds in which somebody who waits to write gets a turn: SQLite does not queue, who waits looks every 100 ms."""


@dataclass(frozen=True, kw_only=True)
class NewLimit:
    """Another amount for clocks of one kind, such as a shorter promise.

    Args:
        kind: the kind of clock, such as ``promised``.
        amount, unit: the new limit.
        calendar: reckoned by this calendar; default the one in force.
    """

    kind: str
    amount: int
    unit: Unit = Unit.WORKING_DAY
    calendar: WorkCalendar | None = None


Cause = WorkCalendar | NewLimit


class MovedClock(NamedTuple):
    """One open clock that the change moves; ``new_due_at`` None = it awaits the notice of ``awaits_year``."""

    clock_id: int
    subject_kind: str
    subject_key: str
    kind: str
    holder: str
    old_due_at: datetime | None
    new_due_at: datetime | None
    new_due_on: date | None
    awaits_year: int | None
    amount: int
    unit: str

    @property
    def kind_label(self) -> str:
        return label_of(self.kind)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a change would do, before it is done.

    Args:
        moved, earlier, later, settled, unsettled: counts; settled = a due day where there was none, unsettled = none
            where there was one.
        sample: the first moves, for looking at.
    """

    moved: int
    earlier: int
    later: int
    settled: int
    unsettled: int
    sample: Sequence[MovedClock]


class _Row(NamedTuple):
    pk: int
    subject_kind: str
    subject_key: str
    kind: str
    holder: str
    due_at: datetime | None
    amount: int
    unit: str
    first_day: str
    roll: bool
    started_at: datetime
    exclusions: list[dict[str, Any]]
    extensions: list[dict[str, Any]]

    def key(self) -> Hashable:
        """Clocks with the same key have the same due: most of a day's intake of one item, reckoned once."""
        if self.exclusions or self.extensions or self.unit not in CODES:
            return self.pk
        return local_day(self.started_at), self.amount, self.unit, self.first_day, self.roll

    def limit(self, cause: Cause) -> Limit:
        limit = limit_of(
            started_at=self.started_at,
            amount=self.amount,
            unit=self.unit,
            first_day=self.first_day,
            exclusions=self.exclusions,
            extensions=self.extensions,
            roll=self.roll,
        )
        return replace(limit, amount=cause.amount, unit=cause.unit) if isinstance(cause, NewLimit) else limit


def clocks_moved_by(cause: Cause, clocks: QuerySet[Clock] | None = None) -> Iterator[MovedClock]:
    """The running clocks that a calendar or a new limit would move, streamed in chunks.

    Args:
        cause: a calendar (published or only drafted), or a new limit.
        clocks: which clocks to look at; default all. For a new limit name those of the item.
    """
    calendar = _calendar(cause)
    fields = [name for name in _Row._fields]
    rows = _affected(cause, clocks).order_by("pk").values_list(*fields).iterator(chunk_size=CHUNK)
    while chunk := [_Row(*row) for row in islice(rows, CHUNK)]:
        yield from _moves(chunk, cause, calendar)


def preview_moves(cause: Cause, clocks: QuerySet[Clock] | None = None, sample: int = 100) -> Preview:
    """Count what a change would move, with the first of them.

    Clocks without pauses and extensions are counted by the database in groups that have the same due day; only the others are
    read one by one.
    """
    calendar, affected = _calendar(cause), _affected(cause, clocks)
    counts = dict.fromkeys(("moved", "earlier", "later", "settled", "unsettled"), 0)
    moving: set[datetime] = set()
    for old, new, number in _groups(affected.filter(PLAIN), cause, calendar):
        if old != new:
            counts["moved"] += number
            counts[_direction(old, new)] += number
            moving.update([old] if old else [])
    for move in clocks_moved_by(cause, affected.exclude(PLAIN)):
        counts["moved"] += 1
        counts[_direction(move.old_due_at, move.new_due_at)] += 1
    return Preview(**counts, sample=_first_moves(cause, affected, moving, min(sample, counts["moved"])))


PLAIN = Q(exclusions=[], extensions=[], unit__in=[unit.value for unit in CODES])
"""Clocks whose due day follows from the day they started and their limit alone."""


class _LocalDay(Func):
    """The local day of a stored moment, reckoned by the database (China has one time zone and no summer time)."""

    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="date(%(expressions)s, '+8 hours')", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(%(expressions)s AT TIME ZONE 'Asia/Shanghai')::date"
        return self.as_sql(compiler, connection, template=template, **context)


def _groups(
    plain: QuerySet[Clock], cause: Cause, calendar: WorkCalendar
) -> Iterator[tuple[datetime | None, datetime | None, int]]:
    """(due now, due after the change, how many clocks) of each group."""
    like = ("amount", "unit", "first_day", "roll", "due_at")
    days = plain.order_by().values(*like, day=_LocalDay("started_at"))
    found = list(days.annotate(number=Count("pk")).values_list(*like, "day", "number"))
    rows = [
        _Row(0, "", "", "", "", due, amount, unit, first_day, roll, local_moment(day), [], [])
        for amount, unit, first_day, roll, due, day, _ in found
    ]
    limits = [row.limit(cause) for row in rows]
    for row, limit, ordinal, group in zip(rows, limits, due_ordinals(limits, calendar), found, strict=True):
        yield row.due_at, _due(limit, ordinal, calendar)[1], group[-1]


def _first_moves(
    cause: Cause, affected: QuerySet[Clock], moving: set[datetime], number: int
) -> list[MovedClock]:
    """The first moves, looked for only among clocks that may move."""
    due = Q(due_at__in=sorted(moving)[:MOST_DAYS]) | Q(due_at__isnull=True)
    rows = affected.filter(due | ~PLAIN)
    return list(islice(clocks_moved_by(cause, rows), number)) if number else []


MOST_DAYS = 300
"""Due days among which examples are looked for."""


@transaction.atomic
def apply_moves(
    cause: Cause, at: datetime, *, by: str, why: str, clocks: QuerySet[Clock] | None = None
) -> Recount:
    """Move the clocks in one job: every move is kept as a row first, then one statement sets all due days from them.

    Running it again moves nothing more. A clock that somebody paused or extended meanwhile is left alone: that act has
    reckoned its due day itself.
    """
    calendar = _calendar(cause)
    recount = Recount.objects.create(
        at=at, by=by, why=why, region=calendar.region, calendar_version=calendar.version
    )
    moved = clocks_moved_by(cause, clocks)
    while chunk := list(islice(moved, CHUNK)):
        Move.objects.bulk_create([_record(recount, move) for move in chunk], batch_size=2_000)
    mine = Move.objects.filter(recount=recount, clock=OuterRef("pk"))
    unchanged = mine.filter(
        Q(old_due_at=OuterRef("due_at")) | Q(old_due_at__isnull=True, clock__due_at__isnull=True)
    )
    looked_at = Clock.objects.all() if clocks is None else clocks
    recount.moved = looked_at.filter(Exists(unchanged), state=ClockState.RUNNING).update(
        due_at=Subquery(mine.values("new_due_at")[:1]),
        due_on=Subquery(mine.values("new_due_on")[:1]),
        awaits_year=Subquery(mine.values("new_awaits_year")[:1]),
        amount=Subquery(mine.values("new_amount")[:1]),
        unit=Subquery(mine.values("new_unit")[:1]),
        calendar_version=calendar.version,
    )
    if isinstance(cause, NewLimit):
        _other_clocks(cause, clocks).update(amount=cause.amount, unit=cause.unit)
    recount.save(update_fields=["moved"])
    if recount.moved:
        announce(ClocksRecounted(at=at, recount_id=recount.pk, moved=recount.moved, why=why))
    return recount


def apply_in_parts(calendar: WorkCalendar, at: datetime, *, by: str, why: str) -> int:
    """Move all clocks by a calendar, some thousands in each transaction, so that nobody waits long to write.

    Each part holds by itself, with its own ``Recount`` and its own announcement: killed on the way, the next run finds the
    clocks that are left and moves those.

    Returns:
        How many clocks moved.
    """
    affected, reached, moved, parts = _affected(calendar, None).order_by("pk"), 0, 0, 0
    while True:
        ahead = affected.filter(pk__gt=reached)
        last = ahead.values_list("pk", flat=True)[PART - 1 : PART].first()
        part = Clock.objects.filter(pk__gt=reached, **({} if last is None else {"pk__lte": last}))
        recount = apply_moves(calendar, at, by=by, why=why, clocks=part)
        moved, parts = moved + recount.moved, parts + 1
        if not recount.moved and parts > 1:
            recount.delete()  # what moved nothing needs no line of its own beside the others
        if last is None:
            return moved
        reached = last
        if connection.vendor == "sqlite":
            time.sleep(TURN)


def recount_stragglers(at: datetime) -> None:
    """Move clocks that a process started by the version before, in the moments around a publication.

    Costs two statements where there are none.
    """
    calendar = current_calendar()
    if next(clocks_moved_by(calendar), None) is not None:
        apply_in_parts(calendar, at, by="一门平台", why=f"按第{calendar.version}版工作日历补算")


def _calendar(cause: Cause) -> WorkCalendar:
    return cause if isinstance(cause, WorkCalendar) else cause.calendar or current_calendar()


def _affected(cause: Cause, clocks: QuerySet[Clock] | None) -> QuerySet[Clock]:
    rows = (Clock.objects.all() if clocks is None else clocks).filter(state=ClockState.RUNNING)
    if isinstance(cause, NewLimit):
        return rows.filter(kind=cause.kind)
    rows = rows.filter(region=cause.region)
    touched = Q(awaits_year__isnull=False)
    for version in rows.order_by().values_list("calendar_version", flat=True).distinct():
        touched |= _touched(version, cause)
    return rows.filter(touched)


def _touched(version: int, calendar: WorkCalendar) -> Q:
    """Only clocks due on or after the first day on which the two calendars differ can move."""
    try:
        before = calendar_of(version_numbered(version, calendar.region)) if version else packaged_calendar()
    except NotFound:
        return Q(calendar_version=version)
    differs = before.first_difference(calendar)
    if differs is None:
        return Q(pk__in=[])
    return Q(calendar_version=version, due_on__gte=differs)


def _other_clocks(cause: NewLimit, clocks: QuerySet[Clock] | None) -> QuerySet[Clock]:
    """Open clocks that keep their due day (or have none while paused) and still get the new limit."""
    rows = (Clock.objects.all() if clocks is None else clocks).filter(kind=cause.kind, state__in=OPEN)
    return rows.exclude(amount=cause.amount, unit=cause.unit)


Due = tuple[date | None, datetime | None, int | None]


def _moves(chunk: list[_Row], cause: Cause, calendar: WorkCalendar) -> Iterator[MovedClock]:
    keys = [row.key() for row in chunk]
    limits = {key: row.limit(cause) for key, row in dict(zip(keys, chunk, strict=True)).items()}
    ordinals = due_ordinals(list(limits.values()), calendar)
    dues = {key: _due(limits[key], n, calendar) for key, n in zip(limits, ordinals, strict=True)}
    for row, key in zip(chunk, keys, strict=True):
        due_on, due_at, awaits = dues[key]
        if due_at != row.due_at:
            limit = limits[key]
            yield MovedClock(
                row.pk,
                row.subject_kind,
                row.subject_key,
                row.kind,
                row.holder,
                row.due_at,
                due_at,
                due_on,
                awaits,
                limit.amount,
                limit.unit.value,
            )


def _due(limit: Limit, ordinal: int, calendar: WorkCalendar) -> Due:
    """The due of one limit; where the array rule has no answer (0) the scalar rule gives it, or names the year."""
    if ordinal:
        due_on = date.fromordinal(ordinal)
        return due_on, end_of(due_on), None
    try:
        deadline = due_of(limit, calendar)
    except YearNotAnnounced as missing:
        return None, None, missing.year
    return deadline.due_on, deadline.due_at, None


def _direction(old: datetime | None, new: datetime | None) -> str:
    if new is None:
        return "unsettled"
    if old is None:
        return "settled"
    return "earlier" if new < old else "later"


def _record(recount: Recount, move: MovedClock) -> Move:
    return Move(
        recount=recount,
        clock_id=move.clock_id,
        old_due_at=move.old_due_at,
        new_due_at=move.new_due_at,
        new_due_on=move.new_due_on,
        new_awaits_year=move.awaits_year,
        new_amount=move.amount,
        new_unit=move.unit,
    )

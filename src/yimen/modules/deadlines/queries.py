"""Reads of clocks."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import CharField, QuerySet

from yimen.foundation.calendar.api import WorkCalendar, current_calendar
from yimen.kernel import frozen
from yimen.kernel.frozen import Slot
from yimen.modules.deadlines.models import Clock, Move, Recount
from yimen.modules.deadlines.rules import Change, Deadline, LedgerDay, Unit, due_of, ledger_days
from yimen.modules.deadlines.rules.values import local_day
from yimen.modules.deadlines.states import OPEN, ClockState


def clocks_of(subject_kind: str, keys: Iterable[str]) -> dict[str, list[Clock]]:
    """All clocks of many subjects in one statement, oldest first; a key without clocks maps to an empty list."""
    keys = list(keys)
    found: defaultdict[str, list[Clock]] = defaultdict(list)
    rows: Iterable[Clock] = (
        frozen.rows("clocks_of", _of_one_subject, {"kind": subject_kind, "key": keys[0]})
        if len(keys) == 1
        else Clock.objects.filter(subject_kind=subject_kind, subject_key__in=keys).order_by(
            "started_at", "pk"
        )
    )
    for clock in rows:
        found[clock.subject_key].append(clock)
    return {key: found[key] for key in keys}


def open_clocks_of(subject_kind: str, key: str, *kinds: str, lock: bool = False) -> list[Clock]:
    """The running and paused clocks of one subject, optionally only of some kinds.

    Args:
        lock: hold the rows until the transaction ends (needed before an act; SQLite locks as a whole anyway).
    """

    def build() -> QuerySet[Clock]:
        rows = _of_one_subject().filter(state__in=OPEN)
        if kinds:
            rows = rows.filter(kind__in=kinds)
        return rows.select_for_update() if lock else rows

    return frozen.rows(("open_clocks", kinds, lock), build, {"kind": subject_kind, "key": key})


def _of_one_subject() -> QuerySet[Clock]:
    """Every clock of one subject, oldest first."""
    kind, key = Slot("kind", CharField()), Slot("key", CharField())
    return Clock.objects.filter(subject_kind=kind, subject_key=key).order_by("started_at", "pk")


def due_before(at: datetime, *kinds: str, division: str = "") -> QuerySet[Clock]:
    """Running clocks whose last moment has passed, longest overdue first: one indexed range, for sets and counts."""
    rows = Clock.objects.filter(state=ClockState.RUNNING, due_at__lt=at).order_by("due_at", "pk")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return rows.filter(division__startswith=division) if division else rows


def due_between(since: datetime, until: datetime, *kinds: str, division: str = "") -> QuerySet[Clock]:
    """Running clocks due from ``since`` up to ``until``, soonest first."""
    rows = Clock.objects.filter(state=ClockState.RUNNING, due_at__gte=since, due_at__lt=until).order_by(
        "due_at", "pk"
    )
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return rows.filter(division__startswith=division) if division else rows


def awaiting(year: int) -> QuerySet[Clock]:
    """Running clocks that have no due day until a year's notice is published."""
    return Clock.objects.filter(state=ClockState.RUNNING, due_at__isnull=True, awaits_year=year)


def moves_of(recount_id: int) -> QuerySet[Move]:
    """What a recount moved, with its clocks."""
    return Move.objects.filter(recount_id=recount_id).select_related("clock").order_by("pk")


def ledger(
    clock: Clock, changes: Iterable[Change], until: datetime, calendar: WorkCalendar | None = None
) -> list[LedgerDay]:
    """Day by day from the clock's start to its stop (or ``until``): counted or not, in whose hands, why.

    Args:
        changes: (moment, new holder); before the first the clock's own holder holds the matter.
        until: where to end, such as the present moment; a clock stopped earlier ends at its stop.
    """
    end = min(clock.stopped_at or until, until)
    limit = clock.as_limit(until=local_day(end))
    return ledger_days(limit, calendar or current_calendar(clock.region), clock.holder, changes, end)


def explained(clock: Clock, until: datetime) -> Deadline | None:
    """The clock's due with its explanation; None while it is paused.

    Raises:
        YearNotAnnounced: its due day lies in a year not announced.
    """
    if clock.is_paused:
        return None
    return due_of(clock.as_limit(until=local_day(until)), current_calendar(clock.region))


def days_left(clock: Clock, at: datetime) -> int | None:
    """Working days (or calendar days, by the clock's unit) left after today: 0 = due today, negative = overdue.

    None while there is no due day. Costs no statement.
    """
    if clock.due_on is None:
        return None
    today = local_day(at)
    if Unit(clock.unit) not in (Unit.WORKING_DAY, Unit.WORKING_HOUR):
        return (clock.due_on - today).days
    calendar = current_calendar(clock.region)
    if clock.due_on >= today:
        return calendar.working_days_between(today + timedelta(days=1), clock.due_on)
    return -calendar.working_days_between(clock.due_on + timedelta(days=1), today)


def recounts(region: str = "CN") -> QuerySet[Recount]:
    """Recounts, newest first."""
    return Recount.objects.filter(region=region).order_by("-pk")

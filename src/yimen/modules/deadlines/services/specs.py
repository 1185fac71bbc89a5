"""Starting clocks: many in one insert."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from yimen.foundation.calendar.api import WorkCalendar, YearNotAnnounced, current_calendar
from yimen.kernel import frozen
from yimen.kernel.clock import CHINA
from yimen.modules.deadlines.models import Clock
from yimen.modules.deadlines.rules import FirstDay, Unit, due_of
from yimen.modules.deadlines.states import ClockState


@dataclass(frozen=True, kw_only=True)
class ClockSpec:
    """What to start.

    Args:
        subject_kind, subject_key: what the clock is about, such as ``case`` and the case number.
        kind: one of ``states.KINDS`` or a declared one.
        amount, unit: the limit.
        start: day or moment of the event that starts it; default the moment of the act.
        first_day, roll: as in ``rules.Limit``.
        holder, organisation_id: who has to act.
        division: division code of the subject, for scoping.
        clause: the legal basis.
        exclusions: stored form ``[{"from", "to", "reason", "document", "clause", "holder"}]``.
    """

    subject_kind: str
    subject_key: str
    kind: str
    amount: int
    unit: Unit | str = Unit.WORKING_DAY
    start: date | None = None
    first_day: FirstDay = "next"
    roll: bool = False
    holder: str = ""
    organisation_id: int | None = None
    division: str = ""
    clause: str = ""
    region: str = "CN"
    exclusions: Sequence[dict[str, Any]] = field(default=())


def start_clocks(specs: Iterable[ClockSpec], at: datetime) -> list[Clock]:
    """Start clocks in one insert.

    A limit that runs into a year not announced yet starts all the same (acceptance must not wait for the notice): it has
    no due day until the year is published, and says which year it awaits.

    Raises:
        Invalid: a limit makes no sense.
    """
    clocks = [_clock(spec, at) for spec in specs]
    for clock in clocks:
        set_due(clock, current_calendar(clock.region))
    frozen.insert(clocks)
    return clocks


def _clock(spec: ClockSpec, at: datetime) -> Clock:
    return Clock(
        subject_kind=spec.subject_kind,
        subject_key=spec.subject_key,
        kind=spec.kind,
        amount=spec.amount,
        unit=Unit(spec.unit).value,
        first_day=spec.first_day,
        roll=spec.roll,
        started_at=_moment(spec.start, at),
        state=ClockState.RUNNING,
        holder=spec.holder,
        organisation_id=spec.organisation_id,
        division=spec.division,
        clause=spec.clause,
        region=spec.region,
        exclusions=list(spec.exclusions),
    )


def _moment(start: date | None, at: datetime) -> datetime:
    if start is None:
        return at
    if isinstance(start, datetime):
        return start if start.tzinfo else start.replace(tzinfo=CHINA).astimezone(UTC)
    return datetime(start.year, start.month, start.day, tzinfo=CHINA).astimezone(UTC)


def set_due(clock: Clock, calendar: WorkCalendar) -> None:
    """Fill in when the clock is due by a calendar: never while it is paused."""
    clock.calendar_version = calendar.version
    clock.due_on = clock.due_at = clock.awaits_year = None
    if clock.is_paused:
        return
    try:
        deadline = due_of(clock.as_limit(), calendar)
    except YearNotAnnounced as missing:
        clock.awaits_year = missing.year
    else:
        clock.due_on, clock.due_at = deadline.due_on, deadline.due_at

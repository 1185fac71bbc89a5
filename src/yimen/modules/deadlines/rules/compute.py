"""The rule: from start and limit to the due day or moment, explained on demand (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from yimen.foundation.calendar.api import WorkCalendar
from yimen.kernel.errors import Invalid
from yimen.modules.deadlines.rules.days import Spans, due_by_calendar, due_by_working_days
from yimen.modules.deadlines.rules.explain import explain_days, explain_hours
from yimen.modules.deadlines.rules.hours import due_by_hours, due_by_working_hours, start_moment
from yimen.modules.deadlines.rules.values import (
    OFFICE_HOURS,
    DayCount,
    Exclusion,
    Extension,
    FirstDay,
    Unit,
    WorkingHours,
    end_of,
    local_day,
    moments_of,
    spans_of,
)

LONGEST = 100_000
"""No limit is longer; an amount above it is a slip of the pen."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Everything that decides a due day.

    Args:
        start: the day or moment of the event that starts the limit (a naive moment is local time).
        amount: how many units, from 0 (即办).
        unit: the unit of ``amount`` and of every extension.
        first_day: ``next``: the day after the start is day 1 (default, 民法典第二百零一条); ``same``: the start is.
        exclusions: time that does not count; overlaps count once.
        extensions: approved additions.
        roll: a limit in calendar days, months or years that ends on a day off moves to the next working day.
        hours: business hours, for working hours only.
    """

    start: date
    amount: int
    unit: Unit = Unit.WORKING_DAY
    first_day: FirstDay = "next"
    exclusions: Sequence[Exclusion] = ()
    extensions: Sequence[Extension] = ()
    roll: bool = False
    hours: WorkingHours = OFFICE_HOURS

    @property
    def total(self) -> int:
        """The amount with its extensions."""
        return self.amount + sum(e.amount for e in self.extensions)


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """The answer; ``days`` is worked out only when asked for.

    Args:
        due_on: the local day on which the act is still in time.
        due_at: the last moment in time, UTC: the end of ``due_on``, or the moment itself for units of hours.
        last: ordinal of the limit's own last day, before rolling.
    """

    limit: Limit
    calendar: WorkCalendar
    due_on: date
    due_at: datetime
    last: int

    @property
    def due(self) -> date:
        """What people are told: a day, or for units of hours a moment in UTC."""
        return self.due_at if self.limit.unit.in_hours else self.due_on

    @cached_property
    def days(self) -> list[DayCount]:
        """Every day from the start through the due day: did it count, why, by which clause."""
        if self.limit.unit.in_hours:
            return explain_hours(self.limit, self.calendar, self.due_at)
        return explain_days(self.limit, self.calendar, self.due_on, self.last)


def compute(
    start: date,
    amount: int,
    unit: Unit | str,
    calendar: WorkCalendar,
    first_day: FirstDay = "next",
    exclusions: Sequence[Exclusion] = (),
    extensions: Sequence[Extension] = (),
    roll: bool = False,
    hours: WorkingHours = OFFICE_HOURS,
) -> Deadline:
    """The due day (or moment) of a limit; arguments as in ``Limit``.

    Raises:
        Invalid: a negative amount, an unknown unit, an exclusion that ends before it begins.
        YearNotAnnounced: the answer needs a year whose working days are not announced yet.
    """
    return due_of(
        Limit(
            start=start,
            amount=amount,
            unit=Unit(unit),
            first_day=first_day,
            exclusions=exclusions,
            extensions=extensions,
            roll=roll,
            hours=hours,
        ),
        calendar,
    )


def due_of(limit: Limit, calendar: WorkCalendar) -> Deadline:
    """The due of a limit; see ``compute``."""
    total = checked(limit)
    if limit.unit.in_hours:
        due_at = _due_moment(limit, total, calendar)
        due_on = local_day(due_at)
        return Deadline(limit=limit, calendar=calendar, due_on=due_on, due_at=due_at, last=due_on.toordinal())
    start, spans = local_day(limit.start), spans_of(limit.exclusions) if limit.exclusions else []
    try:
        last, due = _due_day(limit, start, total, spans, calendar)
        due_on = date.fromordinal(due)
    except (OverflowError, ValueError):
        raise Invalid(
            "期限届满日超出了可以表示的日期，请检查起算日期和期限。", fields={"amount": "期限过长。"}
        ) from None
    return Deadline(limit=limit, calendar=calendar, due_on=due_on, due_at=end_of(due_on), last=last)


def _due_day(limit: Limit, start: date, total: int, spans: Spans, calendar: WorkCalendar) -> tuple[int, int]:
    if limit.unit is Unit.WORKING_DAY:
        due = due_by_working_days(start, total, calendar, limit.first_day, spans)
        return due, due
    return due_by_calendar(start, total, limit.unit, calendar, limit.first_day, spans, limit.roll)


def _due_moment(limit: Limit, total: int, calendar: WorkCalendar) -> datetime:
    try:
        spans = moments_of(limit.exclusions)
        begin = start_moment(limit.start, limit.first_day)
        if limit.unit is Unit.HOUR:
            return due_by_hours(begin, total, spans)
        return due_by_working_hours(begin, total, calendar, spans, limit.hours).astimezone(UTC)
    except (OverflowError, ValueError):
        raise Invalid("期限届满时间超出了可以表示的日期，请检查。", fields={"amount": "期限过长。"}) from None


def checked(limit: Limit) -> int:
    """The total amount of a limit whose parts make sense.

    Raises:
        Invalid: with the field at fault.
    """
    if limit.amount < 0 or any(e.amount < 0 for e in limit.extensions):
        raise Invalid("期限和延长的时间不能是负数。", fields={"amount": "请填写 0 或正整数。"})
    total = limit.total
    if total > LONGEST:
        raise Invalid(f"期限不能超过{LONGEST}。", fields={"amount": "期限过长，请检查。"})
    for exclusion in limit.exclusions:
        if local_day(exclusion.end) < local_day(exclusion.start):
            raise Invalid(
                "不计入的时间段，结束日期不能早于开始日期。",
                fields={"exclusions": "结束日期不能早于开始日期。"},
            )
    return total

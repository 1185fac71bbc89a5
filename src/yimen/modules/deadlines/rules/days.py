"""Due days: working days, calendar days, months and years (pure, scalar)."""

from calendar import monthrange
from datetime import date

from yimen.foundation.calendar.api import WorkCalendar
from yimen.modules.deadlines.rules.values import FirstDay, Unit

Spans = list[tuple[int, int]]


def first_counted(start: date, amount: int, first_day: FirstDay) -> int:
    """Ordinal of the first day that may count: the day after the start, or the start itself.

    A limit of zero (即办) may only end on the start day itself or, when that is off or excluded, the first day after.
    """
    return start.toordinal() + (1 if first_day == "next" and amount > 0 else 0)


def due_by_working_days(
    start: date, amount: int, calendar: WorkCalendar, first_day: FirstDay, spans: Spans
) -> int:
    """Ordinal of the last working day of the limit; each excluded working day moves it by one."""
    first = first_counted(start, amount, first_day)
    position = calendar.working_until(first - 1) + max(amount, 1)
    due = calendar.nth_working(position)
    for since, until in spans:
        if since > due:
            break
        since = max(since, first)
        if until >= since:
            position += calendar.working_until(until) - calendar.working_until(since - 1)
            due = calendar.nth_working(position)
    return due


def due_by_calendar(
    start: date,
    amount: int,
    unit: Unit,
    calendar: WorkCalendar,
    first_day: FirstDay,
    spans: Spans,
    roll: bool,
) -> tuple[int, int]:
    """Ordinals of the limit's own last day and, after rolling over days off (民法典第二百零三条), of the due day."""
    first = first_counted(start, amount, first_day)
    if amount == 0 or unit is Unit.CALENDAR_DAY:
        last = first - 1 + max(amount, 1)
    else:
        last = matching_day(start, amount * (12 if unit is Unit.YEAR else 1), first_day)
    for since, until in spans:
        if since > last:
            break
        last += max(0, until - max(since, first) + 1)
    return last, _rolled(last, calendar, spans) if roll else last


def matching_day(start: date, months: int, first_day: FirstDay) -> int:
    """The matching day of the month in which the period ends, else the last of that month (民法典第二百零二条).

    Where the start day itself counts (``same``) the period is full one day before the matching day; where no matching
    day exists the last of the month stays.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    if start.day > last:
        return date(year, month + 1, last).toordinal()
    return date(year, month + 1, start.day).toordinal() - (1 if first_day == "same" else 0)


def _rolled(due: int, calendar: WorkCalendar, spans: Spans) -> int:
    """The first day from ``due`` on that is worked and not excluded."""
    while True:
        worked = calendar.next_working_day(date.fromordinal(due)).toordinal()
        covering = next((until for since, until in spans if since <= worked <= until), None)
        if covering is None:
            return worked
        due = covering + 1

"""Due moments: hours by the wall clock and working hours inside business hours (pure, scalar)."""

from datetime import UTC, date, datetime, time, timedelta

from yimen.foundation.calendar.api import WorkCalendar
from yimen.kernel.clock import CHINA
from yimen.modules.deadlines.rules.values import FirstDay, WorkingHours, local_moment, stamp

Spans = list[tuple[int, int]]


def start_moment(start: date, first_day: FirstDay) -> datetime:
    """When hours begin to count: at the moment given, or for a bare day at midnight after it (``same``: before it)."""
    if isinstance(start, datetime):
        return local_moment(start)
    return local_moment(start, end=first_day == "next")


def due_by_hours(begin: datetime, amount: int, spans: Spans) -> datetime:
    """The moment when the hours have passed, excluded time left out."""
    first = stamp(begin)
    due = first + amount * 3600
    for since, until in spans:
        if since >= due:
            break
        due += max(0, until - max(since, first))
    return datetime.fromtimestamp(due, UTC)


def due_by_working_hours(
    begin: datetime, amount: int, calendar: WorkCalendar, spans: Spans, hours: WorkingHours
) -> datetime:
    """The earliest moment when the working hours are used up, excluded time left out."""
    if amount == 0:
        return begin.astimezone(UTC)
    face = WorkingFace(calendar, hours)
    first = stamp(begin)
    position = face.elapsed(first) + amount * 3600
    due = face.moment_at(position)
    for since, until in spans:
        if since >= due:
            break
        since = max(since, first)
        if until > since:
            position += face.elapsed(until) - face.elapsed(since)
            due = face.moment_at(position)
    return datetime.fromtimestamp(due, UTC)


class WorkingFace:
    """Working seconds since the beginning of the calendar, and back to moments.

    Args:
        calendar: which days are worked.
        hours: the business hours of a worked day.
    """

    def __init__(self, calendar: WorkCalendar, hours: WorkingHours) -> None:
        self._calendar, self._periods, self._total = calendar, hours.seconds, hours.total

    def elapsed(self, moment: int) -> int:
        """Working seconds from the first announced day up to a moment (seconds since the epoch)."""
        day, second = _split(moment)
        before = self._calendar.working_until(day - 1)
        today = 0
        # At midnight the new day has not been used, so a moment at the very end of the calendar needs no next year.
        if second and self._calendar.working_until(day) > before:
            today = sum(min(max(second - opens, 0), closes - opens) for opens, closes in self._periods)
        return before * self._total + today

    def moment_at(self, position: int) -> int:
        """The earliest moment (seconds since the epoch) by which this many working seconds have passed."""
        days, rest = divmod(position - 1, self._total)
        rest += 1
        midnight = _midnight(self._calendar.nth_working(days + 1))
        for opens, closes in self._periods:
            if rest <= closes - opens:
                return midnight + opens + rest
            rest -= closes - opens
        raise AssertionError("a day holds its own total")


def _split(moment: int) -> tuple[int, int]:
    local = datetime.fromtimestamp(moment, CHINA)
    return local.toordinal(), (local.hour * 60 + local.minute) * 60 + local.second


def _midnight(ordinal: int) -> int:
    return stamp(datetime.combine(date.fromordinal(ordinal), time(), CHINA))


def hours_in(day: date, begin: int, end: int, spans: Spans, face: WorkingFace | None) -> float:
    """Hours that one local day used up between two moments, excluded time left out; ``face`` None = wall clock."""
    opens = _midnight(day.toordinal())
    since, until = (
        max(begin, opens),
        min(end, stamp(datetime.combine(day, time(), CHINA) + timedelta(days=1))),
    )
    if until <= since:
        return 0.0
    gaps = [(max(a, since), min(b, until)) for a, b in spans if a < until and b > since]
    if face is None:
        used = until - since - sum(b - a for a, b in gaps)
    else:
        used = (
            face.elapsed(until)
            - face.elapsed(since)
            - sum(face.elapsed(b) - face.elapsed(a) for a, b in gaps)
        )
    return used / 3600

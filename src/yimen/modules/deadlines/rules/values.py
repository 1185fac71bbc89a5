"""The plain values of a limit: unit, exclusion, extension, working hours, one explained day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal

from yimen.kernel.clock import CHINA

FirstDay = Literal["next", "same"]

START_CLAUSE = "民法典第二百零一条"
MONTH_CLAUSE = "民法典第二百零二条"
ROLL_CLAUSE = "民法典第二百零三条"


class Unit(StrEnum):
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    YEAR = "year"
    WORKING_HOUR = "working_hour"
    HOUR = "hour"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def in_hours(self) -> bool:
        """Is the due a moment, not a day?"""
        return self in (Unit.WORKING_HOUR, Unit.HOUR)


_LABELS = {
    Unit.WORKING_DAY: "个工作日",
    Unit.CALENDAR_DAY: "日",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
    Unit.WORKING_HOUR: "个工作小时",
    Unit.HOUR: "小时",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Exclusion:
    """Time that does not count (行政许可法第四十五条: hearing, tender, test, appraisal, expert review …).

    Args:
        start, end: days: both are excluded as a whole. Moments (units of hours only): from the one up to the other;
            for the other units a moment means its local day.
        reason: shown as the reason of each excluded day.
        clause, document: the basis, and the paper that told the applicant the needed time.
        holder: in whose hands the matter is meanwhile; empty = as before.
    """

    start: date
    end: date
    reason: str = ""
    clause: str = ""
    document: str = ""
    holder: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Extension:
    """More time of the same unit, with who approved it and why."""

    amount: int
    approver: str = ""
    reason: str = ""
    clause: str = ""


@dataclass(frozen=True, kw_only=True)
class WorkingHours:
    """Business hours of a working day, local time.

    Args:
        periods: (open, close) pairs in order, not overlapping.
    """

    periods: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(14), time(17, 30)))

    @property
    def seconds(self) -> list[tuple[int, int]]:
        """The periods in seconds after local midnight."""
        return [(_second(opens), _second(closes)) for opens, closes in self.periods]

    @property
    def total(self) -> int:
        """Working seconds in a working day."""
        return sum(closes - opens for opens, closes in self.seconds)


OFFICE_HOURS = WorkingHours()


@dataclass(frozen=True, kw_only=True, slots=True)
class DayCount:
    """One day of an explanation.

    Args:
        date: the day.
        counted: did it use up any of the limit?
        why: the reason in one phrase.
        holder: in whose hands (only where known).
        clause: the legal basis, where there is one.
        amount: how much it used up: 1 for a counted day; hours for units of hours.
    """

    date: date
    counted: bool
    why: str
    holder: str = ""
    clause: str = ""
    amount: float = 0.0


def local_day(value: date) -> date:
    """The local day of a day or moment; a naive moment is local time."""
    if not isinstance(value, datetime):
        return value
    return value.astimezone(CHINA).date() if value.tzinfo else value.date()


def local_moment(value: date, *, end: bool = False) -> datetime:
    """A moment in local time; a day becomes its first moment, or with ``end`` the first moment after it."""
    if isinstance(value, datetime):
        return value.astimezone(CHINA) if value.tzinfo else value.replace(tzinfo=CHINA)
    return datetime.combine(value + timedelta(days=1) if end else value, time(), CHINA)


def end_of(day: date) -> datetime:
    """The last moment of a local day, in UTC: a limit in days ends at 24:00 (民法典第二百零三条第二款)."""
    return datetime.combine(day, time.max, CHINA).astimezone(UTC)


def spans_of(exclusions: Iterable[Exclusion]) -> list[tuple[int, int]]:
    """Excluded days as merged, sorted (first, last) ordinals: overlapping exclusions count once."""
    spans = sorted((local_day(e.start).toordinal(), local_day(e.end).toordinal()) for e in exclusions)
    return _merged(spans, touching=1)


def moments_of(exclusions: Iterable[Exclusion]) -> list[tuple[int, int]]:
    """Excluded time as merged, sorted half-open (from, to) in seconds since the epoch."""
    spans = sorted((stamp(local_moment(e.start)), stamp(local_moment(e.end, end=True))) for e in exclusions)
    return _merged(spans, touching=0)


def stamp(moment: datetime) -> int:
    return int(moment.timestamp())


def _merged(spans: list[tuple[int, int]], touching: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in spans:
        if merged and first <= merged[-1][1] + touching:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        elif last >= first:
            merged.append((first, last))
    return merged


def _second(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second

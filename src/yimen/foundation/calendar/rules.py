"""The working-day calendar as a pure value with fast tables."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from yimen.kernel.errors import Invalid

SATURDAY = 5
WEEKEND_CLAUSE = "国务院关于职工工作时间的规定第七条"
HOLIDAY_CLAUSE = "全国年节及纪念日放假办法"


class YearNotAnnounced(Invalid):
    """工作日历中没有这一年。"""

    code = "year_not_announced"

    def __init__(self, year: int, first: int, last: int) -> None:
        """``year`` is asked for; the calendar knows ``first`` to ``last``. ``self.year`` is the first year missing."""
        self.year = min(year, last + 1) if year > last else year
        if year > last:
            named = f"{year}年" if year == self.year else f"{self.year}年至{year}年"
            super().__init__(
                f"{named}的放假安排尚未载入工作日历（等待国务院办公厅通知），不能推算工作日；"
                f"现有日历为{first}年至{last}年。",
                would_pass=f"{named}的放假通知公布并由管理员发布新版工作日历之后，可以再次计算。",
                clause=HOLIDAY_CLAUSE,
            )
        else:
            super().__init__(
                f"工作日历中没有{year}年的数据，不能推算工作日；现有日历为{first}年至{last}年。",
                would_pass=f"请输入{first}年至{last}年之间的日期，或者由管理员补充{year}年的放假安排。",
            )


@dataclass(frozen=True, kw_only=True)
class YearDays:
    """What one year's notice says: days off and worked weekend days.

    Args:
        year: the calendar year (all days below lie in it).
        off_days: day off to the holiday's name; ordinary weekends need not be listed.
        working_weekend_days: Saturday or Sunday that is worked to the name of the holiday it makes up for.
        source: the notice (its number), shown as the reason of each of its days.
    """

    year: int
    off_days: Mapping[date, str]
    working_weekend_days: Mapping[date, str]
    source: str = ""

    def is_working(self, day: date) -> bool:
        if day.weekday() >= SATURDAY:
            return day in self.working_weekend_days
        return day not in self.off_days


@dataclass(frozen=True, kw_only=True)
class DayTables:
    """Arrays for whole sets of days; index = ordinal − ``base`` + 1, so index 0 is the day before the first.

    Args:
        base: ordinal of the first announced day.
        until: working days from the first announced day through each day; shape (days + 1,).
        nth: ordinal of the n-th working day, n from 1 (index 0 unused); shape (working days + 1,).
    """

    base: int
    until: NDArray[np.int32]
    nth: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """An immutable working-day calendar of consecutive years.

    Args:
        years: the years, in order and without a gap.
        version: number of the published version; 0 = the calendar that came with the program.
        region: "CN", or a region with its own days off (ethnic autonomous areas add some by their own rules).

    Raises:
        ValueError: no year, or a gap between years.
    """

    years: tuple[YearDays, ...]
    version: int = 0
    region: str = "CN"
    _by_year: dict[int, YearDays] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        numbers = [y.year for y in self.years]
        if not numbers or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            raise ValueError("a calendar needs consecutive years")
        self._by_year.update((y.year, y) for y in self.years)

    @property
    def first_year(self) -> int:
        return self.years[0].year

    @property
    def last_year(self) -> int:
        return self.years[-1].year

    @cached_property
    def _base(self) -> int:
        return date(self.first_year, 1, 1).toordinal()

    @cached_property
    def _last(self) -> int:
        return date(self.last_year, 12, 31).toordinal()

    @cached_property
    def _until(self) -> list[int]:
        days = map(date.fromordinal, range(self._base, self._last + 1))
        return [0, *accumulate(int(self._by_year[d.year].is_working(d)) for d in days)]

    @cached_property
    def _nth(self) -> list[int]:
        until, base = self._until, self._base
        return [0, *(base + i - 1 for i in range(1, len(until)) if until[i] > until[i - 1])]

    @cached_property
    def tables(self) -> DayTables:
        """The same tables for NumPy."""
        return DayTables(
            base=self._base,
            until=np.array(self._until, dtype=np.int32),
            nth=np.array(self._nth, dtype=np.int32),
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content: equal calendars have equal digests whatever their version number."""
        return digest_of(self.years)

    def has_year(self, year: int) -> bool:
        return year in self._by_year

    def not_announced(self, year: int) -> YearNotAnnounced:
        """The refusal for a year outside the calendar, ready to raise."""
        return YearNotAnnounced(year, self.first_year, self.last_year)

    def is_working(self, day: date) -> bool:
        """Is it a working day (工作日), make-up days counted and statutory holidays not?

        Raises:
            YearNotAnnounced: the year is not in the calendar.
        """
        try:
            return self._by_year[day.year].is_working(day)
        except KeyError:
            raise self.not_announced(day.year) from None

    def working_until(self, ordinal: int) -> int:
        """Working days from the first announced day through the day with this ordinal.

        Raises:
            YearNotAnnounced: the day is not in the calendar (the eve of its first day is allowed: 0).
        """
        index = ordinal - self._base + 1
        if index < 0 or ordinal > self._last:
            raise self.not_announced(date.fromordinal(ordinal).year)
        return self._until[index]

    def nth_working(self, position: int) -> int:
        """Ordinal of the working day at a position of ``working_until``, from 1.

        Raises:
            YearNotAnnounced: the position lies behind the last announced year.
        """
        if position >= len(self._nth):
            raise self.not_announced(self.last_year + 1)
        return self._nth[position]

    def working_days_between(self, first: date, last: date) -> int:
        """Working days from ``first`` through ``last``, both included; 0 when ``last`` is earlier."""
        if last < first:
            return 0
        return self.working_until(last.toordinal()) - self.working_until(first.toordinal() - 1)

    def add_working_days(self, start: date, count: int) -> date:
        """The ``count``-th working day after ``start`` (``count`` ≥ 1)."""
        return date.fromordinal(self.nth_working(self.working_until(start.toordinal()) + count))

    def next_working_day(self, day: date) -> date:
        """The day itself if it is worked, else the first working day after it."""
        return date.fromordinal(self.nth_working(self.working_until(day.toordinal() - 1) + 1))

    def name_of(self, day: date) -> str:
        """What the day is: 工作日, 周末, 春节放假, 春节调休上班."""
        if not self.has_year(day.year):
            return "周末" if day.weekday() >= SATURDAY else "尚未公布放假安排"
        year = self._by_year[day.year]
        if day.weekday() >= SATURDAY and day in year.working_weekend_days:
            return f"{year.working_weekend_days[day]}调休上班"
        if day in year.off_days:
            return f"{year.off_days[day]}放假"
        return "周末" if day.weekday() >= SATURDAY else "工作日"

    def clause_of(self, day: date) -> str:
        """Why the day is off or worked against the ordinary week; empty for an ordinary working day."""
        year = self._by_year.get(day.year)
        if year and (day in year.off_days or day in year.working_weekend_days):
            return year.source or HOLIDAY_CLAUSE
        return WEEKEND_CLAUSE if day.weekday() >= SATURDAY else ""

    def working_days_in(self, year: int) -> int:
        return self.working_days_between(date(year, 1, 1), date(year, 12, 31))

    def first_difference(self, other: "WorkCalendar") -> date | None:
        """The first day that one calendar knows and the other does not, or that they see differently; None = equal."""
        for year in sorted({*self._by_year, *other._by_year}):
            mine, theirs = self._by_year.get(year), other._by_year.get(year)
            if mine is None or theirs is None:
                return date(year, 1, 1)
            days = {
                *mine.off_days,
                *theirs.off_days,
                *mine.working_weekend_days,
                *theirs.working_weekend_days,
            }
            for day in sorted(days):
                if mine.is_working(day) != theirs.is_working(day):
                    return day
        return None

    def with_year(self, year: YearDays) -> "WorkCalendar":
        """Another calendar in which one year is added or replaced (trials, previews)."""
        years = {**self._by_year, year.year: year}
        return WorkCalendar(tuple(years[y] for y in sorted(years)), self.version, self.region)


def digest_of(years: Iterable[YearDays]) -> str:
    """SHA-256 over days and names of the years, in order."""
    content = [
        [
            y.year,
            sorted((d.isoformat(), n) for d, n in y.off_days.items()),
            sorted((d.isoformat(), n) for d, n in y.working_weekend_days.items()),
            y.source,
        ]
        for y in sorted(years, key=lambda y: y.year)
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

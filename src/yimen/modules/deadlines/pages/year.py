"""A year at a glance as twelve small tables."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date

from yimen.foundation.calendar.api import WorkCalendar

WEEK = ("一", "二", "三", "四", "五", "六", "日")


@dataclass(frozen=True, kw_only=True)
class DayCell:
    """One day of the grid.

    Args:
        number: day of the month.
        what: 工作日, 周末, 春节放假, 春节调休上班.
        mark: 休 or 班 where the day differs from an ordinary week; empty else.
        kind: style name: plain, weekend, off, worked.
    """

    number: int
    what: str
    mark: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Month:
    number: int
    weeks: list[list[DayCell | None]]
    working: int


def months_of(calendar: WorkCalendar, year: int) -> list[Month]:
    """The twelve months of an announced year, weeks from Monday."""
    return [_month(calendar, year, number) for number in range(1, 13)]


def _month(calendar: WorkCalendar, year: int, number: int) -> Month:
    weeks = Calendar().monthdatescalendar(year, number)
    cells = [[_cell(calendar, day) if day.month == number else None for day in week] for week in weeks]
    working = sum(calendar.is_working(day) for week in weeks for day in week if day.month == number)
    return Month(number=number, weeks=cells, working=working)


def _cell(calendar: WorkCalendar, day: date) -> DayCell:
    what = calendar.name_of(day)
    if what.endswith("放假"):
        mark, kind = "休", "off"
    elif what.endswith("调休上班"):
        mark, kind = "班", "worked"
    else:
        mark, kind = "", "weekend" if what == "周末" else "plain"
    return DayCell(number=day.day, what=what, mark=mark, kind=kind)

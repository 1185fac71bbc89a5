"""The explanation: each day, whether it counted, why, by which clause (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from yimen.foundation.calendar.api import WorkCalendar
from yimen.modules.deadlines.rules.days import first_counted
from yimen.modules.deadlines.rules.hours import WorkingFace, hours_in, start_moment
from yimen.modules.deadlines.rules.values import (
    MONTH_CLAUSE,
    ROLL_CLAUSE,
    START_CLAUSE,
    DayCount,
    Exclusion,
    Extension,
    Unit,
    local_day,
    moments_of,
    stamp,
)

if TYPE_CHECKING:
    from yimen.modules.deadlines.rules.compute import Limit


def explain_days(limit: Limit, calendar: WorkCalendar, due_on: date, last: int) -> list[DayCount]:
    """Every day from the start through the due day, for units of days, months and years."""
    rows = []
    counted = 0
    for day in days_through(local_day(limit.start), due_on):
        row = day_row(limit, calendar, day, counted, last)
        counted += row.counted
        rows.append(row)
    return rows


def days_through(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def day_row(limit: Limit, calendar: WorkCalendar, day: date, counted: int, last: int) -> DayCount:
    """One day of a limit in days, months or years.

    Args:
        counted: how many days counted before it.
        last: ordinal of the limit's own last day; later days are rolling.
    """
    if day.toordinal() < first_counted(local_day(limit.start), limit.total, limit.first_day):
        return DayCount(date=day, counted=False, why="起算当日不计入", clause=START_CLAUSE)
    if excluded := exclusion_on(limit.exclusions, day):
        return _excluded_row(day, excluded)
    if limit.unit is Unit.WORKING_DAY and not calendar.is_working(day):
        return DayCount(
            date=day,
            counted=False,
            why=f"{calendar.name_of(day)}，不是工作日",
            clause=calendar.clause_of(day),
        )
    if day.toordinal() > last:
        return _rolled_row(day, calendar)
    if limit.total == 0:
        return DayCount(date=day, counted=False, why="即办，当日办结")
    return _counted_row(limit, calendar, day, counted + 1)


def exclusion_on(exclusions: Sequence[Exclusion], day: date) -> Exclusion | None:
    """The first exclusion that covers a day."""
    return next((e for e in exclusions if local_day(e.start) <= day <= local_day(e.end)), None)


def _excluded_row(day: date, exclusion: Exclusion) -> DayCount:
    return DayCount(
        date=day,
        counted=False,
        why=f"{exclusion.reason or '暂停计时'}，不计入期限",
        holder=exclusion.holder,
        clause=exclusion.clause,
    )


def _rolled_row(day: date, calendar: WorkCalendar) -> DayCount:
    worked = calendar.has_year(day.year) and calendar.is_working(day)
    why = "休息日后的第一个工作日，为顺延后的最后一日" if worked else f"{calendar.name_of(day)}，期限顺延"
    return DayCount(date=day, counted=False, why=why, clause=ROLL_CLAUSE)


def _counted_row(limit: Limit, calendar: WorkCalendar, day: date, number: int) -> DayCount:
    name = calendar.name_of(day)
    unit = "个工作日" if limit.unit is Unit.WORKING_DAY else "日"
    why, clause = f"第{number}{unit}", ""
    if limit.unit is Unit.WORKING_DAY and name != "工作日":
        why, clause = f"{why}（{name}）", calendar.clause_of(day)
    if limit.unit in (Unit.MONTH, Unit.YEAR):
        clause = MONTH_CLAUSE
    elif number > limit.amount and limit.extensions:
        extension = _extension_at(limit, number)
        why, clause = f"{why}（延长期内）", extension.clause or clause
    return DayCount(date=day, counted=True, why=why, clause=clause, amount=1.0)


def _extension_at(limit: Limit, number: int) -> Extension:
    reached = limit.amount
    for extension in limit.extensions:
        reached += extension.amount
        if number <= reached:
            return extension
    return limit.extensions[-1]


def explain_hours(limit: Limit, calendar: WorkCalendar, due_at: datetime) -> list[DayCount]:
    """Every local day from the start through the due moment, with the hours each used up."""
    begin = start_moment(limit.start, limit.first_day)
    face = WorkingFace(calendar, limit.hours) if limit.unit is Unit.WORKING_HOUR else None
    spans = moments_of(limit.exclusions)
    rows = []
    for day in days_through(local_day(limit.start), local_day(due_at)):
        used = hours_in(day, stamp(begin), stamp(due_at), spans, face)
        rows.append(_hours_row(limit, calendar, day, used))
    return rows


def _hours_row(limit: Limit, calendar: WorkCalendar, day: date, used: float) -> DayCount:
    if used:
        return DayCount(date=day, counted=True, why=f"计{used:g}小时", amount=used)
    if excluded := exclusion_on(limit.exclusions, day):
        return _excluded_row(day, excluded)
    if limit.unit is Unit.WORKING_HOUR and not calendar.is_working(day):
        return DayCount(
            date=day,
            counted=False,
            why=f"{calendar.name_of(day)}，不是工作日",
            clause=calendar.clause_of(day),
        )
    if day == local_day(limit.start) and not isinstance(limit.start, datetime):
        return DayCount(date=day, counted=False, why="起算当日不计入", clause=START_CLAUSE)
    return DayCount(date=day, counted=False, why="不在办公时间内")

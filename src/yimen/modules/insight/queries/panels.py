"""What the dashboards show: each panel one statement over a cube, none over cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Sum
from django.db.models.functions import ExtractIsoWeekDay
from django.urls import reverse

from yimen.foundation.calendar.api import YearNotAnnounced, current_calendar
from yimen.modules.insight.models import HourCell, StandingCell
from yimen.modules.insight.queries.asking import LEVEL_LABELS, Where, in_hand_at_end, table, totals
from yimen.modules.insight.queries.looking import Look, level_below
from yimen.modules.insight.queries.names import names_of
from yimen.modules.insight.rules.charts import BarChart, Field, LineChart, bar_chart, heat, line_chart
from yimen.modules.insight.rules.cubes import CASES, ITEMS, PRESSURE, Cube
from yimen.modules.insight.rules.periods import GRAINS, Period, grain_for
from yimen.modules.insight.rules.ratios import Line
from yimen.modules.insight.rules.shares import FINAL

MOST_LINES = 200
AHEAD_DAYS = 14
HOURS = range(7, 21)
WEEK = "一二三四五六日"


def cube_for(where: Where) -> Cube:
    """The smallest cube that can be cut down to what is asked."""
    return ITEMS if where.item is not None else CASES


def summary(look: Look) -> Line:
    """The totals of what is looked at."""
    return Line("合计", totals(cube_for(look.where), look.reach, look.period, look.where))


def in_hand(look: Look) -> int:
    return in_hand_at_end(look.reach, look.period.until, look.where) if look.where.item is None else 0


@dataclass(frozen=True)
class Trend:
    """Amounts over time: the chart and the rows behind it."""

    grain: str
    names: list[str]
    rows: list[Line]
    chart: LineChart


def trend(look: Look, lines: Sequence[tuple[str, str]], grain: str = "") -> Trend:
    """The course of some measures.

    Args:
        lines: (label, measure).
        grain: day, week, month or year; by the length of the period unless said.
    """
    grain = grain or grain_for(look.period)
    found = {
        row[grain]: row for row in table(cube_for(look.where), (grain,), look.reach, look.period, look.where)
    }
    days = every(grain, look.period)
    rows = [Line(_when(grain, day), found.get(day, {})) for day in days]
    names = [row.label for row in rows]
    chart = line_chart(names, [(label, [row.n(measure) for row in rows]) for label, measure in lines])
    return Trend(GRAINS[grain], names, rows, chart)


def every(grain: str, period: Period) -> list[date]:
    """The first day of each day, week, month or year of a period."""
    day = {
        "week": period.since - timedelta(days=period.since.weekday()),
        "month": period.since.replace(day=1),
        "year": period.since.replace(month=1, day=1),
    }.get(grain, period.since)
    found = []
    while day <= period.until:
        found.append(day)
        day = {
            "week": day + timedelta(days=7),
            "month": date(day.year + day.month // 12, day.month % 12 + 1, 1),
            "year": date(day.year + 1, 1, 1),
        }.get(grain, day + timedelta(days=1))
    return found


def _when(grain: str, day: date) -> str:
    if grain == "year":
        return f"{day.year}年"
    if grain == "month":
        return f"{day.year}年{day.month}月"
    return f"{day.month}月{day.day}日" + ("起一周" if grain == "week" else "")


@dataclass(frozen=True)
class Places:
    """One level below what is looked at: what the lines are, and the lines."""

    cut: str
    heading: str
    lines: list[Line]


def below(look: Look) -> Places:
    """The next level: divisions while there are several, then organisations, then items, then channels."""
    cut = _next_cut(look)
    cube = ITEMS if cut == "item" else cube_for(look.where)
    rows = table(cube, (cut,), look.reach, look.period, look.where, limit=MOST_LINES)
    names = names_of(cut, (row[cut] for row in rows))
    lines = [
        Line(names[row[cut]][1], row, _deeper(look, cut, row[cut], names[row[cut]][0]), names[row[cut]][0])
        for row in rows
    ]
    heading = {"organisation": "按部门", "item": "按事项", "channel": "按渠道"}.get(
        cut, f"按{LEVEL_LABELS.get(cut, '')}"
    )
    return Places(cut, heading, sorted(lines, key=lambda line: (-line.received, -line.decided, line.label)))


def _next_cut(look: Look) -> str:
    if look.where.item is not None:
        return "channel"
    if look.where.organisation is not None:
        return "item"
    level = level_below(look.place)
    while level is not None:
        # beyond the county most codes end: those divisions have no cases of their own to show
        rows = table(
            cube_for(look.where), (level,), look.reach, look.period, look.where, ("received",), limit=3
        )
        if len(rows) > 1:
            return level
        if not rows:
            break
        level = level_below(rows[0][level])
    return "organisation"


def _deeper(look: Look, cut: str, key: Any, code: str) -> str:
    if cut == "organisation":
        return look.address(organisation=code)
    if cut == "item":
        return look.address(item=code)
    if cut == "channel":
        return case_list(look, channel=code)
    return look.address(division=str(key))


def case_list(look: Look, **more: str) -> str:
    """The list of the cases received in these days: where drilling ends."""
    wanted = {
        "from": look.codes["from"], "to": look.codes["to"], "organisation": look.codes["organisation"],
        "centre": look.codes["centre"], "item": look.codes["item"], "channel": look.codes["channel"], **more,
    }  # fmt: skip
    return f"{reverse('console:cases')}?{urlencode({k: v for k, v in wanted.items() if v})}"


@dataclass(frozen=True)
class Standing:
    """What stands now: open, overdue, due soon, owed; and what falls due in the days ahead."""

    open: int
    overdue: int
    owed: int
    ahead: BarChart
    days: list[tuple[str, int]]


def standing(look: Look, today: date) -> Standing:
    """The cases of the place as they stand now, by the day on which they fall due (one statement)."""
    where = Where(division=look.place, organisation=look.where.organisation, centre=look.where.centre)
    rows = (
        StandingCell.objects.filter(look.reach)
        .filter(where.as_q())
        .exclude(state__in=FINAL)
        .filter(cases__gt=0)
    )
    found = [(r.due_on, r.cases, r.owed) for r in _by_due(rows)]
    ahead = {today + timedelta(days=n): 0 for n in range(AHEAD_DAYS)}
    for due, cases, _ in found:
        if due in ahead:
            ahead[due] += cases
    names = [f"{d.month}/{d.day}" for d in ahead]
    tones = ["soon" if n < 3 else "calm" for n in range(AHEAD_DAYS)]
    return Standing(
        open=sum(n for _, n, _ in found),
        overdue=sum(n for due, n, _ in found if due < today),
        owed=sum(n for _, _, n in found),
        ahead=bar_chart(names, list(ahead.values()), tones),
        days=list(zip(names, ahead.values(), strict=True)),
    )


@dataclass(frozen=True)
class _Due:
    due_on: date
    cases: int
    owed: int


def _by_due(rows: Any) -> list[_Due]:
    found = rows.order_by().values("due_on").annotate(n=Sum("cases"), lacking=Sum("owed")).order_by("due_on")
    return [_Due(row["due_on"], int(row["n"]), int(row["lacking"])) for row in found]


@dataclass(frozen=True)
class HeatMap:
    """Rows of fields: what happens at which hour."""

    hours: list[int]
    rows: list[tuple[str, list[Field]]]
    note: str


def pressure_by_centre(look: Look) -> HeatMap:
    """Receipts by centre and hour of the day, an average working day."""
    found = table(PRESSURE, ("centre", "hour"), look.reach, look.period, _hourly(look.where), ("received",))
    centres = sorted({row["centre"] for row in found})
    names = names_of("centre", centres)
    days = _working_days(look.period)
    return _heat(
        [
            (names[c][1], {r["hour"]: r["received"] / days for r in found if r["centre"] == c})
            for c in centres
        ],
        "每个工作日平均收件",
    )


def pressure_by_weekday(look: Look) -> HeatMap:
    """Receipts by day of the week and hour, an average week."""
    rows = HourCell.objects.filter(look.reach).filter(_hourly(look.where).as_q())
    rows = rows.filter(day__gte=look.period.since, day__lte=look.period.until)
    grouped = rows.order_by().values(weekday=ExtractIsoWeekDay("day"), at=F("hour"))
    found = list(grouped.annotate(n=Sum("received")))
    weeks = max(1.0, look.period.days / 7)
    lines = [
        (f"周{name}", {r["at"]: r["n"] / weeks for r in found if r["weekday"] == place})
        for place, name in enumerate(WEEK, 1)
    ]
    return _heat(lines, "平均每周收件")


def _hourly(where: Where) -> Where:
    return Where(division=where.division, organisation=where.organisation, centre=where.centre)


def _heat(lines: Sequence[tuple[str, dict[int, float]]], note: str) -> HeatMap:
    used = [hour for _, row in lines for hour, n in row.items() if n]
    hours = list(range(min([HOURS.start, *used]), max([HOURS.stop - 1, *used]) + 1))
    fields = heat([[row.get(hour, 0) for hour in hours] for _, row in lines])
    return HeatMap(hours, [(label, row) for (label, _), row in zip(lines, fields, strict=True)], note)


def _working_days(period: Period) -> int:
    try:
        return max(1, current_calendar().working_days_between(period.since, period.until))
    except YearNotAnnounced:
        return max(1, period.days * 5 // 7)


def by_channel(look: Look) -> list[Line]:
    """Receipts by the way they came in."""
    rows = table(cube_for(look.where), ("channel",), look.reach, look.period, look.where)
    names = names_of("channel", (row["channel"] for row in rows))
    lines = [Line(names[row["channel"]][1], row, case_list(look, channel=row["channel"])) for row in rows]
    return sorted(lines, key=lambda line: -line.received)

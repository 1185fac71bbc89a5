"""Sums of a cube, cut as asked: always one statement over an index, whatever the number of cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, IntegerField, Q, QuerySet, Sum, Value
from django.db.models.functions import Substr, TruncMonth, TruncQuarter, TruncWeek, TruncYear

from yimen.kernel.errors import Invalid, NotFound
from yimen.modules.insight.models import StandingCell, table_of
from yimen.modules.insight.queries.reach import in_division
from yimen.modules.insight.rules.cubes import CUBES, DIMENSIONS, Cube
from yimen.modules.insight.rules.periods import GRAINS, Period, check_size
from yimen.modules.insight.rules.shares import FINAL

TRUNCATED = {"week": TruncWeek, "month": TruncMonth, "quarter": TruncQuarter, "year": TruncYear}
LEVELS = {"province": 2, "city": 4, "county": 6, "town": 9, "village": 12}
LEVEL_LABELS = {"province": "省", "city": "市", "county": "县区", "town": "镇街", "village": "村社区"}
HOURS_OF_DAY_DAYS = 1100
"""By hour of the day, added up over days, a longer period stays readable."""
MOST_CUTS = 4


@dataclass(frozen=True, kw_only=True)
class Where:
    """Which rows of a cube are summed; empty fields do not restrict.

    Args:
        division: prefix of division codes.
        organisation, centre, item: ids; ``None`` = all.
    """

    division: str = ""
    organisation: int | None = None
    centre: int | None = None
    item: int | None = None
    channel: str = ""

    def as_q(self) -> Q:
        wanted = in_division(self.division)
        for name in ("organisation", "centre", "item"):
            value = getattr(self, name)
            if value is not None:
                wanted &= Q(**{name: value})
        return wanted & Q(channel=self.channel) if self.channel else wanted


EVERYWHERE = Where()


def cube_named(name: str) -> Cube:
    """A cube by its public name.

    Raises:
        NotFound: there is none.
    """
    if name not in CUBES:
        raise NotFound(f"没有名为“{name[:40]}”的统计表。可用：{'、'.join(CUBES)}。")
    return CUBES[name]


def cuts_of(cube: Cube) -> list[str]:
    """By what a cube can be cut, coarser times and levels of divisions included."""
    cuts = list(cube.dimensions)
    if cube.dated:
        cuts += list(TRUNCATED)
    return cuts + list(LEVELS)


def check_cuts(cube: Cube, by: Sequence[str]) -> tuple[str, ...]:
    """The cuts asked for, each once.

    Raises:
        Invalid: the cube has no such dimension, or too many at once.
    """
    wanted = tuple(dict.fromkeys(by))
    known = cuts_of(cube)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise Invalid(
            f"“{cube.label}”不能按“{unknown[0][:40]}”统计。", fields={"by": f"可用：{'、'.join(known)}。"}
        )
    if len(wanted) > MOST_CUTS:
        raise Invalid(f"一次最多按{MOST_CUTS}个方面统计。", fields={"by": f"请留下不超过{MOST_CUTS}个。"})
    return wanted


def check_period(cube: Cube, by: Sequence[str], period: Period) -> None:
    """Refuse more than anybody could read.

    Raises:
        Invalid: ten years by the hour.
    """
    if not cube.dated:
        return
    if "hour" in by and "day" not in by:
        if period.days > HOURS_OF_DAY_DAYS:
            check_size(period, "hour")
        return
    for grain in GRAINS:
        if grain in by:
            check_size(period, grain)
            return


def sums(
    cube: Cube,
    by: Sequence[str],
    reach: Q,
    period: Period | None = None,
    where: Where = EVERYWHERE,
    measures: Sequence[str] = (),
) -> "QuerySet[Any, dict[str, Any]]":
    """The sums of a cube's measures for each combination of cuts, in the order of the cuts.

    Args:
        by: cuts as ``check_cuts`` gave them; none for one row of totals.
        reach: the rows that may be seen (``reach.cells_visible_to``).
        period: the days; left out for what stands now.
        measures: only these; all by default.
    """
    rows: QuerySet[Any, Any] = table_of(cube).objects.filter(reach).filter(where.as_q())
    if cube.dated and period is not None:
        rows = rows.filter(day__gte=period.since, day__lte=period.until)
    if not cube.dated:
        rows = rows.filter(cases__gt=0)
    cuts = {f"by_{name}": _cut(name) for name in by} or {"by_all": Value(1, IntegerField())}
    # under other names than the columns: a sum may not be called like what it sums
    totals = {f"sum_{m}": Sum(m) for m in measures or cube.measures}
    grouped: QuerySet[Any, dict[str, Any]] = rows.order_by().values(**cuts).annotate(**totals).order_by(*cuts)
    return grouped


def _cut(name: str) -> Any:
    if name in TRUNCATED:
        return TRUNCATED[name]("day")
    if name in LEVELS:
        return Substr("division", 1, LEVELS[name])
    return F(name)


def told(row: dict[str, Any]) -> dict[str, Any]:
    """A row of sums under the names of cuts and measures."""
    return {
        name.removeprefix("by_").removeprefix("sum_"): value
        for name, value in row.items()
        if name != "by_all"
    }


def table(
    cube: Cube,
    by: Sequence[str],
    reach: Q,
    period: Period | None = None,
    where: Where = EVERYWHERE,
    measures: Sequence[str] = (),
    limit: int = 2000,
) -> list[dict[str, Any]]:
    """Rows of sums; at most ``limit``."""
    return [told(row) for row in sums(cube, by, reach, period, where, measures)[:limit]]


def totals(
    cube: Cube,
    reach: Q,
    period: Period | None = None,
    where: Where = EVERYWHERE,
    measures: Sequence[str] = (),
) -> dict[str, int]:
    """One row: the sums over everything asked for; noughts where there is nothing."""
    rows: QuerySet[Any] = table_of(cube).objects.filter(reach).filter(where.as_q())
    if cube.dated and period is not None:
        rows = rows.filter(day__gte=period.since, day__lte=period.until)
    found = rows.aggregate(**{f"sum_{m}": Sum(m) for m in measures or cube.measures})
    return {name.removeprefix("sum_"): int(value or 0) for name, value in found.items()}


def in_hand_at_end(reach: Q, until: date, where: Where = EVERYWHERE) -> int:
    """Cases received and not ended by the end of a day.

    Reckoned back from those that are in hand now, so that the sums of all years before are never read; by item or channel, which
    the present state is not cut by, forward from the beginning.
    """
    moved = ("received", "ended")
    if where.item is not None or where.channel:
        found = totals(CUBES["cases"], reach, Period(date(1990, 1, 1), until), where, moved)
        return found["received"] - found["ended"]
    standing: QuerySet[Any] = StandingCell.objects.filter(reach).filter(where.as_q())
    now = standing.exclude(state__in=FINAL).aggregate(sum=Sum("cases"))["sum"] or 0
    since = totals(CUBES["cases"], reach, Period(until + timedelta(days=1), date.max), where, moved)
    return int(now) - since["received"] + since["ended"]


assert set(DIMENSIONS) >= {name for cube in CUBES.values() for name in cube.dimensions}

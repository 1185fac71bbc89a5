"""Count the raw events again, and compare with the cubes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Max, Min, QuerySet

from yimen.foundation.trace import api as trace
from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.insight.models import Contribution, table_of
from yimen.modules.insight.queries.raw import numbers_touched, shares_of
from yimen.modules.insight.rules.cubes import CUBES, Cube
from yimen.modules.insight.rules.parts import in_parts
from yimen.modules.insight.rules.periods import Period
from yimen.modules.insight.rules.shares import Cells, Key, added, cells_of, without_nought

CHUNK = 500
Progress = Callable[[int], None]


@dataclass
class Difference:
    """One amount that the cubes tell otherwise than the raw events."""

    cube: str
    key: tuple[str | int, ...]
    measure: str
    stored: int
    counted: int


@dataclass
class Recount:
    """What a recount found: cases counted, those whose news is missing, amounts that differ."""

    cases: int = 0
    rows: int = 0
    behind: list[int] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.differences and not self.behind


def months_with_events(period: Period | None) -> list[Period]:
    """The period by months, or from the first event to the last one: a month is what is held in memory at once."""
    if period is None:
        reach = trace.Event.objects.filter(subject_kind="case").aggregate(first=Min("at"), last=Max("at"))
        if reach["first"] is None:
            return []
        first, last = (reach[k].astimezone(CHINA).date() for k in ("first", "last"))
        stored = [
            table_of(c).objects.aggregate(a=Min("day"), b=Max("day")) for c in CUBES.values() if c.dated
        ]
        days = [row[k] for row in stored for k in ("a", "b") if row[k]]
        period = Period(min([first, *days]), max([last, *days]))
    months, day = [], period.since
    while day <= period.until:
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        months.append(Period(day, min(period.until, following - timedelta(days=1))))
        day = following
    return months


def recount_month(month: Period, progress: Progress = lambda _: None) -> Recount:
    """Count the dated cubes of a month again from the events, and compare."""
    begins, ends = (datetime.combine(d, time(), CHINA).astimezone(UTC) for d in (month.since, month.until))
    numbers = numbers_touched(begins, ends + timedelta(days=1))
    # what the cubes tell of a case may not lie in the month of its acts any more: those stored count as well
    found = _counted(cases.Case.objects.filter(number__in=numbers), progress)
    first, last = month.since.isoformat(), month.until.isoformat()
    counted = {
        key: row
        for key, row in found.cells.items()
        if CUBES[key[0]].dated and first <= str(key[1][0]) <= last
    }
    for cube in (c for c in CUBES.values() if c.dated):
        stored: QuerySet[Any] = table_of(cube).objects.all()
        rows = stored.filter(day__gte=month.since, day__lte=month.until)
        _compare(cube, rows, counted, found.result)
    return found.result


def recount_standing(progress: Progress = lambda _: None) -> Recount:
    """Count again how many cases stand where, and compare."""
    found = _counted(cases.Case.objects.exclude(state=cases.CaseState.DRAFT), progress, only="standing")
    cube = CUBES["standing"]
    _compare(cube, table_of(cube).objects.all(), found.cells, found.result)
    return found.result


@dataclass
class _Found:
    cells: Cells = field(default_factory=dict)
    result: Recount = field(default_factory=Recount)


def _counted(rows: "QuerySet[cases.Case]", progress: Progress, only: str = "") -> _Found:
    found = _Found()
    ids: Iterator[int] = rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    for part in in_parts(ids, CHUNK):
        shares = shares_of(part)
        held = dict(Contribution.objects.filter(case_id__in=part).values_list("case_id", "text"))
        found.result.cases += len(shares)
        for key, share in shares.items():
            if share.as_text() != held.get(key, ""):
                found.result.behind.append(key)
            cells = cells_of(share)
            added(found.cells, {k: v for k, v in cells.items() if k[0] == only} if only else cells)
        progress(found.result.cases)
    found.cells = without_nought(found.cells)
    return found


def _compare(cube: Cube, rows: "QuerySet[Any]", counted: Cells, into: Recount) -> None:
    columns = [*cube.dimensions, *cube.measures]
    width = len(cube.dimensions)
    left: dict[Key, dict[str, int]] = {k: v for k, v in counted.items() if k[0] == cube.name}
    for values in rows.values_list(*columns).iterator(chunk_size=2000):
        key = tuple(v.isoformat() if isinstance(v, date) else v for v in values[:width])
        stored = dict(zip(cube.measures, values[width:], strict=True))
        _tell(cube, key, stored, left.pop((cube.name, key), {}), into)
        into.rows += 1
    for (_, key), row in left.items():
        _tell(cube, key, {}, row, into)


def _tell(
    cube: Cube, key: tuple[str | int, ...], stored: dict[str, int], counted: dict[str, int], into: Recount
) -> None:
    for measure in cube.measures:
        one, other = stored.get(measure, 0), counted.get(measure, 0)
        if one != other:
            into.differences.append(Difference(cube.name, key, measure, one, other))

"""The plan as a picture: who does what, beside whom, by when (pure numbers for bars; pages draw them)."""

from collections.abc import Mapping
from dataclasses import dataclass

from yimen.modules.themes.compiling.values import Compiled


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One item as a bar.

    Args:
        left, width: in hundredths of the whole plan.
        starts, ends: working days after acceptance.
        waits_for: names of the items whose end it waits for.
        critical: a day later here is a day later for all.
        undecided: joins only under answers still open.
    """

    item: str
    name: str
    organisation: str
    starts: int
    ends: int
    left: float
    width: float
    waits_for: tuple[str, ...]
    critical: bool
    undecided: bool = False

    @property
    def on_the_spot(self) -> bool:
        return self.ends == self.starts


@dataclass(frozen=True, kw_only=True)
class PlanPicture:
    """The bars in the order in which they begin, and the days of the scale."""

    rows: tuple[PlanRow, ...]
    days: int
    ticks: tuple[tuple[int, float], ...]


THINNEST = 1.5
"""Hundredths: what is decided on the spot is still to be seen."""


def picture(compiled: Compiled, undecided: frozenset[str] = frozenset()) -> PlanPicture:
    """Bars of every item over the days of the whole.

    Args:
        undecided: codes of items that may yet fall away.
    """
    days = max((row.ends for row in compiled.schedule), default=0)
    names: Mapping[str, str] = {row.item: row.name for row in compiled.schedule}
    waits: dict[str, list[str]] = {}
    for edge in compiled.edges:
        waits.setdefault(edge.later, []).append(names[edge.earlier])
    order = sorted(compiled.schedule, key=lambda row: (row.starts, row.ends))
    whole = max(days, 1)
    rows = tuple(
        PlanRow(
            item=row.item,
            name=row.name,
            organisation=row.organisation_name,
            starts=row.starts,
            ends=row.ends,
            left=round(min(100 * row.starts / whole, 100 - THINNEST), 2),
            width=round(max(100 * row.days / whole, THINNEST), 2),
            waits_for=tuple(waits.get(row.item, ())),
            critical=row.item in compiled.critical_path and days > 0,
            undecided=row.item in undecided,
        )
        for row in order
    )
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 1000) if whole / size <= 6)
    ticks = tuple((day, round(100 * day / whole, 2)) for day in range(0, days + 1, step))
    return PlanPicture(rows=rows, days=days, ticks=ticks)

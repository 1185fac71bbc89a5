"""The figures of a bulk load: what each case adds, reckoned by the same pure rules as the fold of single news, stored set-wise."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from yimen.modules.insight.models import Contribution, table_of
from yimen.modules.insight.rules.cubes import CUBES
from yimen.modules.insight.rules.shares import Cells, RawCase, RawClock, RawEvent, added, cells_of, share_of
from yimen.site.province import catalogue
from yimen.site.province.days import DAY, EPOCH, ZONE, WorkTime
from yimen.site.province.records import Case, Clock
from yimen.site.province.rows import Refs, RowMaker, _aware

GOVERNING = frozenset({"telling", "legal", "promised", "delivery"})


class Fold:
    """What a batch of cases adds to the cubes."""

    def __init__(self, time: WorkTime, refs: Refs, maker: RowMaker) -> None:
        tables = time.calendar.tables
        self._base, self._until = tables.base, tables.until.tolist()
        self._refs, self._maker = refs, maker

    def of(self, cases: Iterable[Case]) -> tuple[list[tuple[int, str]], Cells]:
        """(case id, text of its share) of each, and all cells of every cube that they add to."""
        texts: list[tuple[int, str]] = []
        cells: Cells = {}
        for case in cases:
            share = share_of(self._raw(case))
            texts.append((self._maker.id_of(case), share.as_text()))
            added(cells, cells_of(share))
        return texts, cells

    def _raw(self, case: Case) -> RawCase:
        refs = self._refs
        return RawCase(
            division=self._maker.division[case.office],
            organisation=refs.organisations[case.office],
            centre=refs.centres[case.county] if case.channel == "window" else 0,
            item=refs.items[case.item],
            channel=case.channel,
            visits=catalogue.visits_of(case.item, self._maker.places.plan),
            events=[
                RawEvent(at=_aware(e.at), act=e.act, from_state=e.before, to_state=e.after)
                for e in case.events
            ],
            materials=[(source, state) for _, source, state, _ in case.materials],
            clocks=[self._clock(c) for c in case.clocks if c.kind in GOVERNING],
        )

    def _clock(self, clock: Clock) -> RawClock:
        due = date.fromordinal(clock.due).isoformat() if clock.due else ""
        if clock.kind != "promised" or clock.state not in ("met", "missed"):
            return RawClock(kind=clock.kind, state=clock.state, due_on=due)
        limit = 0 if clock.first_day == "same" else clock.amount
        first, last = _day(clock.started), _day(clock.stopped)
        used = self._until[last - self._base + 1] - self._until[first - self._base + 1]
        for since, until, _ in clock.pauses:
            begins, ends = max(since, first + 1), min(until or last, last)
            if begins <= ends:
                used -= self._until[ends - self._base + 1] - self._until[begins - self._base]
        return RawClock(kind=clock.kind, state=clock.state, due_on=due, used_days=used, limit_days=limit)


def _day(moment: int) -> int:
    return (moment + ZONE) // DAY + EPOCH


def rows_of(cells: Cells) -> dict[str, list[tuple[Any, ...]]]:
    """The cells as rows of each cube's table: its dimensions, then its measures."""
    found: dict[str, list[tuple[Any, ...]]] = {name: [] for name in CUBES}
    for (name, key), row in cells.items():
        found[name].append((*key, *(row.get(m, 0) for m in CUBES[name].measures)))
    return found


def columns_of(name: str) -> tuple[str, ...]:
    return (*CUBES[name].dimensions, *CUBES[name].measures)


TABLES = {name: table_of(cube) for name, cube in CUBES.items()}
CONTRIBUTION = Contribution

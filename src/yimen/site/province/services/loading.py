"""Putting a province into an empty store: all of it in one transaction, or nothing."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from yimen.foundation.calendar.api import packaged_calendar
from yimen.foundation.identity.models import Account
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM
from yimen.modules.cases.models import Application, Case, ClosedTally
from yimen.modules.insight.rules.cubes import CUBES
from yimen.modules.insight.rules.shares import Cells
from yimen.modules.insight.services.adding import add_to_cubes
from yimen.modules.items.models import Item
from yimen.site.province import folding
from yimen.site.province.courses import Courses
from yimen.site.province.days import WorkTime
from yimen.site.province.drawing import Drawing
from yimen.site.province.folding import Fold
from yimen.site.province.places import Places
from yimen.site.province.plan import Plan
from yimen.site.province.rows import COLUMNS, COPY, SQLITE, RowMaker
from yimen.site.province.services import bulk
from yimen.site.province.services.reference import make_reference

SUBJECT, KEY, ACT = "province", "yunlan", "load"
Say = Callable[[str], None]


class NotEmpty(Exception):
    """The store holds something; a province is only put into an empty one."""


@dataclass
class Loaded:
    """What loading did: seconds of each part, rows, planted faults (rule, subject)."""

    cases: int
    events: int
    clocks: int
    seconds: dict[str, float]
    faults: list[tuple[str, str]]


def loaded_plan() -> dict[str, Any] | None:
    """What was loaded into this store, as ``Plan.told``; ``None`` where no province was."""

    event = trace.events_of(SUBJECT, KEY).filter(act=ACT).first()
    found: dict[str, Any] | None = json.loads(event.data) if event else None
    return found


def refuse_unless_empty() -> None:
    """Leave every store alone that holds anything.

    Raises:
        NotEmpty: it does; the sentence says what.
    """
    if loaded_plan() is not None:
        raise NotEmpty("This store holds a province already; take an empty one.")
    for model in (Account, Item, Application, Case):
        if model._default_manager.exists():
            raise NotEmpty(
                f"This store holds data that is not a province's ({model._meta.verbose_name_plural}); take an empty one."
            )


def load(plan: Plan, *, figures: bool = True, password: str = "", say: Say = lambda text: None) -> Loaded:
    """Load a province into the store.

    Args:
        figures: fill the cubes too.
        password: of its accounts; "" = none.

    Raises:
        NotEmpty: the store holds something.
    """
    refuse_unless_empty()
    seconds: dict[str, float] = {}
    places = Places(plan)
    work = WorkTime(packaged_calendar())
    with transaction.atomic():
        with _timed(seconds, "reference"):
            refs = make_reference(plan, places, password)
        say(f"places, people and items made ({seconds['reference']:.0f} s)")
        refs.first.update({name: bulk.next_id(apps.get_model(name)) for name in COLUMNS})
        dialect = COPY if bulk.on_postgresql() else SQLITE
        maker = RowMaker(dialect, refs, places, work.calendar.last_year + 1)
        writer = Copying(figures) if bulk.on_postgresql() else Inserting(figures)
        done = Loaded(0, 0, 0, seconds, [])
        filled = [apps.get_model(name) for name in COLUMNS]
        filled += [folding.CONTRIBUTION, *folding.TABLES.values()] if figures else []
        with _timed(seconds, "all cases"), bulk.bare(filled):
            writer.begin()
            _fill(plan, work, places, maker, writer, Fold(work, refs, maker) if figures else None, done, say)
            with _timed(seconds, "cubes added up"):
                writer.end()
            with _timed(seconds, "closed cases tallied"), connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {ClosedTally._meta.db_table} (organisation_id, centre_id, division, state, number)"
                    f" SELECT organisation_id, centre_id, division, state, count(*) FROM {Case._meta.db_table}"
                    " WHERE tallied GROUP BY organisation_id, centre_id, division, state"
                )
            say("making indexes …")
            began = time.perf_counter()
        seconds["indexes made"] = round(time.perf_counter() - began, 2)
        trace.append(SUBJECT, KEY, ACT, PLATFORM, plan.until, data=plan.told())
    with _timed(seconds, "analysed"), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    done.faults = sorted(set(done.faults))
    return done


def _fill(
    plan: Plan,
    work: WorkTime,
    places: Places,
    maker: RowMaker,
    writer: "Copying | Inserting",
    fold: Fold | None,
    done: Loaded,
    say: Say,
) -> None:
    """Draw batch after batch, and write each before the next is drawn."""
    drawing, courses = Drawing(plan, work), Courses(plan, work, places)
    began = time.perf_counter()
    for number in plan.batches:
        with _timed(done.seconds, "drawn"):
            made = list(courses.cases(drawing.batch(number)))
        with _timed(done.seconds, "made into rows"):
            tables = maker.rows_of(made)
        done.cases += len(made)
        done.events += len(tables.rows["trace.Event"])
        done.clocks += len(tables.rows["deadlines.Clock"])
        done.faults += sorted({fault for case in made for fault in case.faults})
        with _timed(done.seconds, "written"):
            writer.write(tables.rows)
        if fold is not None:
            with _timed(done.seconds, "figures"):
                writer.fold(*fold.of(made))
        if number % 10 == 9 or number + 1 == len(plan.batches):
            say(f"{done.cases:,} cases, {done.events:,} events ({time.perf_counter() - began:.0f} s)")


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    finally:
        seconds[name] = round(seconds.get(name, 0.0) + time.perf_counter() - began, 2)


class Copying:
    """PostgreSQL: COPY; cells of the cubes are put aside and added up at the end, in one statement a cube."""

    def __init__(self, figures: bool) -> None:
        self._defaults = {
            name: bulk.defaults(apps.get_model(name), columns) for name, columns in COLUMNS.items()
        }
        self._cubes = tuple(folding.TABLES) if figures else ()

    def begin(self) -> None:
        with connection.cursor() as cursor:
            for name in self._cubes:
                columns, table = ", ".join(folding.columns_of(name)), folding.TABLES[name]._meta.db_table
                cursor.execute(
                    f"CREATE TEMPORARY TABLE province_{name} ON COMMIT DROP AS SELECT {columns} FROM {table} LIMIT 0"
                )

    def write(self, rows: dict[str, list[tuple[Any, ...]]]) -> None:
        for label, found in rows.items():
            names, values = self._defaults[label]
            tail = "".join(f"\t{bulk.copied(value)}" for value in values) + "\n"
            text = "".join(["\t".join(map(str, row)) + tail for row in found])
            bulk.copy(apps.get_model(label)._meta.db_table, [*COLUMNS[label], *names], text)

    def fold(self, texts: list[tuple[int, str]], cells: Cells) -> None:
        text = "".join([f"{key}\t{bulk.escaped(share)}\n" for key, share in texts])
        bulk.copy(folding.CONTRIBUTION._meta.db_table, ["case_id", "text"], text)
        for name, rows in folding.rows_of(cells).items():
            text = "".join(["\t".join(map(str, row)) + "\n" for row in rows])
            bulk.copy(f"province_{name}", folding.columns_of(name), text)

    def end(self) -> None:
        with connection.cursor() as cursor:
            for name in self._cubes:
                columns, cube = folding.columns_of(name), CUBES[name]
                keys = ", ".join(cube.dimensions)
                sums = ", ".join(f"sum({m})" for m in cube.measures)
                cursor.execute(
                    f"INSERT INTO {folding.TABLES[name]._meta.db_table} ({', '.join(columns)}) "
                    f"SELECT {keys}, {sums} FROM province_{name} GROUP BY {keys} ORDER BY {keys}"
                )
                cursor.execute(f"DROP TABLE province_{name}")


class Inserting:
    """SQLite: rows in sets."""

    def __init__(self, figures: bool) -> None:
        self._defaults = {
            name: bulk.defaults(apps.get_model(name), columns) for name, columns in COLUMNS.items()
        }

    def begin(self) -> None:
        """Nothing has to be put aside."""

    def write(self, rows: dict[str, list[tuple[Any, ...]]]) -> None:
        for label, found in rows.items():
            names, values = self._defaults[label]
            tail = tuple(values)
            bulk.insert(
                apps.get_model(label)._meta.db_table, [*COLUMNS[label], *names], [row + tail for row in found]
            )

    def fold(self, texts: list[tuple[int, str]], cells: Cells) -> None:
        rows = [folding.CONTRIBUTION(case_id=key, text=text) for key, text in texts]
        folding.CONTRIBUTION.objects.bulk_create(rows, batch_size=500)
        add_to_cubes(cells)

    def end(self) -> None:
        """Nothing was put aside."""

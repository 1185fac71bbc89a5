"""Putting a province into an empty store: all of it in one transaction, or nothing."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from yimen.foundation.calendar.api import packaged_calendar
from yimen.foundation.identity.models import Account
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM
from yimen.modules.cases.models import Application, Case
from yimen.modules.insight.services.adding import add_to_cubes
from yimen.modules.items.models import Item
from yimen.site.province import folding
from yimen.site.province.courses import Courses
from yimen.site.province.days import WorkTime
from yimen.site.province.drawing import Drawing
from yimen.site.province.folding import Fold
from yimen.site.province.places import Places
from yimen.site.province.plan import Plan
from yimen.site.province.reference import make_reference
from yimen.site.province.rows import COLUMNS, COPY, SQLITE, RowMaker

SUBJECT, KEY, ACT = "province", "yunlan", "load"
MEMORY = "512MB"
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
        postgresql = connection.vendor == "postgresql"
        refs.first.update({name: _next_id(apps.get_model(name)) for name in COLUMNS})
        maker = RowMaker(COPY if postgresql else SQLITE, refs, places, work.calendar.last_year + 1)
        writer = Copying(figures) if postgresql else Inserting(figures)
        drawing, courses = Drawing(plan, work), Courses(plan, work, places)
        fold = Fold(work, refs, maker)
        done = Loaded(0, 0, 0, seconds, [])
        with _timed(seconds, "indexes dropped"):
            writer.begin()
        for number in plan.batches:
            with _timed(seconds, "drawn"):
                made = list(courses.cases(drawing.batch(number)))
            with _timed(seconds, "made into rows"):
                tables = maker.rows_of(made)
            done.cases += len(made)
            done.events += len(tables.rows["trace.Event"])
            done.clocks += len(tables.rows["deadlines.Clock"])
            done.faults += sorted({fault for case in made for fault in case.faults})
            with _timed(seconds, "written"):
                writer.write(tables.rows)
            if figures:
                with _timed(seconds, "figures"):
                    writer.fold(*fold.of(made))
            if number % 10 == 9 or number + 1 == len(plan.batches):
                say(f"{done.cases:,} cases, {done.events:,} events ({sum(seconds.values()):.0f} s)")
        with _timed(seconds, "indexes made"):
            writer.end()
        trace.append(SUBJECT, KEY, ACT, PLATFORM, plan.until, data=plan.told())
    with _timed(seconds, "analysed"), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    done.faults = sorted(set(done.faults))
    return done


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    finally:
        seconds[name] = round(seconds.get(name, 0.0) + time.perf_counter() - began, 2)


def _next_id(model: type[models.Model]) -> int:
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return (last or 0) + 1


def _defaults(model: type[models.Model], columns: Sequence[str]) -> tuple[list[str], list[Any]]:
    """Columns that the province does not fill, with the value a new row has."""
    names, values = [], []
    for field in model._meta.concrete_fields:
        if field.attname in columns:
            continue
        value = field.get_default()
        names.append(field.column)
        values.append(field.get_db_prep_save(value, connection))
    return names, values


class Copying:
    """PostgreSQL: COPY into tables without indexes and constraints, which are made again at the end."""

    def __init__(self, figures: bool) -> None:
        self._tables = [apps.get_model(name) for name in COLUMNS]
        if figures:
            self._tables += [folding.CONTRIBUTION, *folding.TABLES.values()]
        self._figures = figures
        self._made_again: list[str] = []
        self._defaults = {name: _defaults(apps.get_model(name), columns) for name, columns in COLUMNS.items()}

    def begin(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL maintenance_work_mem = '{MEMORY}'")
            cursor.execute(f"SET LOCAL work_mem = '{MEMORY}'")
            # foreign keys made a moment ago are checked now, not at the end of a transaction that alters their tables
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            names = [model._meta.db_table for model in self._tables]
            cursor.execute(
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype FROM pg_constraint"
                " WHERE contype IN ('f', 'u') AND (conrelid::regclass::text = ANY(%s))"
                " ORDER BY contype = 'f', conrelid::regclass::text, conname",
                [names],
            )
            constraints = cursor.fetchall()
            for table, name, definition, _ in constraints:
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes i WHERE schemaname = current_schema() AND tablename = ANY(%s)"
                " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = i.indexname)",
                [names],
            )
            indexes = cursor.fetchall()
            for name, _ in indexes:
                cursor.execute(f'DROP INDEX "{name}"')
            unique = [c for c in constraints if c[3] == "u"]
            foreign = [c for c in constraints if c[3] == "f"]
            self._made_again = [f'ALTER TABLE {t} ADD CONSTRAINT "{n}" {d}' for t, n, d, _ in unique]
            self._made_again += [definition for _, definition in indexes]
            self._made_again += [f'ALTER TABLE {t} ADD CONSTRAINT "{n}" {d}' for t, n, d, _ in foreign]
            for name in folding.TABLES if self._figures else ():
                table = folding.TABLES[name]._meta.db_table
                columns = ", ".join(folding.columns_of(name))
                cursor.execute(
                    f"CREATE TEMPORARY TABLE province_{name} ON COMMIT DROP AS SELECT {columns} FROM {table} LIMIT 0"
                )

    def write(self, rows: dict[str, list[tuple[Any, ...]]]) -> None:
        for label, found in rows.items():
            names, values = self._defaults[label]
            tail = "".join(f"\t{_copied(value)}" for value in values) + "\n"
            text = "".join(["\t".join(map(str, row)) + tail for row in found])
            self._copy(apps.get_model(label)._meta.db_table, [*COLUMNS[label], *names], text)

    def fold(self, texts: list[tuple[int, str]], cells: "folding.Cells") -> None:
        text = "".join([f"{key}\t{_escaped(share)}\n" for key, share in texts])
        self._copy(folding.CONTRIBUTION._meta.db_table, ["case_id", "text"], text)
        for name, rows in folding.rows_of(cells).items():
            text = "".join(["\t".join(map(str, row)) + "\n" for row in rows])
            self._copy(f"province_{name}", folding.columns_of(name), text)

    def end(self) -> None:
        with connection.cursor() as cursor:
            for name in folding.TABLES if self._figures else ():
                columns, cube = folding.columns_of(name), folding.CUBES[name]
                keys = ", ".join(cube.dimensions)
                sums = ", ".join(f"sum({m})" for m in cube.measures)
                cursor.execute(
                    f"INSERT INTO {folding.TABLES[name]._meta.db_table} ({', '.join(columns)}) "
                    f"SELECT {keys}, {sums} FROM province_{name} GROUP BY {keys}"
                )
                cursor.execute(f"DROP TABLE province_{name}")
            for statement in self._made_again:
                cursor.execute(statement)
            for statement in connection.ops.sequence_reset_sql(no_style(), self._tables):
                cursor.execute(statement)

    def _copy(self, table: str, columns: Sequence[str], text: str) -> None:
        quoted = ", ".join(f'"{c}"' for c in columns)
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as into:
            into.write(text)


def _copied(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (bytes, memoryview)):
        return "\\\\x" + bytes(value).hex()
    return _escaped(str(getattr(value, "obj", value)))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\")


class Inserting:
    """SQLite: rows in sets, indexes kept."""

    def __init__(self, figures: bool) -> None:
        self._defaults = {name: _defaults(apps.get_model(name), columns) for name, columns in COLUMNS.items()}

    def begin(self) -> None:
        """Nothing to do: a store of this size keeps its indexes."""

    def write(self, rows: dict[str, list[tuple[Any, ...]]]) -> None:
        for label, found in rows.items():
            names, values = self._defaults[label]
            columns, tail = [*COLUMNS[label], *names], tuple(values)
            quoted = ", ".join(f'"{c}"' for c in columns)
            places = ", ".join(["%s"] * len(columns))
            with connection.cursor() as cursor:
                cursor.executemany(
                    f"INSERT INTO {apps.get_model(label)._meta.db_table} ({quoted}) VALUES ({places})",
                    [row + tail for row in found],
                )

    def fold(self, texts: list[tuple[int, str]], cells: "folding.Cells") -> None:
        folding.CONTRIBUTION.objects.bulk_create(
            [folding.CONTRIBUTION(case_id=key, text=text) for key, text in texts], batch_size=500
        )
        add_to_cubes(cells)

    def end(self) -> None:
        """Nothing to do."""

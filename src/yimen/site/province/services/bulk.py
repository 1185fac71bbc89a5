"""Many rows at once: COPY on PostgreSQL with indexes and constraints made again afterwards, sets of inserts on SQLite."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

MEMORY = "512MB"
Model = type[models.Model]


def on_postgresql() -> bool:
    return connection.vendor == "postgresql"


@contextmanager
def bare(tables: Sequence[Model]) -> Iterator[None]:
    """Take indexes, unique and foreign keys off tables, and make them again at the end; belongs inside a transaction.

    Measured with the province: rows go in three times as fast, and indexes built over a whole table are packed.
    """
    if not on_postgresql():
        yield
        return
    again = _strip([model._meta.db_table for model in tables])
    yield
    with connection.cursor() as cursor:
        for statement in again:
            cursor.execute(statement)
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)


def _strip(names: list[str]) -> list[str]:
    """Drop; returns the statements that make it again, unique keys and indexes before foreign keys."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{MEMORY}'")
        cursor.execute(f"SET LOCAL work_mem = '{MEMORY}'")
        # keys put off to the end of the transaction would forbid to alter their tables
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype IN ('f', 'u') AND conrelid::regclass::text = ANY(%s) ORDER BY contype = 'f', 1, 2",
            [names],
        )
        constraints = cursor.fetchall()
        for table, name, _ in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes i WHERE schemaname = current_schema() AND tablename = ANY(%s)"
            " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = i.indexname)",
            [names],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    made = [(f'ALTER TABLE {t} ADD CONSTRAINT "{n}" {d}', d.startswith("FOREIGN")) for t, n, d in constraints]
    return [s for s, far in made if not far] + [d for _, d in indexes] + [s for s, far in made if far]


def next_id(model: Model) -> int:
    """The next free number of a table's rows."""
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return (last or 0) + 1


def defaults(model: Model, columns: Sequence[str]) -> tuple[list[str], list[Any]]:
    """The columns that are not filled, with the value that a new row has there."""
    names, values = [], []
    for field in model._meta.concrete_fields:
        if field.attname not in columns:
            names.append(str(field.column))
            values.append(field.get_db_prep_save(field.get_default(), connection))
    return names, values


def copy(table: str, columns: Sequence[str], text: str) -> None:
    """COPY prepared lines."""
    quoted = ", ".join(f'"{c}"' for c in columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as into:
        into.write(text)


def insert(table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert plain values, as SQLite likes it."""
    quoted, places = ", ".join(f'"{c}"' for c in columns), ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({places})", rows)


def store(made: Sequence[models.Model], known: Callable[[Any, str], str] | None = None) -> None:
    """Store objects that have their numbers already.

    Args:
        known: ``(object, attribute) -> text as COPY takes it``, for values that many objects share; "" = reckon it.
    """
    if not made:
        return
    model = type(made[0])
    if not on_postgresql():
        model._default_manager.bulk_create(made, batch_size=500)
        return
    fields = model._meta.concrete_fields
    lines = []
    for one in made:
        values = [
            (known(one, str(f.attname)) if known else "")
            or copied(f.get_db_prep_save(getattr(one, str(f.attname)), connection))
            for f in fields
        ]
        lines.append("\t".join(values) + "\n")
    copy(model._meta.db_table, [str(f.column) for f in fields], "".join(lines))


def copied(value: Any) -> str:
    """A value as COPY takes it."""
    if value is None:
        return "\\N"
    plain = getattr(value, "obj", value)
    if isinstance(plain, bool):
        return "t" if plain else "f"
    if isinstance(plain, (bytes, bytearray, memoryview)):
        return "\\\\x" + bytes(plain).hex()
    if isinstance(plain, (dict, list)):
        return escaped(json.dumps(plain, ensure_ascii=False))
    return escaped(str(plain))


def escaped(text: str) -> str:
    """Text without what COPY would take for its own."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")

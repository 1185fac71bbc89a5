"""Add amounts to rows of cubes: one statement for hundreds of rows, whoever else adds to the same ones."""

from collections.abc import Sequence

from django.db import connection

from yimen.modules.insight.models import table_of
from yimen.modules.insight.rules.cubes import CUBES, Cube
from yimen.modules.insight.rules.parts import in_parts
from yimen.modules.insight.rules.shares import Cells

ROWS = 400
"""Rows of one statement: all values of the widest cube stay below what either database takes."""


def add_to_cubes(cells: Cells) -> int:
    """Add cells to the tables; a row that is not there yet begins with what is added.

    Rows are taken in the order of their keys, so that two writers wait for each other at most once.

    Returns:
        How many rows changed.
    """
    changed = {key: row for key, row in cells.items() if any(row.values())}
    for cube in CUBES.values():
        keys = sorted(key for name, key in changed if name == cube.name)
        for part in in_parts(keys, ROWS):
            _add(cube, part, [changed[(cube.name, key)] for key in part])
    return len(changed)


def _add(cube: Cube, keys: Sequence[tuple[str | int, ...]], rows: Sequence[dict[str, int]]) -> None:
    table, quote = table_of(cube)._meta.db_table, connection.ops.quote_name
    columns = [*cube.dimensions, *cube.measures]
    places = f"({', '.join(['%s'] * len(columns))})"
    values: list[str | int] = []
    for key, row in zip(keys, rows, strict=True):
        values += [*key, *(row.get(name, 0) for name in cube.measures)]
    sums = ", ".join(f"{quote(m)} = {quote(table)}.{quote(m)} + EXCLUDED.{quote(m)}" for m in cube.measures)
    statement = (
        f"INSERT INTO {quote(table)} ({', '.join(map(quote, columns))}) VALUES {', '.join([places] * len(keys))} "
        f"ON CONFLICT ({', '.join(map(quote, cube.dimensions))}) DO UPDATE SET {sums}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)

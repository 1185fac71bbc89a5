"""Querysets compiled once: a hot read costs its statement, not the writing of it.

Turning a queryset with joins into SQL takes the ORM longer than the database needs to answer. Here the queryset is built
once for each shape, with ``Slot`` where a value belongs; later calls only bind values and make the rows.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.models.query import ModelIterable, get_related_populators

from yimen.kernel.frozen.wire import AS_IT_IS, cursor

REMEMBERED = 256
"""Shapes kept by each thread; a shape is one text of SQL."""


class Slot(Expression):
    """Stands in a queryset for a value that each call names.

    Args:
        name: the value's name.
        output_field: its type, by which it is prepared for the database.
    """

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


@dataclass(frozen=True)
class _Compiled:
    """One shape as this thread's connection speaks it."""

    sql: str
    parameters: tuple[Any, ...]
    slots: tuple[tuple[int, Slot], ...]
    compiler: Any
    converters: dict[int, Any]
    make: Callable[[Any], Any]


class _Shapes(threading.local):
    def __init__(self) -> None:
        self.known: OrderedDict[Hashable, _Compiled] = OrderedDict()


_shapes = _Shapes()


def rows(shape: Hashable, build: Callable[[], QuerySet[Any]], values: Mapping[str, Any]) -> list[Any]:
    """The rows of a queryset whose SQL this thread remembers.

    Args:
        shape: names the SQL; equal shapes must build equal querysets.
        build: the queryset, with slots; called only when the shape is new here. Model rows (with ``select_related``)
            and ``values_list`` are understood.
        values: the value of each slot.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    compiled = _shapes.known.get(shape)
    if compiled is None or compiled.compiler.connection is not connection:
        compiled = _remember(shape, build(), connection)
    bound, as_it_is = list(compiled.parameters), AS_IT_IS[connection.vendor]
    for place, slot in compiled.slots:
        value = values[slot.name]
        plain = type(value) in as_it_is
        bound[place] = value if plain else slot.output_field.get_db_prep_value(value, connection)
    with cursor(connection) as sent:
        sent.execute(compiled.sql, bound)
        found: Any = sent.fetchall()
    if compiled.converters:
        found = compiled.compiler.apply_converters(found, compiled.converters)
    return [compiled.make(row) for row in found]


def _remember(shape: Hashable, queryset: QuerySet[Any], connection: BaseDatabaseWrapper) -> _Compiled:
    compiler = queryset.query.get_compiler(connection.alias)
    sql, parameters = compiler.as_sql()
    compiled = _Compiled(
        sql=sql,
        parameters=tuple(parameters),
        slots=tuple((place, p) for place, p in enumerate(parameters) if isinstance(p, Slot)),
        compiler=compiler,
        converters=compiler.get_converters([column for column, _, _ in compiler.select]),
        make=_maker(compiler) if queryset._iterable_class is ModelIterable else tuple,
    )
    _shapes.known[shape] = compiled
    while len(_shapes.known) > REMEMBERED:
        _shapes.known.popitem(last=False)
    return compiled


def _maker(compiler: Any) -> Callable[[Any], Any]:
    """As the ORM makes model rows: the row itself, then what was joined to it."""
    info, alias = compiler.klass_info, compiler.using
    columns = info["select_fields"]
    first, last = columns[0], columns[-1] + 1
    model = info["model"]
    names = [column[0].target.attname for column in compiler.select[first:last]]
    related = get_related_populators(info, compiler.select, alias)  # type: ignore[call-arg]

    def make(row: Any) -> Any:
        made = model.from_db(alias, names, row[first:last])
        for populator in related:
            populator.populate(row, made)
        return made

    return make

"""Rows written by SQL that this process remembers: what ``bulk_create`` and ``save`` would send, without composing it anew."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, CharField, DateField, ForeignKey, IntegerField, Model, TextField
from django.db.models.fields import Field

from yimen.kernel.frozen.wire import AS_IT_IS, cursor

MOST_AT_ONCE = 50
"""Rows in one remembered INSERT; more are sent in parts."""
_PLAIN = (BooleanField, CharField, DateField, ForeignKey, IntegerField, TextField)


def insert(rows: Sequence[Model]) -> None:
    """Store new rows of one model in one statement (a large set in several) and give them their keys.

    Args:
        rows: unsaved rows of one model whose key the database counts; what they refer to has been saved.
    """
    for first in range(0, len(rows), MOST_AT_ONCE):
        _insert_some(rows[first : first + MOST_AT_ONCE])


def _insert_some(rows: Sequence[Model]) -> None:
    connection, model = connections[DEFAULT_DB_ALIAS], type(rows[0])
    columns = _columns(model)
    values: list[Any] = []
    for row in rows:
        row._prepare_related_fields_for_save(operation_name="insert")  # type: ignore[attr-defined]
        values += _values(row, columns, connection, new=True)
    with cursor(connection) as sent:
        sent.execute(_insert(model, len(rows), connection.vendor), values)
        keys = sent.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def update(row: Model, *names: str) -> None:
    """Write named fields of one stored row, all of them when none is named.

    Raises:
        RuntimeError: the row is gone; whoever holds it locked can never see this.
    """
    connection, model = connections[DEFAULT_DB_ALIAS], type(row)
    columns = _columns(model, names)
    values = [*_values(row, columns, connection, new=False), row.pk]
    with cursor(connection) as sent:
        sent.execute(_update(model, names, connection.vendor), values)
        if sent.rowcount != 1:
            raise RuntimeError(f"{model.__name__} {row.pk} is not stored")


_Columns = tuple[tuple["Field[Any, Any]", bool], ...]


@lru_cache(maxsize=256)
def _columns(model: type[Model], names: tuple[str, ...] = ()) -> _Columns:
    """The fields, and whether a plain value of theirs is what the database gets."""
    return tuple(
        (field, isinstance(field, _PLAIN))
        for field in model._meta.concrete_fields
        if not field.primary_key and (not names or field.name in names)
    )


def _values(row: Model, columns: _Columns, connection: BaseDatabaseWrapper, *, new: bool) -> list[Any]:
    values, as_it_is = [], AS_IT_IS[connection.vendor]
    for field, plain in columns:
        value = field.pre_save(row, new)
        if not plain or type(value) not in as_it_is:
            value = field.get_db_prep_save(value, connection)
        values.append(value)
    return values


@lru_cache(maxsize=1024)
def _insert(model: type[Model], count: int, vendor: str) -> str:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = _columns(model)
    names = ", ".join(quote(str(field.column)) for field, _ in columns)
    row = f"({', '.join(['%s'] * len(columns))})"
    key = quote(str(model._meta.pk.column))
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {', '.join([row] * count)} RETURNING {key}"


@lru_cache(maxsize=1024)
def _update(model: type[Model], names: tuple[str, ...], vendor: str) -> str:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    changes = ", ".join(f"{quote(str(field.column))} = %s" for field, _ in _columns(model, names))
    return (
        f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE {quote(str(model._meta.pk.column))} = %s"
    )

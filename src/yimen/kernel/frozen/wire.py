"""The cursor for SQL that is sent again and again.

On PostgreSQL it binds on the server, so that the server parses and plans a text once for each connection, and takes answers
in binary. Everything around it (log of statements, mapping of errors, broken transactions) stays Django's own.
"""

import re
from datetime import date, datetime
from functools import lru_cache
from itertools import count
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.backends.utils import CursorWrapper
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format
from psycopg.types.numeric import Int8BinaryDumper

PREPARED = 400
"""Statements kept prepared by each connection: every text of the hot path in its few forms of missing values."""
KEPT = "yimen_wire"
_EVERYWHERE = frozenset({str, int, bool, type(None)})
AS_IT_IS = {"postgresql": _EVERYWHERE | {date, datetime}, "sqlite": _EVERYWHERE}
"""Types of values that a database takes as they are; fields need not look at them."""


class _JsonText(Loader):
    """JSON as the text that Django's field expects: the binary form is a version byte before it."""

    format = Format.BINARY

    def load(self, data: Buffer) -> str:
        return bytes(data)[1:].decode()


class _Kept(psycopg.RawCursor[Any]):
    """One for each connection: making it costs more than a short statement."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "_Kept":
        return super().execute(_numbered(query), params, **options)

    def close(self) -> None:
        """Stays open for the next statement; it ends with its connection."""


@lru_cache(maxsize=1024)
def _numbered(text: str) -> str:
    """Django's placeholders as the server's own (``$1``), so that nobody looks for them again with every call."""
    numbers = count(1)
    return re.sub("%[%s]", lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", text)


def cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    """A cursor for one statement whose answer is fetched at once.

    Where statements are logged it is the ordinary one, which can tell them with their values.
    """
    if connection.vendor != "postgresql" or connection.queries_logged:
        return connection.cursor()
    connection.ensure_connection()
    raw: Any = getattr(connection.connection, KEPT, None) or _open(connection.connection)
    return connection.make_cursor(raw)


def _open(server: Any) -> _Kept:
    raw = _Kept(server)
    raw.format = Format.BINARY
    # One width for every number: each other width would be another statement to prepare.
    raw.adapters.register_dumper(int, Int8BinaryDumper)
    raw.adapters.register_loader("jsonb", _JsonText)
    server.prepared_max = PREPARED
    setattr(server, KEPT, raw)
    return raw


def _plan_once(sender: object, connection: BaseDatabaseWrapper, **_: object) -> None:
    """A prepared text keeps its plan. Left to itself the server plans many joins anew with every call, for a guess that looks
    cheaper: twenty lines of a list took it ten times as long to plan as to find. Only what is sent from here is prepared."""
    if connection.vendor == "postgresql":
        with connection.cursor() as sent:
            sent.execute("SET plan_cache_mode = force_generic_plan")


connection_created.connect(_plan_once, dispatch_uid="yimen.wire")

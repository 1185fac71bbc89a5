"""The two small engines of search: FTS5 on SQLite, a GIN index on PostgreSQL. Same questions, same answers, same order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import connection

from yimen.kernel.reading import connection_of
from yimen.modules.items.models import SearchEntry
from yimen.modules.items.tokens import All, Node, Term, fts5, tsquery

BROAD = 600
"""Above so many hits an exact order over all of them would cost more than it tells; see ``ranked``."""


class Engine(Protocol):
    """What search asks of a database."""

    def counts(self, nodes: Sequence[Node]) -> list[int]:
        """Exact number of hits of each, in one statement."""

    def best(self, node: Node, text: str, offset: int, limit: int) -> list[int]:
        """Item ids, best first: same name, begins with it, contains it, popular, short."""

    def by_number(self, node: Node, without: Sequence[int], offset: int, limit: int) -> list[int]:
        """Item ids in the order of their number, without some: cheap however many there are."""


@dataclass(frozen=True)
class Sqlite:
    """FTS5 over ``SearchEntry.words``."""

    def counts(self, nodes: Sequence[Node]) -> list[int]:
        return _counts("items_search WHERE items_search MATCH %s", [fts5(node) for node in nodes])

    def best(self, node: Node, text: str, offset: int, limit: int) -> list[int]:
        return _rows(
            "SELECT e.item_id FROM items_search f JOIN items_searchentry e ON e.item_id = f.rowid "
            "WHERE items_search MATCH %s "
            "ORDER BY e.name = %s DESC, substr(e.name, 1, length(%s)) = %s DESC, instr(e.name, %s) > 0 DESC, "
            "e.popularity DESC, length(e.name), e.item_id LIMIT %s OFFSET %s",
            [fts5(node), text, text, text, text, limit, offset],
        )

    def by_number(self, node: Node, without: Sequence[int], offset: int, limit: int) -> list[int]:
        return _rows(
            f"SELECT rowid FROM items_search WHERE items_search MATCH %s AND rowid NOT IN ({_numbers(without)}) "
            "ORDER BY rowid LIMIT %s OFFSET %s",
            [fts5(node), limit, offset],
        )


@dataclass(frozen=True)
class Postgresql:
    """GIN over the array of ``SearchEntry.words``; tokens are lexemes as they are, no dictionary."""

    _match = "items_tokens(words) @@ %s::tsquery"

    def counts(self, nodes: Sequence[Node]) -> list[int]:
        return _counts(f"items_searchentry WHERE {self._match}", [tsquery(node) for node in nodes])

    def best(self, node: Node, text: str, offset: int, limit: int) -> list[int]:
        return _rows(
            f"SELECT item_id FROM items_searchentry WHERE {self._match} "
            "ORDER BY name = %s DESC, left(name, length(%s)) = %s DESC, strpos(name, %s) > 0 DESC, "
            "popularity DESC, length(name), item_id LIMIT %s OFFSET %s",
            [tsquery(node), text, text, text, text, limit, offset],
        )

    def by_number(self, node: Node, without: Sequence[int], offset: int, limit: int) -> list[int]:
        return _rows(
            # Materialised, or the planner walks the primary key and makes tokens of every row it passes.
            f"WITH hits AS MATERIALIZED (SELECT item_id FROM items_searchentry WHERE {self._match}) "
            f"SELECT item_id FROM hits WHERE item_id NOT IN ({_numbers(without)}) ORDER BY item_id LIMIT %s OFFSET %s",
            [tsquery(node), limit, offset],
        )


def engine() -> Engine:
    """The engine of the database in use."""
    return Postgresql() if connection.vendor == "postgresql" else Sqlite()


def _rows(statement: str, values: Sequence[str | int]) -> list[int]:
    with connection_of(SearchEntry).cursor() as cursor:
        cursor.execute(statement, values)
        return [int(row[0]) for row in cursor.fetchall()]


def _counts(source: str, queries: Sequence[str]) -> list[int]:
    one = f"SELECT count(*) FROM {source}"
    return _rows(" UNION ALL ".join([one] * len(queries)), queries)


def _numbers(ids: Sequence[int]) -> str:
    """Row numbers as SQL text; they come from the index itself."""
    return ", ".join(str(int(pk)) for pk in ids) or "-1"


def both(nodes: Sequence[Node]) -> Node:
    """All of several nodes."""
    return nodes[0] if len(nodes) == 1 else All(tuple(nodes))


EVERYTHING = Term("zzall")
HOT_ITEMS = Term("zzhot")

"""Search and suggestions: one interface over the two engines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yimen.foundation.orgs.api import full_code, prefix_of
from yimen.kernel.paging import Page, window
from yimen.modules.items.content import ITEM_TYPE_LABELS, ItemType
from yimen.modules.items.engines import BROAD, EVERYTHING, HOT_ITEMS, Engine, both, engine
from yimen.modules.items.models import Item, SearchEntry
from yimen.modules.items.tokens import LONGEST_QUERY, Node, filter_nodes, matches, normal, query_nodes

MOST_SUGGESTED = 8
PREFIX_LENGTHS = (2, 4, 6, 9)
FIRST_CHOICE = 100
NOWHERE = 1_000_000_000
MOST_REMEMBERED = 20_000
_COMMON: dict[Node, int] = {}
LAST_CHARACTER = "\uffff"


@dataclass(frozen=True, kw_only=True)
class ItemLine:
    """One line of a list of items, as in the public contract.

    Args:
        legal_limit, promised_limit: ``{amount, unit}``; None while nothing is published.
        visits: trips to a counter; None while nothing is published.
    """

    code: str
    slug: str
    name: str
    type: str
    type_label: str
    organisation: str
    organisation_name: str
    division: str
    division_name: str
    state: str
    version: int | None
    instant: bool
    legal_limit: dict[str, Any] | None
    promised_limit: dict[str, Any] | None
    visits: int | None
    online_depth: str = ""


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One line under the search field."""

    code: str
    name: str
    organisation_name: str


def search(
    q: str = "",
    *,
    division: str = "",
    organisation: str = "",
    type: str = "",
    audience: str = "",
    page: int = 1,
    size: int = 20,
    on: date | None = None,
    only_open: bool = True,
) -> Page[ItemLine]:
    """Items that match every word; when none does, items that match some of them.

    Args:
        q: a name, everyday words, pinyin or initials, or a code.
        division: items of this division and below, and of those above that serve it too.
        organisation: its code.
        type: a value of ``ItemType``.
        audience: person, enterprise, institution, social_organisation, government or other.
        only_open: only items that may be applied for (the hall); else all (the workbench).
    """
    offset, limit, number = window(page, size)
    wanted = query_nodes(q)
    filters = _filters(division, organisation, type, audience, only_open)
    if filters is None:
        return Page(count=0, results=[], number=number, size=limit)
    count, ids = _found(engine(), wanted, filters, normal(q)[:LONGEST_QUERY], offset, limit)
    if not count and q.strip():
        exact = _by_code(q.strip(), only_open)
        count, ids = len(exact), exact[offset : offset + limit]
    return Page(count=count, results=_lines(ids), number=number, size=limit)


def suggest(q: str, *, division: str = "", size: int = MOST_SUGGESTED) -> list[Suggestion]:
    """What a person who is still typing may mean; names once."""
    wanted = query_nodes(q)
    filters = _filters(division, "", "", "", True)
    if not wanted or filters is None:
        return []
    using, node = engine(), both([*wanted, *filters])
    (count,) = using.counts([node])
    ids = _ranked(using, node, normal(q), 0, size * 3, broad=count > BROAD)
    found: dict[str, Suggestion] = {}
    for line in _lines(ids):
        found.setdefault(
            line.name, Suggestion(code=line.code, name=line.name, organisation_name=line.organisation_name)
        )
    return list(found.values())[:size]


def _found(
    using: Engine, wanted: Sequence[Node], filters: Sequence[Node], text: str, offset: int, limit: int
) -> tuple[int, list[int]]:
    node = both([*wanted, *filters] or [EVERYTHING])
    (count,) = using.counts([node])
    if not count and len(wanted) > 1:
        node, count = _nearest(using, wanted, filters)
    if not count or offset >= count:
        return count, []
    return count, _ranked(using, node, text, offset, limit, broad=count > BROAD)


def _nearest(using: Engine, wanted: Sequence[Node], filters: Sequence[Node]) -> tuple[Node, int]:
    """Nothing matches every word: ask for the rarest words only, as many as still match together."""
    common = _how_common(using, wanted)
    known = sorted(wanted, key=lambda word: common[word] or NOWHERE)
    together = [both([*known[:n], *filters]) for n in range(1, len(known))]
    counts = using.counts(together)
    most = max((n for n, count in enumerate(counts) if count), default=0)
    return together[most], counts[most]


def _how_common(using: Engine, words: Sequence[Node]) -> dict[Node, int]:
    """How many items have a word; remembered, for an old answer still tells the rare from the common."""
    fresh = [word for word in words if not _COMMON.get(word)]
    if fresh:
        if len(_COMMON) > MOST_REMEMBERED:
            _COMMON.clear()
        _COMMON.update(zip(fresh, using.counts(fresh), strict=True))
    return {word: _COMMON.get(word, 0) for word in words}


def _ranked(using: Engine, node: Node, text: str, offset: int, limit: int, *, broad: bool) -> list[int]:
    """A page of hits. Up to ``BROAD`` hits are ranked exactly; of more, those whose name begins with the query come first, then
    the popular ones, then the others by number: every hit once, in an order that holds from page to page.
    """
    if not broad:
        return using.best(node, text, offset, limit)
    first = _first_choice(using, node, text)
    page = first[offset : offset + limit]
    if len(page) < limit:
        page += using.by_number(node, first, max(0, offset - len(first)), limit - len(page))
    return page


def _first_choice(using: Engine, node: Node, text: str) -> list[int]:
    beginning: list[int] = []
    if text:
        rows = (
            SearchEntry.objects.filter(name__gte=text, name__lt=text + LAST_CHARACTER)
            .order_by("-popularity", "name", "item_id")
            .values_list("item_id", "name", "words")[:FIRST_CHOICE]
        )
        fitting = [(name != text, pk) for pk, name, words in rows if matches(node, words.split(" "))]
        beginning = [pk for _, pk in sorted(fitting, key=lambda row: row[0])]
    hot = using.best(both([node, HOT_ITEMS]), text, 0, FIRST_CHOICE)
    return list(dict.fromkeys([*beginning, *hot]))


def _filters(
    division: str, organisation: str, type: str, audience: str, only_open: bool
) -> list[Node] | None:
    """The filters as nodes; None when nothing can match (an unknown organisation)."""
    organisation_id: int | None = None
    if organisation:
        found = (
            Item.objects.filter(organisation__code=organisation)
            .values_list("organisation_id", flat=True)
            .first()
        )
        if found is None:
            return None
        organisation_id = found
    digits = "".join(c for c in division if c.isdigit())[:12]
    prefix = prefix_of(digits) if digits else ""
    return filter_nodes(
        division=prefix,
        ancestors=[full_code(prefix[:n]) for n in PREFIX_LENGTHS if n < len(prefix)],
        organisation_id=organisation_id,
        type=type,
        audience=audience,
        only_open=only_open,
    )


def _by_code(q: str, only_open: bool) -> list[int]:
    if not q.isascii() or len(q) < 4:
        return []
    found = Item.objects.filter(code__startswith=q.upper())
    if only_open:
        found = found.filter(state="active", current__isnull=False)
    return list(found.order_by("code").values_list("pk", flat=True)[:100])


_COLUMNS = (
    "pk", "code", "slug", "name", "type", "state", "organisation__code", "organisation__name", "division__code",
    "division__name", "current__version", "current__instant", "current__legal_amount", "current__legal_unit",
    "current__promised_amount", "current__promised_unit", "current__visits", "current__online_depth",
)  # fmt: skip


def _lines(ids: Sequence[int]) -> list[ItemLine]:
    """The lines of some items, in the order of the ids, in one statement."""
    found = {row["pk"]: _line(row) for row in Item.objects.filter(pk__in=ids).values(*_COLUMNS)}
    return [found[pk] for pk in ids if pk in found]


def _line(row: dict[str, Any]) -> ItemLine:
    published = row["current__version"] is not None

    def limit(which: str) -> dict[str, Any] | None:
        if not published:
            return None
        return {"amount": row[f"current__{which}_amount"], "unit": row[f"current__{which}_unit"]}

    return ItemLine(
        code=row["code"],
        slug=row["slug"] or "",
        name=row["name"],
        type=row["type"],
        type_label=ITEM_TYPE_LABELS[ItemType(row["type"])],
        organisation=row["organisation__code"],
        organisation_name=row["organisation__name"],
        division=row["division__code"],
        division_name=row["division__name"],
        state=row["state"],
        version=row["current__version"],
        instant=bool(row["current__instant"]),
        legal_limit=limit("legal"),
        promised_limit=limit("promised"),
        visits=row["current__visits"],
        online_depth=row["current__online_depth"] or "",
    )

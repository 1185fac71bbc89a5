"""The search entry of an item is written in the transaction that changes the item."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction

from yimen.foundation.orgs.api import full_code, level_of
from yimen.modules.items.models import Item, SearchEntry
from yimen.modules.items.states import ItemState
from yimen.modules.items.tokens import Indexed, index_words

CHUNK = 1_000
PREFIX_LENGTHS = (2, 4, 6, 9, 12)


def indexed(item: Item, content: Mapping[str, Any], *, is_open: bool) -> Indexed:
    """What search is told about an item.

    Args:
        item: with organisation and division loaded.
        content: plain content of the version people see, or of the draft when there is none.
        is_open: may be applied for.
    """
    code = full_code(item.division.code)
    return Indexed(
        name=str(content.get("name") or item.name),
        texts=(
            *map(str, content.get("aliases") or ()),
            *map(str, content.get("themes") or ()),
            *([item.slug] if item.slug else []),
        ),
        owner=item.organisation.label,
        division_prefixes=tuple(code[:n] for n in PREFIX_LENGTHS[: level_of(code)]),
        division_code=code,
        organisation_id=item.organisation_id,
        type=item.type,
        audience=tuple(map(str, content.get("audience") or ())),
        open=is_open,
        popularity=item.popularity,
    )


def entry_of(item: Item, content: Mapping[str, Any]) -> SearchEntry:
    is_open = item.state == ItemState.ACTIVE and item.current_id is not None
    told = indexed(item, content, is_open=is_open)
    return SearchEntry(item_id=item.pk, name=told.name, words=index_words(told), popularity=item.popularity)


def index_item(item: Item, content: Mapping[str, Any]) -> None:
    """Write one item's entry."""
    write_entries([entry_of(item, content)])


def write_entries(entries: Sequence[SearchEntry]) -> None:
    """Insert or replace entries in one statement."""
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=["name", "words", "popularity"],
        batch_size=CHUNK,
    )


def reindex(chunk: int = CHUNK) -> int:
    """Make every search entry anew, a chunk a transaction; the number of items indexed."""
    count, last = 0, 0
    while True:
        items = list(
            Item.objects.select_related("organisation", "division", "current")
            .filter(pk__gt=last)
            .order_by("pk")[:chunk]
        )
        if not items:
            break
        drafts = _drafts(item.pk for item in items if item.current is None)
        with transaction.atomic():
            write_entries(
                [entry_of(i, i.current.content if i.current else drafts.get(i.pk, {})) for i in items]
            )
        count, last = count + len(items), items[-1].pk
    optimise()
    return count


def optimise() -> None:
    """Pack the index after a large load."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO items_search(items_search) VALUES ('optimize')")
        elif connection.vendor == "postgresql":
            cursor.execute("ANALYZE items_searchentry")


def _drafts(item_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for part in _chunks(item_ids, 500):
        rows = Item.objects.filter(pk__in=part).order_by("standards__version")
        found.update({pk: content for pk, content in rows.values_list("pk", "standards__content") if content})
    return found


def _chunks(values: Iterable[int], size: int) -> Iterator[list[int]]:
    source = iter(values)
    while part := list(islice(source, size)):
        yield part

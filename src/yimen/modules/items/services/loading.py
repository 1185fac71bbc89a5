"""Many items with their first drafts at once, from a list that somebody keeps elsewhere."""

from collections.abc import Sequence
from datetime import datetime

from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.events import announce
from yimen.modules.items.canonical import columns_of
from yimen.modules.items.content import StandardContent
from yimen.modules.items.events import ItemCreated
from yimen.modules.items.models import Item, Lineage, Standard
from yimen.modules.items.services.acting import SUBJECT, lineage_row, require
from yimen.modules.items.services.indexing import entry_of, write_entries
from yimen.modules.items.services.items import new_draft
from yimen.modules.items.states import WRITE


def load_drafts(
    rows: Sequence[tuple[Item, StandardContent]], actor: Actor, at: datetime, *, note: str
) -> list[Standard]:
    """Store new items, each with version 1 as a draft marked ``imported``, in a few statements; call it in a transaction.

    Args:
        rows: unsaved items, with organisation and division, and the contents of their drafts.
        note: where they come from, for the lineage.

    Raises:
        NotAllowed: the actor may not write one of them.
        django.db.IntegrityError: a code or a slug is taken.
    """
    for item, _ in rows:
        require(actor, WRITE, item)
    items = Item.objects.bulk_create([item for item, _ in rows])
    drafts = [new_draft(item, content, 1, actor, at) for item, content in rows]
    for draft in drafts:
        draft.imported = True
    Standard.objects.bulk_create(drafts)
    Lineage.objects.bulk_create(
        lineage_row(Lineage.Kind.ADD, actor, at, to_item=item, note=note) for item in items
    )
    write_entries([entry_of(draft.item, draft.content) for draft in drafts])
    trace.save([_event(item, actor, at) for item in items])
    for item in items:
        announce(ItemCreated(at=at, item_code=item.code, item_id=item.pk))
    return drafts


def _event(item: Item, actor: Actor, at: datetime) -> trace.Event:
    event, _ = trace.prepare(SUBJECT, item.code, "import_item", actor, at, trace.Head(), to_state=item.state)
    return event


def renew_draft(draft: Standard, content: StandardContent, actor: Actor, at: datetime) -> None:
    """Put a newer row in the place of a draft that nobody has touched; the item goes by its name and kind.

    Raises:
        NotAllowed: the actor may not write the item.
    """
    item = draft.item
    require(actor, WRITE, item)
    for name, value in columns_of(content).items():
        setattr(draft, name, value)
    draft.revision += 1
    draft.updated_at = at
    draft.save()
    item.name, item.type = draft.name, draft.type
    item.save(update_fields=["name", "type"])
    write_entries([entry_of(item, draft.content)])

"""Create an item, with the first draft of its standard (新增)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from yimen.foundation.orgs.api import Organisation, organisation_with_code
from yimen.kernel.actor import Actor
from yimen.kernel.errors import Conflict, Invalid
from yimen.kernel.events import announce
from yimen.modules.items.canonical import columns_of, parse_content
from yimen.modules.items.content import StandardContent
from yimen.modules.items.events import ItemCreated
from yimen.modules.items.models import CODE_LENGTH, Item, Lineage, Standard
from yimen.modules.items.rules import code_shape_problem
from yimen.modules.items.services.acting import record, require, trace_item
from yimen.modules.items.services.indexing import index_item
from yimen.modules.items.states import WRITE


@dataclass(frozen=True, kw_only=True)
class NewItem:
    """An item to be made.

    Args:
        code: official code (实施编码).
        organisation: code of the deciding organisation.
        content: the first draft; its name and type are the item's.
        base_code: catalogue code (基本编码).
        slug: short name for addresses and for other standards to refer to.
    """

    code: str
    organisation: str
    content: StandardContent | Mapping[str, Any]
    base_code: str = ""
    slug: str = ""


def create_item(new: NewItem, actor: Actor, at: datetime, *, origin: Item | None = None) -> Item:
    """Add an item to the list and start version 1 as a draft.

    Args:
        origin: the item this one is to take over from, when it begins as a copy.

    Raises:
        Invalid: code, organisation or content are wrong (``fields``).
        Conflict: the code or the slug is taken.
        NotAllowed: the actor may not write standards of this organisation.
    """
    content = parse_content(new.content)
    item = unsaved_item(new, content, organisation_with_code(new.organisation), at)
    require(actor, WRITE, item)
    refuse_taken([item])
    try:
        with transaction.atomic():
            return _store(item, content, actor, at, origin)
    except IntegrityError as error:
        raise Conflict(
            f"代码“{item.code}”刚刚被使用，请核对后换一个。", fields={"code": "代码已被使用。"}
        ) from error


def unsaved_item(new: NewItem, content: StandardContent, organisation: Organisation, at: datetime) -> Item:
    """The row of a new item.

    Raises:
        Invalid: its code cannot be one.
    """
    code = new.code.strip()
    if problem := code_shape_problem(code, CODE_LENGTH):
        raise Invalid(problem, fields={"code": problem})
    return Item(
        code=code,
        base_code=new.base_code.strip()[:CODE_LENGTH],
        slug=new.slug.strip() or None,
        name=content.name,
        type=content.type.value,
        organisation=organisation,
        division=organisation.division,
        created_at=at,
    )


def refuse_taken(items: Sequence[Item]) -> None:
    """Raise Conflict when the code or the slug of a new item belongs to another one, stored or new; one statement."""
    slugs = {item.slug for item in items if item.slug}
    stored = Item.objects.filter(Q(code__in={item.code for item in items}) | Q(slug__in=slugs))
    owners: dict[str, tuple[str, str]] = {}
    for code, slug, name in stored.values_list("code", "slug", "name"):
        owners |= {_code_key(code): (code, name), _slug_key(slug): (code, name)}
    for item in items:
        taken = owners.get(_code_key(item.code)) or (owners.get(_slug_key(item.slug)) if item.slug else None)
        if taken:
            sentence = (
                f"代码“{item.code}”或简称已被“{taken[1]}”（{taken[0]}）使用，请换一个，或者直接修改那个事项。"
            )
            raise Conflict(sentence, fields={"code": sentence})
        owners |= dict.fromkeys((_code_key(item.code), _slug_key(item.slug)), (item.code, item.name))


def _code_key(code: str) -> str:
    return f"code {code}"


def _slug_key(slug: str | None) -> str:
    return f"slug {slug or ''}"


def _store(item: Item, content: StandardContent, actor: Actor, at: datetime, origin: Item | None) -> Item:
    item.save(force_insert=True)
    new_draft(item, content, 1, actor, at).save(force_insert=True)
    record(Lineage.Kind.ADD, actor, at, to_item=item, note=f"以{origin.code}为底稿" if origin else "")
    index_item(item, {"name": content.name, "aliases": content.aliases, "audience": content.audience})
    trace_item(item, "create_item", actor, at, to_state=item.state, data={"name": item.name})
    announce(ItemCreated(at=at, item_code=item.code, item_id=item.pk))
    return item


def new_draft(item: Item, content: StandardContent, version: int, actor: Actor, at: datetime) -> Standard:
    """An unsaved draft of a version."""
    return Standard(
        item=item,
        version=version,
        author_id=actor.account_id,
        author_name=actor.name[:100],
        editors=[actor.account_id] if actor.account_id else [],
        created_at=at,
        updated_at=at,
        **columns_of(content),
    )

"""What becomes of items: suspend, resume, cancel, split, merge, adjust, transfer (国办函〔2016〕108号).

Heirs of a split, a merger or an adjustment are made and published first; the switch is then one transaction, so that there is
never a day on which nobody can apply.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from yimen.foundation.orgs.api import organisation_with_code
from yimen.kernel.actor import Actor
from yimen.kernel.errors import Invalid, NotPossible
from yimen.kernel.events import announce
from yimen.modules.items.events import (
    ItemAdjusted,
    ItemCancelled,
    ItemMerged,
    ItemResumed,
    ItemSplit,
    ItemSuspended,
    ItemTransferred,
)
from yimen.modules.items.models import Item, Lineage, Standard
from yimen.modules.items.services.acting import locked_item, needs, record, require, trace_item
from yimen.modules.items.services.indexing import index_item
from yimen.modules.items.states import OPEN, PUBLISH, ItemState

Kind = Lineage.Kind


def suspend_item(code: str, reason: str, clause: str, actor: Actor, at: datetime) -> Item:
    """Stop new applications for a while (暂停); cases already accepted run on."""
    needs(reason, clause)
    with transaction.atomic():
        item = _item_in(code, (ItemState.ACTIVE,), "暂停", actor)
        item.suspended_reason, item.suspended_clause = reason.strip()[:500], clause.strip()[:300]
        _turn(item, ItemState.SUSPENDED, "suspend_item", actor, at, reason, clause)
        record(Kind.SUSPEND, actor, at, from_item=item, to_item=item, reason=reason, clause=clause)
        announce(ItemSuspended(at=at, item_code=item.code, item_id=item.pk, reason=reason, clause=clause))
    return item


def resume_item(code: str, actor: Actor, at: datetime, *, reason: str = "") -> Item:
    """Take applications again (恢复)."""
    with transaction.atomic():
        item = _item_in(code, (ItemState.SUSPENDED,), "恢复", actor)
        item.suspended_reason = item.suspended_clause = ""
        _turn(item, ItemState.ACTIVE, "resume_item", actor, at, reason, "")
        record(Kind.RESUME, actor, at, from_item=item, to_item=item, reason=reason)
        announce(ItemResumed(at=at, item_code=item.code, item_id=item.pk))
    return item


def cancel_item(code: str, reason: str, clause: str, actor: Actor, at: datetime) -> Item:
    """End an item for good (取消); cases already accepted run on under the version they hold."""
    needs(reason, clause)
    with transaction.atomic():
        item = _item_in(code, (ItemState.ACTIVE, ItemState.SUSPENDED), "取消", actor)
        _end(item, "cancel_item", actor, at, reason, clause)
        record(Kind.CANCEL, actor, at, from_item=item, reason=reason, clause=clause)
        announce(ItemCancelled(at=at, item_code=item.code, item_id=item.pk, reason=reason, clause=clause))
    return item


def split_item(
    code: str, into: Sequence[str], reason: str, clause: str, actor: Actor, at: datetime
) -> list[Item]:
    """One item becomes several that are already published (拆分).

    Raises:
        Invalid: fewer than two heirs.
        NotPossible: an heir is not published and open.
    """
    needs(reason, clause)
    if len(set(into) - {code}) < 2:
        raise Invalid(
            "拆分至少要有两个新事项，请先新建并发布它们。",
            fields={"into": "请填写至少两个已发布事项的代码。"},
        )
    with transaction.atomic():
        item = _item_in(code, (ItemState.ACTIVE, ItemState.SUSPENDED), "拆分", actor)
        heirs = [_heir(heir) for heir in dict.fromkeys(into)]
        _end(item, "split_item", actor, at, reason, clause, {"into": [heir.code for heir in heirs]})
        for heir in heirs:
            record(Kind.SPLIT, actor, at, from_item=item, to_item=heir, reason=reason, clause=clause)
        announce(
            ItemSplit(at=at, item_code=item.code, item_id=item.pk, into=tuple(heir.code for heir in heirs))
        )
    return heirs


def merge_items(
    codes: Sequence[str], into: str, reason: str, clause: str, actor: Actor, at: datetime
) -> Item:
    """Several items go into one that is already published (合并)."""
    needs(reason, clause)
    sources = [code for code in dict.fromkeys(codes) if code != into]
    if not sources:
        raise Invalid("请填写要并入的事项代码。", fields={"codes": "请填写至少一个其他事项的代码。"})
    with transaction.atomic():
        heir = _heir(into)
        for code in sources:
            item = _item_in(code, (ItemState.ACTIVE, ItemState.SUSPENDED), "合并", actor)
            _end(item, "merge_item", actor, at, reason, clause, {"into": heir.code})
            record(Kind.MERGE, actor, at, from_item=item, to_item=heir, reason=reason, clause=clause)
            announce(ItemMerged(at=at, item_code=item.code, item_id=item.pk, into=heir.code))
    return heir


def adjust_item(code: str, into: str, reason: str, clause: str, actor: Actor, at: datetime) -> Item:
    """Level or authority changed (调整): the item goes on under a new code whose standard is already published."""
    needs(reason, clause)
    with transaction.atomic():
        item = _item_in(code, (ItemState.ACTIVE, ItemState.SUSPENDED), "调整", actor)
        if into == code:
            raise Invalid("调整后的事项应有新的代码。", fields={"into": "请填写调整后事项的代码。"})
        heir = _heir(into)
        _end(item, "adjust_item", actor, at, reason, clause, {"into": heir.code})
        record(Kind.ADJUST, actor, at, from_item=item, to_item=heir, reason=reason, clause=clause)
        announce(ItemAdjusted(at=at, item_code=item.code, item_id=item.pk, new_code=heir.code))
    return heir


def transfer_item(code: str, organisation: str, reason: str, clause: str, actor: Actor, at: datetime) -> Item:
    """Another organisation decides from now on (划转); running cases stay where they are."""
    needs(reason, clause)
    with transaction.atomic():
        item = _item_in(code, (ItemState.ACTIVE, ItemState.SUSPENDED), "划转", actor)
        old, new = item.organisation, organisation_with_code(organisation)
        if old.pk == new.pk:
            raise Invalid(f"该事项本来就由{new.name}办理。", fields={"organisation": "请选择另一个部门。"})
        item.organisation, item.division = new, new.division
        item.save(update_fields=["organisation", "division"])
        _reindex(item)
        note = f"{old.name} → {new.name}"
        record(
            Kind.TRANSFER, actor, at, from_item=item, to_item=item, reason=reason, clause=clause, note=note
        )
        trace_item(
            item,
            "transfer_item",
            actor,
            at,
            clause=clause,
            note=reason,
            data={"from": old.code, "to": new.code},
        )
        announce(
            ItemTransferred(
                at=at,
                item_code=item.code,
                item_id=item.pk,
                from_organisation=old.code,
                to_organisation=new.code,
            )
        )
    return item


def record_popularity(counts: dict[str, int]) -> int:
    """Take over how often items were applied for, by code; search ranks by it. Returns the rows changed."""
    changed = 0
    with transaction.atomic():
        items = Item.objects.select_related("organisation", "division", "current").filter(code__in=counts)
        for item in items:
            if item.popularity != counts[item.code]:
                item.popularity = counts[item.code]
                item.save(update_fields=["popularity"])
                _reindex(item)
                changed += 1
    return changed


def _item_in(code: str, states: Sequence[ItemState], verb: str, actor: Actor) -> Item:
    item = locked_item(code)
    require(actor, PUBLISH, item)
    if item.state not in states:
        raise NotPossible(f"“{item.name}”{item.state_label}，不能{verb}。", code="state_forbids")
    return item


def _heir(code: str) -> Item:
    item = locked_item(code)
    if item.state != ItemState.ACTIVE or item.current_id is None:
        raise NotPossible(
            f"“{item.name}”（{item.code}）还没有发布生效的标准，请先发布，再办理拆分、合并或者调整。",
            code="heir_unpublished",
        )
    return item


def _turn(
    item: Item, state: ItemState, act: str, actor: Actor, at: datetime, reason: str, clause: str
) -> None:
    before, item.state = item.state, state
    item.save(update_fields=["state", "suspended_reason", "suspended_clause"])
    _reindex(item)
    trace_item(item, act, actor, at, from_state=before, to_state=state, clause=clause, note=reason)


def _end(
    item: Item,
    act: str,
    actor: Actor,
    at: datetime,
    reason: str,
    clause: str,
    data: dict[str, Any] | None = None,
) -> None:
    if Standard.objects.filter(item=item, state__in=OPEN).exclude(version=1).exists():
        raise NotPossible(
            f"“{item.name}”还有正在编制的版本，请先删除或者发布它，再办理这一步。", code="draft_open"
        )
    before, item.state = item.state, ItemState.CANCELLED
    item.save(update_fields=["state"])
    _reindex(item)
    trace_item(
        item, act, actor, at, from_state=before, to_state=item.state, clause=clause, note=reason, data=data
    )


def _reindex(item: Item) -> None:
    newest = item.current or Standard.objects.filter(item=item).order_by("-version").first()
    index_item(item, newest.content if newest else {})

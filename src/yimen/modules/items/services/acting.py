"""What every act on an item shares: who may, the locked row, the lineage row, the trace."""

from datetime import datetime
from typing import Any

from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotAllowed, NotFound
from yimen.modules.items.models import Item, Lineage, Standard
from yimen.modules.items.states import reaches

SUBJECT = "item"


def require(actor: Actor, grant: str, item: Item) -> None:
    """Raise NotAllowed unless this grant of the actor reaches the item's organisation and division."""
    if not reaches(grant, actor, item):
        raise NotAllowed(f"您没有“{item.organisation.name}”这一事项的办理权限，请联系本单位的事项管理员。")


def locked_item(code: str) -> Item:
    """The item by its code, locked until the transaction ends (PostgreSQL; SQLite locks the file)."""
    item = (
        Item.objects.select_for_update(of=("self",))
        .select_related("organisation", "division", "current")
        .filter(code=code)
        .first()
    )
    if item is None:
        raise NotFound(f"没有代码为“{code}”的事项，请核对代码。")
    return item


def locked_standard(standard_id: int) -> Standard:
    standard = (
        Standard.objects.select_for_update(of=("self",))
        .select_related("item", "item__organisation", "item__division", "item__current")
        .filter(pk=standard_id)
        .first()
    )
    if standard is None:
        raise NotFound("没有找到这一版事项标准。")
    return standard


def day_of(at: datetime) -> Any:
    """The day in China of a moment."""
    return at.astimezone(CHINA).date()


def needs(reason: str, clause: str) -> None:
    """Legal acts on an item name their reason and clause."""
    fields = {}
    if not reason.strip():
        fields["reason"] = "请写明原因，办事人会看到。"
    if not clause.strip():
        fields["clause"] = "请写明依据的条款或者文件，例如“国发〔2024〕3号”。"
    if fields:
        raise Invalid("原因和依据都要写明。", fields=fields)


def record(
    kind: Lineage.Kind,
    actor: Actor,
    at: datetime,
    *,
    from_item: Item | None = None,
    to_item: Item | None = None,
    reason: str = "",
    clause: str = "",
    note: str = "",
) -> Lineage:
    """Append one lineage row."""
    row = lineage_row(
        kind,
        actor,
        at,
        from_item=from_item,
        to_item=to_item,
        reason=reason,
        clause=clause,
        note=note,
    )
    row.save(force_insert=True)
    return row


def lineage_row(
    kind: Lineage.Kind,
    actor: Actor,
    at: datetime,
    *,
    from_item: Item | None = None,
    to_item: Item | None = None,
    reason: str = "",
    clause: str = "",
    note: str = "",
) -> Lineage:
    """An unsaved lineage row, for writers that save many in one statement."""
    return Lineage(
        kind=kind,
        from_item=from_item,
        to_item=to_item,
        on=day_of(at),
        at=at,
        reason=reason[:500],
        clause=clause[:300],
        note=note[:300],
        actor_id=actor.account_id,
        actor_name=actor.name[:100],
    )


def trace_item(
    item: Item,
    act: str,
    actor: Actor,
    at: datetime,
    *,
    from_state: str = "",
    to_state: str = "",
    clause: str = "",
    note: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """One event on the item's own chain."""
    trace.append(
        subject_kind=SUBJECT,
        subject_key=item.code,
        act=act,
        actor=actor,
        at=at,
        from_state=from_state,
        to_state=to_state,
        clause=clause,
        note=note,
        data=data,
    )

"""Published standards: pinned by a case, current for a newcomer."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from yimen.foundation.params.api import Kept
from yimen.kernel.errors import NotFound, NotPossible, Refusal
from yimen.modules.items.content import StandardContent
from yimen.modules.items.models import Item, Lineage, Standard
from yimen.modules.items.published import MEMORY, PublishedStandard
from yimen.modules.items.states import ItemState, StandardState

IN_FORCE = (StandardState.PUBLISHED, StandardState.RETIRED)
MOST_AT_ONCE = 200


def with_owners() -> QuerySet[Standard]:
    return Standard.objects.select_related("item", "item__organisation", "item__division")


def valid_on(day: date) -> Q:
    """Versions that are (or were) in force on a day."""
    return Q(state__in=IN_FORCE, valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def value_of(standard: Standard, content: StandardContent | None = None) -> PublishedStandard:
    """The row as a value; the content is parsed only when this process has not yet done so for any version that has it."""
    item = standard.item
    content = content or MEMORY.content_of(standard.digest)
    if content is None:
        content = StandardContent.model_validate(standard.content)
    if standard.valid_from is None:
        raise NotFound("这一版标准还没有发布。")
    value = PublishedStandard(
        standard_id=standard.pk,
        item_id=item.pk,
        code=item.code,
        slug=item.slug or "",
        name=standard.name,
        type=standard.type,
        version=standard.version,
        content=content,
        digest=standard.digest,
        organisation_id=item.organisation_id,
        organisation_code=item.organisation.code,
        organisation_name=item.organisation.name,
        division_id=item.division_id,
        division_code=item.division.code,
        division_name=item.division.name,
        valid_from=standard.valid_from,
        valid_to=standard.valid_to,
    )
    MEMORY.put(value)
    return value


def pinned(standard_id: int) -> PublishedStandard:
    """The version that a case pins, whatever became of the item since; no statement once this process knows it.

    Raises:
        NotFound: no published version has this number.
    """
    known = MEMORY.get(standard_id)
    if known is not None:
        return known
    standard = with_owners().filter(pk=standard_id, state__in=IN_FORCE).first()
    if standard is None:
        raise NotFound("没有找到这一版事项标准，或者它还没有发布。")
    return value_of(standard)


def remember(standard_ids: Iterable[int]) -> None:
    """Read versions that this process does not know yet, so that ``pinned`` answers for them without a statement each.

    Two statements however many: one for the versions, one for those contents that no version read before shares.
    """
    wanted = {key for key in standard_ids if MEMORY.get(key) is None}
    if not wanted:
        return
    rows = {row.pk: row for row in with_owners().filter(pk__in=wanted, state__in=IN_FORCE).defer("content")}
    fresh = {row.digest: row.pk for row in rows.values() if MEMORY.content_of(row.digest) is None}
    for pk, content in Standard.objects.filter(pk__in=fresh.values()).values_list("pk", "content"):
        value_of(rows.pop(pk), StandardContent.model_validate(content))
    for row in rows.values():
        value_of(row)


def current(code: str, on: date) -> PublishedStandard:
    """The version of an item that a newcomer on this day applies under: one statement when all is well.

    Args:
        code: official code of the item, or its slug.
        on: the day, in China.

    Raises:
        NotFound: unknown item.
        NotPossible: suspended, cancelled, not yet valid or never published; the sentence says what to do instead.
    """
    found = with_owners().filter(valid_on(on), Q(item__code=code) | Q(item__slug=code)).first()
    if found is not None and found.item.state == ItemState.ACTIVE:
        return value_of(found)
    raise why_not_open(code, on)


def open_items(codes: Iterable[str], on: date) -> dict[str, PublishedStandard]:
    """Several items at once, in one statement, none for those kept; keyed by the codes as asked for and in their order.

    Raises:
        NotFound, NotPossible: at least one cannot be applied for; ``fields`` holds code to sentence.
    """
    wanted = list(dict.fromkeys(codes))
    if len(wanted) > MOST_AT_ONCE:
        raise NotPossible(f"一次最多办理 {MOST_AT_ONCE} 个事项，请分次办理。")
    found = _open.many([(code, on) for code in wanted], _read_open)
    missing = [code for code in wanted if (code, on) not in found]
    if missing:
        raise _refusal_for(missing, on)
    return {code: found[code, on] for code in wanted}


def _read_open(keys: list[tuple[str, date]]) -> dict[tuple[str, date], PublishedStandard]:
    """Their content, which a process knows by its digest, stays where it is until it is asked for."""
    [on], codes = {day for _, day in keys}, [code for code, _ in keys]
    named = Q(item__code__in=codes) | Q(item__slug__in=codes)
    rows = with_owners().using("default").filter(valid_on(on), named, item__state=ItemState.ACTIVE)
    found: dict[tuple[str, date], PublishedStandard] = {}
    for row in rows.defer("content"):
        value = value_of(row)
        found.update({(name, on): value for name in (value.code, value.slug) if name})
    return found


_open: Kept[tuple[str, date], PublishedStandard] = Kept()


def _refusal_for(codes: Sequence[str], on: date) -> Refusal:
    refusals = {code: why_not_open(code, on) for code in codes}
    first = next(iter(refusals.values()))
    first.fields = {code: refusal.message for code, refusal in refusals.items()}
    return first


def why_not_open(code: str, on: date) -> Refusal:
    """The refusal that explains why an item cannot be applied for on a day, and what can be done instead."""
    item = Item.objects.select_related("organisation").filter(Q(code=code) | Q(slug=code)).first()
    if item is None:
        return NotFound(
            f"没有代码为“{code}”的事项，请核对代码，或者按名称搜索要办的事。", code="item_unknown"
        )
    if item.state == ItemState.CANCELLED:
        return _gone(item)
    if item.state == ItemState.SUSPENDED:
        reason = f"，原因：{item.suspended_reason}" if item.suspended_reason else ""
        return NotPossible(
            f"“{item.name}”已暂停办理{reason}。恢复办理后可以再来申请，疑问请咨询{item.organisation.name}。",
            code="item_suspended",
            clause=item.suspended_clause,
            would_pass="等待事项恢复办理。",
        )
    coming = (
        Standard.objects.filter(item=item, state__in=IN_FORCE, valid_from__gt=on)
        .order_by("valid_from")
        .values_list("valid_from", flat=True)
        .first()
    )
    if coming is not None:
        day = f"{coming.year}年{coming.month}月{coming.day}日"
        return NotPossible(
            f"“{item.name}”自{day}起办理，请届时再来申请。", code="item_not_yet", would_pass=f"{day}起申请。"
        )
    return NotPossible(
        f"“{item.name}”的办事标准还没有发布，暂时不能申请，请咨询{item.organisation.name}。",
        code="item_unpublished",
    )


def successors(item: Item) -> list[Item]:
    """The items that took a gone item's place (merged, split, adjusted), in the order recorded."""
    kinds = (Lineage.Kind.MERGE, Lineage.Kind.SPLIT, Lineage.Kind.ADJUST)
    steps = Lineage.objects.filter(from_item=item, kind__in=kinds, to_item__isnull=False)
    return [s.to_item for s in steps.exclude(to_item=item).select_related("to_item") if s.to_item is not None]


def _gone(item: Item) -> NotPossible:
    heirs = successors(item)
    if heirs:
        names = "、".join(f"“{heir.name}”（{heir.code}）" for heir in heirs)
        step = Lineage.objects.filter(from_item=item, to_item=heirs[0]).order_by("-at").first()
        did = {"merge": "已合并到", "split": "已拆分为"}.get(step.kind if step else "", "已调整为")
        return NotPossible(
            f"“{item.name}”{did}{names}，请改为申请{'其中需要的一项' if len(heirs) > 1 else '该事项'}。",
            code="item_replaced",
            clause=step.clause if step else "",
            would_pass=f"改为申请{names}。",
        )
    last = Lineage.objects.filter(from_item=item, kind=Lineage.Kind.CANCEL).order_by("-at").first()
    clause = last.clause if last else ""
    return NotPossible(
        f"“{item.name}”已取消，不再需要办理{f'（依据：{clause}）' if clause else ''}。",
        code="item_cancelled",
        clause=clause,
    )

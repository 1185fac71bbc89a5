"""What the workbench shows: lists with filters, one version, one item's life."""

from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet

from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotFound
from yimen.kernel.paging import Page, window
from yimen.modules.items.api.authors import OPEN, Item, Lineage, Standard, items_visible_to

GENERATIONS, MOST_STEPS = 3, 40


def standard_for(actor: Actor, code: str, version: int) -> Standard:
    """A version for the workbench, if any grant of the actor reaches it."""
    found = items_visible_to(actor).filter(Q(code=code) | Q(slug=code)).first()
    standard = (
        Standard.objects.select_related("item", "item__organisation", "item__division", "item__current")
        .filter(item=found, version=version)
        .first()
        if found
        else None
    )
    if standard is None:
        raise NotFound()
    return standard


def lineage_of(item: Item) -> list[Lineage]:
    """Everything that happened to an item and to those it came from or went to directly."""
    return list(
        Lineage.objects.select_related("from_item", "to_item")
        .filter(Q(from_item=item) | Q(to_item=item))
        .order_by("at", "id")
    )


def family_of(item: Item, actor: Actor) -> tuple[list[Item], list[Lineage], set[int]]:
    """The items that an item came from and that came of it, over three generations each way, in four statements.

    Returns:
        The items in the order in which they came to be, what made one of another, and which of them the actor may open.
    """
    keys, steps = {item.pk}, dict[int, Lineage]()
    for _ in range(GENERATIONS):
        rows = Lineage.objects.exclude(from_item=None).exclude(to_item=None).exclude(from_item=F("to_item"))
        found = rows.filter(Q(from_item__in=keys) | Q(to_item__in=keys)).order_by("at", "id")[:MOST_STEPS]
        steps = {row.pk: row for row in found}
        wider = {item.pk} | {
            key for row in steps.values() for key in (row.from_item_id, row.to_item_id) if key
        }
        if wider == keys:
            break
        keys = wider
    members = list(Item.objects.filter(pk__in=keys).order_by("pk"))
    reachable = (
        set(items_visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True)) if steps else set()
    )
    return members, list(steps.values()), reachable


@dataclass(frozen=True, kw_only=True)
class WorkFilter:
    """Filters of the workbench, kept in the address."""

    q: str = ""
    state: str = ""
    type: str = ""
    organisation: str = ""
    work: str = ""
    page: int = 1
    size: int = 30


def work_list(actor: Actor, wanted: WorkFilter) -> Page[Item]:
    """Items of the workbench with the version in work (``in_work`` on each), newest work first."""
    offset, limit, number = window(wanted.page, wanted.size)
    rows = _narrowed(items_visible_to(actor), wanted)
    in_work = Standard.objects.filter(state__in=OPEN).defer("content")
    page = rows.order_by("code").prefetch_related(Prefetch("standards", queryset=in_work, to_attr="in_work"))
    return Page(count=rows.count(), results=list(page[offset : offset + limit]), number=number, size=limit)


def _narrowed(rows: QuerySet[Item], wanted: WorkFilter) -> QuerySet[Item]:
    if wanted.q:
        rows = rows.filter(
            Q(name__contains=wanted.q) | Q(code__startswith=wanted.q.upper()) | Q(slug=wanted.q)
        )
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.type:
        rows = rows.filter(type=wanted.type)
    if wanted.organisation:
        rows = rows.filter(organisation__code=wanted.organisation)
    if wanted.work == "unpublished":
        rows = rows.filter(current__isnull=True)
    elif wanted.work:
        rows = rows.filter(pk__in=Standard.objects.filter(state=wanted.work).values("item_id"))
    return rows


def work_counts(actor: Actor) -> dict[str, int]:
    """How many versions wait in each state, over the rows the actor sees."""
    rows = Standard.objects.filter(item__in=items_visible_to(actor), state__in=OPEN)
    counted = rows.order_by().values_list("state").annotate(n=Count("pk"))
    return {state: n for state, n in counted}

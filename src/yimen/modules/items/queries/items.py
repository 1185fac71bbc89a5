"""Items as people look at them: one item with its versions and lineage, the workbench's lists, import runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotFound
from yimen.kernel.paging import Page, window
from yimen.modules.items.models import ImportNote, ImportRun, Item, Lineage, Standard
from yimen.modules.items.published import PublishedStandard
from yimen.modules.items.queries.published import IN_FORCE, valid_on, value_of, why_not_open, with_owners
from yimen.modules.items.states import OPEN, PUBLISH, REVIEW, WRITE

ALL_GRANTS = (WRITE, REVIEW, PUBLISH)


def item_with_code(code: str) -> Item:
    """An item by code or slug, whatever its state, with what its page shows.

    Raises:
        NotFound: there is none.
    """
    found = (
        Item.objects.select_related("organisation", "division", "current")
        .filter(Q(code=code) | Q(slug=code))
        .first()
    )
    if found is None:
        raise NotFound(f"没有代码为“{code}”的事项，请核对代码，或者按名称搜索要办的事。", code="item_unknown")
    return found


def shown(code: str, on: date, version: int | None = None) -> tuple[Item, PublishedStandard]:
    """What the public sees of an item: the version in force on a day (even while suspended or after the end), or a named one.

    Raises:
        NotFound: unknown item or version.
        NotPossible: never published, or not valid yet; the sentence says so.
    """
    rows = with_owners().filter(Q(item__code=code) | Q(item__slug=code), state__in=IN_FORCE)
    found = rows.filter(version=version).first() if version is not None else rows.filter(valid_on(on)).first()
    if found is None:
        item_with_code(code)
        if version is not None:
            raise NotFound(f"这个事项没有已发布的第{version}版。", code="version_unknown")
        raise why_not_open(code, on)
    return found.item, value_of(found)


def versions_of(item: Item, *, published_only: bool) -> QuerySet[Standard]:
    """Versions, the newest first, without their contents."""
    found = Standard.objects.filter(item=item).defer("content").order_by("-version")
    return found.filter(state__in=IN_FORCE) if published_only else found


def two_versions(item: Item, old: int, new: int) -> tuple[Standard, Standard]:
    """Two published versions of an item in one statement.

    Raises:
        NotFound: one of them is not there.
    """
    rows = {
        s.version: s for s in Standard.objects.filter(item=item, version__in=(old, new), state__in=IN_FORCE)
    }
    for number in (old, new):
        if number not in rows:
            raise NotFound(f"这个事项没有已发布的第{number}版。", code="version_unknown")
    return rows[old], rows[new]


def previous_of(standard: Standard) -> Standard | None:
    """The published version before this one."""
    return (
        Standard.objects.filter(item_id=standard.item_id, version__lt=standard.version, state__in=IN_FORCE)
        .order_by("-version")
        .first()
    )


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


def items_visible_to(actor: Actor, grants: Sequence[str] = ALL_GRANTS) -> QuerySet[Item]:
    """Items that any of these grants reaches; nothing for an actor without them."""
    reach = Q(pk__in=[])
    if actor.channel == "system":
        reach = Q()
    for grant in grants:
        for scope in actor.scopes(grant):
            one = Q(division__code__startswith=scope.division) if scope.division else Q()
            if scope.organisation_id is not None:
                one &= Q(organisation_id=scope.organisation_id)
            if not one:
                return Item.objects.select_related("organisation", "division", "current")
            reach |= one
    return Item.objects.select_related("organisation", "division", "current").filter(reach)


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


def import_runs(actor: Actor, limit: int = 20) -> list[ImportRun]:
    """Recent imports of this person."""
    return list(ImportRun.objects.defer("payload").filter(actor_id=actor.account_id)[:limit])


def import_run(actor: Actor, run_id: int) -> ImportRun:
    found = ImportRun.objects.defer("payload").filter(pk=run_id, actor_id=actor.account_id).first()
    if found is None:
        raise NotFound()
    return found


def import_notes(run: ImportRun, severity: str, page: int, size: int = 50) -> Page[ImportNote]:
    """Remarks of a run, by row."""
    offset, limit, number = window(page, size)
    rows = ImportNote.objects.filter(run=run)
    if severity:
        rows = rows.filter(severity=severity)
    return Page(count=rows.count(), results=list(rows[offset : offset + limit]), number=number, size=limit)

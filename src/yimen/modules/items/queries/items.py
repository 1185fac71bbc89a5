"""Items as people look at them: one item with its versions, and which items an actor's grants reach."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotFound
from yimen.modules.items.models import Item, Standard
from yimen.modules.items.permissions import ALL_GRANTS
from yimen.modules.items.published import PublishedStandard
from yimen.modules.items.queries.published import IN_FORCE, valid_on, value_of, why_not_open, with_owners


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

"""What the author's workbench shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotFound
from yimen.kernel.paging import Page, window
from yimen.modules.items import api as items
from yimen.modules.themes.models import Theme, ThemeVersion
from yimen.modules.themes.permissions import ALL_GRANTS
from yimen.modules.themes.queries.changes import changed_themes


def themes_visible_to(actor: Actor, grants: Sequence[str] = ALL_GRANTS) -> QuerySet[Theme]:
    """Themes that any of these grants reaches; nothing for an actor without them."""
    every = Theme.objects.select_related("organisation", "division")
    if actor.channel == "system":
        return every
    reach = Q(pk__in=[])
    for grant in grants:
        for scope in actor.scopes(grant):
            one = Q(division__code__startswith=scope.division) if scope.division else Q()
            if scope.organisation_id is not None:
                one &= Q(organisation_id=scope.organisation_id)
            if not one:
                return every
            reach |= one
    return every.filter(reach)


@dataclass(frozen=True, kw_only=True)
class WorkFilter:
    """Filters of the workbench, kept in the address; ``changed``: with an item that is no longer as the author saw it."""

    q: str = ""
    state: str = ""
    changed: bool = False
    page: int = 1
    size: int = 30


def work_list(actor: Actor, wanted: WorkFilter, on: date) -> Page[Theme]:
    """Themes within reach with their versions (``all_versions``, the newest first)."""
    offset, limit, number = window(wanted.page, wanted.size)
    rows = themes_visible_to(actor)
    if wanted.q:
        rows = rows.filter(Q(words__icontains=wanted.q) | Q(code__startswith=wanted.q.lower()))
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.changed:
        rows = rows.filter(pk__in=changed_within_reach(actor, on))
    versions = ThemeVersion.objects.order_by("-version").defer("content")
    page = rows.order_by("code").prefetch_related(
        Prefetch("versions", queryset=versions, to_attr="all_versions")
    )
    return Page(count=rows.count(), results=list(page[offset : offset + limit]), number=number, size=limit)


def changed_within_reach(actor: Actor, on: date, grants: Sequence[str] = ALL_GRANTS) -> set[int]:
    """The themes of the actor's reach whose items changed since publication: what waits for their authors."""
    reached = themes_visible_to(actor, grants).values_list("pk", flat=True)
    return changed_themes(on, list(reached))


def version_for(actor: Actor, code: str, version: int) -> ThemeVersion:
    """A version for the workbench, if any grant of the actor reaches it."""
    found = (
        ThemeVersion.objects.select_related("theme", "theme__organisation", "theme__division")
        .filter(theme__in=themes_visible_to(actor), theme__code=code, version=version)
        .first()
    )
    if found is None:
        raise NotFound()
    return found


def theme_for(actor: Actor, code: str) -> Theme:
    """A theme for the workbench, if any grant of the actor reaches it."""
    found = themes_visible_to(actor).filter(code=code).first()
    if found is None:
        raise NotFound()
    return found


def names_called(called: Iterable[str]) -> dict[str, str]:
    """The names of items by code and by slug: one statement."""
    wanted = {word for word in called if word}
    if not wanted:
        return {}
    rows = items.Item.objects.filter(Q(code__in=wanted) | Q(slug__in=wanted)).values_list(
        "code", "slug", "name"
    )
    return {key: name for code, slug, name in rows for key in (code, slug) if key}

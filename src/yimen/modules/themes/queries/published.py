"""Themes that may be applied for, as immutable values, and the lists that the public searches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from yimen.kernel.errors import NotFound, NotPossible
from yimen.kernel.paging import Page, window
from yimen.modules.themes.content import ThemeContent
from yimen.modules.themes.models import Theme, ThemeVersion
from yimen.modules.themes.states import ThemeState, VersionState

IN_FORCE = (VersionState.PUBLISHED, VersionState.RETIRED)
LONGEST_QUERY = 100


@dataclass(frozen=True, kw_only=True)
class PublishedTheme:
    """A version of a theme as the public gets it.

    Args:
        version_id: what an application through this theme pins.
        pins: item code to the standard that the author saw when publishing.
        headline: figures of the composition with most items: ``items``, ``promised_days``, ``organisations`` and ``saved``.
    """

    theme_id: int
    version_id: int
    code: str
    version: int
    content: ThemeContent
    digest: str
    organisation_code: str
    organisation_name: str
    division_code: str
    pins: Mapping[str, int]
    headline: Mapping[str, Any]
    valid_from: date

    @property
    def name(self) -> str:
        return self.content.name


@dataclass(frozen=True, kw_only=True)
class ThemeLine:
    """One line of the public list; ``headline`` as in ``PublishedTheme``."""

    code: str
    version: int
    name: str
    summary: str
    trade: str
    audience: tuple[str, ...]
    organisation: str
    organisation_name: str
    division: str
    headline: Mapping[str, Any]


def published_themes(
    on: date,
    *,
    q: str = "",
    audience: str = "",
    trade: str = "",
    division: str = "",
    page: int = 1,
    size: int = 20,
) -> Page[ThemeLine]:
    """Themes that may be applied for on a day: one statement for the page and one for the count.

    Args:
        q: part of a name or an everyday word.
        audience: ``person``, or ``enterprise`` (or any other kind of entity); "" = all.
        trade: exactly this industry.
        division: code or its beginning.
    """
    rows = _valid(on).filter(theme__state=ThemeState.PUBLISHED)
    for word in q[:LONGEST_QUERY].split():
        rows = rows.filter(theme__words__icontains=word)
    if audience:
        rows = (
            rows.filter(theme__for_person=True)
            if audience == "person"
            else rows.filter(theme__for_entity=True)
        )
    if trade:
        rows = rows.filter(theme__trade=trade)
    if division:
        rows = rows.filter(theme__division__code__startswith=division.rstrip("0") or division)
    offset, limit, number = window(page, size)
    ordered = rows.order_by("theme__trade", "theme__name", "theme__code")
    return Page(
        count=rows.count(),
        results=[_line(row) for row in ordered[offset : offset + limit]],
        number=number,
        size=limit,
    )


def trades(on: date) -> list[tuple[str, int]]:
    """Industries that have themes, each with how many."""
    rows = _valid(on).filter(theme__state=ThemeState.PUBLISHED).exclude(theme__trade="")
    counted = rows.order_by("theme__trade").values_list("theme__trade").annotate(n=Count("pk"))
    return [(trade, n) for trade, n in counted]


def theme_with_code(code: str, on: date, version: int | None = None) -> PublishedTheme:
    """The version of a theme that a newcomer on this day applies under, or an older one by number.

    Raises:
        NotFound: unknown theme or version.
        NotPossible: suspended or not published; the sentence says what to do instead.
    """
    if "\x00" in code or len(code) > 64:
        raise _unknown(code)
    if version is not None:
        found = _with_owners().filter(theme__code=code, version=version, state__in=IN_FORCE).first()
        if found is None:
            raise NotFound(f"这件事没有已发布的第{version}版。", code="version_unknown")
        return value_of(found)
    found = _valid(on).filter(theme__code=code).first()
    if found is not None and found.theme.state == ThemeState.PUBLISHED:
        return value_of(found)
    raise _why_not(code)


def version_pinned(version_id: int) -> PublishedTheme:
    """The version that an application pins, whatever became of the theme since.

    Raises:
        NotFound: no published version has this number.
    """
    found = _with_owners().filter(pk=version_id, state__in=IN_FORCE).first()
    if found is None:
        raise NotFound("没有找到这一版一件事。")
    return value_of(found)


def value_of(row: ThemeVersion) -> PublishedTheme:
    if row.valid_from is None:
        raise NotFound("这一版一件事还没有发布。")
    return PublishedTheme(
        theme_id=row.theme_id,
        version_id=row.pk,
        code=row.theme.code,
        version=row.version,
        content=row.parsed,
        digest=row.digest,
        organisation_code=row.theme.organisation.code,
        organisation_name=row.theme.organisation.name,
        division_code=row.theme.division.code,
        pins=row.pins,
        headline=row.headline,
        valid_from=row.valid_from,
    )


def _with_owners() -> QuerySet[ThemeVersion]:
    return ThemeVersion.objects.select_related("theme", "theme__organisation", "theme__division")


def _valid(on: date) -> QuerySet[ThemeVersion]:
    """Versions in force on a day."""
    running = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    return _with_owners().filter(running, state__in=IN_FORCE, valid_from__lte=on)


def _line(row: ThemeVersion) -> ThemeLine:
    return ThemeLine(
        code=row.theme.code,
        version=row.version,
        name=row.theme.name,
        summary=str(row.content.get("summary", "")),
        trade=row.theme.trade,
        audience=tuple(row.content.get("audience", ())),
        organisation=row.theme.organisation.code,
        organisation_name=row.theme.organisation.name,
        division=row.theme.division.code,
        headline=row.headline,
    )


def _unknown(code: str) -> NotFound:
    shown = code.replace("\x00", "")[:64]
    return NotFound(f"没有代码为“{shown}”的一件事，请核对代码，或者按名称搜索。", code="theme_unknown")


def _why_not(code: str) -> NotFound | NotPossible:
    theme = Theme.objects.select_related("organisation").filter(code=code).first()
    if theme is None:
        return _unknown(code)
    if theme.state == ThemeState.SUSPENDED:
        reason = f"，原因：{theme.suspended_reason}" if theme.suspended_reason else ""
        return NotPossible(
            f"“{theme.name}”已暂停按一件事办理{reason}。其中各事项仍可以分别申请，疑问请咨询{theme.organisation.name}。",
            code="theme_suspended",
            clause=theme.suspended_clause,
            would_pass="分别申请其中的事项，或者等待恢复。",
        )
    return NotPossible(
        f"“{theme.name}”还没有发布，暂时不能申请，请咨询{theme.organisation.name}。",
        code="theme_unpublished",
    )

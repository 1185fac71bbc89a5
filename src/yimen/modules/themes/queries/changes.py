"""What new versions of items did to a theme since its author published it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yimen.modules.items import api as items
from yimen.modules.items.api import Change, PublishedStandard, compare
from yimen.modules.themes.content import ThemeContent
from yimen.modules.themes.models import Theme, ThemeVersion
from yimen.modules.themes.queries.checking import open_members
from yimen.modules.themes.queries.published import IN_FORCE
from yimen.modules.themes.states import VersionState


@dataclass(frozen=True, kw_only=True)
class ItemChange:
    """One item that is no longer as the author saw it.

    Args:
        before: the version that the theme was published with; None for an item that was not open then.
        after: the version in force; None when it may no longer be applied for, ``why`` says why.
        changes: part by part.
    """

    item: str
    name: str
    before: PublishedStandard | None
    after: PublishedStandard | None
    changes: tuple[Change, ...] = ()
    why: str = ""


def changes_since(content: ThemeContent, pins: Mapping[str, int], on: date) -> tuple[ItemChange, ...]:
    """The items of a theme that changed since its pins were taken, in its order; empty when all is as it was."""
    found, lacking = open_members(content, on)
    rows: list[ItemChange] = []
    seen: set[str] = set()
    for standard in found.values():
        seen.add(standard.code)
        pin = pins.get(standard.code)
        if pin == standard.standard_id:
            continue
        before = items.pinned(pin) if pin is not None else None
        rows.append(
            ItemChange(
                item=standard.code,
                name=standard.content.name,
                before=before,
                after=standard,
                changes=tuple(compare(before.content, standard.content)) if before else (),
            )
        )
    return (*rows, *_gone(pins, seen, lacking))


def _gone(pins: Mapping[str, int], seen: set[str], lacking: Mapping[str, str]) -> Iterable[ItemChange]:
    for code, pin in pins.items():
        if code in seen:
            continue
        before = items.pinned(pin)
        why = lacking.get(code) or lacking.get(before.slug) or "这个事项已经不能申请。"
        yield ItemChange(item=code, name=before.content.name, before=before, after=None, why=why)


def themes_touched_by(item_codes: Sequence[str]) -> list[Theme]:
    """Themes whose version in force holds one of these items: for telling their authors."""
    wanted = set(item_codes)
    rows = ThemeVersion.objects.filter(state=VersionState.PUBLISHED).select_related(
        "theme", "theme__organisation"
    )
    return [row.theme for row in rows.only("pins", "theme") if wanted & row.pins.keys()]


def changed_themes(on: date, theme_ids: Sequence[int]) -> set[int]:
    """Of these themes, those with an item that changed since publication: two statements however many there are."""
    rows = ThemeVersion.objects.filter(theme_id__in=theme_ids, state__in=IN_FORCE, valid_to__isnull=True)
    pins = {row.theme_id: row.pins for row in rows.only("theme_id", "pins")}
    codes = {code for pinned in pins.values() for code in pinned}
    current = dict(
        items.Item.objects.filter(code__in=codes, state="active").values_list("code", "current_id")
    )
    return {
        theme_id
        for theme_id, pinned in pins.items()
        if any(current.get(code) != standard_id for code, standard_id in pinned.items())
    }

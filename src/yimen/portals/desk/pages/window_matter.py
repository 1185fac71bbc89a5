"""What the window shows of the matter: what is found while typing, and how several items go together."""

from typing import Any

from django.utils.translation import gettext as _

from yimen.modules.items import api as items
from yimen.modules.themes import api as themes
from yimen.portals.desk.window import matter
from yimen.portals.desk.window.clarify import clear_thing, clear_words
from yimen.portals.desk.window.sitting import Sitting

FOUND = 8


def found_items(sitting: Sitting, q: str) -> list[items.ItemLine]:
    """Items that the typed words mean, without those chosen."""
    if not q.strip():
        return []
    chosen = {s.code for s in sitting.standards}
    page = items.search(q, division=_division(sitting), size=FOUND + len(chosen), on=sitting.on)
    return [line for line in page.results if line.code not in chosen][:FOUND]


def found_things(sitting: Sitting, q: str) -> list[themes.ThemeLine]:
    """Themes that the typed words mean, without the one chosen."""
    chosen = matter.theme_code(sitting.values)
    return matter.found_themes(q, sitting.on, division=_division(sitting), chosen=chosen)


def _division(sitting: Sitting) -> str:
    return sitting.centre.division.code if sitting.centre else ""


def say_context(sitting: Sitting) -> dict[str, Any]:
    """What the clerk says: of the one thing first, then of each item."""
    together = clear_thing(sitting.undertaking) if sitting.undertaking else None
    return {"clear_thing": together, "clear": [clear_words(s) for s in sitting.standards]}


def thing_context(sitting: Sitting, *, with_things: bool) -> dict[str, Any]:
    """How several items go together; empty for a single one.

    Args:
        with_things: also what is to be handed in and what is spared; read where the materials are not shown anyway.
    """
    found = sitting.undertaking
    if found is None or (found.theme is None and found.compiled is None):
        return {}
    composed, compiled = found.composed, found.compiled
    undecided = frozenset(composed.undecided) if composed else frozenset[str]()
    things = sitting.things if with_things else []
    typed = sitting.values.get("answers") or {}
    deciding = [
        {"question": q, "error_name": f"a-{q.code}", "typed": q.answer or str(typed.get(q.code) or "")}
        for q in found.questions
        if q.deciding
    ]
    return {
        "thing": {
            "theme": found.theme,
            "problem": found.problem,
            "changed": sitting.theme_changed,
            "questions": deciding,
            "open": sum(q.deciding and not q.answer for q in found.questions),
            "number": len(found.standards),
            "picture": themes.picture(compiled, undecided) if compiled else None,
            "left_out": composed.left_out if composed else (),
            "needed": [thing for thing in things if not thing.spared],
            "spared": [thing for thing in things if thing.spared],
        }
    }


def handover_context(sitting: Sitting) -> dict[str, Any]:
    """Whether the results of several items are handed over one by one or all at once."""
    if len(sitting.standards) < 2:
        return {}
    usual = "yes" if sitting.theme and sitting.theme.content.handover == "together" else "no"
    return {
        "handovers": [("no", _("办好一件给一件")), ("yes", _("全部办好后一起给"))],
        "together": sitting.values.get("together") or usual,
    }

"""What the person at the window wants done: one thing as its answers compose it, or items picked one by one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yimen.foundation.orgs import api as orgs
from yimen.kernel.errors import Invalid, Refusal
from yimen.modules.items import api as items
from yimen.modules.themes import api as themes

MOST_THEMES = 3
LOOKED_AT = 30


def undertaking_of(
    values: Mapping[str, Any], on: date, *, entity: bool
) -> tuple[themes.Undertaking | None, dict[str, str]]:
    """What is to be applied for under everything typed so far.

    Args:
        values: of the sitting; a theme stands before items, which stay kept beneath it.
        on: the day, in China.
        entity: an entity applies, not a person.

    Returns:
        The undertaking, ``None`` when nothing is chosen or nothing of it may be applied for any more; and code to sentence of
        what may not.
    """
    typed = {**(values.get("form") or {}), **(values.get("answers") or {})}
    code = theme_code(values)
    if code:
        try:
            return _composed(code, typed, on, entity=entity), {}
        except Refusal as refusal:
            return None, {code: refusal.message}
    found, gone = _open([str(row[0]) for row in values.get("items") or ()], on)
    if not found:
        return None, gone
    return themes.undertake_standards(found, typed, on), gone


def _composed(code: str, typed: dict[str, Any], on: date, *, entity: bool) -> themes.Undertaking:
    """The theme under the answers to what is asked; an answer whose question fell away rests and decides nothing."""
    facts = themes.Known(values={"today": on, "applicant_kind": "entity" if entity else "person"})
    while True:
        found = themes.undertake_theme(code, typed, on, facts)
        own = {q.code for q in found.theme.content.questions} if found.theme and not found.problem else set()
        resting = {one for one in own - {q.code for q in found.questions} if typed.get(one)}
        if not resting:
            return found
        typed = {key: value for key, value in typed.items() if key not in resting}


def theme_code(values: Mapping[str, Any]) -> str:
    """The theme chosen, "" = items one by one."""
    held = values.get("theme")
    return str(held[0]) if isinstance(held, list) and held else ""


def theme_version(values: Mapping[str, Any]) -> int | None:
    """The version of the theme that the clerk has read."""
    held = values.get("theme")
    return int(held[1]) if isinstance(held, list) and len(held) > 1 else None


def _open(codes: list[str], on: date) -> tuple[tuple[items.PublishedStandard, ...], dict[str, str]]:
    """The standards in force of the chosen items, and what is gone with the reason."""
    gone: dict[str, str] = {}
    if not codes:
        return (), gone
    try:
        found = items.open_items(codes, on)
    except Refusal as refusal:
        gone = {code: said for code, said in refusal.fields.items() if code in codes}
        left = [code for code in codes if code not in gone]
        found = items.open_items(left, on) if left else {}
    return tuple({s.code: s for s in found.values()}.values()), gone


def found_themes(q: str, on: date, *, division: str, chosen: str) -> list[themes.ThemeLine]:
    """Themes that the typed words mean, of this place or one above it, without the one chosen.

    Args:
        division: of the centre; "" = everywhere.
    """
    if not q.strip():
        return []
    lines = themes.published_themes(on, q=q.replace("\x00", ""), size=LOOKED_AT).results
    near = [one for one in lines if not division or orgs.within(division, one.division)]
    return [one for one in near if one.code != chosen][:MOST_THEMES]


def check_answered(found: themes.Undertaking | None) -> None:
    """Whatever decides which items join has its answer.

    Raises:
        Invalid: with a sentence beside each open question, or why the answers lead nowhere.
    """
    if found is None or found.theme is None:
        return
    wrong = {f"a-{q.code}": f"请选择：{q.question}" for q in found.questions if q.deciding and not q.answer}
    if found.problem:
        raise Invalid(found.problem, fields={"theme": found.problem})
    if wrong:
        raise Invalid("请先回答这几个问题，才能确定要办哪些事项。", fields=wrong)

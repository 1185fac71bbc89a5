"""The one set of materials of a composed theme as pages ask for it."""

from collections.abc import Mapping
from typing import Any

from yimen.modules.cases import api as cases
from yimen.modules.themes.compiling.references import by_hand
from yimen.modules.themes.queries.composing import Composed


def things_of(composed: Composed, values: Mapping[str, Any]) -> list[cases.AskedThing]:
    """What these answers ask for, each paper once, what results of other items meet marked as spared.

    Args:
        values: answers and form as far as they fit, with the facts of ``cases.facts``; the theme's answers are added.
    """
    content = composed.theme.content
    said = by_hand(composed.standards, content.same, content.different, content.edges)
    return cases.asked_things(
        composed.standards,
        {**values, **composed.answers},
        same=said.same,
        different=said.different,
        met=composed.compiled.met,
    )

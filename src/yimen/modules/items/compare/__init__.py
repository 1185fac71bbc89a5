"""What changed between two versions, or between two sets of standards, and what it means for people (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yimen.modules.items.compare.changes import Change, Effect, apply, compare
from yimen.modules.items.content import StandardContent

__all__ = ["Change", "Effect", "Pair", "apply", "compare", "compare_sets", "grouped", "verdict"]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One item in two sets.

    Args:
        key: what joined them (base code, or name).
        kind: ``only_left``, ``only_right``, ``same`` or ``different``.
    """

    key: str
    name: str
    kind: str
    changes: tuple[Change, ...] = ()


def compare_sets(left: Mapping[str, StandardContent], right: Mapping[str, StandardContent]) -> list[Pair]:
    """Two sets of standards by key, such as a province's and a city's by base code."""
    found = []
    for key in dict.fromkeys([*left, *right]):
        if key not in right:
            found.append(Pair(key=key, name=left[key].name, kind="only_left"))
        elif key not in left:
            found.append(Pair(key=key, name=right[key].name, kind="only_right"))
        else:
            changes = tuple(compare(left[key], right[key]))
            found.append(
                Pair(key=key, name=right[key].name, kind="different" if changes else "same", changes=changes)
            )
    return found


def verdict(changes: Iterable[Change]) -> str:
    """One sentence for the reader about a whole change."""
    rows = list(changes)
    easier = sum(change.effect is Effect.EASIER for change in rows)
    harder = sum(change.effect is Effect.HARDER for change in rows)
    if not rows:
        return "两个版本的内容没有不同。"
    if easier and harder:
        return f"这次改了{len(rows)}处，其中{easier}处让您更省事，{harder}处要求更多，请留意。"
    if harder:
        return f"这次改了{len(rows)}处，其中{harder}处要求更多，请留意。"
    if easier:
        return f"这次改了{len(rows)}处，其中{easier}处让您更省事。"
    return f"这次改了{len(rows)}处，对您办事没有影响。"


def grouped(changes: Iterable[Change]) -> list[tuple[str, str, list[Change]]]:
    """Changes by what they mean, what asks more of people first: (effect, words, changes)."""
    rows = list(changes)
    words = ((Effect.HARDER, "要求更多"), (Effect.EASIER, "更省事"), (Effect.NEUTRAL, "其他修改"))
    groups = [(effect.value, title, [c for c in rows if c.effect is effect]) for effect, title in words]
    return [group for group in groups if group[2]]

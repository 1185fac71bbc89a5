"""Rules joined, judged and compared: the small logic that merging and its proof stand on (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

from yimen.kernel.expressions import parse
from yimen.kernel.expressions.nodes import Between, Constant, In, Literal, Logic, Node, StartsWith, walk

MOST_TRIALS = 20_000
_OTHER = "\x02其他"


def both(one: str, other: str) -> str:
    """A rule that holds when both hold; "" is always."""
    return f"({one}) AND ({other})" if one and other else one or other


def any_of(rules: Iterable[str]) -> str:
    """A rule that holds when one of them holds; "" when one of them is always."""
    different = list(dict.fromkeys(rules))
    if not different or "" in different:
        return ""
    return different[0] if len(different) == 1 else " OR ".join(f"({rule})" for rule in different)


def ruled_out(rule: str, scope: Mapping[str, Any]) -> bool:
    """Is the rule certainly false? What cannot be decided yet is not ruled out."""
    return bool(rule) and parse(rule).evaluate(scope) is False


@lru_cache(maxsize=4096)
def implies(narrow: str, wide: str) -> bool:
    """Does whatever makes the narrow rule hold make the wide one hold as well, unknown values included?

    True at once where the wide one is an OR that names the narrow one; tried out over every constant that the two name
    otherwise. What would take more than ``MOST_TRIALS`` trials counts as not shown.
    """
    if not wide or narrow == wide:
        return True
    one, other = parse(narrow or "TRUE"), parse(wide)
    branches = _branches(other.node)
    if narrow and all(branch in branches for branch in _branches(one.node)):
        return True
    names = sorted(one.names | other.names)
    candidates = _constants(one.node, other.node)
    if prod([len(candidates)] * len(names)) > MOST_TRIALS:
        return False
    return all(
        _not_weaker(one.evaluate(values), other.evaluate(values))
        for combination in product(candidates, repeat=len(names))
        for values in [dict(zip(names, combination, strict=True))]
    )


def _not_weaker(narrow: bool | None, wide: bool | None) -> bool:
    """Three-valued: certain asks for certain, possible for at least possible."""
    return narrow is False or wide is True or (narrow is None and wide is None)


def _branches(node: Node) -> list[Node]:
    if isinstance(node, Logic) and node.operator == "OR":
        return [branch for part in node.parts for branch in _branches(part)]
    return [node]


def _constants(*nodes: Node) -> Sequence[Any]:
    """Every constant that the rules name, its neighbours, something else and nothing."""
    found: list[Constant] = []
    for node in nodes:
        for part in walk(node):
            if isinstance(part, Literal) and part.value is not None:
                found.append(part.value)
            elif isinstance(part, In):
                found += part.options
            elif isinstance(part, StartsWith):
                found.append(part.prefix)
            elif isinstance(part, Between):
                continue
    near: list[Any] = [None, _OTHER, True, False, 0]
    for value in found:
        near.append(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            near += [value - 1, value + 1]
    seen: dict[tuple[type, Any], Any] = {(type(value), value): value for value in near}
    return list(seen.values())

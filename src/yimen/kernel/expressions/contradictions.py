"""Can a rule ever hold? Intervals and lists of constants, name by name, in every branch of its OR."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from yimen.kernel.expressions.kinds import Kind, kind_of
from yimen.kernel.expressions.nodes import (
    Between,
    Compare,
    Constant,
    In,
    IsNull,
    Literal,
    Logic,
    Name,
    Node,
    Not,
    StartsWith,
    negated,
)

MOST_BRANCHES = 128


@dataclass
class _Room:
    """What is left for one name after the clauses of one branch."""

    low: Constant | None = None
    high: Constant | None = None
    low_open: bool = False
    high_open: bool = False
    among: frozenset[Constant] | None = None
    never: frozenset[Constant] = frozenset()
    prefixes: tuple[str, ...] = ()
    null: bool | None = None


def never_true(node: Node, kinds: Mapping[str, Kind]) -> bool:
    """Do the constants of a rule contradict each other in every branch? (No: perhaps; yes: certainly.)"""
    branches = _branches(node)
    return branches is not None and all(_impossible(branch, kinds) for branch in branches)


def _branches(node: Node) -> list[list[Node]] | None:
    """The rule as branches joined by OR of clauses joined by AND; ``None`` when there are too many to try."""
    match node:
        case Not(part=Logic() | Not() | Compare() as part):
            return _branches(negated(part))
        case Between(subject=subject, low=low, high=high):
            return [[Compare(">=", subject, low), Compare("<=", subject, high)]]
        case Logic(operator="OR", parts=alternatives):
            found: list[list[Node]] = []
            for alternative in alternatives:
                below = _branches(alternative)
                if below is None or len(found) + len(below) > MOST_BRANCHES:
                    return None
                found += below
            return found
        case Logic(parts=joined):
            product: list[list[Node]] = [[]]
            for clause in joined:
                below = _branches(clause)
                if below is None or len(product) * len(below) > MOST_BRANCHES:
                    return None
                product = [[*left, *right] for left in product for right in below]
            return product
    return [[node]]


def _impossible(clauses: list[Node], kinds: Mapping[str, Kind]) -> bool:
    rooms: dict[Node, _Room] = {}
    for clause in clauses:
        if clause == Literal(False):
            return True
        found = _narrowing(clause)
        if found is None:
            continue
        subject, narrow = found
        if isinstance(subject, Literal):
            if not _fits(_narrowed(_Room(), narrow), subject.value):
                return True
            continue
        rooms[subject] = _narrowed(rooms.get(subject, _Room()), narrow)
    return any(_empty(room, kind_of(subject, kinds)) for subject, room in rooms.items())


Narrowing = tuple[str, object]


def _narrowing(clause: Node) -> tuple[Node, Narrowing] | None:
    match clause:
        case Compare(operator=operator, left=left, right=Literal(value=value)) if value is not None:
            return left, (operator, value)
        case Compare(operator=operator, left=Literal(value=value), right=right) if value is not None:
            return right, (_TURNED.get(operator, operator), value)
        case In(subject=subject, options=options):
            return subject, ("in", frozenset(options))
        case Not(part=In(subject=subject, options=options)):
            return subject, ("not in", frozenset(options))
        case StartsWith(subject=subject, prefix=prefix):
            return subject, ("prefix", prefix)
        case IsNull(subject=subject):
            return subject, ("null", True)
        case Not(part=IsNull(subject=subject)):
            return subject, ("null", False)
        case Name():
            return clause, ("=", True)
        case Not(part=Name() as name):
            return name, ("=", False)
    return None


_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _narrowed(room: _Room, narrow: Narrowing) -> _Room:
    operator, value = narrow
    if operator == "null":
        agreed = room.null in (None, value)
        return replace(room, null=bool(value), among=room.among if agreed else frozenset())
    if room.null:
        return replace(room, among=frozenset())
    room = replace(room, null=False)
    if isinstance(value, frozenset):
        return _among(room, value) if operator == "in" else replace(room, never=room.never | value)
    return _bounded(room, operator, value) if isinstance(value, str | int | float) else room


def _bounded(room: _Room, operator: str, value: Constant) -> _Room:
    match operator:
        case "=":
            return _among(room, frozenset({value}))
        case "<>":
            return replace(room, never=room.never | {value})
        case "prefix":
            return replace(room, prefixes=(*room.prefixes, str(value)))
        case ">" | ">=" if (
            room.low is None or _after(value, room.low) or (value == room.low and operator == ">")
        ):
            return replace(room, low=value, low_open=operator == ">")
        case "<" | "<=" if (
            room.high is None or _after(room.high, value) or (value == room.high and operator == "<")
        ):
            return replace(room, high=value, high_open=operator == "<")
    return room


def _among(room: _Room, options: frozenset[Constant]) -> _Room:
    return replace(room, among=options if room.among is None else room.among & options)


def _after(left: Constant, right: Constant) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left > right
    if isinstance(left, str) or isinstance(right, str):
        return False
    return left > right


def _empty(room: _Room, kind: Kind) -> bool:
    if room.null:
        return room.among is not None
    possible = room.among
    if possible is None and kind.choices and kind.name == "choice" and room.null is False:
        possible = frozenset(kind.choices)
    if possible is None and kind.name == "boolean" and room.null is False:
        possible = frozenset({True, False})
    if possible is not None:
        return not any(_fits(room, value) for value in possible)
    if room.low is not None and room.high is not None:
        if _after(room.low, room.high) or (room.low == room.high and (room.low_open or room.high_open)):
            return True
        if room.low == room.high and room.low in room.never:
            return True
    return any(not a.startswith(b) and not b.startswith(a) for a in room.prefixes for b in room.prefixes)


def _fits(room: _Room, value: Constant | None) -> bool:
    if room.null or value is None:
        return bool(room.null) and value is None
    if room.among is not None and value not in room.among:
        return False
    if value in room.never or not all(
        isinstance(value, str) and value.startswith(prefix) for prefix in room.prefixes
    ):
        return False
    below = room.low is not None and (_after(room.low, value) or (room.low == value and room.low_open))
    above = room.high is not None and (_after(value, room.high) or (room.high == value and room.high_open))
    return not below and not above and not (isinstance(value, float) and math.isnan(value))

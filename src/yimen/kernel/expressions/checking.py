"""What is wrong with a rule before it is ever run: unknown names, kinds that do not fit, rules that can never hold."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal as OneOf

from yimen.kernel.expressions.errors import ExpressionError
from yimen.kernel.expressions.evaluation import day_of
from yimen.kernel.expressions.expression import parse
from yimen.kernel.expressions.nodes import (
    TODAY,
    Arithmetic,
    Between,
    Call,
    Case,
    Compare,
    Constant,
    In,
    IsNull,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    StartsWith,
    children,
    negated,
    walk,
)

KindName = OneOf["text", "number", "date", "boolean", "choice", "many", "any"]
_WORDS = {
    "text": "文字",
    "number": "数字",
    "date": "日期",
    "boolean": "是或否的判断",
    "choice": "单选",
    "many": "多选",
    "any": "任意",
}
_TEXTS = {"text", "date", "choice"}
MOST_BRANCHES = 128


@dataclass(frozen=True, slots=True)
class Kind:
    """What a name holds.

    Args:
        name: text, number, date, boolean, choice, many (several choices), any.
        choices: the codes of a choice; empty = not checked.
    """

    name: KindName
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong with a rule.

    Args:
        code: syntax, unknown_name, kind, choice or never.
        sentence: what is wrong and what would be right.
        position: offset of the first character concerned, where known.
    """

    code: str
    sentence: str
    position: int | None = None


ANY = Kind("any")


def check(text: str, known: Mapping[str, Kind | KindName]) -> list[Problem]:
    """Everything that is wrong with a rule, judged without values.

    Args:
        text: the rule.
        known: the names it may use and what they hold.
    """
    try:
        node = parse(text).node
    except ExpressionError as error:
        return [Problem(code="syntax", sentence=error.message, position=error.position)]
    kinds = {name: kind if isinstance(kind, Kind) else Kind(kind) for name, kind in known.items()}
    kinds.setdefault(TODAY, Kind("date"))
    problems = _unknown_names(node, kinds)
    for part in walk(node):
        problems += _misfits(part, kinds)
    problems += [
        Problem(code="kind", sentence=_no_condition(part, kinds))
        for part in _conditions(node)
        if _no_condition(part, kinds)
    ]
    if not problems and _never(node, kinds):
        sentence = "这条规则永远不会成立，里面有互相矛盾的条件，请检查数值和 AND、OR。"
        problems.append(Problem(code="never", sentence=sentence))
    return list(dict.fromkeys(problems))


def _unknown_names(node: Node, kinds: Mapping[str, Kind]) -> list[Problem]:
    problems = []
    for part in walk(node):
        if isinstance(part, Name) and part.name not in kinds:
            near = get_close_matches(part.name, kinds, n=1, cutoff=0.6)
            advice = f"是不是“{near[0]}”？" if near else "请从数据元目录或事项的情形中选择。"
            sentence = f"没有名为“{part.name}”的数据项，{advice}"
            problems.append(Problem(code="unknown_name", sentence=sentence, position=part.position))
    return problems


def kind_of(node: Node, kinds: Mapping[str, Kind]) -> Kind:
    """What a node answers."""
    match node:
        case Name(name=name):
            return kinds.get(name, ANY)
        case Literal(value=bool()):
            return Kind("boolean")
        case Literal(value=str()):
            return Kind("text")
        case Literal(value=int() | float()):
            return Kind("number")
        case Arithmetic() | Negative() | Call(function="age_on" | "days_between" | "length" | "abs"):
            return Kind("number")
        case Call(function="coalesce", arguments=(first, *_)):
            return kind_of(first, kinds)
        case Case(branches=((_, answer), *_)):
            return kind_of(answer, kinds)
        case Literal(value=None):
            return ANY
    return Kind("boolean")


def _misfits(node: Node, kinds: Mapping[str, Kind]) -> list[Problem]:
    match node:
        case Compare(left=left, right=right, operator=operator):
            return _pair(left, right, kinds, ordered=operator not in ("=", "<>"))
        case In(subject=subject, options=options):
            found = [
                problem
                for option in options
                for problem in _pair(subject, Literal(option), kinds, ordered=False)
            ]
            return found[:1] if found and found[0].code == "kind" else found
        case Between(subject=subject, low=low, high=high):
            return [*_pair(subject, low, kinds, ordered=True), *_pair(subject, high, kinds, ordered=True)]
        case StartsWith(subject=subject):
            return _wants(subject, _TEXTS, kinds, "LIKE")
        case Arithmetic() | Negative():
            return [problem for part in children(node) for problem in _wants(part, {"number"}, kinds, "计算")]
        case Call(function="age_on" | "days_between" as function, arguments=arguments):
            return [problem for part in arguments for problem in _wants_day(part, kinds, function)]
        case Call(function="length", arguments=(part,)):
            return _wants(part, _TEXTS, kinds, "length")
        case Call(function="abs", arguments=(part,)):
            return _wants(part, {"number"}, kinds, "abs")
        case Call(function="includes", arguments=(part, Literal(value=str() as code))):
            return [*_wants(part, {"many"}, kinds, "includes"), *_unlisted(part, code, kinds)]
    return []


def _pair(left: Node, right: Node, kinds: Mapping[str, Kind], *, ordered: bool) -> list[Problem]:
    one, other = kind_of(left, kinds), kind_of(right, kinds)
    position = _position(left) if _position(left) is not None else _position(right)
    if "any" in (one.name, other.name):
        return []
    if "many" in (one.name, other.name):
        name = _called(left if one.name == "many" else right)
        sentence = f"{name}是多选，不能直接比较，请写 includes({name.strip('“”')}, '选项代码')。"
        return [Problem(code="kind", sentence=sentence, position=position)]
    alike = one.name == other.name or {one.name, other.name} <= _TEXTS
    if not alike or (ordered and one.name == other.name == "boolean"):
        sentence = (
            f"{_called(left)}是{_WORDS[one.name]}，{_called(right)}是{_WORDS[other.name]}，两者不能比较。"
        )
        return [Problem(code="kind", sentence=sentence, position=position)]
    problems: list[Problem] = []
    for name, constant in ((left, right), (right, left)):
        if isinstance(constant, Literal) and isinstance(constant.value, str):
            problems += _unlisted(name, constant.value, kinds)
            if kind_of(name, kinds).name == "date" and (
                day_of(constant.value) is None or len(constant.value) != 10
            ):
                sentence = (
                    f"{_called(name)}是日期，“{constant.value}”不是有效的日期，请写成 '2026-02-25' 的样子。"
                )
                problems.append(Problem(code="kind", sentence=sentence, position=position))
    return problems


def _unlisted(name: Node, code: str, kinds: Mapping[str, Kind]) -> list[Problem]:
    choices = kind_of(name, kinds).choices
    if not choices or code in choices:
        return []
    listed = "、".join(choices[:12])
    sentence = f"{_called(name)}没有“{code}”这个选项，可用的选项代码有：{listed}。"
    return [Problem(code="choice", sentence=sentence, position=_position(name))]


def _wants(node: Node, wanted: set[str], kinds: Mapping[str, Kind], use: str) -> list[Problem]:
    kind = kind_of(node, kinds)
    if kind.name == "any" or kind.name in wanted:
        return []
    words = "或".join(_WORDS[name] for name in sorted(wanted))
    sentence = f"{_called(node)}是{_WORDS[kind.name]}，不能用于{use}，这里要{words}。"
    return [Problem(code="kind", sentence=sentence, position=_position(node))]


def _wants_day(node: Node, kinds: Mapping[str, Kind], use: str) -> list[Problem]:
    if isinstance(node, Literal) and day_of(node.value) is not None:
        return []
    return _wants(node, {"date"}, kinds, use)


def _conditions(node: Node) -> Iterable[Node]:
    """The nodes that stand where true or false is wanted."""
    if not isinstance(node, Logic | Not | Case):
        yield node
    for part in walk(node):
        if isinstance(part, Logic):
            yield from (child for child in part.parts if not isinstance(child, Logic | Not))
        elif isinstance(part, Not):
            yield part.part
        elif isinstance(part, Case):
            yield from (test for test, _ in part.branches)


def _no_condition(node: Node, kinds: Mapping[str, Kind]) -> str:
    kind = kind_of(node, kinds)
    if kind.name in ("boolean", "any"):
        return ""
    return f"{_called(node)}是{_WORDS[kind.name]}，不是判断，请写成比较，例如 = 或 >。"


def _called(node: Node) -> str:
    match node:
        case Name(name=name):
            return f"“{name}”"
        case Literal(value=value):
            return f"“{value}”"
        case Call(function=function):
            return f"{function}(…)"
    return "算式"


def _position(node: Node) -> int | None:
    return next((part.position for part in walk(node) if isinstance(part, Name)), None)


# --- can it ever hold? ------------------------------------------------------------------------------------------------


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


def _never(node: Node, kinds: Mapping[str, Kind]) -> bool:
    branches = _branches(node)
    return branches is not None and all(_impossible(branch, kinds) for branch in branches)


def _branches(node: Node) -> list[list[Node]] | None:
    """The rule as branches joined by OR of clauses joined by AND; ``None`` when there are too many to try."""
    match node:
        case Not(part=Logic() | Not() | Compare() as part):
            return _branches(negated(part))
        case Between(subject=subject, low=low, high=high):
            return [[Compare(">=", subject, low), Compare("<=", subject, high)]]
        case Logic(operator="OR", parts=parts):
            found: list[list[Node]] = []
            for part in parts:
                below = _branches(part)
                if below is None or len(found) + len(below) > MOST_BRANCHES:
                    return None
                found += below
            return found
        case Logic(parts=parts):
            product: list[list[Node]] = [[]]
            for part in parts:
                below = _branches(part)
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
    match operator, value:
        case "=", str() | int() | float():
            return _among(room, frozenset({value}))
        case "in", frozenset():
            return _among(room, value)
        case "<>", str() | int() | float():
            return replace(room, never=room.never | {value})
        case "not in", frozenset():
            return replace(room, never=room.never | value)
        case "prefix", str():
            return replace(room, prefixes=(*room.prefixes, value))
        case ((">" | ">="), str() | int() | float()):
            if room.low is None or _after(value, room.low) or (value == room.low and operator == ">"):
                return replace(room, low=value, low_open=operator == ">")
        case (("<" | "<="), str() | int() | float()):
            if room.high is None or _after(room.high, value) or (value == room.high and operator == "<"):
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

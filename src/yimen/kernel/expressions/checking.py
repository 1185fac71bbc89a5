"""What is wrong with a rule before it is ever run: unknown names, kinds that do not fit, rules that can never hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from yimen.kernel.expressions.contradictions import never_true
from yimen.kernel.expressions.errors import ExpressionError
from yimen.kernel.expressions.evaluation import day_of
from yimen.kernel.expressions.expression import parse
from yimen.kernel.expressions.kinds import Kind, KindName, kind_of
from yimen.kernel.expressions.nodes import (
    TODAY,
    Arithmetic,
    Between,
    Call,
    Case,
    Compare,
    In,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    StartsWith,
    children,
    walk,
)

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
    if not problems and never_true(node, kinds):
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
    for subject, constant in ((left, right), (right, left)):
        if isinstance(constant, Literal) and isinstance(constant.value, str):
            problems += _unlisted(subject, constant.value, kinds)
            if kind_of(subject, kinds).name == "date" and (
                day_of(constant.value) is None or len(constant.value) != 10
            ):
                sentence = f"{_called(subject)}是日期，“{constant.value}”不是有效的日期，请写成 '2026-02-25' 的样子。"
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

"""Which clause failed, in words a neighbour would use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yimen.kernel.expressions.evaluation import compiled, condition, load
from yimen.kernel.expressions.nodes import (
    TODAY,
    Arithmetic,
    Between,
    Call,
    Case,
    Compare,
    In,
    IsNull,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    StartsWith,
    negated,
    walk,
)
from yimen.kernel.expressions.printing import printed

WORDS = {
    "=": "应当是",
    "<>": "不应当是",
    "<": "应当小于",
    "<=": "应当不超过",
    ">": "应当大于",
    ">=": "应当不小于",
}
_SIGNS = {"+": "加", "-": "减", "*": "乘以", "/": "除以"}


@dataclass(frozen=True, kw_only=True)
class FailedClause:
    """One clause that does not hold.

    Args:
        clause: the clause as SQL.
        sentence: the clause and the present values in words.
        values: the values it read, by name.
        unknown: true when it could not be judged, because something is not filled in.
    """

    clause: str
    sentence: str
    values: Mapping[str, Any]
    unknown: bool


def failed_clauses(node: Node, values: Mapping[str, Any], labels: Mapping[str, str]) -> list[FailedClause]:
    """The clauses joined by AND that are not true."""
    if condition(node)(values) is True:
        return []
    match node:
        case Logic(operator="AND", parts=parts):
            return [clause for part in parts for clause in failed_clauses(part, values, labels)]
        case Not(part=Logic() | Not() | Compare() as part):
            return failed_clauses(negated(part), values, labels)
    words = _Words(labels)
    names = {part.name for part in walk(node) if isinstance(part, Name)}
    present = {name: load(values.get(name)) for name in sorted(names)}
    sentence = words.clause(node) + "；" + words.present(node, values, present) + "。"
    unknown = condition(node)(values) is None
    return [FailedClause(clause=printed(node, "sqlite"), sentence=sentence, values=present, unknown=unknown)]


class _Words:
    def __init__(self, labels: Mapping[str, str]) -> None:
        self.labels = labels

    def clause(self, node: Node) -> str:
        match node:
            case Logic(operator=operator, parts=parts):
                joint = "，并且" if operator == "AND" else "，或者"
                return joint.join(self.clause(part) for part in parts)
            case Compare(operator=operator, left=left, right=right):
                return f"{self.value(left)}{WORDS[operator]}{self.value(right)}"
            case Not(part=part):
                return self.opposite(part)
            case In(subject=subject, options=options):
                return f"{self.value(subject)}应当是{'、'.join(map(self.constant, options))}之一"
            case Between(subject=subject, low=low, high=high):
                return f"{self.value(subject)}应当在{self.value(low)}到{self.value(high)}之间"
            case IsNull(subject=subject):
                return f"{self.value(subject)}应当没有填写"
            case StartsWith(subject=subject, prefix=prefix):
                return f"{self.value(subject)}应当以“{prefix}”开头"
            case Call(function="includes", arguments=(many, code)):
                return f"{self.value(many)}应当包含{self.value(code)}"
        return f"{self.value(node)}应当为是"

    def opposite(self, node: Node) -> str:
        match node:
            case IsNull(subject=subject):
                return f"{self.value(subject)}应当填写"
            case In(subject=subject, options=options):
                return f"{self.value(subject)}不应当是{'、'.join(map(self.constant, options))}"
            case Between(subject=subject, low=low, high=high):
                return f"{self.value(subject)}不应当在{self.value(low)}到{self.value(high)}之间"
            case StartsWith(subject=subject, prefix=prefix):
                return f"{self.value(subject)}不应当以“{prefix}”开头"
            case Call(function="includes", arguments=(many, code)):
                return f"{self.value(many)}不应当包含{self.value(code)}"
            case Compare() | Logic() | Not():
                return self.clause(negated(node))
        return f"{self.value(node)}应当为否"

    def value(self, node: Node) -> str:
        match node:
            case Name(name=name):
                return self.label(name)
            case Literal(value=value):
                return self.constant(value)
            case Arithmetic(operator=operator, left=left, right=right):
                return f"{self.value(left)}{_SIGNS[operator]}{self.value(right)}"
            case Negative(part=part):
                return f"负的{self.value(part)}"
            case Call():
                return self.call(node)
            case Case(branches=branches):
                return "（按" + "、".join(self.clause(test) for test, _ in branches) + "分别取值）"
        return self.clause(node)

    def call(self, node: Call) -> str:
        first, *rest = [self.value(argument) for argument in node.arguments]
        match node.function:
            case "age_on":
                return f"按{first}计算的周岁年龄"
            case "days_between":
                return f"{first}到{rest[0]}的天数"
            case "length":
                return f"{first}的字数"
            case "abs":
                return f"{first}的绝对值"
        return first

    def present(self, node: Node, values: Mapping[str, Any], present: Mapping[str, Any]) -> str:
        missing = [self.label(name) for name, value in present.items() if value is None]
        told = [
            f"{self.label(name)}现在是{self.constant(value)}"
            for name, value in present.items()
            if value is not None
        ]
        for part in walk(node):
            if isinstance(part, Call) and part.function in ("age_on", "days_between", "length"):
                if (answer := compiled(part)(values)) is not None:
                    told.append(f"{self.value(part)}是{answer}")
                elif part.function == "age_on" and len(part.arguments) == 1 and values.get(TODAY) is None:
                    missing.append("当天日期")
        return "，".join([*told, *(f"{name}没有填写" for name in missing)]) or "条件不成立"

    def label(self, name: str) -> str:
        return f"“{self.labels.get(name, name)}”"

    def constant(self, value: object) -> str:
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, list):
            return "、".join(f"“{part}”" for part in value) or "空"
        return (
            f"“{value}”" if isinstance(value, str) else f"{value:,}" if isinstance(value, int) else str(value)
        )

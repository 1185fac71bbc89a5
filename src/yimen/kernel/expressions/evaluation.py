"""A rule compiled to closures: three-valued, exactly as SQL answers (NULL and what cannot be compared are unknown)."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from yimen.kernel.clock import CHINA
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
)

Values = Mapping[str, Any]
Run = Callable[[Values], Any]


def load(value: object) -> Any:
    """A Python value as rules know it: text, number, true/false, list of codes, or ``None`` (unknown).

    Days become ``YYYY-MM-DD``, moments the day in China; decimals become numbers.
    """
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, Enum):
        return load(value.value)
    if isinstance(value, Decimal):
        return _plain(value)
    if isinstance(value, datetime):
        return (value.astimezone(CHINA) if value.tzinfo else value).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [str(part) for part in value]
    return None


def _plain(value: Decimal) -> int | float | None:
    if not value.is_finite():
        return None
    return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else float(value)


def day_of(value: object) -> date | None:
    """The day that an ISO text names; ``None`` for anything else."""
    if not isinstance(value, str) or len(value) < 10 or value[4] != "-":
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def years_between(born: object, on: object) -> int | None:
    """Full years from one day to another (周岁); the birthday itself counts (民法典第二百零二条 for 29 February)."""
    first, last = day_of(born), day_of(on)
    if first is None or last is None:
        return None
    span = (
        last.year * 10000 + last.month * 100 + last.day - first.year * 10000 - first.month * 100 - first.day
    )
    return span // 10000 if span >= 0 else -(-span // 10000)


def compiled(node: Node) -> Run:
    """The function that answers a node for given values."""
    match node:
        case Literal(value=value):
            return lambda values: value
        case Name(name=name):
            return _name(name)
        case Compare():
            return _compare(node)
        case Logic(operator=operator, parts=parts):
            return _and(parts) if operator == "AND" else _or(parts)
        case Not(part=part):
            return _not(part)
        case In() | Between() | IsNull() | StartsWith():
            return _test(node)
        case Arithmetic() | Negative():
            return _arithmetic(node)
        case Call(function=function, arguments=arguments):
            return _FUNCTIONS[function]([compiled(argument) for argument in arguments])
        case Case():
            return _case(node)


def condition(node: Node) -> Callable[[Values], bool | None]:
    """The function that answers true, false or unknown."""
    run = compiled(node)

    def answer(values: Values) -> bool | None:
        return truth(run(values))

    return answer


def truth(value: Any) -> bool | None:
    """As SQL reads a value where a condition is wanted; a text or a list is no condition and stays unknown."""
    if value is None or value is True or value is False:
        return value
    return value != 0 if isinstance(value, int | float) else None


def _name(name: str) -> Run:
    def run(values: Values) -> Any:
        return load(values.get(name))

    return run


def comparable(left: Any, right: Any) -> bool:
    """Two texts or two numbers; anything else has no order and no equality that all engines agree on."""
    if isinstance(left, str):
        return isinstance(right, str)
    return isinstance(left, int | float) and isinstance(right, int | float)


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def compare(operator: str, left: Any, right: Any) -> bool | None:
    """One comparison of loaded values."""
    return bool(_TESTS[operator](left, right)) if comparable(left, right) else None


def _compare(node: Compare) -> Run:
    left, right, test = compiled(node.left), compiled(node.right), _TESTS[node.operator]

    def run(values: Values) -> bool | None:
        one, other = left(values), right(values)
        return test(one, other) if comparable(one, other) else None

    return run


def _and(parts: tuple[Node, ...]) -> Run:
    runs = [condition(part) for part in parts]

    def run(values: Values) -> bool | None:
        unknown = False
        for part in runs:
            answer = part(values)
            if answer is False:
                return False
            unknown = unknown or answer is None
        return None if unknown else True

    return run


def _or(parts: tuple[Node, ...]) -> Run:
    runs = [condition(part) for part in parts]

    def run(values: Values) -> bool | None:
        unknown = False
        for part in runs:
            answer = part(values)
            if answer is True:
                return True
            unknown = unknown or answer is None
        return None if unknown else False

    return run


def _not(part: Node) -> Run:
    inner = condition(part)

    def run(values: Values) -> bool | None:
        answer = inner(values)
        return None if answer is None else not answer

    return run


def _test(node: In | Between | IsNull | StartsWith) -> Run:
    subject = compiled(node.subject)
    match node:
        case In(options=options):
            texts = frozenset(option for option in options if isinstance(option, str))
            numbers = frozenset(option for option in options if not isinstance(option, str))
            return lambda values: _member(subject(values), texts, numbers)
        case Between(low=low, high=high):
            return _and((Compare(">=", node.subject, low), Compare("<=", node.subject, high)))
        case IsNull():
            return lambda values: subject(values) is None
        case StartsWith(prefix=prefix):
            return lambda values: _begins(subject(values), prefix)


def _member(value: Any, texts: frozenset[str], numbers: frozenset[int | float]) -> bool | None:
    if isinstance(value, str):
        return value in texts if texts else None
    if isinstance(value, int | float):
        return value in numbers if numbers else None
    return None


def _begins(value: Any, prefix: str) -> bool | None:
    return value.startswith(prefix) if isinstance(value, str) else None


def _number(value: Any) -> bool:
    return isinstance(value, int | float)


def _arithmetic(node: Arithmetic | Negative) -> Run:
    if isinstance(node, Negative):
        part = compiled(node.part)
        return lambda values: -value if _number(value := part(values)) else None
    left, right, count = compiled(node.left), compiled(node.right), _OPERATIONS[node.operator]

    def run(values: Values) -> int | float | None:
        one, other = left(values), right(values)
        if not _number(one) or not _number(other):
            return None
        try:
            answer = count(one, other)
        except (ZeroDivisionError, OverflowError):
            return None
        return None if isinstance(answer, float) and math.isnan(answer) else answer

    return run


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}


def _case(node: Case) -> Run:
    branches = [(condition(test), compiled(answer)) for test, answer in node.branches]
    otherwise = compiled(node.otherwise)

    def run(values: Values) -> Any:
        for test, answer in branches:
            if test(values) is True:
                return answer(values)
        return otherwise(values)

    return run


def _age_on(arguments: list[Run]) -> Run:
    born = arguments[0]
    on = arguments[1] if len(arguments) > 1 else _name(TODAY)
    return lambda values: years_between(born(values), on(values))


def _days_between(arguments: list[Run]) -> Run:
    first, last = arguments

    def run(values: Values) -> int | None:
        start, end = day_of(first(values)), day_of(last(values))
        return None if start is None or end is None else (end - start).days

    return run


def _length(arguments: list[Run]) -> Run:
    return lambda values: len(value) if isinstance(value := arguments[0](values), str) else None


def _coalesce(arguments: list[Run]) -> Run:
    def run(values: Values) -> Any:
        for argument in arguments:
            if (value := argument(values)) is not None:
                return value
        return None

    return run


def _includes(arguments: list[Run]) -> Run:
    many, wanted = arguments

    def run(values: Values) -> bool | None:
        value, code = many(values), wanted(values)
        if isinstance(value, list):
            return code in value
        return f'"{code}"' in value if isinstance(value, str) else None

    return run


def _abs(arguments: list[Run]) -> Run:
    return lambda values: abs(value) if _number(value := arguments[0](values)) else None


_FUNCTIONS: dict[str, Callable[[list[Run]], Run]] = {
    "age_on": _age_on,
    "days_between": _days_between,
    "length": _length,
    "coalesce": _coalesce,
    "includes": _includes,
    "abs": _abs,
}

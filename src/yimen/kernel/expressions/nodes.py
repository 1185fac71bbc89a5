"""The tree of a rule after reading: a dozen kinds of node, nothing else can be in a rule."""

from collections.abc import Iterator
from dataclasses import dataclass, field

Constant = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, TRUE, FALSE or (only as an answer of CASE and in COALESCE) NULL."""

    value: Constant | None


@dataclass(frozen=True, slots=True)
class Name:
    """A named data element."""

    name: str
    position: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """``=``, ``<>``, ``<``, ``<=``, ``>``, ``>=``."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Logic:
    """``AND`` or ``OR`` of two or more parts."""

    operator: str
    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


@dataclass(frozen=True, slots=True)
class In:
    """``x IN (constants)``."""

    subject: "Node"
    options: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Between:
    subject: "Node"
    low: "Node"
    high: "Node"


@dataclass(frozen=True, slots=True)
class IsNull:
    """Not filled in."""

    subject: "Node"


@dataclass(frozen=True, slots=True)
class StartsWith:
    """``x LIKE 'prefix%'``, letter case kept apart."""

    subject: "Node"
    prefix: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``+``, ``-``, ``*``, ``/``; division is real division, by zero unknown."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Negative:
    part: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """One of ``FUNCTIONS``."""

    function: str
    arguments: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Case:
    """``CASE WHEN condition THEN answer … ELSE answer END``."""

    branches: "tuple[tuple[Node, Node], ...]"
    otherwise: "Node"


Node = (
    Literal
    | Name
    | Compare
    | Logic
    | Not
    | In
    | Between
    | IsNull
    | StartsWith
    | Arithmetic
    | Negative
    | Call
    | Case
)

FUNCTIONS: dict[str, tuple[int, int]] = {
    "age_on": (1, 2),
    "days_between": (2, 2),
    "length": (1, 1),
    "coalesce": (2, 8),
    "includes": (2, 2),
    "abs": (1, 1),
}
"""Function name to least and most arguments. ``age_on(birth_date[, day])`` full years, ``day`` being the value named
``today`` when left out; ``days_between(from, to)``; ``length(text)`` characters; ``includes(many, 'code')`` for elements
of several choices."""

TODAY = "today"
"""The name that ``age_on`` with one argument reads the day from."""


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node, in reading order."""
    match node:
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Logic(parts=parts):
            return parts
        case Not(part=part) | Negative(part=part):
            return (part,)
        case In(subject=subject) | IsNull(subject=subject) | StartsWith(subject=subject):
            return (subject,)
        case Between(subject=subject, low=low, high=high):
            return (subject, low, high)
        case Call(arguments=arguments):
            return arguments
        case Case(branches=branches, otherwise=otherwise):
            return (*(node for branch in branches for node in branch), otherwise)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """A node and everything below it, in reading order."""
    yield node
    for child in children(node):
        yield from walk(child)


def is_condition(node: Node) -> bool:
    """Can the node stand where true or false is wanted?"""
    match node:
        case Literal(value=value):
            return isinstance(value, bool)
        case Arithmetic() | Negative():
            return False
        case Call(function=function):
            return function in ("includes", "coalesce")
        case Case(branches=branches, otherwise=otherwise):
            answers = (*(answer for _, answer in branches), otherwise)
            return all(is_condition(answer) or answer == Literal(None) for answer in answers)
    return True


def negated(node: Node) -> Node:
    """The opposite of a condition, pushed inward so that single clauses can be named (De Morgan)."""
    match node:
        case Not(part=part):
            return part
        case Compare(operator=operator, left=left, right=right):
            return Compare(OPPOSITE[operator], left, right)
        case Logic(operator=operator, parts=parts):
            return Logic("OR" if operator == "AND" else "AND", tuple(negated(part) for part in parts))
        case Literal(value=bool(value)):
            return Literal(not value)
    return Not(node)


OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}

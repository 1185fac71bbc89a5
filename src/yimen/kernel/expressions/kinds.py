"""What the names of a rule hold, as far as its check needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal as OneOf

from yimen.kernel.expressions.nodes import Arithmetic, Call, Case, Literal, Name, Negative, Node

KindName = OneOf["text", "number", "date", "boolean", "choice", "many", "any"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a name holds.

    Args:
        name: text, number, date, boolean, choice, many (several choices), any.
        choices: the codes of a choice; empty = not checked.
    """

    name: KindName
    choices: tuple[str, ...] = ()


ANY = Kind("any")


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

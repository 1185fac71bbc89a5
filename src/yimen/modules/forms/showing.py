"""Conditions that the browser can judge by itself, in the shape of the page's ``data-when`` rules.

Only answers of choices are compared there; everything else is judged by the server, which redraws the form. Facts
beside the form (``known``) do not change while a person types, so they are judged here and now.
"""

from collections.abc import Mapping
from typing import Any

from yimen.kernel.expressions import parse
from yimen.kernel.expressions.evaluation import condition
from yimen.kernel.expressions.nodes import (
    Call,
    Compare,
    In,
    IsNull,
    Literal,
    Logic,
    Name,
    Node,
    Not,
    negated,
    walk,
)
from yimen.modules.forms.definition import FormDefinition

ALWAYS: dict[str, Any] = {"all": []}
NEVER: dict[str, Any] = {"any": []}
_CHOSEN = ("choice", "multi_choice", "boolean")


def browser_rule(
    definition: FormDefinition, conditions: list[str], known: Mapping[str, Any], prefix: str = ""
) -> dict[str, Any] | None:
    """The rule under which a part shows, or ``None`` when only the server can tell.

    Args:
        definition: the form.
        conditions: expressions that must all hold; empty ones are skipped.
        known: facts beside the form.
        prefix: prefix of the control names.
    """
    rules = []
    for text in conditions:
        if not text:
            continue
        rule = _Translator(definition, known, prefix).rule(parse(text).node)
        if rule is None:
            return None
        rules.append(rule)
    return rules[0] if len(rules) == 1 else {"all": rules}


class _Translator:
    def __init__(self, definition: FormDefinition, known: Mapping[str, Any], prefix: str) -> None:
        self.definition, self.known, self.prefix = definition, known, prefix
        self.asked = {field.element for field in definition.fields()}
        self.asked |= {f"{code}_division" for code in self.asked}

    def rule(self, node: Node) -> dict[str, Any] | None:
        if not any(isinstance(part, Name) and part.name in self.asked for part in walk(node)):
            return ALWAYS if condition(node)(self.known) is True else NEVER
        match node:
            case Logic(operator=operator, parts=parts):
                rules = [self.rule(part) for part in parts]
                return None if None in rules else {"all" if operator == "AND" else "any": rules}
            case Not(part=Logic() | Compare() | Not() as part):
                return self.rule(negated(part))
            case Not(part=part):
                return self.leaf(part, wanted=False)
        return self.leaf(node, wanted=True)

    def leaf(self, node: Node, *, wanted: bool) -> dict[str, Any] | None:
        match node:
            case IsNull(subject=Name(name=name)):
                return self.filled(name, wanted=not wanted)
            case Name(name=name):
                return self.among(name, [True], wanted=wanted)
            case Compare(operator="=" | "<>" as sign, left=Name(name=name), right=Literal(value=value)):
                return self.among(name, [value], wanted=wanted == (sign == "="))
            case In(subject=Name(name=name), options=options):
                return self.among(name, list(options), wanted=wanted)
            case Call(function="includes", arguments=(Name(name=name), Literal(value=value))):
                return self.among(name, [value], wanted=wanted)
        return None

    def control(self, name: str) -> str | None:
        element = self.definition.element(name) if name in self.asked else None
        return self.prefix + name if element is not None and element.type in _CHOSEN else None

    def filled(self, name: str, *, wanted: bool) -> dict[str, Any] | None:
        control = self.control(name)
        if control is None:
            return None
        return {"field": control} if wanted else {"not": {"field": control}}

    def among(self, name: str, values: list[Any], *, wanted: bool) -> dict[str, Any] | None:
        control = self.control(name)
        if control is None:
            return None
        words = [
            ("true" if value else "false") if isinstance(value, bool) else str(value) for value in values
        ]
        rule = {"field": control, "in": words}
        # As in SQL, "not among" is unknown (so: not shown) while nothing is chosen.
        return rule if wanted else {"all": [{"field": control}, {"not": rule}]}

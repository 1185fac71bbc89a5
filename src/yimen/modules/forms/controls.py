"""What stands on the page for one field: plain values for the templates."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yimen.modules.forms.elements import DataElement

MOST_RADIOS = 5
_TEMPLATES = {
    "long_text": "textarea",
    "address": "address",
    "division": "division",
    "table": "table",
    "multi_choice": "checkboxes",
    "boolean": "radios",
}
_WIDTHS = {
    "date": "date",
    "id_number": "id",
    "uscc": "id",
    "phone": "medium",
    "number": "medium",
    "money": "medium",
    "integer": "short",
}
_INPUT_TYPES = {"phone": "tel", "email": "email"}
_INPUT_MODES = {
    "phone": "tel",
    "number": "decimal",
    "money": "decimal",
    "integer": "numeric",
    "email": "email",
}


@dataclass(frozen=True, kw_only=True)
class DivisionGroup:
    """A town with its villages, for the select of an address.

    Args:
        name: the town.
        choices: ``(code, name)``, the town itself first.
    """

    name: str
    choices: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a repeating table."""

    number: int
    cells: "Sequence[Control]"
    remove: str


@dataclass(kw_only=True)
class Control:
    """One field on the page.

    Args:
        template: which control template draws it.
        when: ``data-when`` rule as JSON, "" = none.
        hidden: does the rule fail for what is filled in so far.
        watched: redraw the form by the server when it changes.
        source: where a prefilled value comes from, in words.
    """

    name: str
    id: str
    label: str
    template: str
    hint: str = ""
    error: str = ""
    required: bool = False
    value: Any = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[Option] = ()
    unit: str = ""
    width: str = ""
    source: str = ""
    when: str = ""
    hidden: bool = False
    watched: bool = False
    divisions: Sequence[DivisionGroup] = ()
    division: str = ""
    division_known: bool = True
    rows: Sequence[Row] = ()
    add: str = ""
    inline: bool = False

    @property
    def described_by(self) -> str:
        """Ids of the texts that explain the control, for ``aria-describedby``."""
        parts = [("hint", self.hint), ("source", self.source), ("error", self.error)]
        return " ".join(f"{self.id}-{part}" for part, text in parts if text)

    @property
    def template_name(self) -> str:
        return f"forms/controls/{self.template}.html"


def dressed(
    control: Control, element: DataElement, value: Any, today: date | None, divisions: Sequence[DivisionGroup]
) -> Control:
    """Fill a control with everything that follows from its element and the value typed so far."""
    control.template = template_for(element, divisions)
    control.unit, control.width = element.unit, _WIDTHS.get(element.type, "")
    control.options = _options(control, element, value)
    control.inline = element.type == "boolean"
    if element.type == "address":
        given = value if isinstance(value, Mapping) else {"detail": value or ""}
        control.value, control.division = _shown(given.get("detail")), _shown(given.get("division"))
    else:
        control.value = _shown(value)
        control.division = control.value if element.type == "division" else ""
    control.divisions = divisions
    control.division_known = any(control.division == code for group in divisions for code, _ in group.choices)
    control.attributes = _attributes(element, control.value, today)
    return control


def template_for(element: DataElement, divisions: Sequence[DivisionGroup]) -> str:
    """Which control template draws an element."""
    if element.type == "choice":
        return "radios" if len(element.choices) <= MOST_RADIOS else "select"
    if element.type == "division" and not divisions:
        return "input"
    return _TEMPLATES.get(element.type, "input")


def _shown(value: Any) -> str:
    """A typed value as it was typed, whatever it is."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)[:200] if isinstance(value, Mapping) else ""


def _options(control: Control, element: DataElement, value: Any) -> list[Option]:
    if element.type == "boolean":
        chosen = _shown(value).lower()
        chosen = {"是": "true", "on": "true", "1": "true", "否": "false", "0": "false"}.get(chosen, chosen)
        pairs = [("true", "是"), ("false", "否")]
        return [Option(value=code, label=name, chosen=code == chosen) for code, name in pairs]
    several = value if isinstance(value, list | tuple) else [value]
    given = {_shown(part) for part in several}
    options = [
        Option(value=choice.code, label=choice.name, chosen=choice.code in given or choice.name in given)
        for choice in element.choices
    ]
    if options and element.type == "choice" and not control.required and len(options) <= MOST_RADIOS:
        none = not any(option.chosen for option in options)
        options.append(Option(value="", label="不填", chosen=none))
    return options


def _attributes(element: DataElement, shown: str, today: date | None) -> dict[str, str]:
    attributes = {"type": _INPUT_TYPES.get(element.type, "text")}
    if element.type in _INPUT_MODES:
        attributes["inputmode"] = _INPUT_MODES[element.type]
    if element.type in ("id_number", "uscc"):
        attributes |= {"autocapitalize": "characters", "spellcheck": "false"}
    if element.type == "date":
        attributes |= _day_attributes(element, shown, today)
    attributes["autocomplete"] = element.autocomplete or ("off" if element.sensitive == "sensitive" else "on")
    return attributes


def _day_attributes(element: DataElement, shown: str, today: date | None) -> dict[str, str]:
    """A calendar, unless what was typed is no day: a calendar would throw it away."""
    if shown:
        try:
            date.fromisoformat(shown)
        except ValueError:
            return {"type": "text", "inputmode": "numeric"}
    bounds = {"min": element.earliest, "max": element.latest}
    named = {key: today.isoformat() if bound == "today" and today else bound for key, bound in bounds.items()}
    return {"type": "date"} | {key: bound for key, bound in named.items() if bound and bound != "today"}

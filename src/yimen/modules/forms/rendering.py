"""A form as HTML: one column, small groups, every answer still there after a round trip.

Works without scripts: the button 更新表单 asks the server which fields apply now. With scripts, conditions over choices are
judged in the page (``data-when``), all others by the server through htmx, which redraws the form with what is typed.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from yimen.kernel.expressions import parse
from yimen.modules.forms.checking import clean_values, day_of_known, facts, holds, is_required, visible_fields
from yimen.modules.forms.controls import Control, DivisionGroup, Row, dressed
from yimen.modules.forms.definition import FormDefinition, FormField, FormSection
from yimen.modules.forms.elements import DataElement
from yimen.modules.forms.posting import ACTION
from yimen.modules.forms.prefilling import Prefilled
from yimen.modules.forms.showing import browser_rule

_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, kw_only=True)
class Group:
    """One section on the page."""

    title: str
    hint: str
    controls: Sequence[Control]
    when: str
    hidden: bool


def render_form(
    definition: FormDefinition,
    values: Mapping[str, Any] = _NOTHING,
    errors: Mapping[str, str] = _NOTHING,
    prefix: str = "",
    refresh_url: str = "",
    *,
    known: Mapping[str, Any] = _NOTHING,
    sources: Mapping[str, Prefilled] | None = None,
    divisions: Sequence[DivisionGroup] = (),
    summary: bool = True,
) -> SafeString:
    """The inside of a ``<form>``: fieldsets, fields, and the list of errors on top.

    The caller writes ``<form method="post" novalidate>``, its CSRF token and its one primary button around it.

    Args:
        definition: the form.
        values: what is filled in so far, as typed or cleaned.
        errors: ``Invalid.fields`` of ``check_form``.
        prefix: put before every control name, for two forms on one page.
        refresh_url: address that answers a POST of the form with ``render_form`` of ``posted_values``; "" = the form has
            no conditions that need it, or the page does without.
        known: facts beside the form that conditions read.
        sources: what ``prefill`` found, to say where a value comes from.
        divisions: choices of address selects, see ``division_choices``.
        summary: list the errors on top; false when the page does so itself.
    """
    page = _Page(definition, values, errors, prefix, known, sources or {}, divisions)
    groups = page.groups()
    context = {
        "id": f"{prefix}form-body",
        "groups": groups,
        "errors": page.error_list(groups) if summary else [],
        "refresh_url": refresh_url,
        "action": prefix + ACTION,
        "conditional": page.conditional,
        "vals": json.dumps({prefix + ACTION: "refresh"}),
    }
    return SafeString(render_to_string("forms/form.html", context))


class _Page:
    def __init__(
        self,
        definition: FormDefinition,
        values: Mapping[str, Any],
        errors: Mapping[str, str],
        prefix: str,
        known: Mapping[str, Any],
        sources: Mapping[str, Prefilled],
        divisions: Sequence[DivisionGroup],
    ) -> None:
        self.definition, self.values, self.errors, self.prefix = definition, values, errors, prefix
        self.known, self.sources, self.divisions = known, sources, divisions
        self.today = day_of_known(known)
        self.shown = {field.element for field in visible_fields(definition, values, known)}
        cleaned, _ = clean_values(definition, values, known)
        seen = {code: value for code, value in cleaned.items() if code in self.shown}
        self.scope = {**known, **facts(definition, seen)}
        self.conditional = any(section.when or field.when for section, field in self._pairs())
        self.watched = self._watched()

    def _pairs(self) -> list[tuple[FormSection, FormField]]:
        return [(section, field) for section in self.definition.sections for field in section.fields]

    def _watched(self) -> set[str]:
        """The elements that conditions read which only the server can judge."""
        conditions = {
            condition for section, field in self._pairs() for condition in (section.when, field.when)
        }
        conditions = {text for text in conditions if text and self.rule(text) is None}
        conditions |= {field.required_when for _, field in self._pairs() if field.required_when}
        names = {name for text in conditions for name in parse(text).names}
        return names | {name.removesuffix("_division") for name in names}

    def rule(self, condition: str) -> dict[str, Any] | None:
        return browser_rule(self.definition, [condition], self.known, self.prefix) if condition else None

    def groups(self) -> list[Group]:
        groups = []
        for section in self.definition.sections:
            rule = self.rule(section.when)
            applies = holds(section.when, self.scope)
            if not applies and rule is None:
                continue
            controls = [control for field in section.fields if (control := self.control(field, applies))]
            if controls:
                when = json.dumps(rule, ensure_ascii=False) if rule is not None else ""
                hint = section.hint
                groups.append(
                    Group(title=section.title, hint=hint, controls=controls, when=when, hidden=not applies)
                )
        return groups

    def control(self, field: FormField, section_applies: bool) -> Control | None:
        element = self.definition.element(field.element)
        rule = self.rule(field.when)
        shown = field.element in self.shown if section_applies else holds(field.when, self.scope)
        if element is None or (not shown and rule is None):
            return None
        name = self.prefix + field.element
        control = Control(
            name=name,
            id=f"f-{name}",
            label=self.definition.label(field),
            template="input",
            hint=field.hint or element.hint,
            error=self._error(field.element, self.definition.label(field)),
            required=is_required(field, self.scope),
            when=json.dumps(rule, ensure_ascii=False) if rule is not None else "",
            hidden=not shown,
            watched=field.element in self.watched,
            source=self._source(field.element),
        )
        value = self.values.get(field.element)
        if element.type == "table":
            return self._table(control, element, value)
        return dressed(control, element, value, self.today, self.divisions)

    def _error(self, code: str, label: str) -> str:
        """The sentence without the field's own name, which stands beside it already."""
        return re.sub(rf"^(第 \d+ 行)?{re.escape(label)}：", "", self.errors.get(code, ""))

    def _source(self, code: str) -> str:
        found = self.sources.get(code)
        return found.label if found is not None and found.value == self.values.get(code) else ""

    def _table(self, control: Control, element: DataElement, value: Any) -> Control:
        given = value if isinstance(value, list | tuple) else []
        rows = [row if isinstance(row, Mapping) else {} for row in given][: element.most_rows] or [{}]
        control.template = "table"
        control.rows = [self._row(control, element, number, row) for number, row in enumerate(rows)]
        control.add = f"add:{element.code}" if len(rows) < element.most_rows else ""
        return control

    def _row(self, control: Control, element: DataElement, number: int, row: Mapping[str, Any]) -> Row:
        cells = []
        for code in element.columns:
            column = self.definition.element(code)
            if column is None:
                continue
            name = f"{control.name}-{number}-{code}"
            cell = Control(
                name=name,
                id=f"f-{name}",
                label=column.name,
                template="input",
                hint=column.hint if number == 0 else "",
                error=self._error(f"{element.code}.{number}.{code}", column.name),
                required=control.required and code not in element.optional_columns,
            )
            cells.append(dressed(cell, column, row.get(code), self.today, self.divisions))
        return Row(number=number + 1, cells=cells, remove=f"remove:{element.code}:{number}")

    def error_list(self, groups: Sequence[Group]) -> list[tuple[str, str]]:
        """``(id of the control or "", sentence)`` for every error, in the order of the page."""
        ids = {}
        for group in groups:
            for control in group.controls:
                ids[control.name] = control.id
                ids.update({cell.name: cell.id for row in control.rows for cell in row.cells})
        found = [
            (ids.get(self.prefix + code.replace(".", "-"), ""), text) for code, text in self.errors.items()
        ]
        return sorted(found, key=lambda pair: list(ids.values()).index(pair[0]) if pair[0] else -1)

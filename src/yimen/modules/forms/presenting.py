"""Filled-in values in words: for checking before handing in, for the reviewer, for papers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from yimen.kernel.masking import mask_id_number, mask_name, mask_phone
from yimen.modules.forms.checking import visible_fields
from yimen.modules.forms.definition import FormDefinition
from yimen.modules.forms.elements import DataElement

_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, kw_only=True)
class PresentedField:
    """One answer in words.

    Args:
        text: the answer; "" when not filled in.
        rows: for a table, ``{column name: text}`` a row.
    """

    element: str
    label: str
    text: str
    rows: tuple[Mapping[str, str], ...] = ()
    sensitive: str = "none"


@dataclass(frozen=True, kw_only=True)
class PresentedSection:
    title: str
    fields: tuple[PresentedField, ...]


def present(
    definition: FormDefinition,
    values: Mapping[str, Any],
    known: Mapping[str, Any] = _NOTHING,
    *,
    masked: bool = False,
    division_name: Callable[[str], str] = str,
) -> list[PresentedSection]:
    """The shown fields with their answers in words, by section; sections without fields left out.

    Args:
        definition: the form.
        values: as ``check_form`` returned them.
        known: facts beside the form.
        masked: show personal data only far enough to recognise (个人信息保护法第五十一条).
        division_name: the name of a division code.
    """
    shown = {field.element for field in visible_fields(definition, values, known)}
    sections = []
    for section in definition.sections:
        fields = []
        for field in section.fields:
            element = definition.element(field.element)
            if element is None or field.element not in shown:
                continue
            value = values.get(field.element)
            rows = _rows(definition, element, value, masked, division_name)
            text = (
                f"共 {len(rows)} 行"
                if rows
                else words(element, value, masked=masked, division_name=division_name)
            )
            label = definition.label(field)
            fields.append(
                PresentedField(
                    element=element.code, label=label, text=text, rows=rows, sensitive=element.sensitive
                )
            )
        if fields:
            sections.append(PresentedSection(title=section.title, fields=tuple(fields)))
    return sections


def words(
    element: DataElement, value: Any, *, masked: bool = False, division_name: Callable[[str], str] = str
) -> str:
    """One cleaned value in words."""
    if value is None or (isinstance(value, list) and element.type == "table"):
        return ""
    text = _plain(element, value, division_name)
    return _masked(element, text) if masked and text and element.sensitive != "none" else text


def _plain(element: DataElement, value: Any, division_name: Callable[[str], str]) -> str:
    match element.type:
        case "boolean":
            return "是" if value is True else "否"
        case "choice":
            return element.choice_name(str(value))
        case "multi_choice":
            return (
                "、".join(element.choice_name(str(code)) for code in value)
                if isinstance(value, list)
                else str(value)
            )
        case "date":
            parts = str(value).split("-")
            return (
                f"{parts[0]}年{int(parts[1])}月{int(parts[2])}日"
                if len(parts) == 3 and str(value)[-1].isdigit()
                else str(value)
            )
        case "money" | "number" | "integer":
            return _number(element, value)
        case "division":
            return division_name(str(value))
        case "address":
            if not isinstance(value, Mapping):
                return str(value)
            division = str(value.get("division") or "")
            return (division_name(division) if division else "") + str(value.get("detail") or "")
    return str(value)


def _number(element: DataElement, value: Any) -> str:
    if not isinstance(value, int | float):
        return str(value)
    text = f"{value:,.2f}" if element.type == "money" else f"{value:,}"
    return f"{text} {element.unit}".strip()


def _masked(element: DataElement, text: str) -> str:
    if element.type in ("id_number", "uscc") or "number" in element.code or element.code.endswith("_id"):
        return mask_id_number(text)
    if element.type == "phone":
        return mask_phone(text)
    if element.type == "text" and element.code.endswith("_name"):
        return mask_name(text)
    return text[:2] + "*" * min(len(text) - 2, 8) if len(text) > 2 else "*" * len(text)


def _rows(
    definition: FormDefinition,
    element: DataElement,
    value: Any,
    masked: bool,
    division_name: Callable[[str], str],
) -> tuple[Mapping[str, str], ...]:
    if element.type != "table" or not isinstance(value, list):
        return ()
    columns = [column for code in element.columns if (column := definition.element(code))]
    return tuple(
        {
            column.name: words(column, row.get(column.code), masked=masked, division_name=division_name)
            for column in columns
        }
        for row in value
        if isinstance(row, Mapping)
    )

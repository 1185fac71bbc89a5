"""A form as JSON Schema (2020-12), for OpenAPI and integrators."""

from typing import Any

from yimen.modules.forms.definition import FormDefinition, FormField
from yimen.modules.forms.elements import DataElement

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(definition: FormDefinition) -> dict[str, Any]:
    """The JSON Schema of the plain values of a form.

    Conditions are told as ``x-when`` and ``x-required-when`` (rule expressions): a schema validator accepts a little more
    than ``check_form``, never less. Only fields required whenever the form is filled are in ``required``.
    """
    properties: dict[str, Any] = {}
    required = []
    for section in definition.sections:
        for field in section.fields:
            element = definition.element(field.element)
            if element is None:
                continue
            properties[field.element] = _field(definition, field, element, section.when)
            if field.required and not field.when and not section.when:
                required.append(field.element)
    schema: dict[str, Any] = {"$schema": DIALECT, "title": definition.title, "type": "object"}
    return schema | {"properties": properties, "required": required, "additionalProperties": False}


def _field(
    definition: FormDefinition, field: FormField, element: DataElement, section_when: str
) -> dict[str, Any]:
    schema = _element(definition, element) | {"title": definition.label(field)}
    if hint := field.hint or element.hint:
        schema["description"] = hint
    when = " AND ".join(f"({condition})" for condition in (section_when, field.when) if condition)
    if when:
        schema["x-when"] = when
    if field.required_when:
        schema["x-required-when"] = field.required_when
    if element.sensitive != "none":
        schema["x-sensitive"] = element.sensitive
    return schema


def _element(definition: FormDefinition, element: DataElement) -> dict[str, Any]:
    match element.type:
        case "boolean":
            return {"type": "boolean"}
        case "number" | "money" | "integer":
            return _number(element)
        case "choice":
            return {"oneOf": [{"const": choice.code, "title": choice.name} for choice in element.choices]}
        case "multi_choice":
            return {
                "type": "array",
                "uniqueItems": True,
                "items": {"enum": [choice.code for choice in element.choices]},
            }
        case "address":
            parts = {
                "division": {"type": "string"},
                "detail": {"type": "string", "maxLength": element.longest},
            }
            return {
                "type": "object",
                "properties": parts,
                "required": ["detail"],
                "additionalProperties": False,
            }
        case "table":
            return _table(definition, element)
    return _text(element)


def _number(element: DataElement) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer" if element.type == "integer" else "number"}
    if element.min is not None:
        schema["minimum"] = float(element.min) if element.min % 1 else int(element.min)
    if element.max is not None:
        schema["maximum"] = float(element.max) if element.max % 1 else int(element.max)
    if element.unit:
        schema["x-unit"] = element.unit
    return schema


def _text(element: DataElement) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    match element.type:
        case "date":
            schema["format"] = "date"
        case "email":
            schema |= {"format": "email", "maxLength": element.longest}
        case "id_number":
            schema["pattern"] = "^[0-9]{17}[0-9X]$"
        case "uscc":
            schema["pattern"] = "^[0-9A-HJ-NP-RTUW-Y]{18}$"
        case "division":
            schema["pattern"] = "^[0-9]{12}$"
        case "text" | "long_text":
            schema["maxLength"] = element.longest
            if element.pattern:
                schema["pattern"] = f"^(?:{element.pattern})$"
    if element.example:
        schema["examples"] = [element.example]
    return schema


def _table(definition: FormDefinition, element: DataElement) -> dict[str, Any]:
    columns = {code: column for code in element.columns if (column := definition.element(code))}
    row = {
        "type": "object",
        "properties": {
            code: _element(definition, column) | {"title": column.name} for code, column in columns.items()
        },
        "required": [code for code in columns if code not in element.optional_columns],
        "additionalProperties": False,
    }
    return {"type": "array", "items": row, "minItems": element.fewest_rows, "maxItems": element.most_rows}

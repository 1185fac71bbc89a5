"""Between an HTML post and plain values: the names of controls, rows of tables, addresses in two parts.

Control names: ``prefix + code``; an address ``code-division`` and ``code-detail``; choices also send ``code-asked``, so that none chosen is told from not shown; a table ``code-rows`` (how many rows
stand on the page) and ``code-row-column``. The button ``_form`` (``refresh``, ``add:code``, ``remove:code:row``) changes
the form without checking it.
"""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from yimen.modules.forms.definition import FormDefinition
from yimen.modules.forms.elements import DataElement

ACTION = "_form"


class Posted(Protocol):
    """What Django's ``QueryDict`` offers."""

    def get(self, key: str, default: Any = None, /) -> Any: ...
    def getlist(self, key: str, /) -> list[Any]: ...
    def __contains__(self, key: object, /) -> bool: ...


def posted_values(definition: FormDefinition, post: Posted, prefix: str = "") -> dict[str, Any]:
    """The values of a form from an HTML post, not yet checked; only the form's own fields are read.

    A button that adds or removes a row of a table has already had its effect.

    Args:
        definition: the form.
        post: ``request.POST``.
        prefix: as given to ``render_form``.
    """
    values: dict[str, Any] = {}
    for field in definition.fields():
        element = definition.element(field.element)
        if element is None:
            continue
        value = _posted(element, post, prefix + field.element, definition)
        if value not in (None, "", [], {}):
            values[field.element] = value
    return _acted(definition, values, str(post.get(prefix + ACTION) or ""))


def cleared_fields(definition: FormDefinition, post: Posted, prefix: str = "") -> set[str]:
    """The fields that stood on the posted page and were left empty; for ``save_draft(cleared=…)``."""
    cleared = set()
    for field in definition.fields():
        element = definition.element(field.element)
        name = prefix + field.element
        if element is None or not any(part in post for part in _parts(element, name)):
            continue
        value = _posted(element, post, name, definition)
        if value in (None, "", [], {}) or (element.type == "table" and not any(value)):
            cleared.add(field.element)
    return cleared


def _parts(element: DataElement, name: str) -> tuple[str, ...]:
    match element.type:
        case "address":
            return (f"{name}-division", f"{name}-detail")
        case "table":
            return (f"{name}-rows",)
        case "choice" | "multi_choice" | "boolean":
            return (name, f"{name}-asked")
    return (name,)


def is_refresh(post: Posted, prefix: str = "") -> bool:
    """Was a button pressed that only redraws the form (更新表单, add or remove a row)?"""
    return bool(post.get(prefix + ACTION))


def _posted(element: DataElement, post: Posted, name: str, definition: FormDefinition) -> Any:
    if element.type == "address":
        parts = {"division": post.get(f"{name}-division") or "", "detail": post.get(f"{name}-detail") or ""}
        return {key: value for key, value in parts.items() if value}
    if element.type == "multi_choice":
        return [value for value in post.getlist(name) if value]
    if element.type == "table":
        return [
            {
                code: value
                for code in element.columns
                if (value := _cell(definition, post, f"{name}-{row}-{code}", code))
            }
            for row in range(_rows(element, post, name))
        ]
    return post.get(name)


def _cell(definition: FormDefinition, post: Posted, name: str, code: str) -> Any:
    column = definition.element(code)
    return _posted(column, post, name, definition) if column else None


def _rows(element: DataElement, post: Posted, name: str) -> int:
    said = str(post.get(f"{name}-rows") or "0")
    return min(int(said), element.most_rows) if re.fullmatch(r"\d{1,4}", said, re.ASCII) else 0


def _acted(definition: FormDefinition, values: dict[str, Any], action: str) -> dict[str, Any]:
    found = re.fullmatch(r"(add|remove):([a-z0-9_]+)(?::(\d{1,3}))?", action, re.ASCII)
    element = definition.element(found[2]) if found else None
    if not found or element is None or element.type != "table":
        return values
    rows = list(values.get(element.code, ()))
    if found[1] == "add" and len(rows) < element.most_rows:
        rows = [*(rows or [{}]), {}]
    elif found[1] == "remove" and found[3] and int(found[3]) < len(rows):
        del rows[int(found[3])]
    else:
        return values
    return {**values, element.code: rows}


def html_names(definition: FormDefinition, errors: Mapping[str, str]) -> dict[str, str]:
    """Sentences by control name (``code.0.column`` → ``code-0-column``), for error lists made elsewhere."""
    return {name.replace(".", "-"): sentence for name, sentence in errors.items()}

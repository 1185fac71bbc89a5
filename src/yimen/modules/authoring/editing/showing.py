"""A content, or what was typed, as groups of controls with their values and errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yimen.modules.authoring.editing.fields import GROUPS, Group, Spec
from yimen.modules.items.api.words import SOURCE_WORDS


@dataclass(frozen=True, kw_only=True)
class Control:
    """A field with its name in the page, its value and what is wrong with it."""

    spec: Spec
    name: str
    value: Any
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    number: int
    was: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, kw_only=True)
class Shown:
    group: Group
    controls: tuple[Control, ...] = ()
    rows: tuple[Row, ...] = ()
    errors: int = field(default=0)


def shown(data: Mapping[str, Any], errors: Mapping[str, str]) -> list[Shown]:
    """The groups with values and errors; ``data`` is a content or what was typed."""
    found = []
    for group in GROUPS:
        if group.rows:
            rows = tuple(
                Row(
                    number=n,
                    was=str(row.get("_was", n)),
                    controls=_controls(group, row, f"{group.key}.{n}.", errors),
                )
                for n, row in enumerate(rows_of(group.key, data))
            )
            wrong = sum(bool(c.error) for row in rows for c in row.controls)
            found.append(Shown(group=group, rows=rows, errors=wrong))
        else:
            controls = _controls(group, data, "", errors)
            found.append(Shown(group=group, controls=controls, errors=sum(bool(c.error) for c in controls)))
    return found


def rows_of(key: str, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    if key == "form_fields":
        return form_rows(data)
    return [dict(row) for row in data.get(key) or () if isinstance(row, Mapping)]


def form_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The form's sections as one flat list of fields."""
    if "form_fields" in data:
        return [dict(row) for row in data["form_fields"]]
    sections = (data.get("form") or {}).get("sections") or ()
    return [
        {**row, "section": section.get("title", ""), "_was": f"{i}.{j}"}
        for i, section in enumerate(sections)
        for j, row in enumerate(section.get("fields") or ())
    ]


def _controls(
    group: Group, data: Mapping[str, Any], lead: str, errors: Mapping[str, str]
) -> tuple[Control, ...]:
    found = []
    for spec in group.specs:
        name = lead + spec.name
        found.append(
            Control(
                spec=spec, name=name, value=_value(spec, _reach(data, spec.name)), error=_error(name, errors)
            )
        )
    return tuple(found)


def _error(name: str, errors: Mapping[str, str]) -> str:
    """The field's own error, or one of an entry inside it (``aliases.2``)."""
    if name in errors:
        return errors[name]
    return next((text for path, text in errors.items() if path.startswith(name + ".")), "")


def _reach(data: Mapping[str, Any], path: str) -> Any:
    value: Any = data
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _value(spec: Spec, value: Any) -> Any:
    if spec.kind == "sources" and isinstance(value, list | tuple):
        return "\n".join(_source_line(row) for row in value)
    if spec.kind == "lines" and isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    if spec.kind == "many":
        return list(value or ())
    return "" if value is None else value


def _source_line(row: Any) -> str:
    if not isinstance(row, Mapping):
        return str(row)
    return " ".join(
        filter(None, (SOURCE_WORDS.get(row.get("kind", ""), ""), row.get("name", ""), row.get("code", "")))
    )

"""A content, or what was typed, as groups of controls with their values and errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from yimen.modules.authoring.editing.fields import SEVERAL, Group, Options, Spec
from yimen.modules.authoring.editing.groups import GROUPS
from yimen.modules.forms.api import ELEMENTS
from yimen.modules.items.api.words import SOURCE_WORDS

NO_NAMES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Control:
    """A field with its name in the page, its value and what is wrong with it."""

    spec: Spec
    name: str
    value: Any
    error: str = ""
    options: Options = ()


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


def shown(
    data: Mapping[str, Any], errors: Mapping[str, str], names: Mapping[str, str] = NO_NAMES
) -> list[Shown]:
    """The groups with values and errors.

    Args:
        data: a content or what was typed.
        errors: by the names of controls (``relocated``).
        names: organisations' names by code.
    """
    look = _Look(data, errors, names)
    found = []
    for group in GROUPS:
        if group.rows:
            rows = tuple(
                Row(
                    number=n,
                    was=str(row.get("_was", n)),
                    controls=look.controls(group, row, f"{group.key}.{n}."),
                )
                for n, row in enumerate(rows_of(group.key, data))
            )
            wrong = sum(bool(c.error) for row in rows for c in row.controls)
            found.append(Shown(group=group, rows=rows, errors=wrong))
        else:
            controls = look.controls(group, data, "")
            found.append(Shown(group=group, controls=controls, errors=sum(bool(c.error) for c in controls)))
    return found


FORM_PARTS = {"form_sections": "sections", "form_elements": "elements"}


def rows_of(key: str, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    if key == "form_fields":
        return form_rows(data)
    if key in FORM_PARTS and key not in data:
        rows = (data.get("form") or {}).get(FORM_PARTS[key]) or ()
        return [{k: v for k, v in row.items() if k != "fields"} for row in rows if isinstance(row, Mapping)]
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


class _Look:
    """What the controls of one page are shown with."""

    def __init__(self, data: Mapping[str, Any], errors: Mapping[str, str], names: Mapping[str, str]) -> None:
        self.data, self.errors, self.names = data, errors, names

    def controls(self, group: Group, row: Mapping[str, Any], lead: str) -> tuple[Control, ...]:
        return tuple(
            Control(
                spec=spec,
                name=lead + spec.name,
                value=(value := self.value(spec, _reach(row, spec.name))),
                error=_error(lead + spec.name, self.errors),
                options=self.options(spec, value),
            )
            for spec in group.specs
        )

    def value(self, spec: Spec, value: Any) -> Any:
        if spec.kind == "organisations" and isinstance(value, list | tuple):
            return "\n".join(self.names.get(str(code), str(code)) for code in value)
        return _value(spec, value)

    def options(self, spec: Spec, value: Any) -> Options:
        """Those of the field; what is chosen and no longer offered stays to be seen and taken away."""
        if spec.kind == "materials":
            offered = {row.get("code", ""): row.get("name", "") for row in rows_of("materials", self.data)}
        elif spec.kind == "element":
            own = {row.get("code", ""): row.get("name", "") for row in rows_of("form_elements", self.data)}
            offered = {code: element.name for code, element in ELEMENTS.items()} | own
        else:
            return spec.options
        chosen = value if spec.kind in SEVERAL else [value]
        gone = {code: f"{code}（已经没有了）" for code in chosen if code and code not in offered}
        return tuple((str(code), str(name) or str(code)) for code, name in (offered | gone).items() if code)


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
    if spec.kind == "choices" and isinstance(value, list | tuple):
        return "\n".join(f"{row['code']} {row['name']}" for row in value if isinstance(row, Mapping))
    if spec.kind in SEVERAL:
        return list(value or ())
    return "" if value is None else value


def _source_line(row: Any) -> str:
    if not isinstance(row, Mapping):
        return str(row)
    return " ".join(
        filter(None, (SOURCE_WORDS.get(row.get("kind", ""), ""), row.get("name", ""), row.get("code", "")))
    )

"""The author's form as templates draw it: groups, rows, controls with values and sentences (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yimen.modules.themes.editing.fields import GROUPS, FieldSpec, GroupSpec

Options = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True, kw_only=True)
class Control:
    """One control with its value and what is wrong with it."""

    spec: FieldSpec
    name: str
    value: Any
    error: str
    options: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a group; ``words`` says what it is about, such as an item's name."""

    controls: tuple[Control, ...]
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One group."""

    group: GroupSpec
    controls: tuple[Control, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def errors(self) -> int:
        parts = [*self.controls, *(control for row in self.rows for control in row.controls)]
        return sum(bool(control.error) for control in parts)


def shown(
    data: Mapping[str, Any], errors: Mapping[str, str], options: Options, names: Mapping[str, str]
) -> list[Shown]:
    """Every group with what was typed.

    Args:
        errors: control name to sentence, as ``located`` gives them.
        options: lists of choices by name.
        names: item code or slug to its name, to head the rows of members.
    """
    return [_group(group, data, errors, options, names) for group in GROUPS]


def located(errors: Mapping[str, str]) -> dict[str, str]:
    """Sentences by the control beside which they belong: ``questions.0.options.1`` → ``questions.0.options``."""
    found: dict[str, str] = {}
    for path, sentence in errors.items():
        name = _control(path)
        found[name] = f"{found[name]}{sentence}" if name in found else sentence
    return found


def _control(path: str) -> str:
    parts = path.split(".")
    for group in GROUPS:
        if not group.rows and parts[0] in {spec.name for spec in group.fields}:
            return parts[0]
        if group.rows and parts[0] == group.key and len(parts) > 1:
            last = group.bare or (parts[2] if len(parts) > 2 else group.fields[0].name)
            return f"{group.key}.{parts[1]}.{last}"
    return path


def _group(
    group: GroupSpec,
    data: Mapping[str, Any],
    errors: Mapping[str, str],
    options: Options,
    names: Mapping[str, str],
) -> Shown:
    if not group.rows:
        return Shown(
            group=group,
            controls=tuple(
                _one(spec, spec.name, data.get(spec.name), errors, options) for spec in group.fields
            ),
        )
    rows = []
    for number, row in enumerate(data.get(group.key) or ()):
        values = {group.bare: row} if group.bare else row
        controls = tuple(
            _one(spec, f"{group.key}.{number}.{spec.name}", values.get(spec.name), errors, options)
            for spec in group.fields
        )
        words = names.get(str(values.get("item", "")), "") if group.key == "members" else ""
        rows.append(Row(controls=controls, words=words))
    return Shown(group=group, rows=tuple(rows))


def _one(spec: FieldSpec, name: str, value: Any, errors: Mapping[str, str], options: Options) -> Control:
    if spec.kind == "lines":
        value = "\n".join(str(line) for line in value or ())
    elif spec.kind == "days":
        value = value.get("amount", "") if isinstance(value, Mapping) else value or ""
    choices = list(options.get(spec.options, ()))
    if spec.kind == "choice" and value and value not in dict(choices):
        choices.append((value, str(value)))
    return Control(spec=spec, name=name, value=value or "", error=errors.get(name, ""), options=choices)

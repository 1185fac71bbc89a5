"""What the author's browser posts, as a content; and the acts on rows (pure). Nothing typed is lost, right or wrong."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from yimen.modules.themes.editing.fields import BY_KEY, GROUPS, FieldSpec, GroupSpec

MOST_ROWS = 200
LONGEST = 8000
_ROW = re.compile(r"(?P<group>[a-z]+)\.(?P<row>\d{1,3})\.(?P<name>[a-z_]+)")
Posted = Mapping[str, Sequence[str]]


def from_post(posted: Posted) -> dict[str, Any]:
    """The content as typed: every group that the form has, in its order; not yet checked."""
    data: dict[str, Any] = {}
    rows: dict[str, set[int]] = {}
    for key in posted:
        if found := _ROW.fullmatch(key):
            rows.setdefault(found["group"], set()).add(int(found["row"]))
    for group in GROUPS:
        if not group.rows:
            data |= {spec.name: _value(spec, posted.get(spec.name, ())) for spec in group.fields}
            continue
        numbers = sorted(rows.get(group.key, ()))[:MOST_ROWS]
        data[group.key] = [_row(group, posted, number) for number in numbers]
    return data


def finished(data: Mapping[str, Any]) -> dict[str, Any]:
    """Without what was left empty: ready to be checked."""
    done: dict[str, Any] = {}
    for key, value in data.items():
        group = BY_KEY.get(key)
        if group is not None and group.rows:
            done[key] = [_filled(row) for row in value if _any_text(row)]
        elif value not in ("", None) and not (key == "audience" and not value):
            done[key] = value
    return done


def rearranged(data: dict[str, Any], act: str) -> dict[str, Any]:
    """After a row button: ``add:group``, ``remove:group:n``, ``up:group:n``, ``join:item``, ``same:a|b``, ``different:a|b``."""
    name, _, rest = act.partition(":")
    if name == "join":
        taken = {row["item"] for row in data["members"]}
        if rest and rest not in taken:
            data["members"].append({"item": rest[:64], "when": "", "note": ""})
    elif name in ("same", "different"):
        data[name].append([part for part in rest[:1000].split("|") if part])
    elif name == "add" and rest in BY_KEY:
        data[rest].append(empty_row(BY_KEY[rest]))
    elif name in ("remove", "up"):
        _move(data, name, rest)
    return data


def empty_row(group: GroupSpec) -> Any:
    if group.bare:
        return []
    return {spec.name: [] if spec.kind == "lines" else "" for spec in group.fields}


def _move(data: dict[str, Any], name: str, rest: str) -> None:
    key, _, text = rest.partition(":")
    rows = data.get(key)
    if key not in BY_KEY or not isinstance(rows, list) or not text.isdigit() or len(text) > 3:
        return
    number = int(text)
    if number >= len(rows):
        return
    if name == "remove":
        rows.pop(number)
    elif number > 0:
        rows[number - 1], rows[number] = rows[number], rows[number - 1]


def _row(group: GroupSpec, posted: Posted, number: int) -> Any:
    values = {
        spec.name: _value(spec, posted.get(f"{group.key}.{number}.{spec.name}", ())) for spec in group.fields
    }
    return values[group.bare] if group.bare else values


def _value(spec: FieldSpec, given: Sequence[str]) -> Any:
    if spec.kind == "audience":
        return [str(one)[:40] for one in given]
    text = (given[-1] if given else "").replace("\r\n", "\n").replace("\x00", "")[:LONGEST].strip()
    if spec.kind == "lines":
        return [line.strip() for line in text.split("\n") if line.strip()]
    if spec.kind == "days":
        return {"amount": int(text)} if text.isascii() and text.isdigit() and len(text) < 6 else text
    return text


def _any_text(row: Any) -> bool:
    return bool(row) if isinstance(row, list) else any(bool(value) for value in row.values())


def _filled(row: Any) -> Any:
    return row if isinstance(row, list) else {name: value for name, value in row.items() if value != ""}

"""From what was posted back to a content, and the row buttons."""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from yimen.modules.authoring.editing.fields import GROUP_OF, GROUPS, Group, Spec
from yimen.modules.authoring.editing.showing import rows_of
from yimen.modules.items.api.words import SOURCE_WORDS

MOST_ROWS = 200
_SOURCE_OF = {label: kind for kind, label in SOURCE_WORDS.items()} | {
    "数据共享": "shared_data",
    "其他事项结果": "output_of",
}


class Posted(Mapping[str, str]):
    """What was posted: single values, and all values of a name."""

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name][-1]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def all(self, name: str) -> list[str]:
        return self._values.get(name, [])


def from_post(posted: Posted, stored: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, over what is stored: ready to be checked by the schema, or to be shown again.

    Rows carry ``_was`` and the form its flat ``form_fields`` until ``finished``.
    """
    data = deepcopy(dict(stored))
    for group in GROUPS:
        if group.rows:
            old = {str(row.get("_was", n)): row for n, row in enumerate(rows_of(group.key, stored))}
            data[group.key] = [_read_row(group, posted, n, old) for n in _numbers(group.key, posted)]
        else:
            _read(group, posted, "", data)
    return data


def _numbers(key: str, posted: Posted) -> Iterable[int]:
    pattern = re.compile(rf"{key}\.(\d{{1,4}})\.")
    found = {int(match[1]) for name in posted if (match := pattern.match(name))}
    return sorted(found)[:MOST_ROWS]


def _read_row(
    group: Group, posted: Posted, number: int, old: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    was = posted.get(f"{group.key}.{number}._was", "")
    row = deepcopy(dict(old.get(was, {})))
    row["_was"] = was
    _read(group, posted, f"{group.key}.{number}.", row)
    return row


def _read(group: Group, posted: Posted, lead: str, into: dict[str, Any]) -> None:
    for spec in group.specs:
        name = lead + spec.name
        if spec.kind == "flag":
            _put(into, spec.name, name in posted)
        elif spec.kind == "many":
            _put(into, spec.name, posted.all(name))
        elif name in posted:
            _put(into, spec.name, _typed(spec, posted[name]))
    for part in ("limit", "validity"):
        limit = into.get(part)
        if isinstance(limit, dict) and limit.get("amount") in (None, ""):
            into[part] = None


def _typed(spec: Spec, text: str) -> Any:
    text = text.replace("\r\n", "\n").strip()
    if spec.kind == "lines":
        return [line.strip() for line in text.split("\n") if line.strip()]
    if spec.kind == "sources":
        return [_source(line) for line in text.split("\n") if line.strip()]
    if spec.kind == "int" and re.fullmatch(r"\d{1,6}", text):
        return int(text)
    return text


def _source(line: str) -> dict[str, str]:
    parts = re.split(r"[\s：:，,]+", line.strip(), maxsplit=2)
    return {
        "kind": _SOURCE_OF.get(parts[0], parts[0]),
        "name": parts[1] if len(parts) > 1 else "",
        "code": parts[2] if len(parts) > 2 else "",
    }


def _put(into: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    for part in above:
        inner = into.get(part)
        into[part] = inner = dict(inner) if isinstance(inner, Mapping) else {}
        into = inner
    into[last] = value


def finished(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed as a content: empty numbers left out, the form put together, marks taken off."""
    plain = {key: value for key, value in data.items() if key != "form_fields"}
    for key in ("legal_limit", "promised_limit"):
        plain[key] = {k: v for k, v in (plain.get(key) or {}).items() if not (k == "amount" and v == "")}
    for key in ("visits",):
        if plain.get(key) == "":
            plain.pop(key)
    for group in GROUPS:
        if group.rows and group.key != "form_fields":
            plain[group.key] = [_clean(group, row) for row in plain.get(group.key) or ()]
    if "form_fields" in data:
        plain["form"] = _form(data)
    return plain


def _clean(group: Group, row: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {spec.name for spec in group.specs if spec.kind == "int"}
    kept = {k: v for k, v in row.items() if k != "_was" and not (k in numbers and v == "")}
    if group.key == "fees" and kept.get("amount") == "":
        kept.pop("amount")
    return kept


def _form(data: Mapping[str, Any]) -> dict[str, Any]:
    """Neighbouring fields with the same group become one section; a section keeps its help and condition."""
    form = deepcopy(dict(data.get("form") or {}))
    old = {section.get("title"): section for section in form.get("sections") or ()}
    sections: list[dict[str, Any]] = []
    for row in data["form_fields"]:
        title = row.get("section") or ""
        if not sections or sections[-1]["title"] != title:
            kept = old.get(title, {})
            sections.append(
                {"title": title, "hint": kept.get("hint", ""), "when": kept.get("when", ""), "fields": []}
            )
        sections[-1]["fields"].append({k: v for k, v in row.items() if k not in ("section", "_was")})
    form["sections"] = sections
    return form


def rearranged(data: dict[str, Any], act: str) -> dict[str, Any]:
    """Carry out a row button: ``add:materials``, ``remove:materials:2``, ``up:materials:2``."""
    verb, _, rest = act.partition(":")
    key, _, text = rest.partition(":")
    if key not in GROUP_OF or not GROUP_OF[key].rows:
        return data
    rows = list(data.get(key) or ())
    number = int(text) if text.isdigit() and len(text) < 5 else -1
    if verb == "add" and len(rows) < MOST_ROWS:
        rows.append(_empty(GROUP_OF[key], rows))
    elif verb == "remove" and 0 <= number < len(rows):
        rows.pop(number)
    elif verb == "up" and 0 < number < len(rows):
        rows[number - 1], rows[number] = rows[number], rows[number - 1]
    return {**data, key: rows}


def _empty(group: Group, rows: list[Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"_was": ""}
    if group.key == "materials":
        row |= {"code": f"m{len(rows) + 1}", "main": True, "trust": "C", "medium": "either"}
    if group.key == "form_fields" and rows:
        row["section"] = rows[-1].get("section", "")
    if group.key == "steps":
        row |= {"code": f"step{len(rows) + 1}", "post": "reviewer", "officers": 1}
    if group.key == "special_procedures":
        row["excluded"] = True
    return row

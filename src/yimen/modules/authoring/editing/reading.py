"""From what was posted back to a content, and the row buttons."""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from yimen.modules.authoring.editing.fields import SEVERAL, Group, Spec
from yimen.modules.authoring.editing.groups import GROUP_OF, GROUPS
from yimen.modules.authoring.editing.showing import FORM_PARTS, NO_NAMES, rows_of
from yimen.modules.items.api.words import SOURCE_WORDS

MOST_ROWS = 200
OPTIONAL = {
    "limit": "amount", "validity": "amount", "joint": "organisations", "tolerance": "days", "promise": "materials",
}  # fmt: skip
"""Parts that are there only while this field of theirs (or a text that somebody wrote) says something."""
DEFAULTS = ("joint.clause", "tolerance.clause", "promise.clause", "accept")
"""Left empty, the content's own default stands."""
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


def from_post(
    posted: Posted, stored: Mapping[str, Any], names: Mapping[str, str] = NO_NAMES
) -> dict[str, Any]:
    """What was typed, over what is stored: ready to be checked by the schema, or to be shown again.

    Rows carry ``_was`` and the form its flat ``form_fields`` until ``finished``.

    Args:
        names: organisations' names by code; a line may say either.
    """
    codes = {name: code for code, name in names.items()}
    data = deepcopy(dict(stored))
    for group in GROUPS:
        if group.rows:
            old = {str(row.get("_was", n)): row for n, row in enumerate(rows_of(group.key, stored))}
            rows = [_read_row(group, posted, n, old) for n in _numbers(group.key, posted)]
            data[group.key] = [_with_codes(group, row, codes) for row in rows]
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


def _with_codes(group: Group, row: dict[str, Any], codes: Mapping[str, str]) -> dict[str, Any]:
    for spec in group.specs:
        part, _, last = spec.name.partition(".")
        if spec.kind == "organisations" and isinstance(row.get(part), dict):
            row[part][last] = [codes.get(line, line) for line in row[part][last]]
    return row


def _read(group: Group, posted: Posted, lead: str, into: dict[str, Any]) -> None:
    for spec in group.specs:
        name = lead + spec.name
        if spec.kind == "flag":
            _put(into, spec.name, name in posted)
        elif spec.kind in SEVERAL:
            _put(into, spec.name, posted.all(name))
        elif name in posted:
            _put(into, spec.name, _typed(spec, posted[name]))
    for part, decides in OPTIONAL.items():
        held = into.get(part)
        if isinstance(held, dict) and held.get(decides) in (None, "", []) and not held.get("text"):
            into[part] = None


def _typed(spec: Spec, text: str) -> Any:
    text = text.replace("\r\n", "\n").strip()
    if spec.kind == "lines":
        return [line.strip() for line in text.split("\n") if line.strip()]
    if spec.kind == "sources":
        return [_source(line) for line in text.split("\n") if line.strip()]
    if spec.kind == "choices":
        return [_choice(line) for line in text.split("\n") if line.strip()]
    if spec.kind == "organisations":
        return [line.strip() for line in text.split("\n") if line.strip()]
    if spec.kind == "date":
        return text or None
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


def _choice(line: str) -> dict[str, str]:
    code, _, name = line.strip().partition(" ")
    return {"code": code, "name": name.strip() or code}


def _put(into: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    for part in above:
        inner = into.get(part)
        into[part] = inner = dict(inner) if isinstance(inner, Mapping) else {}
        into = inner
    into[last] = value


def finished(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed as a content: empty numbers left out, the form put together, marks taken off."""
    own = {"form_fields", *FORM_PARTS}
    plain = {key: value for key, value in data.items() if key not in own}
    for group in GROUPS:
        if not group.rows:
            plain = _clean(group, plain)
        elif group.key not in own:
            plain[group.key] = [_clean(group, row) for row in plain.get(group.key) or ()]
    if "form_fields" in data:
        plain["form"] = _form(data)
    return plain


def _clean(group: Group, row: Mapping[str, Any]) -> dict[str, Any]:
    """Marks taken off; an empty number, and an empty field with a default of its own, is left out."""
    kept = {k: deepcopy(v) for k, v in row.items() if k != "_was"}
    for spec in group.specs:
        *above, last = spec.name.split(".")
        held: Any = kept
        for part in above:
            held = held.get(part) if isinstance(held, Mapping) else None
        unset = (
            spec.kind in ("int", "date") or spec.name in DEFAULTS or (group.key, last) == ("fees", "amount")
        )
        if isinstance(held, dict) and unset and held.get(last) in ("", None, []):
            held.pop(last, None)
    return kept


def _form(data: Mapping[str, Any]) -> dict[str, Any]:
    """Neighbouring fields with the same group become one section; a group nobody uses yet stays, empty."""
    form = deepcopy(dict(data.get("form") or {}))
    said = {str(row.get("title") or ""): row for row in rows_of("form_sections", data)}
    sections: list[dict[str, Any]] = []
    for row in data["form_fields"]:
        title = str(row.get("section") or "")
        if not sections or sections[-1]["title"] != title:
            sections.append(_section(title, said))
        sections[-1]["fields"].append({k: v for k, v in row.items() if k not in ("section", "_was")})
    used = {section["title"] for section in sections}
    form["sections"] = sections + [_section(title, said) for title in said if title not in used]
    elements = GROUP_OF["form_elements"]
    form["elements"] = [_clean(elements, row) for row in rows_of("form_elements", data)]
    return form


def _section(title: str, said: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    kept = said.get(title, {})
    return {"title": title, "hint": kept.get("hint", ""), "when": kept.get("when", ""), "fields": []}


def relocated(errors: Mapping[str, str], data: Mapping[str, Any]) -> dict[str, str]:
    """Errors by path in the content as errors by name of the control that shows the place.

    Args:
        data: what was typed (with its flat ``form_fields``).
    """
    sections = (finished(data).get("form") or {}).get("sections") or ()
    starts = [sum(len(s["fields"]) for s in sections[:n]) for n in range(len(sections))]
    titles = [str(row.get("title") or "") for row in rows_of("form_sections", data)]
    found = {}
    for path, sentence in errors.items():
        parts = path.split(".")
        name = path
        if parts[:2] == ["form", "elements"]:
            name = ".".join(["form_elements", *parts[2:]])
        elif parts[:2] == ["form", "sections"] and len(parts) > 3:
            number = int(parts[2])
            if parts[3] == "fields" and len(parts) > 4:
                name = ".".join(["form_fields", str(starts[number] + int(parts[4])), *parts[5:]])
            elif sections[number]["title"] in titles:
                name = ".".join(["form_sections", str(titles.index(sections[number]["title"])), *parts[3:]])
        found[name] = sentence
    return found


def unknown_organisations(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """Organisations asked for an opinion that do not exist, by name of the control."""
    found = {}
    for n, step in enumerate(data.get("steps") or ()):
        joint = step.get("joint") if isinstance(step, Mapping) else None
        for line in (joint or {}).get("organisations") or ():
            if line not in names:
                found[f"steps.{n}.joint.organisations"] = f"没有叫“{line}”的机构，请写机构的全称或者代码。"
    return found


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
        row |= {
            "code": f"m{len(rows) + 1}",
            "main": True,
            "trust": "C",
            "medium": "either",
            "accept": ["pdf", "image"],
        }
    if group.key == "form_fields" and rows:
        row["section"] = rows[-1].get("section", "")
    if group.key == "steps":
        row |= {"code": f"step{len(rows) + 1}", "post": "reviewer", "officers": 1}
    if group.key == "form_elements":
        row |= {"code": f"x_field{len(rows) + 1}", "type": "text", "sensitive": "none"}
    if group.key == "special_procedures":
        row["excluded"] = True
    return row

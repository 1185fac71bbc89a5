"""One form for several items (一表申请): the same data element is asked once; where items differ, it is told.

Nothing is lost: whatever one of the items would show or require, the merged form shows or requires under the same
conditions, joined by OR. Different labels, hints and sources are listed as conflicts; the first item's words stay.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from yimen.modules.forms.definition import FormDefinition, FormField, FormSection
from yimen.modules.forms.elements import DataElement

LONGEST_TITLE = 200


@dataclass(frozen=True, kw_only=True)
class MergeConflict:
    """Two items want the same element in different ways.

    Args:
        element: code of the data element.
        what: label, hint, required, when, default_from, section or element (the definition of a local element).
        asked: item code to what it says.
        sentence: the same in words, with what the merged form does.
        blocking: true when the merged form cannot satisfy both.
    """

    element: str
    what: str
    asked: tuple[tuple[str, str], ...]
    sentence: str
    blocking: bool = False


@dataclass
class _Asked:
    """One element with everything the items say about it, in their order."""

    section: str
    fields: list[tuple[str, FormField]] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    needed: list[str] = field(default_factory=list)


def merge_definitions(
    parts: Sequence[tuple[str, FormDefinition]],
) -> tuple[FormDefinition, list[MergeConflict]]:
    """Merge the forms of several items.

    Args:
        parts: ``(item code, its form)`` in the order of the application.

    Returns:
        The merged form, and everything in which the items differ. One item's form comes back as it is.
    """
    if len(parts) == 1:
        return parts[0][1], []
    asked: dict[str, _Asked] = {}
    hints: dict[str, list[str]] = {}
    for item, definition in parts:
        for section in definition.sections:
            hints.setdefault(section.title, []).append(section.hint)
            for one in section.fields:
                _ask(asked.setdefault(one.element, _Asked(section.title)), item, section, one)
    elements, conflicts = _elements(parts)
    for code, entry in asked.items():
        conflicts += _conflicts(code, entry, parts)
    sections = tuple(
        FormSection(
            title=title,
            hint="\n".join(dict.fromkeys(hint for hint in said if hint))[:500],
            fields=tuple(_merged(entry) for entry in asked.values() if entry.section == title),
        )
        for title, said in hints.items()
    )
    title = "、".join(dict.fromkeys(definition.title for _, definition in parts if definition.title))
    merged = FormDefinition(
        title=title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…",
        sections=tuple(section for section in sections if section.fields),
        elements=elements,
    )
    return merged, conflicts


def asked_by(parts: Iterable[tuple[str, FormDefinition]]) -> dict[str, list[str]]:
    """Which items ask each element: element code to item codes, in the order of the application."""
    found: dict[str, list[str]] = {}
    for item, definition in parts:
        for one in definition.fields():
            found.setdefault(one.element, []).append(item)
    return found


def _ask(entry: _Asked, item: str, section: FormSection, one: FormField) -> None:
    entry.fields.append((item, one))
    shown = _both(section.when, one.when)
    entry.shown.append(shown)
    if one.required:
        entry.needed.append(shown)
    elif one.required_when:
        entry.needed.append(_both(shown, one.required_when))


def _both(left: str, right: str) -> str:
    return f"({left}) AND ({right})" if left and right else left or right


def _any(conditions: Sequence[str]) -> str:
    """Conditions joined by OR; "" (always) when one of them is always."""
    different = list(dict.fromkeys(conditions))
    if "" in different:
        return ""
    return different[0] if len(different) == 1 else " OR ".join(f"({condition})" for condition in different)


def _merged(entry: _Asked) -> FormField:
    """The one field that stands for all: shown and required whenever one of the items would."""
    first = entry.fields[0][1]
    when = _any(entry.shown)
    needed = _any(entry.needed) if entry.needed else None
    # What is required whenever it is shown at all needs no condition of its own.
    always = needed is not None and needed in ("", when)
    return FormField(
        element=first.element,
        label=next((one.label for _, one in entry.fields if one.label), ""),
        required=always,
        required_when="" if always or needed is None else needed,
        when=when,
        hint=next((one.hint for _, one in entry.fields if one.hint), ""),
        default_from=next((one.default_from for _, one in entry.fields if one.default_from), ""),
    )


def _conflicts(code: str, entry: _Asked, parts: Sequence[tuple[str, FormDefinition]]) -> list[MergeConflict]:
    if len(entry.fields) < 2:
        return []
    definitions = dict(parts)
    labels = [(item, definitions[item].label(one)) for item, one in entry.fields]
    sections = [(item, _section_of(definitions[item], code)) for item, _ in entry.fields]
    rows = [
        ("label", labels, "合并后使用第一种叫法"),
        ("hint", [(item, one.hint) for item, one in entry.fields], "合并后使用第一条说明"),
        (
            "required",
            [(item, _need(one)) for item, one in entry.fields],
            "合并后只要有一个事项要求填写就要填写",
        ),
        (
            "when",
            [(item, entry.shown[n] or "总是") for n, (item, _) in enumerate(entry.fields)],
            "合并后只要有一个事项需要就显示",
        ),
        ("default_from", [(item, one.default_from) for item, one in entry.fields], "合并后使用第一个来源"),
        ("section", sections, "合并后放在第一个位置"),
    ]
    found = []
    for what, said, outcome in rows:
        if len({words for _, words in said}) > 1:
            told = "，".join(f"{item} 为“{words or '（空）'}”" for item, words in said)
            sentence = f"“{labels[0][1]}”的{_WHAT[what]}不同：{told}；{outcome}。"
            found.append(MergeConflict(element=code, what=what, asked=tuple(said), sentence=sentence))
    return found


_WHAT = {
    "label": "名称",
    "hint": "填写说明",
    "required": "必填要求",
    "when": "显示条件",
    "default_from": "预填来源",
    "section": "所在分组",
}


def _need(one: FormField) -> str:
    return "必填" if one.required else f"符合条件时必填：{one.required_when}" if one.required_when else "选填"


def _section_of(definition: FormDefinition, code: str) -> str:
    return next(s.title for s in definition.sections if any(one.element == code for one in s.fields))


def _elements(
    parts: Sequence[tuple[str, FormDefinition]],
) -> tuple[tuple[DataElement, ...], list[MergeConflict]]:
    """Local elements of all; two different ones under one code cannot both be asked and are told as blocking."""
    kept: dict[str, tuple[str, DataElement]] = {}
    conflicts = []
    for item, definition in parts:
        for element in definition.elements:
            owner, first = kept.setdefault(element.code, (item, element))
            if first != element:
                said = ((owner, first.name), (item, element.name))
                sentence = (
                    f"自定义数据元“{element.code}”在 {owner} 和 {item} 中的定义不同，不能合并，"
                    "请其中一个事项改用别的代码。"
                )
                conflicts.append(
                    MergeConflict(
                        element=element.code, what="element", asked=said, sentence=sentence, blocking=True
                    )
                )
    return tuple(element for _, element in kept.values()), conflicts

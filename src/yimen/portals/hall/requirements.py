"""The one set of materials of several items: each thing asked once, with why, and how else it can be given (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yimen.modules.cases import api as cases
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import MaterialRequirement

FILE, LICENCE, PROMISE, OWED, NONE = "file", "licence", "promise", "owed", "none"


@dataclass(kw_only=True)
class Asked:
    """One thing to hand in, for all the items that ask for it.

    Args:
        key: name of its controls; the requirement's code, with the item's where two items mean different things by it.
        targets: (item code, requirement code) it stands for.
        item_names: whose requirement it is, shown when there are several items.
        spared: why it need not be handed in; "" = it is asked for.
        ways: how it may be given, from ``FILE LICENCE PROMISE OWED``.
    """

    key: str
    name: str
    targets: list[tuple[str, str]] = field(default_factory=list)
    parts: list[MaterialRequirement] = field(default_factory=list)
    item_names: list[str] = field(default_factory=list)
    spared: str = ""
    ways: list[str] = field(default_factory=list)
    promise_text: str = ""
    owed_days: int = 0
    owed_late: str = ""

    @property
    def accept(self) -> set[str]:
        """The kinds of file that every item takes."""
        kinds = [{str(kind) for kind in part.accept} for part in self.parts]
        return set.intersection(*kinds) or kinds[0]

    @property
    def main(self) -> bool:
        return any(part.main for part in self.parts)

    @property
    def notes(self) -> list[str]:
        return list(dict.fromkeys(part.notes for part in self.parts if part.notes))

    @property
    def why(self) -> list[str]:
        """The article that asks for it."""
        return list(dict.fromkeys(part.basis for part in self.parts if part.basis))

    @property
    def issuer(self) -> str:
        return next((part.issuer for part in self.parts if part.issuer), "")

    @property
    def licence_name(self) -> str:
        return next((s.name for part in self.parts for s in part.sources if s.kind == "licence"), self.name)


@dataclass(frozen=True, kw_only=True)
class NotNeeded:
    """A material of the guide that these answers make unnecessary."""

    name: str
    why: str


def asked_of(
    standards: Sequence[PublishedStandard], values: Mapping[str, Any]
) -> tuple[list[Asked], list[NotNeeded]]:
    """What these answers ask for, each thing once, and what of the guide they do not ask for.

    Args:
        standards: of all items of the application.
        values: answers and form as far as they fit.
    """
    groups: dict[str, Asked] = {}
    spared: dict[str, NotNeeded] = {}
    codes: dict[str, set[str]] = {}
    for standard in standards:
        required = {m.code for m in cases.required_materials(standard.content, values)}
        for material in standard.content.materials:
            codes.setdefault(material.code, set()).add(material.name)
            if material.code not in required:
                spared.setdefault(material.name, NotNeeded(name=material.name, why="按您的情况不用交"))
                continue
            one = groups.setdefault(material.name, Asked(key=material.code, name=material.name))
            one.targets.append((standard.code, material.code))
            one.parts.append(material)
            one.item_names.append(standard.content.name)
    for one in groups.values():
        if len(codes[one.key]) > 1:
            one.key = f"{one.key}.{one.targets[0][0]}"
        _say_how(one, standards)
    return list(groups.values()), [gone for name, gone in spared.items() if name not in groups]


def _say_how(one: Asked, standards: Sequence[PublishedStandard]) -> None:
    by_code = {standard.code: standard for standard in standards}
    contents = [by_code[item].content for item, _ in one.targets]
    one.spared = _spared(one, standards)
    one.ways = [FILE]
    if any(source.kind == "licence" for part in one.parts for source in part.sources):
        one.ways.insert(0, LICENCE)
    pairs = list(zip(contents, one.parts, strict=True))
    promises = [content.promise for content in contents]
    if all(
        promise is not None and part.code in promise.materials
        for promise, part in zip(promises, one.parts, strict=True)
    ):
        one.ways.append(PROMISE)
        one.promise_text = "\n".join(dict.fromkeys(p.text for p in promises if p is not None and p.text))
    if all(content.tolerance is not None and not part.main for content, part in pairs):
        one.ways.append(OWED)
        tolerances = [content.tolerance for content in contents if content.tolerance is not None]
        one.owed_days = min(t.days for t in tolerances)
        refused = any(t.when_late == "refuse" for t in tolerances)
        one.owed_late = "不予批准" if refused else "终止办理"


def _spared(one: Asked, standards: Sequence[PublishedStandard]) -> str:
    """Why nothing has to be handed in for this, or ""."""
    if all(part.kind == "form" for part in one.parts) and any(s.content.form.sections for s in standards):
        return "用您填写的申请表代替，不用另外上传"
    names = {s.code: s.content.name for s in standards} | {
        s.slug: s.content.name for s in standards if s.slug
    }
    for part in one.parts:
        for source in part.sources:
            if source.kind == "output_of" and (source.code in names or source.name in names.values()):
                return f"由一起办理的“{names.get(source.code, source.name)}”的结果代替"
            if source.kind == "shared_data":
                return f"由部门从“{source.name}”核对，查得到的不用您交"
    return ""

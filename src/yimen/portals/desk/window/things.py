"""What is to be handed in for several items, each thing once, and the ways in which it may be given (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yimen.modules.cases import api as cases
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import MaterialRequirement

PAPER, FILE, LICENCE, PROMISE, OWED, NONE = "paper", "file", "licence", "promise", "owed", "none"
WAYS = {
    PAPER: ("收纸质", "1"),
    FILE: ("扫描上传", "2"),
    LICENCE: ("电子证照", "3"),
    PROMISE: ("告知承诺", "4"),
    OWED: ("容缺后补", "5"),
    NONE: ("未交", "0"),
}


@dataclass(frozen=True, kw_only=True)
class Given:
    """How a thing is given so far."""

    how: str = NONE
    files: tuple[str, ...] = ()
    licence: str = ""

    @classmethod
    def of(cls, held: Mapping[str, Any]) -> "Given":
        how = str(held.get("how") or NONE)
        files = tuple(str(digest) for digest in held.get("files") or ())
        return cls(how=how if how in WAYS else NONE, files=files, licence=str(held.get("licence") or ""))

    @property
    def complete(self) -> bool:
        if self.how == FILE:
            return bool(self.files)
        return len(self.licence) >= 4 if self.how == LICENCE else self.how != NONE


@dataclass(kw_only=True)
class Thing:
    """One thing asked for, with the requirements of the items it serves.

    Args:
        key: name of its controls.
        targets: (item code, requirement code).
        spared: why it need not be handed in; "" = it is asked for.
        ways: how it may be given.
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

    @property
    def main(self) -> bool:
        return any(part.main for part in self.parts)

    @property
    def notes(self) -> list[str]:
        return list(dict.fromkeys(part.notes for part in self.parts if part.notes))

    @property
    def amount(self) -> str:
        originals = max(part.originals for part in self.parts)
        copies = max(part.copies for part in self.parts)
        said = [f"原件{originals}份"] if originals else []
        return "，".join([*said, f"复印件{copies}份"] if copies else said)

    @property
    def accept(self) -> str:
        """For the file picker."""
        kinds = set.intersection(*(set(part.accept) for part in self.parts)) or {"pdf", "image"}
        names = {"pdf": ".pdf", "image": ".jpg,.jpeg,.png", "office": ".doc,.docx,.xls,.xlsx", "ofd": ".ofd"}
        return ",".join(names[kind] for kind in sorted(kinds))


def things_of(standards: Sequence[PublishedStandard], values: Mapping[str, Any]) -> list[Thing]:
    """What these answers ask for, in the order of the guides.

    Args:
        values: answers and form, as far as they fit.
    """
    groups: dict[str, Thing] = {}
    names: dict[str, set[str]] = {}
    for standard in standards:
        for part in cases.required_materials(standard.content, values):
            names.setdefault(part.code, set()).add(part.name)
            thing = groups.setdefault(part.name, Thing(key=part.code, name=part.name))
            thing.targets.append((standard.code, part.code))
            thing.parts.append(part)
            thing.item_names.append(standard.content.name)
    for thing in groups.values():
        if len(names[thing.key]) > 1 or any(part.code != thing.key for part in thing.parts):
            thing.key = f"{thing.key}.{thing.targets[0][0]}"
        _say_how(thing, {standard.code: standard for standard in standards})
    return list(groups.values())


def _say_how(thing: Thing, standards: Mapping[str, PublishedStandard]) -> None:
    owners = [standards[item].content for item, _ in thing.targets]
    thing.spared = _spared(thing, standards)
    thing.ways = [PAPER, FILE]
    if any(source.kind == "licence" for part in thing.parts for source in part.sources):
        thing.ways.append(LICENCE)
    pairs = list(zip(owners, thing.parts, strict=True))
    if all(owner.promise is not None and part.code in owner.promise.materials for owner, part in pairs):
        thing.ways.append(PROMISE)
        texts = [owner.promise.text for owner in owners if owner.promise is not None and owner.promise.text]
        thing.promise_text = "\n".join(dict.fromkeys(texts))
    if all(owner.tolerance is not None and not part.main for owner, part in pairs):
        thing.ways.append(OWED)
        thing.owed_days = min(owner.tolerance.days for owner in owners if owner.tolerance is not None)
    thing.ways.append(NONE)


def _spared(thing: Thing, standards: Mapping[str, PublishedStandard]) -> str:
    owners = [standards[item] for item, _ in thing.targets]
    if all(part.kind == "form" for part in thing.parts) and all(o.content.form.sections for o in owners):
        return "用上面填好的申请表代替"
    by_code = {s.code: s.content.name for s in standards.values()}
    by_code |= {s.slug: s.content.name for s in standards.values() if s.slug}
    for part in thing.parts:
        for source in part.sources:
            if source.kind == "output_of" and (source.code in by_code or source.name in by_code.values()):
                return f"由一起办理的“{by_code.get(source.code, source.name)}”的结果代替"
            if source.kind == "shared_data":
                return f"由部门从“{source.name}”核对，不用交"
    return ""


def materials_in(things: Sequence[Thing], given: Mapping[str, Given]) -> list[cases.MaterialIn]:
    """What is given, as ``cases.hand_in`` takes it: one line for each item, requirement and file."""
    taken: list[cases.MaterialIn] = []
    for thing in things:
        how = given.get(thing.key, Given())
        if thing.spared and how.how == NONE:
            continue
        if how.how not in thing.ways or not how.complete:
            continue
        for item, requirement in dict.fromkeys(thing.targets):
            if how.how == FILE:
                taken += [
                    cases.MaterialIn(requirement=requirement, item=item, file=digest) for digest in how.files
                ]
            elif how.how == LICENCE:
                taken.append(cases.MaterialIn(requirement=requirement, item=item, licence=how.licence))
            elif how.how != NONE:
                taken.append(
                    cases.MaterialIn.model_validate({"requirement": requirement, "item": item, how.how: True})
                )
    return taken


def missing_of(things: Sequence[Thing], given: Mapping[str, Given]) -> list[Thing]:
    """What is asked for and not given in any way."""
    return [thing for thing in things if not thing.spared and not (given.get(thing.key, Given()).complete)]

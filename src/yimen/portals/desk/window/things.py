"""How the things asked for are given at a window: paper above all, and what the standards allow instead (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yimen.modules.cases import api as cases

PAPER, FILE, LICENCE, PROMISE, OWED, NONE = "paper", "file", "licence", "promise", "owed", "none"
WAYS = {
    PAPER: ("收纸质", "1"),
    FILE: ("扫描上传", "2"),
    LICENCE: ("电子证照", "3"),
    PROMISE: ("告知承诺", "4"),
    OWED: ("容缺后补", "5"),
    NONE: ("未交", "0"),
}
SUFFIXES = {"pdf": ".pdf", "image": ".jpg,.jpeg,.png", "office": ".doc,.docx,.xls,.xlsx", "ofd": ".ofd"}


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


def ways_of(thing: cases.AskedThing) -> list[str]:
    """How this thing may be given, in the order of the keys."""
    return [way for way in WAYS if way in (PAPER, NONE, *thing.ways)]


def accept_of(thing: cases.AskedThing) -> str:
    """For the file picker."""
    return ",".join(SUFFIXES[kind] for kind in sorted(thing.accept))


def materials_in(things: Sequence[cases.AskedThing], given: Mapping[str, Given]) -> list[cases.MaterialIn]:
    """What is given, as ``cases.hand_in`` takes it: one line for each item, requirement and file."""
    taken: list[cases.MaterialIn] = []
    for thing in things:
        how = given.get(thing.key, Given())
        if thing.spared and how.how == NONE:
            continue
        if how.how not in ways_of(thing) or not how.complete:
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


def missing_of(things: Sequence[cases.AskedThing], given: Mapping[str, Given]) -> list[cases.AskedThing]:
    """What is asked for and not given in any way."""
    return [thing for thing in things if not thing.spared and not (given.get(thing.key, Given()).complete)]

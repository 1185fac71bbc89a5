"""The one set of materials for one set of answers: each paper asked once, why, and how else it can be given (pure)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yimen.modules.cases.papers import Paper, Reference, group_requirements
from yimen.modules.cases.rules import may_owe, may_promise, required_materials
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import MaterialRequirement

FILE, LICENCE, PROMISE, OWED = "file", "licence", "promise", "owed"


@dataclass(kw_only=True)
class AskedThing:
    """One thing to hand in, for all the items that ask for it.

    Args:
        key: name of its controls; the requirement's code, with the item's where one code means several things.
        targets: (item code, requirement code) it stands for.
        parts: the requirements, in the order of ``targets``.
        item_names: whose requirement it is, shown when there are several items.
        spared: why it need not be handed in; "" = it is asked for.
        ways: how it may be given besides paper at a window.
        owed_late: what happens when owed material does not come.
    """

    key: str
    name: str
    targets: list[Reference]
    parts: list[MaterialRequirement]
    item_names: list[str]
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
        """The articles that ask for it."""
        return list(dict.fromkeys(part.basis for part in self.parts if part.basis))

    @property
    def issuer(self) -> str:
        return next((part.issuer for part in self.parts if part.issuer), "")

    @property
    def licence_name(self) -> str:
        return next((s.name for part in self.parts for s in part.sources if s.kind == LICENCE), self.name)

    @property
    def amount(self) -> str:
        """Originals and copies, the most that any item wants."""
        originals = max(part.originals for part in self.parts)
        copies = max(part.copies for part in self.parts)
        said = [f"原件{originals}份"] if originals else []
        return "，".join([*said, f"复印件{copies}份"] if copies else said)


def asked_things(
    standards: Sequence[PublishedStandard],
    values: Mapping[str, Any],
    *,
    same: Iterable[Sequence[Reference]] = (),
    different: Iterable[Sequence[Reference]] = (),
    met: Mapping[Reference, str] | None = None,
) -> list[AskedThing]:
    """What these answers ask for, each paper once, in the order of the guides.

    Args:
        standards: of all items of the application.
        values: answers and form, as far as they fit.
        same, different: what a theme's author decided about papers.
        met: (item, requirement) to the name of the item of this application whose result stands for it.
    """
    by_code = {standard.code: standard for standard in standards}
    asked = [(s.code, m) for s in standards for m in required_materials(s.content, values)]
    grouping = group_requirements(asked, same=same, different=different)
    meanings = Counter(
        code for paper in grouping.papers for code in {p.requirement.code for p in paper.parts}
    )
    return [_thing(paper, by_code, meanings, met or {}) for paper in grouping.papers]


def not_needed(standards: Sequence[PublishedStandard], values: Mapping[str, Any]) -> list[str]:
    """Names of the materials of the guides that these answers make unnecessary."""
    required = {m.name for s in standards for m in required_materials(s.content, values)}
    named = dict.fromkeys(m.name for s in standards for m in s.content.materials)
    return [name for name in named if name not in required]


def _thing(
    paper: Paper,
    standards: Mapping[str, PublishedStandard],
    meanings: Counter[str],
    met: Mapping[Reference, str],
) -> AskedThing:
    first = paper.parts[0]
    code = first.requirement.code
    thing = AskedThing(
        key=code if meanings[code] == 1 else f"{code}.{first.item}",
        name=paper.name,
        targets=[part.reference for part in paper.parts],
        parts=[part.requirement for part in paper.parts],
        item_names=list(dict.fromkeys(standards[part.item].content.name for part in paper.parts)),
    )
    thing.spared = _spared(thing, standards, met)
    _say_ways(thing, standards)
    return thing


def _say_ways(thing: AskedThing, standards: Mapping[str, PublishedStandard]) -> None:
    """Only what every item allows counts; the shortest time to follow and the hardest consequence are told."""
    pairs = [(standards[item].content, code) for item, code in thing.targets]
    thing.ways = [FILE]
    if any(source.kind == LICENCE for part in thing.parts for source in part.sources):
        thing.ways.insert(0, LICENCE)
    if all(may_promise(content, code) for content, code in pairs):
        thing.ways.append(PROMISE)
        texts = [content.promise.text for content, _ in pairs if content.promise]
        thing.promise_text = "\n".join(dict.fromkeys(text for text in texts if text))
    tolerances = [content.tolerance for content, code in pairs if may_owe(content, code)]
    if len(tolerances) == len(pairs):
        thing.ways.append(OWED)
        thing.owed_days = min(t.days for t in tolerances if t)
        thing.owed_late = "不予批准" if any(t and t.when_late == "refuse" for t in tolerances) else "终止办理"


def _spared(
    thing: AskedThing, standards: Mapping[str, PublishedStandard], met: Mapping[Reference, str]
) -> str:
    """Why nothing has to be handed in for this, or ""."""
    if all(part.kind == "form" for part in thing.parts) and all(
        standards[item].content.form.sections for item, _ in thing.targets
    ):
        return "用您填写的申请表代替，不用另外上传"
    supplier = next((met[target] for target in thing.targets if target in met), "")
    if supplier and all(target in met for target in thing.targets):
        return f"由一起办理的“{supplier}”的结果代替"
    shared = [next((s.name for s in part.sources if s.kind == "shared_data"), "") for part in thing.parts]
    if all(shared):
        return f"由部门从“{shared[0]}”核对，查得到的不用您交"
    return ""

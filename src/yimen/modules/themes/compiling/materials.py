"""The one set of materials: each paper once, as strict as its strictest part, and what another item's result meets (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from yimen.modules.cases.api import AskedPaper, Grouping, Paper, Reference, group_requirements, plain_name
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import MaterialRequirement
from yimen.modules.themes.compiling.references import ByHand
from yimen.modules.themes.compiling.rules import any_of, ruled_out
from yimen.modules.themes.compiling.values import CompiledRequirement, Conflict, Dropped

NAMED, RESULT, SOURCE = "编制人指定", "名称与该事项的结果相同", "办事标准写明来自该事项"


@dataclass(frozen=True, kw_only=True)
class Collected:
    """The set with everything that was found on the way."""

    requirements: tuple[CompiledRequirement, ...]
    dropped: tuple[Dropped, ...]
    conflicts: tuple[Conflict, ...]
    grouping: Grouping


def collect(
    standards: Sequence[PublishedStandard],
    said: ByHand,
    scope: Mapping[str, Any],
    licences: frozenset[str] = frozenset(),
) -> Collected:
    """Merge the materials of all items.

    Args:
        said: what the author decided by hand.
        scope: answers and known values that rules read.
        licences: names of licences that the applicant holds.
    """
    asked: list[tuple[str, MaterialRequirement]] = []
    dropped: list[Dropped] = []
    for standard in standards:
        for material in standard.content.materials:
            if ruled_out(material.required_when, scope):
                dropped.append(
                    Dropped(
                        item=standard.code, kind="material", code=material.code, name=material.name,
                        rule=material.required_when,
                    )
                )  # fmt: skip
            else:
                asked.append((standard.code, material))
    grouping = group_requirements(asked, same=said.same, different=said.different)
    producers = _Producers(standards, said)
    requirements: list[CompiledRequirement] = []
    conflicts = [_clash(clash.references, clash.sentence) for clash in grouping.clashes]
    by_code = {standard.code: standard for standard in standards}
    for paper in grouping.papers:
        producer, rivals = producers.of(paper)
        conflicts += rivals
        for parts, by, why in producers.divided(paper, producer):
            one = _merged(paper, parts, by, why)
            requirements.append(one if by else _spared(one, by_code, licences))
            conflicts += _differing(requirements[-1])
    return Collected(
        requirements=tuple(_keyed(requirements)),
        dropped=tuple(dropped),
        conflicts=tuple(conflicts),
        grouping=grouping,
    )


class _Producers:
    """Whose result is this paper?"""

    def __init__(self, standards: Sequence[PublishedStandard], said: ByHand) -> None:
        self._said = said
        self._names = {standard.code: standard.content.name for standard in standards}
        self._called: dict[str, str] = {}
        self._results: dict[str, list[str]] = {}
        for standard in standards:
            for word in (standard.code, standard.slug, plain_name(standard.content.name)):
                if word:
                    self._called.setdefault(word, standard.code)
            for result in standard.content.results:
                self._results.setdefault(plain_name(result.name), []).append(standard.code)

    def of(self, paper: Paper) -> tuple[tuple[str, str], list[Conflict]]:
        """(code of the producing item or "", on what ground), and the others that could have been it."""
        found: dict[str, tuple[int, str]] = {}
        for part in paper.parts:
            for rank, code, ground in self._candidates(part):
                if code != part.item and (part.reference, code) not in self._said.not_results:
                    found[code] = min(found.get(code, (rank, ground)), (rank, ground))
        if not found:
            return ("", ""), []
        order = list(self._names)
        first, *others = sorted(found, key=lambda code: (found[code][0], order.index(code)))
        rank = found[first][0]
        rivals = [code for code in others if found[code][0] == rank]
        conflicts = [self._rivalry(paper, first, rivals)] if rivals else []
        return (first, found[first][1]), conflicts

    def _candidates(self, part: AskedPaper) -> Iterable[tuple[int, str, str]]:
        if (named := self._said.results.get(part.reference)) is not None:
            yield 0, named, NAMED
        for code in self._results.get(plain_name(part.requirement.name), ()):
            yield 1, code, RESULT
        for source in part.requirement.sources:
            if source.kind == "output_of":
                called = self._called.get(source.code) or self._called.get(plain_name(source.name))
                if called is not None:
                    yield 2, called, SOURCE

    def divided(
        self, paper: Paper, producer: tuple[str, str]
    ) -> Iterable[tuple[tuple[AskedPaper, ...], str, str]]:
        """The paper in two where its producer itself asks for an older one, or the author says it is not the result."""
        code, ground = producer
        if not code:
            yield paper.parts, "", ""
            return
        met = tuple(
            part
            for part in paper.parts
            if part.item != code and (part.reference, code) not in self._said.not_results
        )
        rest = tuple(part for part in paper.parts if part not in met)
        if rest:
            yield rest, "", ""
        if met:
            yield met, code, f"由同时办理的“{self._names[code]}”的结果代替，不用提交（{ground}）"

    def _rivalry(self, paper: Paper, first: str, rivals: Sequence[str]) -> Conflict:
        names = "、".join(f"“{self._names[code]}”" for code in rivals)
        return Conflict(
            kind="producer",
            subject=paper.parts[0].requirement.code,
            items=(first, *rivals),
            sentence=f"“{paper.name}”取“{self._names[first]}”的结果；{names}也能得到它，同时办理时不再另取。",
        )


def _clash(references: Sequence[Reference], sentence: str) -> Conflict:
    items = tuple(item for item, _ in references)
    return Conflict(kind="material", subject=references[0][1], items=items, sentence=sentence, blocking=True)


def _merged(paper: Paper, parts: Sequence[AskedPaper], met_by: str, why: str) -> CompiledRequirement:
    """As strict as the strictest."""
    wanted = [part.requirement for part in parts]
    shared = set.intersection(*({str(kind) for kind in one.accept} for one in wanted))
    return CompiledRequirement(
        key=wanted[0].code,
        name=wanted[0].name,
        parts=tuple(parts),
        asked_by=tuple(dict.fromkeys(part.item for part in parts)),
        met_by=met_by,
        why=why or (paper.why if len(parts) > 1 else ""),
        trust=min(one.trust for one in wanted),
        originals=max(one.originals for one in wanted),
        copies=max(one.copies for one in wanted),
        media=tuple(sorted({one.medium for one in wanted} - {"either"})),
        main=any(one.main for one in wanted),
        required_when=any_of(one.required_when for one in wanted),
        accept=tuple(kind for kind in wanted[0].accept if kind in shared),
        notes=tuple(dict.fromkeys(one.notes for one in wanted if one.notes)),
        bases=tuple(dict.fromkeys(one.basis for one in wanted if one.basis)),
    )


def _spared(
    one: CompiledRequirement, standards: Mapping[str, PublishedStandard], licences: frozenset[str]
) -> CompiledRequirement:
    """Spared only when every part may be."""
    how: Literal["", "form", "shared_data", "licence"] = ""
    if all(
        part.requirement.kind == "form" and standards[part.item].content.form.sections for part in one.parts
    ):
        how = "form"
    elif all(_has(part.requirement, "shared_data") for part in one.parts):
        how = "shared_data"
    elif all(_has(part.requirement, "licence", licences) for part in one.parts):
        how = "licence"
    return replace(one, spared=how) if how else one


def _has(requirement: MaterialRequirement, kind: str, names: frozenset[str] | None = None) -> bool:
    return any(s.kind == kind and (names is None or s.name in names) for s in requirement.sources)


def _differing(one: CompiledRequirement) -> list[Conflict]:
    """What the parts of a merged paper say differently, with what the merged one does."""
    said: list[tuple[str, set[str], str]] = [
        ("名称", {part.requirement.name for part in one.parts}, f"合并后称为“{one.name}”"),
        ("可信等级", {part.requirement.trust for part in one.parts}, f"合并后按{one.trust}类"),
        (
            "份数",
            {f"原件{p.requirement.originals}、复印件{p.requirement.copies}" for p in one.parts},
            f"合并后原件{one.originals}份、复印件{one.copies}份，供各部门共用",
        ),
        (
            "提交条件",
            {part.requirement.required_when or "总是" for part in one.parts},
            "合并后只要有一个事项需要就提交",
        ),
    ]
    found = [
        Conflict(
            kind="material",
            subject=one.key,
            items=one.asked_by,
            sentence=f"“{one.name}”的{what}不同（{'；'.join(sorted(values))}），{outcome}。",
        )
        for what, values, outcome in said
        if len(values) > 1
    ]
    # Only an author can bring these together: by themselves such papers stay apart.
    if not one.accept or len(one.media) > 1:
        sentence = f"“{one.name}”各事项要求的介质或者文件格式没有共同之处，不能是同一份材料，请分开收取。"
        found.append(
            Conflict(kind="material", subject=one.key, items=one.asked_by, sentence=sentence, blocking=True)
        )
    return found


def _keyed(requirements: Sequence[CompiledRequirement]) -> Iterable[CompiledRequirement]:
    """Keys made unique: a code that several papers bear goes with the item that asks first."""
    count: dict[str, int] = {}
    for one in requirements:
        count[one.key] = count.get(one.key, 0) + 1
    for one in requirements:
        yield one if count[one.key] == 1 else replace(one, key=f"{one.key}.{one.parts[0].item}")

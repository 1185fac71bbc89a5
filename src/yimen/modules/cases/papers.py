"""Which requirements of several items are one and the same paper (一套材料): each is asked for once (pure).

When in doubt two papers stay two: the ids of a couple are not the applicant's, the father's book is not the mother's. What only
looks alike is told as a suggestion for whoever composes the items by hand.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

from yimen.modules.items.content import MaterialRequirement

Reference = tuple[str, str]
"""(item code, requirement code)."""

_NOISE = re.compile(r"[\s“”\"'‘’《》〈〉「」]+")
_PREFIXES = ("中华人民共和国", "居民")
_APPLICANT = frozenset({"申请人", "本人", "申请人本人", "申请者"})


@dataclass(frozen=True, kw_only=True)
class AskedPaper:
    """One requirement of one item."""

    item: str
    requirement: MaterialRequirement

    @property
    def reference(self) -> Reference:
        return self.item, self.requirement.code


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One thing to hand in, with every requirement that it serves.

    Args:
        name: as the first item calls it.
        parts: in the order asked.
        why: why these are one paper; "" for a single requirement.
    """

    name: str
    parts: tuple[AskedPaper, ...]
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Alike:
    """Requirements that may be one paper, kept apart for want of certainty; or said to be both."""

    references: tuple[Reference, ...]
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """The one set of materials.

    Args:
        papers: in the order in which they are first asked for.
        suggestions: what may be the same and was kept apart.
        clashes: papers said to be the same and to be different at once.
    """

    papers: tuple[Paper, ...]
    suggestions: tuple[Alike, ...] = ()
    clashes: tuple[Alike, ...] = ()


def group_requirements(
    asked: Iterable[tuple[str, MaterialRequirement]],
    *,
    same: Iterable[Sequence[Reference]] = (),
    different: Iterable[Sequence[Reference]] = (),
) -> Grouping:
    """Group the requirements of several items into papers.

    Two requirements of different items are one paper when their names are equal but for spacing and quotation marks, or when
    the same licence of the same holder stands for both; a filled form and a certificate never are, nor what no one file
    could satisfy. ``same`` and ``different`` decide otherwise, ``different`` above all.

    Args:
        asked: (item code, requirement) in the order of the application.
        same: each a list of references that somebody says are one paper.
        different: each a list of references of which no two are one paper.
    """
    parts = [AskedPaper(item=item, requirement=requirement) for item, requirement in asked]
    apart = {frozenset(pair) for group in different for pair in combinations(dict.fromkeys(group), 2)}
    groups = _Groups(parts, apart)
    clashes = _say_same(groups, parts, same)
    _join_equal(groups, parts)
    papers = tuple(groups.papers())
    return Grouping(papers=papers, suggestions=tuple(_suggestions(papers, apart)), clashes=tuple(clashes))


@lru_cache(maxsize=8192)
def plain_name(name: str) -> str:
    """A paper's name as it is compared: one width of letters, no spaces, no quotation marks or brackets of titles."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).lower()


class _Groups:
    """Who is with whom: joining keeps what is forbidden to be together apart, through others as well."""

    def __init__(self, parts: Sequence[AskedPaper], apart: set[frozenset[Reference]]) -> None:
        self._parts, self._apart = parts, apart
        self._of = list(range(len(parts)))
        self._members = {n: [n] for n in range(len(parts))}
        self._why: dict[int, str] = {}

    def join(self, one: int, other: int, why: str, *, by_hand: bool = False) -> bool:
        """Put two together; false when that may not be."""
        left, right = self._of[one], self._of[other]
        if left == right:
            return True
        if any(not self._may(a, b, by_hand) for a in self._members[left] for b in self._members[right]):
            return False
        first, second = min(left, right), max(left, right)
        self._members[first] += self._members.pop(second)
        for n in self._members[first]:
            self._of[n] = first
        self._why[first] = self._why.get(first) or self._why.pop(second, "") or why
        return True

    def _may(self, one: int, other: int, by_hand: bool) -> bool:
        left, right = self._parts[one], self._parts[other]
        if frozenset((left.reference, right.reference)) in self._apart:
            return False
        return by_hand or (left.item != right.item and _compatible(left.requirement, right.requirement))

    def papers(self) -> Iterable[Paper]:
        for first in sorted(self._members):
            parts = tuple(self._parts[n] for n in sorted(self._members[first]))
            why = self._why.get(first, "") if len(parts) > 1 else ""
            yield Paper(name=parts[0].requirement.name, parts=parts, why=why)


def _say_same(
    groups: _Groups, parts: Sequence[AskedPaper], same: Iterable[Sequence[Reference]]
) -> list[Alike]:
    numbers = {part.reference: n for n, part in enumerate(parts)}
    clashes = []
    for group in same:
        members = [reference for reference in dict.fromkeys(group) if reference in numbers]
        for one, other in pairwise(members):
            if not groups.join(numbers[one], numbers[other], "编制人确认是同一份材料", by_hand=True):
                left, right = parts[numbers[one]].requirement.name, parts[numbers[other]].requirement.name
                sentence = f"“{left}”和“{right}”既被指定为同一份材料，又被指定为不同材料，请只保留一种。"
                clashes.append(Alike(references=(one, other), sentence=sentence))
    return clashes


def _join_equal(groups: _Groups, parts: Sequence[AskedPaper]) -> None:
    """Equal names first, then equal licences of equal holders: what is first found gives the reason."""
    named: dict[str, list[int]] = {}
    held: dict[tuple[str, str], list[int]] = {}
    for n, part in enumerate(parts):
        named.setdefault(plain_name(part.requirement.name), []).append(n)
        for key in _holdings(part.requirement):
            held.setdefault(key, []).append(n)
    for why, index in (("名称相同", named), ("同一持证人的同一种证照", held)):
        for numbers in index.values():
            for one, other in combinations(numbers, 2):
                groups.join(one, other, why)


def _compatible(one: MaterialRequirement, other: MaterialRequirement) -> bool:
    """Could one paper be both: of one kind, in a shape that both take, by licences that do not contradict."""
    if "form" in (one.kind, other.kind) and one.kind != other.kind:
        return False
    if {one.medium, other.medium} == {"paper", "electronic"} or not set(one.accept) & set(other.accept):
        return False
    first = {s.name: s.code for s in one.sources if s.kind == "licence" and s.code}
    second = {s.name: s.code for s in other.sources if s.kind == "licence" and s.code}
    return all(first[name] == second[name] for name in first.keys() & second.keys())


def _holdings(requirement: MaterialRequirement) -> list[tuple[str, str]]:
    """(licence, holder) where the name says both plainly: the holder's word before the licence's name, nothing after it."""
    name = plain_name(requirement.name)
    found = []
    for source in requirement.sources:
        if source.kind != "licence":
            continue
        licence = _bare(plain_name(source.name))
        if licence and name.endswith(licence):
            holder = _bare_end(name[: -len(licence)])
            if not re.search(r"[或和与、及/]", holder):
                found.append((licence, "申请人" if holder in _APPLICANT else holder))
    return found


def _bare(licence: str) -> str:
    for prefix in _PREFIXES:
        licence = licence.removeprefix(prefix)
    return licence


def _bare_end(holder: str) -> str:
    for word in _PREFIXES:
        holder = holder.removesuffix(word)
    return holder.removesuffix("的")


def _suggestions(papers: Sequence[Paper], apart: set[frozenset[Reference]]) -> Iterable[Alike]:
    """Papers kept apart that one licence could stand for, or whose names are equal; one suggestion for each licence or name."""
    by_licence: dict[str, list[Paper]] = {}
    by_name: dict[str, list[Paper]] = {}
    for paper in papers:
        by_name.setdefault(plain_name(paper.name), []).append(paper)
        sources = {s.name for part in paper.parts for s in part.requirement.sources if s.kind == "licence"}
        for licence in sorted(sources):
            by_licence.setdefault(licence, []).append(paper)
    for papers_alike in by_name.values():
        if told := _undecided(papers_alike, apart):
            names = papers_alike[0].name
            sentence = (
                f"有{len(told)}份材料都叫“{names}”，但类别、介质、文件格式或者所属事项不同，先分开收取。"
            )
            yield Alike(references=told, sentence=sentence)
    for licence, papers_alike in by_licence.items():
        if told := _undecided(papers_alike, apart):
            names = "、".join(dict.fromkeys(f"“{paper.name}”" for paper in papers_alike))
            sentence = f"{names}都可以用“{licence}”，可能有相同的；是不是同一个人的不能确定，先分开收取。"
            yield Alike(references=told, sentence=sentence)


def _undecided(papers: Sequence[Paper], apart: set[frozenset[Reference]]) -> tuple[Reference, ...]:
    """One reference for each paper, unless all are of one item or somebody has told every two of them apart."""
    if len({part.item for paper in papers for part in paper.parts}) < 2 or len(papers) < 2:
        return ()
    open_pairs = any(
        not any(
            frozenset((left.reference, right.reference)) in apart
            for left in one.parts
            for right in other.parts
        )
        for one, other in combinations(papers, 2)
    )
    return tuple(paper.parts[0].reference for paper in papers) if open_pairs else ()

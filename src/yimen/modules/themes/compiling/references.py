"""What the author said of papers and order, with slugs resolved to the codes of the items at hand (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from yimen.modules.cases.api import Reference
from yimen.modules.items.api import PublishedStandard
from yimen.modules.themes.compiling.values import Edge
from yimen.modules.themes.content import Brings, Order


@dataclass(frozen=True, kw_only=True)
class ByHand:
    """Decisions of the author, by item code; what names items that are not at hand is left out.

    Args:
        same, different: groups of requirements.
        results: requirement to the item whose result it is.
        not_results: (requirement, item) that are not.
        edges: extra order.
        brings: data element to the item whose result carries it.
    """

    same: tuple[tuple[Reference, ...], ...] = ()
    different: tuple[tuple[Reference, ...], ...] = ()
    results: dict[Reference, str] = field(default_factory=dict)
    not_results: frozenset[tuple[Reference, str]] = frozenset()
    edges: tuple[Edge, ...] = ()
    brings: dict[str, str] = field(default_factory=dict)


def by_hand(
    standards: Sequence[PublishedStandard],
    same: Iterable[Sequence[str]],
    different: Iterable[Sequence[str]],
    edges: Iterable[Order],
    brings: Iterable[Brings] = (),
) -> ByHand:
    """Resolve ``item/requirement`` and ``item`` (its result) to codes."""
    codes = codes_of(standards)
    same_groups = [_resolved(group, codes) for group in same]
    apart = [_resolved(group, codes) for group in different]
    return ByHand(
        same=tuple(requirements for requirements, _ in same_groups if len(requirements) > 1),
        different=tuple(requirements for requirements, _ in apart if len(requirements) > 1),
        results={
            reference: items[0]
            for requirements, items in same_groups
            if items
            for reference in requirements
            if reference[0] != items[0]
        },
        not_results=frozenset(
            (reference, item) for requirements, items in apart for reference in requirements for item in items
        ),
        edges=tuple(_ordered(edges, codes)),
        brings={element: codes[one.item] for one in brings if one.item in codes for element in one.elements},
    )


def codes_of(standards: Iterable[PublishedStandard]) -> dict[str, str]:
    """Slug and code of each item to its code."""
    found: dict[str, str] = {}
    for standard in standards:
        found[standard.code] = standard.code
        if standard.slug:
            found[standard.slug] = standard.code
    return found


def split(reference: str) -> tuple[str, str]:
    """``item/requirement`` in two; the requirement is "" for a result."""
    item, _, requirement = reference.partition("/")
    return item, requirement


def _resolved(group: Sequence[str], codes: dict[str, str]) -> tuple[tuple[Reference, ...], list[str]]:
    requirements: list[Reference] = []
    items: list[str] = []
    for text in group:
        item, requirement = split(text)
        code = codes.get(item)
        if code is None:
            continue
        if requirement:
            requirements.append((code, requirement))
        else:
            items.append(code)
    return tuple(dict.fromkeys(requirements)), items


def _ordered(edges: Iterable[Order], codes: dict[str, str]) -> Iterable[Edge]:
    for edge in edges:
        before, after = codes.get(edge.before), codes.get(edge.after)
        if before is not None and after is not None and before != after:
            yield Edge(
                earlier=before,
                later=after,
                kind="order",
                why=edge.why,
                clause=edge.clause,
                when_failed=edge.when_failed,
            )


def contradictions(said: ByHand) -> list[tuple[Reference, Reference]]:
    """Pairs said to be the same and different."""
    apart = {frozenset(pair) for group in said.different for pair in combinations(group, 2)}
    return [
        (one, other)
        for group in said.same
        for one, other in combinations(group, 2)
        if frozenset((one, other)) in apart
    ]

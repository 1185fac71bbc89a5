"""What a stage plan makes of a project's facts: its items, their order, the planned days (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import Any

from yimen.kernel.expressions import parse
from yimen.modules.projects.content import PlanEdge, PlanItem, PlanStage, StagePlanContent

ORDER_CLAUSE = "建设单位选择逐项办理"
ORDER_WHY = "建设单位选择逐项办理，前一事项办结以后再办这一项"


@dataclass(frozen=True, kw_only=True)
class Edge:
    """``later`` follows ``earlier``; both are codes of the same kind."""

    earlier: str
    later: str
    why: str
    clause: str = ""
    supplies: tuple[str, ...] = ()
    when_failed: str = "ask"


@dataclass(frozen=True, kw_only=True)
class Span:
    """Planned working days of one item after the stage begins: from the end of day ``start`` to the end of day ``end``.

    ``slack``: days by which it may be late without moving the stage's end; 0 is on the critical path.
    """

    start: int
    end: int
    slack: int = 0


def holds(rule: str, facts: Mapping[str, Any]) -> bool:
    """Does a condition of the plan hold? What cannot be decided counts as yes: an item is never lost by silence."""
    return not rule or parse(rule).evaluate(facts) is not False


def items_for(stage: PlanStage, facts: Mapping[str, Any]) -> list[PlanItem]:
    """The items of a stage that these facts ask for, in the plan's order."""
    return [item for item in stage.items if holds(item.when, facts)]


def plan_for(plans: Iterable[StagePlanContent], facts: Mapping[str, Any]) -> StagePlanContent | None:
    """The first plan that is for such a project."""
    return next((plan for plan in plans if not plan.when or parse(plan.when).evaluate(facts) is True), None)


def true_edges(stage: PlanStage, present: Sequence[str]) -> list[PlanEdge]:
    """The plan's edges between items that are there."""
    here = set(present)
    return [edge for edge in stage.edges if edge.before in here and edge.after in here]


def in_order(codes: Sequence[str], edges: Iterable[tuple[str, str]]) -> list[str]:
    """The codes one after the other: no earlier one behind a later one, otherwise as given."""
    known = list(dict.fromkeys(codes))
    sorter: TopologicalSorter[str] = TopologicalSorter({code: [] for code in known})
    for earlier, later in edges:
        if earlier in known and later in known:
            sorter.add(later, earlier)
    sorter.prepare()
    ordered: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted([*ready, *sorter.get_ready()], key=known.index)
        first = ready.pop(0)
        ordered.append(first)
        sorter.done(first)
    return ordered


def chained(codes: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """The old way: every item waits for the one before it, whatever it needs; true edges keep their reasons."""
    ordered = in_order(codes, [(edge.earlier, edge.later) for edge in edges])
    known = {(edge.earlier, edge.later) for edge in edges}
    chain = [
        Edge(earlier=before, later=after, why=ORDER_WHY, clause=ORDER_CLAUSE)
        for before, after in pairwise(ordered)
        if (before, after) not in known
    ]
    return [*edges, *chain]


def schedule(days: Mapping[str, int], edges: Iterable[Edge]) -> dict[str, Span]:
    """When each item is planned, every one as early as what it waits for allows.

    Args:
        days: working days each item is promised in.
        edges: between these items.
    """
    pairs = [(edge.earlier, edge.later) for edge in edges if edge.earlier in days and edge.later in days]
    ordered = in_order(list(days), pairs)
    starts: dict[str, int] = {}
    for code in ordered:
        starts[code] = max(
            (starts[before] + days[before] for before, after in pairs if after == code), default=0
        )
    whole = max((starts[code] + days[code] for code in days), default=0)
    latest: dict[str, int] = {}
    for code in reversed(ordered):
        follows = [latest[after] - days[after] for before, after in pairs if before == code]
        latest[code] = min(follows, default=whole)
    return {
        code: Span(
            start=starts[code], end=starts[code] + days[code], slack=latest[code] - starts[code] - days[code]
        )
        for code in days
    }


def working_days(amount: int, unit: str) -> int:
    """A promised limit as planned working days; other units are carried over on the safe side."""
    weeks = {"calendar_day": 7, "month": 7 / 31, "year": 7 / 366}
    if unit in weeks:
        return max(1, -(-int(amount * 5 * 10_000) // int(weeks[unit] * 10_000)))
    return max(1, amount if unit == "working_day" else 1 + amount // 7)

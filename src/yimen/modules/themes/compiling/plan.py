"""Who waits for whom, when each is worked on, and what sets the joint date (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from yimen.kernel.errors import NotPossible
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import Limit
from yimen.modules.themes.compiling.limits import conversion_note, working_days
from yimen.modules.themes.compiling.values import CompiledField, CompiledRequirement, Edge, PlannedItem

JOINT_CLAUSE = "行政许可法第四十二条第二款"
JOINT_DAYS = 45


class Circle(NotPossible):
    """事项互相等待，形成循环，不能一起办。"""

    code = "theme_circle"

    def __init__(self, items: Sequence[str], sentence: str, steps: dict[str, str]) -> None:
        self.items = tuple(items)
        super().__init__(
            sentence,
            fields=steps,
            would_pass="请取消其中一处先后关系：在“不是同一份材料”里写明该材料不取该事项的结果，或者删除手工添加的先后顺序。",
        )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """When everything is worked on."""

    edges: tuple[Edge, ...]
    schedule: tuple[PlannedItem, ...]
    critical_path: tuple[str, ...]
    days: int


def edges_of(
    requirements: Iterable[CompiledRequirement], fields: Iterable[CompiledField], ordered: Iterable[Edge]
) -> tuple[Edge, ...]:
    """One edge for each pair: what results supply and bring, and what the author ordered beside it."""
    found: dict[tuple[str, str], Edge] = {}
    names: dict[tuple[str, str], list[str]] = {}
    for field in fields:
        for asker in field.asked_by if field.met_by else ():
            pair = (field.met_by, asker)
            edge = found.setdefault(pair, Edge(earlier=pair[0], later=pair[1]))
            found[pair] = replace(edge, brings=(*edge.brings, field.element))
            names.setdefault(pair, []).append(field.label)
    for requirement in requirements:
        for part in requirement.parts if requirement.met_by else ():
            pair = (requirement.met_by, part.item)
            edge = found.setdefault(pair, Edge(earlier=pair[0], later=pair[1]))
            found[pair] = replace(edge, supplies=(*edge.supplies, part.requirement.code))
            names.setdefault(pair, []).append(part.requirement.name)
    for pair, called in names.items():
        words = "、".join(dict.fromkeys(called))
        found[pair] = replace(found[pair], why=f"前一事项的结果就是后一事项要的“{words}”")
    for edge in ordered:
        pair = (edge.earlier, edge.later)
        if pair in found and found[pair].kind == "result":
            why = f"{found[pair].why}；{edge.why}"
            found[pair] = replace(found[pair], why=why, clause=edge.clause, when_failed=edge.when_failed)
        else:
            found[pair] = edge
    return tuple(found.values())


def plan(standards: Sequence[PublishedStandard], edges: Sequence[Edge]) -> Plan:
    """Schedule every item as early as what it waits for allows.

    Raises:
        Circle: some items wait for each other; the sentence names them and their materials.
    """
    order = _order(standards, edges)
    days = {standard.code: working_days(standard.content.promised_limit) for standard in standards}
    before: dict[str, list[str]] = {code: [] for code in days}
    after: dict[str, list[str]] = {code: [] for code in days}
    for edge in edges:
        before[edge.later].append(edge.earlier)
        after[edge.earlier].append(edge.later)
    starts: dict[str, int] = {}
    for code in order:
        starts[code] = max((starts[one] + days[one] for one in before[code]), default=0)
    end = max((starts[code] + days[code] for code in order), default=0)
    latest: dict[str, int] = {}
    for code in reversed(order):
        latest[code] = min((latest[one] for one in after[code]), default=end) - days[code]
    schedule = tuple(
        PlannedItem(
            item=s.code,
            name=s.content.name,
            organisation_code=s.organisation_code,
            organisation_name=s.organisation_name,
            starts=starts[s.code],
            ends=starts[s.code] + days[s.code],
            slack=latest[s.code] - starts[s.code],
            limit=s.content.promised_limit,
            note=conversion_note(s.content.name, s.content.promised_limit),
        )
        for s in standards
    )
    return Plan(
        edges=tuple(edges), schedule=schedule, critical_path=_critical(order, starts, days, before), days=end
    )


def joint_limit(standards: Sequence[PublishedStandard], days: int, shorter: Limit | None) -> Limit:
    """The joint promise: the critical path, or the author's shorter one."""
    promised = min(days, working_days(shorter)) if shorter is not None else days
    if promised == 0:
        return Limit(amount=0, note="各事项都当场办结")
    clause = JOINT_CLAUSE if any(s.content.type == "permit" for s in standards) else ""
    note = "按关键路径各事项的承诺期限计算" if promised == days else "牵头部门承诺的更短期限"
    return Limit(amount=promised, note=note, clause=clause)


def _order(standards: Sequence[PublishedStandard], edges: Sequence[Edge]) -> list[str]:
    sorter: TopologicalSorter[str] = TopologicalSorter({standard.code: () for standard in standards})
    for edge in edges:
        sorter.add(edge.later, edge.earlier)
    try:
        return list(sorter.static_order())
    except CycleError as error:
        # The library lists each item before the one that waits for it, the first again at the end.
        raise _circle(standards, edges, list(error.args[1])) from None


def _circle(standards: Sequence[PublishedStandard], edges: Sequence[Edge], ring: list[str]) -> Circle:
    names = {standard.code: standard.content.name for standard in standards}
    between = {(edge.earlier, edge.later): edge for edge in edges}
    if (ring[0], ring[1]) not in between:
        ring = ring[::-1]
    steps = {
        later: f"“{names[later]}”要等“{names[earlier]}”：{between[earlier, later].why}"
        for earlier, later in pairwise(ring)
    }
    told = "；".join(steps.values())
    return Circle(tuple(dict.fromkeys(ring)), f"这些事项互相等待，形成循环，不能一起办：{told}。", steps)


def _critical(
    order: Sequence[str], starts: dict[str, int], days: dict[str, int], before: dict[str, list[str]]
) -> tuple[str, ...]:
    """Back from the item that ends last, always to the one that held it up; the longer chain where two end together."""
    if not order:
        return ()
    depth: dict[str, int] = {}
    for code in order:
        depth[code] = 1 + max((depth[one] for one in before[code]), default=0)
    last = max(order, key=lambda code: (starts[code] + days[code], days[code], depth[code]))
    path = [last]
    while before[path[0]]:
        held = [one for one in before[path[0]] if starts[one] + days[one] == starts[path[0]]]
        path.insert(0, max(held, key=lambda code: (days[code], depth[code])))
    return tuple(path)

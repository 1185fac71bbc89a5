"""One stage as one thing: its form, its one set of materials and its order, built by the compiler of ``themes``.

What a granted item of this project resulted in is not asked again in a later stage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yimen.modules.cases import api as cases
from yimen.modules.items.api import PublishedStandard
from yimen.modules.projects.content import PlanStage, Supply
from yimen.modules.projects.rules import Edge, chained, true_edges
from yimen.modules.projects.states import Track
from yimen.modules.themes.api import Compiled, CompiledRequirement, Known, compile_standards
from yimen.modules.themes.content import Order

Reference = tuple[str, str]
"""(item code, requirement code)."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a granted item of the project resulted in.

    Args:
        item: the plan's name of the item.
        item_names: whatever else a standard may call the item by: slug, code, name.
    """

    name: str
    case: str
    item: str
    item_names: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class StageSet:
    """What the owner fills in and hands in for a stage.

    Args:
        compiled: form, requirements, schedule, savings and proof, as the compiler gives them.
        edges: what waits for what, by item code; on the old track every order.
        held: what earlier results stand for, by (item, requirement).
    """

    compiled: Compiled
    edges: tuple[Edge, ...]
    held: Mapping[Reference, Result]

    @property
    def standards(self) -> tuple[PublishedStandard, ...]:
        return self.compiled.items

    @property
    def asked(self) -> list[CompiledRequirement]:
        """What still has to be handed in."""
        return [one for one in self.compiled.requirements if one.to_hand_in and not self.result_for(one)]

    @property
    def not_asked(self) -> list[tuple[CompiledRequirement, str]]:
        """What nobody has to bring, and why."""
        found = []
        names = {standard.code: standard.content.name for standard in self.standards}
        for one in self.compiled.requirements:
            if result := self.result_for(one):
                found.append((one, f"本项目前面已经取得“{result.name}”（{result.case}）"))
            elif one.met_by:
                found.append((one, f"由一起办理的“{names.get(one.met_by, one.met_by)}”的结果代替"))
            elif one.spared:
                found.append((one, SPARED[one.spared]))
        return found

    def result_for(self, one: CompiledRequirement) -> Result | None:
        """The earlier result that stands for every part of a requirement."""
        results = [self.held.get(part.reference) for part in one.parts]
        return results[0] if results and all(results) else None

    @property
    def dependencies(self) -> list[cases.Dependency]:
        """As handing in takes them."""
        return [
            cases.Dependency(
                earlier=edge.earlier, later=edge.later, supplies=edge.supplies,
                when_failed="terminate" if edge.when_failed == "terminate" else "ask", why=edge.why, clause=edge.clause,
            )
            for edge in self.edges
        ]  # fmt: skip


SPARED = {"form": "用填写的申请表代替", "shared_data": "由部门共享核对", "licence": "平台已有电子证照"}


def compile_stage(
    part: PlanStage,
    standards: Sequence[PublishedStandard],
    named: Mapping[str, str],
    track: str,
    on: date,
    *,
    answers: Mapping[str, Any],
    supplies: Sequence[Supply] = (),
    results: Sequence[Result] = (),
) -> StageSet:
    """Compile the items of a stage that are still to be done.

    Args:
        named: item code to the name that the plan uses for it.
        answers: to situation questions and form, as far as given.
        supplies: materials that the plan says are results of other items.
        results: of items of this project already granted.
    """
    codes = {name: code for code, name in named.items()}
    extra = [
        Order(
            before=codes[e.before],
            after=codes[e.after],
            why=e.why,
            clause=e.clause,
            when_failed=e.when_failed,
        )
        for e in true_edges(part, list(codes))
    ]
    known = Known(values={"today": on, "applicant_kind": "entity"})
    same = [
        [codes[earlier], f"{codes[one.item]}/{one.requirement}"]
        for one in supplies
        if one.item in codes
        for earlier in one.by
        if earlier in codes
    ]
    compiled = compile_standards(standards, answers, same=same, edges=extra, known=known)
    edges = [
        Edge(
            earlier=e.earlier,
            later=e.later,
            why=e.why,
            clause=e.clause,
            supplies=e.supplies,
            when_failed=e.when_failed,
        )
        for e in compiled.edges
    ]
    if track == Track.SERIAL:
        edges = chained([standard.code for standard in standards], edges)
    return StageSet(
        compiled=compiled,
        edges=tuple(edges),
        held=_held(compiled, results, [one for one in supplies if one.item in codes], codes),
    )


def _held(
    compiled: Compiled, results: Sequence[Result], supplies: Sequence[Supply], codes: Mapping[str, str]
) -> dict[Reference, Result]:
    found = {
        (codes[one.item], one.requirement): result
        for one in supplies
        for result in results
        if result.item in one.by
    }
    for one in compiled.requirements:
        for asked in one.parts:
            for result in results:
                if _stands_for(result, asked):
                    found[asked.reference] = result
    return found


def _stands_for(result: Result, asked: cases.AskedPaper) -> bool:
    """By the result's own name, or because the standard says that it is this item's output."""
    if cases.plain_name(asked.requirement.name) == cases.plain_name(result.name):
        return True
    return any(
        source.kind == "output_of"
        and (source.code in result.item_names or source.name in (result.name, *result.item_names))
        for source in asked.requirement.sources
    )

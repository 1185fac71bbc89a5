"""What a stage still needs: items to do, what stands against starting it, results so far, its compiled form and materials."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Refusal
from yimen.modules.cases import api as cases
from yimen.modules.items import api as items
from yimen.modules.projects.compiling import Result, StageSet, compile_stage
from yimen.modules.projects.content import PlanStage
from yimen.modules.projects.models import PreReview, Project, Stage, StageItem
from yimen.modules.projects.rules import Edge, chained, true_edges
from yimen.modules.projects.states import ReviewState, StageState, Track

S = cases.CaseState
FAILED = frozenset({S.NOT_ACCEPTED, S.REFUSED, S.WITHDRAWN, S.TERMINATED, S.REVOKED})


def part_of(project: Project, stage: Stage) -> PlanStage:
    """What the project's plan says of this stage."""
    return next(part for part in project.plan.parsed.stages if part.kind == stage.kind)


def is_granted(row: StageItem) -> bool:
    """Has this item been granted, and not revoked since?"""
    return row.case is not None and row.case.outcome == "granted" and row.case.state != S.REVOKED


def is_to_do(row: StageItem) -> bool:
    """Has nothing been handed in for this item, or without success?"""
    if row.case is None:
        return True
    return row.case.state in FAILED or row.case.outcome == "refused"


def to_do(stage: Stage) -> list[StageItem]:
    """The items that can be handed in now."""
    return [row for row in stage.items.all() if is_to_do(row)]


def objection_to_start(project: Project, stage: Stage) -> str:
    """Why the stage cannot formally begin; "" when it can.

    On the old track the stage before has to be passed; on the parallel track only the results that it truly needs.
    """
    if stage.state == StageState.PASSED:
        return f"“{stage.label}”阶段已经通过，不用再申请。"
    if not to_do(stage):
        return f"“{stage.label}”阶段的事项都已经提交，正在办理。"
    stages = list(project.stages.all())
    if project.track == Track.SERIAL:
        before = next((one for one in stages if one.ordinal == stage.ordinal - 1), None)
        if before is not None and before.state != StageState.PASSED:
            return f"您选择了逐项办理，“{before.label}”阶段通过以后才能开始这一阶段。"
        return ""
    needs = set(part_of(project, stage).needs)
    lacking = [
        row for one in stages for row in one.items.all() if row.plan_code in needs and not is_granted(row)
    ]
    if not lacking:
        return ""
    names = "”“".join(row.item.name for row in lacking)
    return f"要先取得“{names}”的结果，才能开始“{stage.label}”阶段。"


def results_of(project: Project) -> list[Result]:
    """What the project's granted items resulted in."""
    found = []
    for stage in project.stages.all():
        for row in stage.items.all():
            if row.case is None or not is_granted(row):
                continue
            names = frozenset({row.item.code, row.item.slug or row.item.code, row.item.name})
            found += [
                Result(name=result.name, case=row.case.number, item=row.plan_code, item_names=names)
                for result in row.case.published.content.results
            ]
    return found


def stage_set(
    project: Project,
    stage: Stage,
    rows: Sequence[StageItem],
    at: datetime,
    answers: Mapping[str, Any],
) -> StageSet:
    """The one form and one set of materials of these items of a stage.

    Raises:
        NotPossible: an item is suspended or cancelled; the sentence says what to do.
    """
    on = at.astimezone(CHINA).date()
    found = items.open_items([row.item.code for row in rows], on)
    return compile_stage(
        part_of(project, stage),
        [found[row.item.code] for row in rows],
        {row.item.code: row.plan_code for row in rows},
        project.track,
        on,
        answers=answers,
        supplies=project.plan.parsed.supplies,
        results=results_of(project),
    )


def edges_between(project: Project, stage: Stage, rows: Sequence[StageItem], on: date) -> list[Edge]:
    """What follows what among a stage's items, by item code, as the compiler finds it for the standards of that day.

    Where an item cannot be applied for on that day, only the plan's own orders are known.
    """
    part = part_of(project, stage)
    named = {row.item.code: row.plan_code for row in rows}
    try:
        found = items.open_items(list(named), on)
    except Refusal:
        codes = {plan_code: code for code, plan_code in named.items()}
        true = [
            Edge(earlier=codes[e.before], later=codes[e.after], why=e.why, clause=e.clause)
            for e in true_edges(part, list(codes))
        ]
        return true if stage.track == Track.PARALLEL else chained(list(named), true)
    standards = [found[code] for code in named]
    supplies = project.plan.parsed.supplies
    compiled = compile_stage(part, standards, named, stage.track, on, answers={}, supplies=supplies)
    return list(compiled.edges)


def pre_reviewed(stage: Stage) -> PreReview | None:
    """The stage's passed pre-review, if there is one."""
    return next((one for one in stage.pre_reviews.all() if one.state == ReviewState.PASSED), None)


def held_back(stages: Iterable[Stage]) -> list[StageItem]:
    """Items whose case waits for an earlier one."""
    return [row for stage in stages for row in stage.items.all() if row.case and row.case.state == S.WAITING]

"""Opinions on an item before its decision: a held case looked at early, a higher organ's case looked at here first."""

from datetime import datetime
from typing import Annotated

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotAllowed, NotFound, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.projects.models import ItemOpinion, Project, Stage, StageItem
from yimen.modules.projects.services.frame import joins_for, leads, plain, record, taken

EARLY_CLAUSE = "滨州市投资建设项目并联审批规定第十六条（参照）"
LEVELS_CLAUSE = "滨州市投资建设项目并联审批规定第十五条（参照）"
S = cases.CaseState


class EarlyOpinion(BaseModel):
    """An opinion on one item.

    Args:
        item: the plan's name of the item, or its code.
        ready: everything is there; nothing stands against deciding.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: Annotated[str, Field(max_length=64)]
    ready: bool
    text: Annotated[str, Field(max_length=2000)]


class Together(BaseModel):
    """Accept and decide a case that was pre-checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: Annotated[str, Field(max_length=64)]


def pre_check(code: str, given: EarlyOpinion, actor: Actor, at: datetime) -> Project:
    """The organ of a held case looks at it early; said again, the newer opinion stands and the chain keeps both.

    Raises:
        NotAllowed: another department's item.
        NotPossible: the case is not held back.
    """
    with transaction.atomic():
        project = taken(code, actor)
        stage, row = _item(project, given.item)
        if not joins_for(actor, row.organisation):
            raise NotAllowed(f"“{row.item.name}”由{row.organisation.label}预先核对。")
        if row.case is None or row.case.state != S.WAITING:
            raise NotPossible("只有等待前一事项的办件可以预先核对。", code="not_held", clause=EARLY_CLAUSE)
        text = _keep(row, "precheck", row.organisation_id, given, actor, at)
        word = "材料齐备，前一事项办结即可一并办理" if given.ready else "还有问题"
        note = f"预先核对“{row.item.name}”（{word}）：{text}"
        data = {"stage": stage.kind, "case": row.case.number, "ready": given.ready}
        record(project, "pre_check", actor, at, note=note, clause=EARLY_CLAUSE, data=data)
    return project


def first_opinion(code: str, given: EarlyOpinion, actor: Actor, at: datetime) -> Project:
    """The lead department here says its opinion on an item that an organ of another level decides.

    Raises:
        NotAllowed: not the lead department of the stage.
        NotPossible: the item is decided here, or decided already.
    """
    with transaction.atomic():
        project = taken(code, actor)
        stage, row = _item(project, given.item)
        if not leads(actor, stage):
            raise NotAllowed(f"本级初审意见由牵头部门{stage.lead.label}提出。")
        if not of_other_level(project, row):
            raise NotPossible(f"“{row.item.name}”由本级部门办理，不需要初审意见。", code="same_level")
        if row.case is not None and row.case.decided_at is not None:
            raise NotPossible("上级部门已经作出决定。", code="decided")
        text = _keep(row, "first", stage.lead_id, given, actor, at)
        note = f"对“{row.item.name}”提出本级初审意见，报{row.organisation.label}：{text}"
        data = {"stage": stage.kind, "item": row.item.code, "ready": given.ready}
        record(project, "first_opinion", actor, at, note=note, clause=LEVELS_CLAUSE, data=data)
    return project


def decide_together(code: str, given: Together, actor: Actor, at: datetime) -> Project:
    """With the earlier result there: accept the pre-checked case, sign what the actor may sign, decide if that is all.

    Goes as far as the case's own table lets this actor go; steps of other posts, a second officer or the head stay theirs.

    Raises:
        NotPossible: not pre-checked as ready, or nothing can be done now.
    """
    with transaction.atomic():
        project = taken(code, actor)
        stage, row = _item(project, given.item)
        opinion = next((one for one in row.opinions.all() if one.kind == "precheck"), None)
        if opinion is None or not opinion.ready or row.case is None:
            raise NotPossible("这一事项没有“材料齐备”的预先核对意见，请按一般程序办理。", code="not_checked")
        done = _go_on(row.case, opinion, actor, at)
        if not done:
            raise NotPossible(
                "现在没有您能办的步骤：前一事项还没有办结，或者已经办到别的岗位。", code="nothing_to_do"
            )
        note = f"前一事项已办结，“{row.item.name}”凭预先核对意见一并办理：{'、'.join(done)}"
        data = {"stage": stage.kind, "case": row.case.number, "acts": done}
        record(project, "decide_together", actor, at, note=note, clause=EARLY_CLAUSE, data=data)
    return project


def of_other_level(project: Project, row: StageItem) -> bool:
    """Is the item decided by an organ of another division, such as the city above this district?"""
    return row.organisation.division.code != project.division


def _go_on(case: cases.Case, opinion: ItemOpinion, actor: Actor, at: datetime) -> list[str]:
    text = f"预先核对：{opinion.text}"[:2000]
    done: list[str] = []
    case = cases.case_with_number(case.number, actor)
    for _ in range(20):
        possible = cases.possible_acts(case, actor)
        if "accept" in possible:
            case = cases.act(case.number, "accept", {}, actor, at)
            done.append("受理")
        elif "pass_step" in possible and (step := _step(case, actor)):
            case = cases.act(case.number, "pass_step", {"step": step, "opinion": text}, actor, at)
            done.append("审查")
        elif "decide" in possible and done and case.steps_done and not case.owes_material:
            case = cases.act(case.number, "decide", {"outcome": "granted", "reason": text}, actor, at)
            return [*done, "决定"]
        else:
            break
    return done


def _step(case: cases.Case, actor: Actor) -> str:
    """A step that this actor can sign now; "" when the open ones belong to others."""
    plan = {step.code: step for step in case.published.content.steps}
    for code in cases.open_reviews(case.published.content.steps, case.flow):
        signed = actor.account_id in case.flow[code].get("by", [])
        if not signed and not plan[code].joint and (not actor.posts or plan[code].post in actor.posts):
            return code
    return ""


def _keep(
    row: StageItem, kind: str, organisation_id: int, given: EarlyOpinion, actor: Actor, at: datetime
) -> str:
    text = plain(given.text, "text", "意见")
    ItemOpinion.objects.update_or_create(
        stage_item=row,
        kind=kind,
        organisation_id=organisation_id,
        defaults={"ready": given.ready, "text": text, "given_by": actor.name, "given_at": at},
    )
    return text


def _item(project: Project, name: str) -> tuple[Stage, StageItem]:
    for stage in project.stages.all():
        for row in stage.items.all():
            if name in (row.plan_code, row.item.code, row.item.slug):
                return stage, row
    raise NotFound("这个项目没有这个事项。")

"""Starting a stage: one form, one set of materials, one application; and what follows when its cases are decided."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.projects.compiling import StageSet
from yimen.modules.projects.models import PreReviewMaterial, Project, Stage, StageApplication, StageItem
from yimen.modules.projects.queries.charts import chart_of
from yimen.modules.projects.queries.projects import project_of_stage, stage_named
from yimen.modules.projects.queries.stages import (
    is_granted,
    objection_to_start,
    part_of,
    pre_reviewed,
    stage_set,
    to_do,
)
from yimen.modules.projects.services.frame import must_be_open, must_own, record, taken
from yimen.modules.projects.services.planning import plan_again, plan_stage
from yimen.modules.projects.services.telling import tell_owner
from yimen.modules.projects.states import ProjectState, StageState, Track

ENDING = ("finished_at", "spent_days")
CLAUSE = "国办发〔2019〕11号第（九）项"


class StartIn(BaseModel):
    """What a stage is started with.

    Args:
        items: item codes, to hand in only some of the stage's; empty = all that are to do.
        form: the one form's values and the answers to situation questions.
        materials: as of an application; what earlier results or a pre-review hold already may be left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[Annotated[str, Field(max_length=64)]] = Field(default_factory=list, max_length=30)
    form: dict[str, Any] = Field(default_factory=dict)
    materials: list[cases.MaterialIn] = Field(default_factory=list, max_length=200)
    delivery_way: Literal["window", "courier", "electronic"] = "electronic"


def start_stage(code: str, kind: str, given: StartIn, actor: Actor, at: datetime) -> Project:
    """Hand in a stage as one application: parallel items run at once, others are held until what they need is decided.

    Raises:
        NotAllowed: not the owner.
        NotPossible: the stage cannot begin yet, or nothing is left to do.
        Invalid: form, materials or items that do not fit.
    """
    with transaction.atomic():
        project = taken(code, actor)
        must_own(actor, project)
        must_be_open(project)
        stage = stage_named(project, kind)
        if why := objection_to_start(project, stage):
            raise NotPossible(why, code="stage_not_ready", clause=CLAUSE)
        rows = _chosen(to_do(stage), given.items)
        compiled = stage_set(project, stage, rows, at, given.form)
        application = cases.hand_in(_command(project, stage, compiled, given), actor, at)
        _keep(project, stage, rows, application, at)
        note = f"开始“{stage.label}”阶段，{len(rows)}个事项，申请编号{application.number}"
        data = {
            "stage": stage.kind,
            "application": application.number,
            "items": [row.item.code for row in rows],
        }
        to_state = ProjectState.UNDER_WAY if project.state == ProjectState.REGISTERED else ""
        record(project, "start_stage", actor, at, note=note, clause=CLAUSE, to_state=to_state, data=data)
    return project


def follow_decision(case_id: int, at: datetime) -> None:
    """A case of a stage was decided or ended: has the stage passed, has the project finished?"""
    row = StageItem.objects.filter(case_id=case_id).select_related("stage").first()
    if row is None:
        return
    passed = all(is_granted(one) for one in StageItem.objects.filter(stage=row.stage).select_related("case"))
    if passed == (row.stage.state == StageState.PASSED):
        return
    project = project_of_stage(row.stage)
    (_pass if passed else _reopen)(project, stage_named(project, row.stage.kind), at)


def _chosen(rows: Sequence[StageItem], wanted: Sequence[str]) -> list[StageItem]:
    if not wanted:
        return list(rows)
    found = [row for row in rows if {row.item.code, row.item.slug, row.plan_code} & set(wanted)]
    known = {name for row in found for name in (row.item.code, row.item.slug, row.plan_code)}
    if unknown := [code for code in wanted if code not in known]:
        sentence = f"“{unknown[0]}”不是这一阶段还要办的事项。"
        choices = "、".join(f"{row.plan_code}（{row.item.name}）" for row in rows)
        raise Invalid(sentence, fields={"items": f"可以是：{choices}。"})
    return found


def _command(project: Project, stage: Stage, compiled: StageSet, given: StartIn) -> cases.HandIn:
    part = part_of(project, stage)
    several = len(compiled.standards) > 1
    parallel = project.track == Track.PARALLEL
    return cases.HandIn(
        items=[standard.code for standard in compiled.standards],
        applicant=cases.ApplicantIn(kind="entity", name=project.owner.name, uscc=project.owner.uscc),
        form=given.form,
        materials=_materials(stage, compiled, given),
        delivery_way=given.delivery_way,
        joint=several,
        lead=stage.lead.code if several else "",
        dependencies=compiled.dependencies if several else (),
        joint_days=part.days if several and parallel else 0,
        joint_clause=part.clause if several and parallel else "",
    )


def _materials(stage: Stage, compiled: StageSet, given: StartIn) -> list[cases.MaterialIn]:
    """What was given, then what the pre-review holds, then what earlier results of the project stand for."""
    brought = list(given.materials)
    there = {(one.item, one.requirement) for one in brought}

    def lacking(item: str, requirement: str) -> bool:
        return (item, requirement) not in there and ("", requirement) not in there

    mine = {standard.code for standard in compiled.standards}
    for kept in _pre_reviewed_materials(stage):
        if kept.item_code in mine and lacking(kept.item_code, kept.requirement):
            brought.append(
                cases.MaterialIn(item=kept.item_code, requirement=kept.requirement, file=kept.file.digest)
            )
    there = {(one.item, one.requirement) for one in brought}
    brought += [
        cases.MaterialIn(item=item, requirement=requirement, licence=result.case)
        for (item, requirement), result in compiled.held.items()
        if lacking(item, requirement)
    ]
    return brought


def _pre_reviewed_materials(stage: Stage) -> list[PreReviewMaterial]:
    review = pre_reviewed(stage)
    return list(review.materials.select_related("file").order_by("id")) if review else []


def _keep(
    project: Project, stage: Stage, rows: Sequence[StageItem], application: cases.Application, at: datetime
) -> None:
    StageApplication.objects.create(stage=stage, application=application, handed_in_at=at)
    by_item = {case.item_id: case for case in application.cases.all()}
    for row in rows:
        row.case = by_item[row.item_id]
        row.organisation_id = row.case.organisation_id
    StageItem.objects.bulk_update(rows, ["case", "organisation"])
    if stage.started_at is None:
        stage.started_at, stage.state, stage.track = at, StageState.UNDER_WAY, project.track
        stage.save(update_fields=["started_at", "state", "track"])
        plan_stage(project, stage, at.astimezone(CHINA).date())


def _pass(project: Project, stage: Stage, at: datetime) -> None:
    stage.state, stage.finished_at = StageState.PASSED, at
    stage.save(update_fields=["state", "finished_at"])
    if all(one.state == StageState.PASSED for one in project.stages.all()):
        project.finished_at = at
        project.spent_days = chart_of(project, at).used
        note = f"四个阶段全部通过，审批用时{project.spent_days}个工作日"
        record(
            project,
            "finish",
            PLATFORM,
            at,
            changed=ENDING,
            note=note,
            to_state=ProjectState.FINISHED,
            data={"stage": stage.kind},
        )
        tell_owner(project, "finish", "四个阶段全部通过", note, stage.pk, at)
        return
    plan_again(project, at.astimezone(CHINA).date())
    record(project, "stage_passed", PLATFORM, at, note=f"“{stage.label}”阶段通过", data={"stage": stage.kind})
    tell_owner(
        project,
        "stage_passed",
        "一个阶段已经通过",
        f"“{stage.label}”阶段通过，可以准备下一阶段。",
        stage.pk,
        at,
    )


def _reopen(project: Project, stage: Stage, at: datetime) -> None:
    """A result was revoked: the stage is open again, and so is the project."""
    stage.state, stage.finished_at = StageState.UNDER_WAY, None
    stage.save(update_fields=["state", "finished_at"])
    project.finished_at = project.spent_days = None
    note = f"“{stage.label}”阶段有结果被撤销，重新打开"
    record(
        project,
        "reopen",
        PLATFORM,
        at,
        changed=ENDING,
        note=note,
        to_state=ProjectState.UNDER_WAY,
        data={"stage": stage.kind},
    )

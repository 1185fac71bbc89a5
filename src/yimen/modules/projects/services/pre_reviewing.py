"""Pre-review (预审): asked early and on promise, answered by the lead department, counted by a clock of its own.

A passed pre-review lets earthworks begin where the plan says so; formal review then needs only what was missing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from yimen.foundation.files import api as files
from yimen.kernel.actor import Actor
from yimen.kernel.errors import Invalid, NotPossible
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items.api import PublishedStandard
from yimen.modules.projects.content import PreReviewRule
from yimen.modules.projects.models import PreReview, PreReviewMaterial, Project, Stage
from yimen.modules.projects.queries.projects import stage_named
from yimen.modules.projects.queries.stages import part_of, stage_set, to_do
from yimen.modules.projects.services.frame import must_be_open, must_lead, must_own, plain, record, taken
from yimen.modules.projects.services.telling import tell_owner
from yimen.modules.projects.states import ReviewState, StageState

CLOCK = "pre_review"
SUBJECT = "project_pre_review"
deadlines.declare_kind(CLOCK, "预审时限")


class EarlyMaterial(BaseModel):
    """A material there already: item code, requirement code, digest of the uploaded file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: Annotated[str, Field(max_length=64)]
    requirement: Annotated[str, Field(max_length=41)]
    file: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class PreReviewIn(BaseModel):
    """The request; ``promised`` says that the owner has read and made the plan's promise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    promised: bool = False
    materials: list[EarlyMaterial] = Field(default_factory=list, max_length=100)


class PreReviewOpinion(BaseModel):
    """The lead department's opinion; ``missing`` is what formal review still needs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: Literal["passed", "failed"]
    opinion: Annotated[str, Field(max_length=2000)]
    missing: Annotated[str, Field(max_length=2000)] = ""


def request_pre_review(code: str, kind: str, given: PreReviewIn, actor: Actor, at: datetime) -> Project:
    """Ask for a pre-review before the stage may formally begin.

    Raises:
        NotAllowed: not the owner.
        NotPossible: the plan has none for this stage, one runs or has passed, or the stage has begun.
        Invalid: the promise was not made, or a material that the stage does not ask for.
    """
    with transaction.atomic():
        project = taken(code, actor)
        must_own(actor, project)
        must_be_open(project)
        stage = stage_named(project, kind)
        rule = _rule(project, stage)
        _may_ask(stage)
        if not given.promised:
            raise Invalid(
                "预审凭承诺办理，请先阅读并作出承诺。",
                fields={"promised": "请勾选承诺。"},
                clause=rule.clause,
            )
        review = PreReview.objects.create(
            stage=stage, state=ReviewState.REQUESTED, promise=rule.promise, requested_at=at
        )
        standards = stage_set(project, stage, to_do(stage), at, {}).standards
        _keep_materials(review, standards, given.materials, actor)
        [clock] = deadlines.start_clocks([_clock(project, stage, review, rule)], at)
        review.due_on = clock.due_on
        review.save(update_fields=["due_on"])
        note = f"申请“{stage.label}”阶段预审，已有材料{len(given.materials)}份，其余承诺后补"
        record(
            project,
            "request_pre_review",
            actor,
            at,
            note=note,
            clause=rule.clause,
            data={"stage": stage.kind},
        )
    return project


def decide_pre_review(code: str, kind: str, given: PreReviewOpinion, actor: Actor, at: datetime) -> Project:
    """The lead department answers; passed, earthworks may begin where the plan says so.

    Raises:
        NotAllowed: not the lead department.
        NotPossible: nothing is asked.
    """
    with transaction.atomic():
        project = taken(code, actor)
        stage = stage_named(project, kind)
        must_lead(actor, stage)
        review = next((one for one in stage.pre_reviews.all() if one.state == ReviewState.REQUESTED), None)
        if review is None:
            raise NotPossible("没有等待答复的预审申请。", code="no_pre_review")
        rule = _rule(project, stage)
        review.state = ReviewState(given.outcome)
        review.opinion = plain(given.opinion, "opinion", "预审意见")
        review.missing = plain(given.missing, "missing", "正式审查还缺的材料", least=0)
        review.decided_at, review.decided_by = at, actor.name
        review.save()
        deadlines.stop(deadlines.open_clocks_of(SUBJECT, _key(project, review), lock=True), at)
        opens = review.state == ReviewState.PASSED and rule.opens_earthworks and project.earthworks_at is None
        if opens:
            project.earthworks_at = at
        note = f"“{stage.label}”阶段{review.state_label}：{review.opinion}" + (
            "；可以先行开展土方作业" if opens else ""
        )
        data = {"stage": stage.kind, "outcome": given.outcome, "earthworks": opens}
        record(
            project,
            "decide_pre_review",
            actor,
            at,
            changed=["earthworks_at"],
            note=note,
            clause=rule.clause,
            data=data,
        )
        tell_owner(project, "pre_review", f"{review.state_label}", note, review.pk, at)
    return project


def _rule(project: Project, stage: Stage) -> PreReviewRule:
    rule = part_of(project, stage).pre_review
    if rule is None:
        raise NotPossible(
            f"“{stage.label}”阶段没有预审，可以直接申请。",
            code="no_pre_review",
            would_pass="条件具备以后直接开始这一阶段。",
        )
    return rule


def _may_ask(stage: Stage) -> None:
    if stage.state != StageState.WAITING:
        raise NotPossible(f"“{stage.label}”阶段{stage.state_label}，不需要预审。", code="stage_begun")
    for review in stage.pre_reviews.all():
        if review.state == ReviewState.REQUESTED:
            raise NotPossible("预审正在办理，请等牵头部门答复。", code="pre_review_runs")
        if review.state == ReviewState.PASSED:
            raise NotPossible("预审已经通过，不用再申请。", code="pre_review_passed")


def _keep_materials(
    review: PreReview, standards: Sequence[PublishedStandard], given: Sequence[EarlyMaterial], actor: Actor
) -> None:
    known = {(s.code, m.code): m for s in standards for m in s.content.materials}
    known |= {(s.slug, m.code): m for s in standards for m in s.content.materials if s.slug}
    codes = {s.slug: s.code for s in standards}
    stored = files.usable_files({one.file for one in given}, actor) if given else {}
    rows = []
    for one in given:
        requirement = known.get((one.item, one.requirement))
        if requirement is None:
            sentence = f"这一阶段没有“{one.requirement}”这项材料。"
            raise Invalid(sentence, fields={"materials": "请按阶段材料清单提交。"})
        if one.file not in stored:
            sentence = f"“{requirement.name}”的文件不存在或者不是您上传的，请重新上传。"
            raise Invalid(sentence, fields={"materials": sentence})
        rows.append(
            PreReviewMaterial(
                pre_review=review, item_code=codes.get(one.item, one.item), requirement=one.requirement,
                name=requirement.name, file=stored[one.file],
            )
        )  # fmt: skip
    PreReviewMaterial.objects.bulk_create(rows)


def _key(project: Project, review: PreReview) -> str:
    return f"{project.code}:{review.pk}"


def _clock(project: Project, stage: Stage, review: PreReview, rule: PreReviewRule) -> deadlines.ClockSpec:
    return deadlines.ClockSpec(
        subject_kind=SUBJECT, subject_key=_key(project, review), kind=CLOCK, amount=rule.days, holder=stage.lead.name,
        organisation_id=stage.lead_id, division=project.division, clause=rule.clause,
    )  # fmt: skip

"""Every act on a project by its public name: what it takes, and the service that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from yimen.kernel.actor import Actor
from yimen.kernel.errors import Invalid
from yimen.kernel.validation import invalid_from
from yimen.modules.projects.models import Project
from yimen.modules.projects.services import opinions, pre_reviewing, procedures, sessions, staging
from yimen.modules.projects.services.registering import choose_track


class TrackIn(BaseModel):
    """Which way the stages that have not begun shall run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    track: Annotated[str, Field(max_length=10)]


@dataclass(frozen=True, kw_only=True)
class ProjectAct:
    """One act.

    Args:
        label: the button's words.
        payload: the shape it takes.
        run: does it; ``of_stage`` says whether it takes the kind of the stage as second argument.
    """

    name: str
    label: str
    payload: type[BaseModel]
    run: Callable[..., Project]
    of_stage: bool = False


def _choose(code: str, given: TrackIn, actor: Actor, at: datetime) -> Project:
    return choose_track(code, given.track, actor, at)


ACTS = {
    act.name: act
    for act in (
        ProjectAct(name="choose_track", label="改办理方式", payload=TrackIn, run=_choose),
        ProjectAct(
            name="request_pre_review", label="申请预审", payload=pre_reviewing.PreReviewIn,
            run=pre_reviewing.request_pre_review, of_stage=True,
        ),
        ProjectAct(
            name="decide_pre_review", label="答复预审", payload=pre_reviewing.PreReviewOpinion,
            run=pre_reviewing.decide_pre_review, of_stage=True,
        ),
        ProjectAct(
            name="start_stage", label="申请本阶段", payload=staging.StartIn, run=staging.start_stage, of_stage=True
        ),
        ProjectAct(
            name="call_session", label="召集", payload=sessions.SessionIn, run=sessions.call_session, of_stage=True
        ),
        ProjectAct(name="give_finding", label="提出意见", payload=sessions.FindingIn, run=sessions.give_finding),
        ProjectAct(name="tell_opinion", label="一次告知", payload=sessions.OpinionIn, run=sessions.tell_opinion),
        ProjectAct(
            name="begin_procedure", label="启动公示、听证、专家评审", payload=procedures.ProcedureIn,
            run=procedures.begin_procedure, of_stage=True,
        ),
        ProjectAct(name="end_procedure", label="程序结束", payload=procedures.ProcedureEnd, run=procedures.end_procedure),
        ProjectAct(name="pre_check", label="预先核对", payload=opinions.EarlyOpinion, run=opinions.pre_check),
        ProjectAct(name="first_opinion", label="本级初审意见", payload=opinions.EarlyOpinion, run=opinions.first_opinion),
        ProjectAct(name="decide_together", label="一并受理决定", payload=opinions.Together, run=opinions.decide_together),
    )
}  # fmt: skip


def act(code: str, name: str, given: Mapping[str, Any], actor: Actor, at: datetime) -> Project:
    """Do one act.

    Args:
        code: project code.
        name: one of ``ACTS``.
        given: what it takes, and ``stage`` (kind of the stage) where it concerns one.

    Returns:
        The project as it was taken; read it anew to show it.

    Raises:
        NotFound, NotAllowed, NotPossible, Invalid: as the act says.
    """
    definition = ACTS.get(name)
    if definition is None:
        raise Invalid(
            f"没有“{name[:40]}”这个办理动作。", code="unknown_act", fields={"act": "可用：" + "、".join(ACTS)}
        )
    rest = {key: value for key, value in given.items() if key != "stage"}
    try:
        payload = definition.payload.model_validate(rest)
    except ValidationError as error:
        raise invalid_from(error) from error
    if not definition.of_stage:
        return definition.run(code, payload, actor, at)
    stage = given.get("stage")
    if not isinstance(stage, str) or not stage:
        raise Invalid(
            "请写明是哪个阶段。", fields={"stage": "可以是 site、project、construction、completion。"}
        )
    return definition.run(code, stage, payload, actor, at)

"""Public notice, hearing, expert review: excluded time with its paper, acting through the cases' own clocks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from yimen.kernel.actor import Actor
from yimen.kernel.errors import Invalid, NotFound, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.projects.models import Procedure, Project, Stage, StageItem
from yimen.modules.projects.queries.projects import stage_named
from yimen.modules.projects.services.frame import joins_for, plain, record, taken
from yimen.modules.projects.states import PROCEDURES

CLAUSE = "行政许可法第四十五条"


class ProcedureIn(BaseModel):
    """A procedure that begins.

    Args:
        cases: case numbers whose time it leaves out; empty = every case of the actor's department in the stage that runs.
        days: working days it takes, told to the owner in writing.
        document: number of the paper that orders it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["public_notice", "hearing", "expert_review"]
    document: Annotated[str, Field(max_length=100)]
    days: int = Field(ge=1, le=250)
    clause: Annotated[str, Field(max_length=300)] = CLAUSE
    cases: list[Annotated[str, Field(max_length=28)]] = Field(default_factory=list, max_length=30)


class ProcedureEnd(BaseModel):
    """A procedure that is over, with its result."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    procedure: int = Field(ge=1, le=2**62)
    result: Annotated[str, Field(max_length=500)]


def begin_procedure(code: str, kind: str, given: ProcedureIn, actor: Actor, at: datetime) -> Project:
    """Let the time stand outside the limits of one or several cases of the actor's department.

    Raises:
        NotAllowed: somebody else's cases.
        NotPossible: a case is not under review, or its standard knows no such procedure.
        Invalid: no paper.
    """
    with transaction.atomic():
        project = taken(code, actor)
        stage = stage_named(project, kind)
        rows = _rows(stage, given.cases, actor)
        document = plain(given.document, "document", "文书编号", most=100)
        clause = plain(given.clause, "clause", "依据", most=300)
        procedure = Procedure.objects.create(
            stage=stage, organisation_id=rows[0].organisation_id, kind=given.kind, document=document, clause=clause,
            days=given.days, started_at=at,
        )  # fmt: skip
        payload = {"procedure": given.kind, "clause": clause, "days": given.days, "document": document}
        suspended = [
            cases.act(str(row.case.number), "suspend", payload, actor, at) for row in rows if row.case
        ]
        procedure.cases.set(suspended)
        name, numbers = PROCEDURES[given.kind], [case.number for case in suspended]
        note = f"{name}开始，{document}，需要{given.days}个工作日，不计入期限（{'、'.join(numbers)}）"
        data = {"procedure": procedure.pk, "kind": given.kind, "cases": numbers, "document": document}
        record(project, "begin_procedure", actor, at, note=note, clause=clause, data=data)
    return project


def end_procedure(code: str, given: ProcedureEnd, actor: Actor, at: datetime) -> Project:
    """The procedure is over: its cases count again.

    Raises:
        NotFound: no such procedure.
        NotAllowed: another department's.
        NotPossible: it has ended.
    """
    with transaction.atomic():
        project = taken(code, actor)
        procedure = _procedure(project, given.procedure)
        if procedure.ended_at is not None:
            raise NotPossible(f"这次{procedure.kind_label}已经结束。", code="procedure_ended")
        procedure.ended_at = at
        procedure.result = plain(given.result, "result", "结果", most=500)
        note = f"{procedure.kind_label}结束：{procedure.result}"
        for case in procedure.cases.all():
            if case.state == cases.CaseState.SUSPENDED:
                cases.act(case.number, "resume", {"note": note[:2000]}, actor, at)
        procedure.save(update_fields=["ended_at", "result"])
        record(
            project,
            "end_procedure",
            actor,
            at,
            note=note,
            clause=procedure.clause,
            data={"procedure": procedure.pk},
        )
    return project


def _rows(stage: Stage, numbers: Sequence[str], actor: Actor) -> list[StageItem]:
    running = {cases.CaseState.ACCEPTED, cases.CaseState.IN_REVIEW}
    if numbers:
        by_number = {row.case.number: row for row in stage.items.all() if row.case}
        if unknown := [number for number in numbers if number not in by_number]:
            sentence = f"“{unknown[0]}”不是“{stage.label}”阶段的办件。"
            raise Invalid(sentence, fields={"cases": f"可以是：{'、'.join(by_number) or '（还没有办件）'}。"})
        return [by_number[number] for number in dict.fromkeys(numbers)]
    rows = [
        row
        for row in stage.items.all()
        if row.case and row.case.state in running and joins_for(actor, row.organisation)
    ]
    if not rows:
        raise NotPossible(
            "您的部门在这一阶段没有正在审查的办件，不能启动特别程序。", code="nothing_runs", clause=CLAUSE
        )
    return rows


def _procedure(project: Project, key: int) -> Procedure:
    for stage in project.stages.all():
        for procedure in stage.procedures.all():
            if procedure.pk == key:
                return procedure
    raise NotFound("没有找到这次公示、听证或者专家评审。")

"""What an actor can do on a project now: for buttons, and for REST's ``possible``."""

from dataclasses import dataclass

from yimen.foundation.orgs.api import Organisation
from yimen.kernel.actor import Actor
from yimen.modules.cases import api as cases
from yimen.modules.projects.models import Project, Stage, StageItem
from yimen.modules.projects.permissions import JOIN, LEAD
from yimen.modules.projects.queries.projects import owns, speaks_for
from yimen.modules.projects.queries.stages import objection_to_start, part_of
from yimen.modules.projects.states import ReviewState, SessionState, StageState

S = cases.CaseState


@dataclass(frozen=True, kw_only=True)
class Possible:
    """One act open now, and on what."""

    act: str
    stage: str = ""
    item: str = ""
    session: int = 0
    procedure: int = 0


def possible_on(project: Project, actor: Actor) -> list[Possible]:
    """Every act open to this actor, in the order of stages; costs no statement once the project is read."""
    found: list[Possible] = []
    stages = list(project.stages.all())
    if owns(actor, project) and project.is_open and any(one.state == StageState.WAITING for one in stages):
        found.append(Possible(act="choose_track"))
    for stage in stages:
        if owns(actor, project) and project.is_open:
            found += _of_owner(project, stage)
        if speaks_for(actor, stage.lead, LEAD):
            found += _of_lead(project, stage)
        found += _of_departments(stage, actor)
    return found


def _of_owner(project: Project, stage: Stage) -> list[Possible]:
    found = []
    if not objection_to_start(project, stage):
        found.append(Possible(act="start_stage", stage=stage.kind))
    open_or_passed = {ReviewState.REQUESTED, ReviewState.PASSED}
    reviewed = any(one.state in open_or_passed for one in stage.pre_reviews.all())
    if stage.state == StageState.WAITING and part_of(project, stage).pre_review and not reviewed:
        found.append(Possible(act="request_pre_review", stage=stage.kind))
    return found


def _of_lead(project: Project, stage: Stage) -> list[Possible]:
    found = []
    if any(one.state == ReviewState.REQUESTED for one in stage.pre_reviews.all()):
        found.append(Possible(act="decide_pre_review", stage=stage.kind))
    called = {one.kind: one for one in stage.sessions.all() if one.state == SessionState.CALLED}
    kinds = {rule.kind for rule in part_of(project, stage).sessions}
    if stage.state == StageState.UNDER_WAY and kinds - called.keys():
        found.append(Possible(act="call_session", stage=stage.kind))
    for session in called.values():
        if all(one.given_at for one in session.findings.all()):
            found.append(Possible(act="tell_opinion", stage=stage.kind, session=session.pk))
    for row in stage.items.all():
        undecided = row.case is None or row.case.decided_at is None
        if row.organisation.division.code != project.division and undecided:
            found.append(Possible(act="first_opinion", stage=stage.kind, item=row.plan_code))
    return found


def _of_departments(stage: Stage, actor: Actor) -> list[Possible]:
    def joins(organisation: Organisation) -> bool:
        return speaks_for(actor, organisation, JOIN, LEAD)

    found = [
        Possible(act="give_finding", stage=stage.kind, session=session.pk)
        for session in stage.sessions.all()
        if session.state == SessionState.CALLED
        and any(one.given_at is None and joins(one.organisation) for one in session.findings.all())
    ]
    running = {S.ACCEPTED, S.IN_REVIEW}
    own = [row for row in stage.items.all() if row.case is not None and joins(row.organisation)]
    if any(row.case is not None and row.case.state in running for row in own):
        found.append(Possible(act="begin_procedure", stage=stage.kind))
    found += [
        Possible(act="end_procedure", stage=stage.kind, procedure=one.pk)
        for one in stage.procedures.all()
        if one.ended_at is None and joins(one.organisation)
    ]
    for row in own:
        if act := _early(row):
            found.append(Possible(act=act, stage=stage.kind, item=row.plan_code))
    return found


def _early(row: StageItem) -> str:
    if row.case is None:
        return ""
    if row.case.state == S.WAITING:
        return "pre_check"
    ready = any(one.kind == "precheck" and one.ready for one in row.opinions.all())
    return "decide_together" if ready and row.case.state in (S.SUBMITTED, S.ACCEPTED, S.IN_REVIEW) else ""

"""Joint site inspection, drawing review and acceptance: called by the lead, one finding each, one opinion told once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from yimen.foundation.orgs import api as orgs
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotAllowed, NotFound, NotPossible
from yimen.modules.deadlines import api as deadlines
from yimen.modules.projects.content import SessionRule
from yimen.modules.projects.models import Finding, JointSession, Project, Stage
from yimen.modules.projects.queries.projects import stage_named
from yimen.modules.projects.queries.stages import part_of
from yimen.modules.projects.services.frame import (
    joins_for,
    must_be_open,
    must_lead,
    plain,
    record,
    taken,
)
from yimen.modules.projects.services.telling import tell_owner
from yimen.modules.projects.states import SESSION_KINDS, TERM_OUTCOMES, SessionState, StageState

CLOCK, SUBJECT = "joint_session", "project_session"
deadlines.declare_kind(CLOCK, "联合意见时限")
ONCE = "行政许可法第三十二条第一款第（四）项"
"""Everything told at once: a department that did not speak in the one opinion cannot come back with more."""


class SessionIn(BaseModel):
    """A session as it is called: who, when, where."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["site_inspection", "drawing_review", "acceptance"]
    held_at: datetime
    place: Annotated[str, Field(max_length=200)]
    organisations: list[Annotated[str, Field(max_length=60)]] = Field(min_length=1, max_length=30)


class FindingIn(BaseModel):
    """What one organisation found; ``officers`` are those who looked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    session: int = Field(ge=1, le=2**62)
    organisation: Annotated[str, Field(max_length=60)] = ""
    officers: Annotated[str, Field(max_length=120)]
    text: Annotated[str, Field(max_length=2000)]
    agrees: bool


class OpinionIn(BaseModel):
    """The one opinion of all, told once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    session: int = Field(ge=1, le=2**62)
    outcome: Literal["passed", "rectify"]
    opinion: Annotated[str, Field(max_length=4000)]


def call_session(code: str, kind: str, given: SessionIn, actor: Actor, at: datetime) -> Project:
    """Call the departments together; the days until the one opinion begin to count.

    Raises:
        NotAllowed: not the lead department.
        NotPossible: the plan has no such session here, one is open already, or the stage has not begun.
        Invalid: an organisation that is not part of the stage, or a moment without time zone.
    """
    with transaction.atomic():
        project = taken(code, actor)
        must_be_open(project)
        stage = stage_named(project, kind)
        must_lead(actor, stage)
        rule = _rule(project, stage, given.kind)
        if stage.state != StageState.UNDER_WAY:
            raise NotPossible(
                f"“{stage.label}”阶段{stage.state_label}，不能召集{rule.name}。", code="stage_not_open"
            )
        for one in stage.sessions.all():
            if one.kind == given.kind and one.state == SessionState.CALLED:
                raise NotPossible(f"{rule.name}已经召集，还没有出具意见。", code="session_open")
        invited = _invited(stage, given.organisations)
        session = JointSession.objects.create(
            stage=stage, kind=given.kind, state=SessionState.CALLED, held_at=_moment(given.held_at),
            place=plain(given.place, "place", "地点", most=200), called_by=actor.name, called_at=at,
        )  # fmt: skip
        Finding.objects.bulk_create(Finding(session=session, organisation=one) for one in invited)
        [clock] = deadlines.start_clocks([_clock(project, stage, session, rule)], at)
        session.due_on = clock.due_on
        session.save(update_fields=["due_on"])
        names = "、".join(one.label for one in invited)
        note = (
            f"召集{rule.name}：{session.held_at.astimezone(CHINA):%Y-%m-%d %H:%M}，{session.place}，{names}"
        )
        data = {"session": session.pk, "kind": given.kind, "organisations": [one.code for one in invited]}
        record(project, "call_session", actor, at, note=note, clause=rule.clause, data=data)
    return project


def give_finding(code: str, given: FindingIn, actor: Actor, at: datetime) -> Project:
    """One organisation says what it found, once, before the one opinion is told.

    Raises:
        NotAllowed: the actor does not speak for an organisation of this session.
        NotPossible: the opinion was told, or this organisation has spoken.
    """
    with transaction.atomic():
        project = taken(code, actor)
        session = _session(project, given.session)
        finding = _own_finding(session, given.organisation, actor)
        if session.state != SessionState.CALLED:
            raise _told_already(session)
        if finding.given_at is not None:
            raise NotPossible(
                f"{finding.organisation.label}已经提过意见，意见一次提全。", code="found_already", clause=ONCE
            )
        finding.officers = plain(given.officers, "officers", "参加人员", most=120)
        finding.text = plain(given.text, "text", "意见")
        finding.agrees, finding.given_at = given.agrees, at
        finding.save()
        word = "同意" if given.agrees else "提出整改意见"
        note = f"{session.kind_label}，{finding.organisation.label}{word}：{finding.text}"
        record(
            project,
            "give_finding",
            actor,
            at,
            note=note,
            data={"session": session.pk, "agrees": given.agrees},
        )
    return project


def tell_opinion(code: str, given: OpinionIn, actor: Actor, at: datetime) -> Project:
    """The lead tells the owner the one opinion of all; a second telling is refused.

    Raises:
        NotAllowed: not the lead department.
        NotPossible: told already, somebody has not spoken, or passed against a finding that objects.
    """
    with transaction.atomic():
        project = taken(code, actor)
        session = _session(project, given.session)
        must_lead(actor, session.stage)
        if session.state != SessionState.CALLED:
            raise _told_already(session)
        findings = list(session.findings.all())
        if silent := [one.organisation.label for one in findings if one.given_at is None]:
            raise NotPossible(
                f"{'、'.join(silent)}还没有提意见，意见齐了再一次告知。", code="findings_waiting", clause=ONCE
            )
        against = [one.organisation.label for one in findings if one.agrees is False]
        if given.outcome == "passed" and against:
            raise NotPossible(
                f"{'、'.join(against)}提出了整改意见，不能出具通过的意见。", code="findings_object"
            )
        session.outcome, session.opinion = (
            given.outcome,
            plain(given.opinion, "opinion", "联合意见", most=4000),
        )
        session.state, session.told_at, session.told_by = SessionState.TOLD, at, actor.name
        session.save()
        deadlines.stop(deadlines.open_clocks_of(SUBJECT, _key(project, session), lock=True), at)
        note = f"{session.kind_label}意见（{TERM_OUTCOMES[given.outcome]}）：{session.opinion}"
        data = {"session": session.pk, "outcome": given.outcome}
        record(project, "tell_opinion", actor, at, note=note, clause=ONCE, data=data)
        tell_owner(project, "opinion", f"{session.kind_label}意见已经出具", note, session.pk, at)
    return project


def _rule(project: Project, stage: Stage, kind: str) -> SessionRule:
    rules = part_of(project, stage).sessions
    found = next((rule for rule in rules if rule.kind == kind), None)
    if found is None:
        names = "、".join(rule.name for rule in rules) or "没有联合环节"
        raise NotPossible(
            f"“{stage.label}”阶段不举行{SESSION_KINDS[kind]}。",
            code="no_such_session",
            would_pass=f"这一阶段：{names}。",
        )
    return found


def _invited(stage: Stage, codes: Sequence[str]) -> list[orgs.Organisation]:
    taking_part = {stage.lead.code: stage.lead} | {
        row.organisation.code: row.organisation for row in stage.items.all()
    }
    if strangers := [code for code in codes if code not in taking_part]:
        sentence = f"“{strangers[0]}”不是这一阶段的部门。"
        choices = "、".join(f"{code}（{one.label}）" for code, one in taking_part.items())
        raise Invalid(sentence, fields={"organisations": f"可以是：{choices}。"})
    return [taking_part[code] for code in dict.fromkeys(codes)]


def _moment(held_at: datetime) -> datetime:
    moment = held_at if held_at.tzinfo else held_at.replace(tzinfo=CHINA)
    if not 2000 <= moment.year <= 2100:
        raise Invalid("举行时间不对。", fields={"held_at": "请填写日期和时间，例如 2026-03-18T09:30。"})
    return moment


def _session(project: Project, key: int) -> JointSession:
    for stage in project.stages.all():
        for session in stage.sessions.all():
            if session.pk == key:
                session.stage = stage
                return session
    raise NotFound("没有找到这次联合踏勘、审图或者验收。")


def _own_finding(session: JointSession, organisation: str, actor: Actor) -> Finding:
    findings = list(session.findings.all())
    own = [
        one
        for one in findings
        if joins_for(actor, one.organisation) and organisation in ("", one.organisation.code)
    ]
    if not own:
        raise NotAllowed(
            f"您的部门不参加这次{session.kind_label}。",
            would_pass="由牵头部门召集的各部门有参加权限的人员提意见。",
        )
    if len(own) > 1:
        choices = "、".join(one.organisation.code for one in own)
        raise Invalid("请写明代表哪个部门。", fields={"organisation": f"可以是：{choices}。"})
    return own[0]


def _told_already(session: JointSession) -> NotPossible:
    return NotPossible(
        f"{session.kind_label}的意见已经一次性告知，不能再次提出意见。",
        code="told_already",
        clause=ONCE,
        would_pass="建设单位整改以后，可以重新召集。",
    )


def _key(project: Project, session: JointSession) -> str:
    return f"{project.code}:{session.pk}"


def _clock(project: Project, stage: Stage, session: JointSession, rule: SessionRule) -> deadlines.ClockSpec:
    return deadlines.ClockSpec(
        subject_kind=SUBJECT, subject_key=_key(project, session), kind=CLOCK, amount=rule.days, holder=stage.lead.name,
        organisation_id=stage.lead_id, division=project.division, clause=rule.clause,
    )  # fmt: skip

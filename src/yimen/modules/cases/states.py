"""The legal states of a case and the table of acts (pure): one row is one thing a person can do.

States and act names are the public contract; labels are what people read. Grants that begin with ``@`` are held by
relation to the case, not by role: ``@applicant`` is whoever handed the application in or may act for the applicant.
"""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from yimen.kernel.actor import ENTITY, PERSON, Actor, Scope
from yimen.kernel.states import Machine, Step


class CaseState(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"
    SUBMITTED = "submitted"
    CORRECTION_REQUESTED = "correction_requested"
    NOT_ACCEPTED = "not_accepted"
    ACCEPTED = "accepted"
    IN_REVIEW = "in_review"
    SUSPENDED = "suspended"
    GRANTED = "granted"
    REFUSED = "refused"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    REVOKED = "revoked"


STATE_LABELS = {
    CaseState.DRAFT: "草稿",
    CaseState.WAITING: "等待前一事项",
    CaseState.SUBMITTED: "已收件，待受理",
    CaseState.CORRECTION_REQUESTED: "待补正",
    CaseState.NOT_ACCEPTED: "不予受理",
    CaseState.ACCEPTED: "已受理",
    CaseState.IN_REVIEW: "审查中",
    CaseState.SUSPENDED: "特别程序中（期限中止）",
    CaseState.GRANTED: "准予，待送达",
    CaseState.REFUSED: "不予，待送达",
    CaseState.DELIVERED: "已办结送达",
    CaseState.WITHDRAWN: "已撤回",
    CaseState.TERMINATED: "已终止",
    CaseState.REVOKED: "已撤销",
}
FINAL = frozenset(
    {
        CaseState.NOT_ACCEPTED,
        CaseState.DELIVERED,
        CaseState.WITHDRAWN,
        CaseState.TERMINATED,
        CaseState.REVOKED,
    }
)
OPEN_STATES = frozenset(CaseState) - FINAL - {CaseState.DRAFT}
UNDER_REVIEW = frozenset({CaseState.ACCEPTED, CaseState.IN_REVIEW})
BEFORE_DECISION = frozenset(
    {
        CaseState.WAITING,
        CaseState.SUBMITTED,
        CaseState.CORRECTION_REQUESTED,
        *UNDER_REVIEW,
        CaseState.SUSPENDED,
    }
)
DECIDED = frozenset({CaseState.GRANTED, CaseState.REFUSED, CaseState.DELIVERED, CaseState.REVOKED, *FINAL})
UNSUCCESSFUL = frozenset(
    {CaseState.NOT_ACCEPTED, CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.TERMINATED}
)
"""Ends after which a later case cannot count on this one's result."""

APPLICANT = "@applicant"
PLATFORM_ONLY = "@platform"
OPINION = "@opinion"


class ItemLike(Protocol):
    """What the table needs to know of a case's item."""

    @property
    def code(self) -> str: ...


class CaseLike(Protocol):
    """What the table needs to know of a case."""

    @property
    def item(self) -> ItemLike: ...

    organisation_id: int
    centre_id: int | None
    division: str
    state: str
    outcome: str

    @property
    def applicant_key(self) -> tuple[int | None, int | None, int | None, int | None]: ...
    @property
    def is_instant(self) -> bool: ...
    @property
    def steps_done(self) -> bool: ...
    @property
    def has_passed_step(self) -> bool: ...
    @property
    def counts_working_days(self) -> bool: ...
    @property
    def owes_material(self) -> bool: ...
    @property
    def was_extended(self) -> bool: ...
    @property
    def awaits_promise_check(self) -> bool: ...
    @property
    def waits_to_be_handed_out(self) -> int: ...
    def legal_limit_is_over(self, at: datetime) -> bool: ...


def in_scope(scope: Scope, case: CaseLike) -> bool:
    """Does a scope reach this case?"""
    return (
        case.division.startswith(scope.division)
        and scope.organisation_id in (None, case.organisation_id)
        and scope.centre_id in (None, case.centre_id)
    )


def is_applicant(actor: Actor, case: CaseLike) -> bool:
    """Is the applicant, may act for the applicant in this matter now, or stood at the window for the applicant.

    Having typed the application in is not enough: the clerk who received it cannot withdraw it, and an agent whose
    representation has ended has no more to say (民法典第一百七十三条).
    """
    _, person, entity, agent = case.applicant_key
    return (
        (person is not None and person == actor.person_id)
        or (person in actor.principal_ids and _covers(actor, PERSON, person, case))
        or (entity in actor.entity_ids and _covers(actor, ENTITY, entity, case))
        or (agent is not None and agent == actor.person_id)
    )


def _covers(actor: Actor, kind: str, key: int | None, case: CaseLike) -> bool:
    """Does the representation reach this matter? The item is read only where somebody limited it (民法典第一百六十五条)."""
    codes = actor.items_for(kind, key) if key is not None else None
    return codes is None or case.item.code in codes


def permits(grant: str, actor: Actor, case: CaseLike) -> bool:
    """Does this grant of the actor reach this case?"""
    if grant == APPLICANT:
        return is_applicant(actor, case)
    if grant == PLATFORM_ONLY:
        return actor.channel == "system" and actor.account_id is None
    if grant == DECIDE_INSTANT and not case.is_instant:
        return False
    return any(in_scope(scope, case) for scope in actor.scopes(grant))


def _needs_steps_done(case: CaseLike) -> str | None:
    return None if case.steps_done else "还有审查环节没有通过，通过后才能作出决定。"


def _needs_nothing_owed(case: CaseLike) -> str | None:
    return "容缺后补的材料还没有补齐，补齐后才能准予。" if case.owes_material else None


def _needs_open_steps(case: CaseLike) -> str | None:
    return "审查环节已经全部通过，请作出决定。" if case.steps_done else None


def _needs_acceptance(case: CaseLike) -> str | None:
    if case.state == CaseState.SUBMITTED and not case.is_instant:
        return "请先受理，再作出决定；只有即办件可以当场决定。"
    return None


def _needs_passed_step(case: CaseLike) -> str | None:
    return None if case.has_passed_step else "还没有通过的环节，没有可以退回的地方。"


def _in_working_days(case: CaseLike) -> str | None:
    if case.counts_working_days:
        return None
    return "这个事项的法定期限不以工作日计算，法律没有规定可以这样延长。"


def _not_extended(case: CaseLike) -> str | None:
    return "已经延长过一次，不能再次延长。" if case.was_extended else None


def _before_the_limit(case: CaseLike, at: datetime) -> str | None:
    return "法定期限已经届满，延长应当在届满之前批准。" if case.legal_limit_is_over(at) else None


def _not_held_back(case: CaseLike) -> str | None:
    left = case.waits_to_be_handed_out
    return f"申请人选择全部办好后一起领取，还有{left}件没有作出决定。" if left else None


def _owes(case: CaseLike) -> str | None:
    return None if case.owes_material else "没有需要后补的材料。"


def _promised(case: CaseLike) -> str | None:
    return None if case.awaits_promise_check else "没有待核查的告知承诺。"


def _was_granted(case: CaseLike) -> str | None:
    return None if case.outcome == "granted" else "没有准予的决定，不能撤销。"


S = CaseState
RECEIVE, CORRECT, ACCEPT = "desk:case:receive", "desk:case:correct", "desk:case:accept"
REVIEW, DECIDE, SUSPEND = "desk:case:review", "desk:case:decide", "desk:case:suspend"
DECIDE_INSTANT = "desk:case:decide_instant"
EXTEND, DELIVER, TERMINATE = "desk:case:extend", "desk:case:deliver", "desk:case:terminate"


def _step(
    name: str,
    label: str,
    sources: set[CaseState] | frozenset[CaseState],
    target: CaseState | None,
    *grants: str,
    **more: object,
) -> Step[CaseState]:
    return Step(
        name=name,
        label=label,
        sources=frozenset(sources),
        target=target,
        grants=frozenset(grants),
        **more,  # type: ignore[arg-type]
    )


MACHINE: Machine[CaseState] = Machine(
    S.DRAFT,
    [
        _step("submit", "提交申请", {S.DRAFT}, S.SUBMITTED, APPLICANT, RECEIVE),
        _step(
            "request_correction", "一次告知补正", {S.SUBMITTED}, S.CORRECTION_REQUESTED, CORRECT,
            clause="行政许可法第三十二条第一款第（四）项",
        ),
        _step("correct", "提交补正", {S.CORRECTION_REQUESTED}, S.SUBMITTED, APPLICANT, RECEIVE),
        _step("accept", "受理", {S.SUBMITTED}, S.ACCEPTED, ACCEPT, PLATFORM_ONLY, clause="行政许可法第三十二条第一款第（五）项"),
        _step(
            "refuse_acceptance", "不予受理", {S.SUBMITTED}, S.NOT_ACCEPTED, ACCEPT,
            clause="行政许可法第三十二条第一款第（一）、（二）项",
        ),
        _step(
            "pass_step", "通过本环节", UNDER_REVIEW, S.IN_REVIEW, REVIEW, guards=(_needs_open_steps,),
            clause="行政许可法第三十四条",
        ),
        _step("return_step", "退回环节", {S.IN_REVIEW}, S.IN_REVIEW, REVIEW, DECIDE, guards=(_needs_passed_step,)),
        _step("suspend", "启动特别程序", UNDER_REVIEW, S.SUSPENDED, SUSPEND, clause="行政许可法第四十五条"),
        _step("resume", "恢复计时", {S.SUSPENDED}, None, SUSPEND, clause="行政许可法第四十五条"),
        _step(
            "extend", "延长期限", UNDER_REVIEW, None, EXTEND, guards=(_in_working_days, _not_extended),
            timed_guards=(_before_the_limit,),
            clause="行政许可法第四十二条",
        ),
        _step(
            "decide", "作出决定", {*UNDER_REVIEW, S.SUBMITTED}, None, DECIDE, DECIDE_INSTANT, guards=(_needs_acceptance,),
            clause="行政许可法第三十八条",
        ),
        _step("supply", "补交容缺材料", UNDER_REVIEW, None, APPLICANT, RECEIVE, guards=(_owes,)),
        _step(
            "deliver", "送达", {S.GRANTED, S.REFUSED}, S.DELIVERED, DELIVER, guards=(_not_held_back,),
            clause="行政许可法第四十四条",
        ),
        _step("check_promise", "核查承诺", {S.GRANTED, S.DELIVERED}, None, REVIEW, guards=(_promised,)),
        _step("withdraw", "撤回申请", BEFORE_DECISION, S.WITHDRAWN, APPLICANT),
        _step(
            "terminate", "终止办理", BEFORE_DECISION - {S.SUBMITTED}, S.TERMINATED, TERMINATE, PLATFORM_ONLY,
        ),
        _step("release", "前一事项办结，开始办理", {S.WAITING}, S.SUBMITTED, PLATFORM_ONLY),
        _step(
            "revoke", "撤销", {S.GRANTED, S.DELIVERED}, S.REVOKED, DECIDE, guards=(_was_granted,),
            clause="行政许可法第六十九条",
        ),
    ],
    permits,
)  # fmt: skip


def guard_decision(case: CaseLike, state: CaseState, granted: bool) -> str | None:
    """What stands against granting beyond the table: unfinished steps, owed material."""
    if granted:
        return (None if state is CaseState.SUBMITTED else _needs_steps_done(case)) or _needs_nothing_owed(
            case
        )
    return None

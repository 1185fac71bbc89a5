"""Acts upon one card: lock, check the table, perform, chain the event, move the clock of the stage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.db.models import Q
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from yimen.foundation.files import api as files
from yimen.foundation.identity import api as identity
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Conflict, Invalid, NotPossible
from yimen.kernel.events import announce
from yimen.kernel.validation import invalid_from
from yimen.modules.deadlines import api as deadlines
from yimen.modules.supervision.events import CardActed
from yimen.modules.supervision.models import Card, CardEvidence
from yimen.modules.supervision.queries.cards import card_with_number
from yimen.modules.supervision.states import (
    APPEAL,
    CLOSED,
    DECISION,
    EVENT_KIND,
    JUDGE,
    MACHINE,
    REVIEW,
    STATE_LABELS,
    CardState,
)

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=4000)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
MOST_FILES = 20
S = CardState


class Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StateIn(Payload):
    """What the department says, with its evidence."""

    text: Words
    files: tuple[Digest, ...] = Field((), max_length=9)


class EvidenceIn(Payload):
    """More evidence to what was said."""

    files: tuple[Digest, ...] = Field(min_length=1, max_length=9)


class DecideIn(Payload):
    """The supervisor's decision; of an appealed card, the decision on the appeal."""

    outcome: Literal["upheld", "withdrawn"]
    reason: Words


class WithdrawIn(Payload):
    """Taking a mistaken card back."""

    reason: Words


class NothingIn(Payload):
    """Acts of the platform take nothing."""

    reason: str = ""


@dataclass
class Work:
    """One act being done."""

    card: Card
    actor: Actor
    at: datetime
    given: Any


@dataclass(frozen=True, kw_only=True)
class Done:
    """What the act leaves: state (``None`` keeps the table's or the present one), words, data for the trace."""

    state: CardState | None = None
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def act(
    number: str,
    name: str,
    payload: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    *,
    revision: int | None = None,
) -> Card:
    """Perform an act upon a card.

    Raises:
        NotFound: no such card, or not the actor's to see.
        NotAllowed, NotPossible: the table, a guard or a term that is over says no.
        Conflict: somebody acted in between.
        Invalid: what was given does not fit.
    """
    if name not in ACTS:
        raise Invalid(
            f"没有“{name[:40]}”这个动作。", code="unknown_act", fields={"act": "可用：" + "、".join(ACTS)}
        )
    with transaction.atomic():
        card = card_with_number(number, actor, lock=True)
        if revision is not None and revision != card.revision:
            raise Conflict(would_pass="请查看最新情况后再办；您填写的内容还在。")
        step = MACHINE.check(name, S(card.state), actor, card)
        shape, perform = ACTS[name]
        try:
            given = shape.model_validate(dict(payload))
        except ValidationError as error:
            raise invalid_from(error) from error
        done = perform(Work(card, actor, at, given))
        settle(card, name, done, step.target, actor, at)
    return card


def settle(card: Card, name: str, done: Done, target: CardState | None, actor: Actor, at: datetime) -> None:
    """Write what an act left: state, chained event, announcement."""
    before = S(card.state)
    after = done.state or target or before
    card.state, card.is_open, card.revision = after, after not in CLOSED, card.revision + 1
    if after in CLOSED:
        card.closed_at, card.due_at = at, None
    event, head = trace.prepare(
        EVENT_KIND, card.number, name, actor, at, trace.Head(card.trace_length, card.trace_head), from_state=before,
        to_state=after, clause=card.rule.clause, note=done.note, data=done.data,
    )  # fmt: skip
    trace.save([event])
    card.trace_length, card.trace_head = head.length, head.hash
    card.save()
    announce(
        CardActed(at=at, card_id=card.pk, number=card.number, act=name, from_state=before, to_state=after)
    )


def _state(work: Work) -> Done:
    """The department explains itself; the supervisor's term begins. Late is still heard, and stays on record as late."""
    card = work.card
    names = _attach(work)
    card.statement, card.stated_at = work.given.text, work.at
    _next_clock(work, DECISION, card.rule.decision_days, supervisor=True)
    return Done(note=work.given.text, data={"files": names})


def _evidence(work: Work) -> Done:
    names = _attach(work)
    return Done(note="补充证据：" + "、".join(names), data={"files": names})


def _decide(work: Work) -> Done:
    card, given = work.card, work.given
    upheld = given.outcome == "upheld"
    if card.state == S.ISSUED and upheld and card.due_at is not None and card.due_at >= work.at:
        raise NotPossible(
            "说明期限还没有到，部门还可以说明，现在不能认定成立。", code="still_to_be_heard",
            would_pass=f"等部门说明，或者{card.due_at.astimezone(CHINA):%m月%d日}以后再认定；认为发错了可以现在撤销。",
        )  # fmt: skip
    on_appeal = card.state == S.APPEALED
    if on_appeal:
        _by_another(work)
    card.decision, card.decided_at, card.decided_by_id = given.reason, work.at, work.actor.account_id
    if not upheld:
        _stop_clocks(work)
        return Done(
            state=S.WITHDRAWN, note=given.reason, data={"outcome": given.outcome, "on_appeal": on_appeal}
        )
    if on_appeal:
        _stop_clocks(work)
    else:
        _next_clock(work, APPEAL, card.rule.appeal_days)
    state = S.FINAL if on_appeal else S.UPHELD
    return Done(state=state, note=given.reason, data={"outcome": given.outcome, "on_appeal": on_appeal})


def _by_another(work: Work) -> None:
    """Who decided does not review, as long as there is anybody else (the same principle as 行政复议)."""
    if work.card.decided_by_id != work.actor.account_id:
        return
    on, division = work.at.astimezone(CHINA).date(), work.card.division
    roles = [r.pk for r in identity.Role.objects.all() if JUDGE in r.grants]
    others = identity.RoleGrant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), role__in=roles, valid_from__lte=on, revoked_at__isnull=True,
        account__is_active=True,
    ).exclude(account_id=work.actor.account_id or 0)  # fmt: skip
    for grant in others.select_related("division"):
        if grant.division is None or division.startswith(grant.division.prefix):
            raise NotPossible(
                "复核不能由作出认定的人来做。", code="same_person",
                would_pass="请另一名有认定权限的督查人员复核。",
            )  # fmt: skip


def _appeal(work: Work) -> Done:
    card = work.card
    if card.due_at is not None and card.due_at < work.at:
        raise NotPossible("申诉期限已经过了，认定已经生效。", code="appeal_over")
    names = _attach(work)
    card.appeal, card.appealed_at = work.given.text, work.at
    _next_clock(work, REVIEW, card.rule.review_days, supervisor=True)
    return Done(note=work.given.text, data={"files": names})


def _withdraw(work: Work) -> Done:
    _stop_clocks(work, cancel=True)
    return Done(note=work.given.reason or "撤销", data={"reason": work.given.reason})


def _attach(work: Work) -> list[str]:
    wanted = list(dict.fromkeys(getattr(work.given, "files", ())))
    if not wanted:
        return []
    usable = files.usable_files(wanted, work.actor)
    if len(usable) < len(wanted):
        raise Invalid("有证据文件没有上传成功，请重新上传。", fields={"files": "请重新上传这份文件。"})
    held = set(work.card.evidence.values_list("file__digest", flat=True))
    if len(held | set(wanted)) > MOST_FILES:
        raise Invalid("证据太多。", fields={"files": f"一张牌最多{MOST_FILES}份证据。"})
    rows = [
        CardEvidence(
            card=work.card, file=usable[digest], name=files.name_given(usable[digest], work.actor)[:255],
            at=work.at, by_name=work.actor.name[:80],
        )
        for digest in wanted
        if digest not in held
    ]  # fmt: skip
    CardEvidence.objects.bulk_create(rows)
    return [row.name for row in rows]


def _stop_clocks(work: Work, *, cancel: bool = False) -> None:
    opened = deadlines.open_clocks_of(EVENT_KIND, work.card.number, lock=True)
    (deadlines.cancel if cancel else deadlines.stop)(opened, work.at)
    work.card.due_at = None


def _next_clock(work: Work, kind: str, days: int, *, supervisor: bool = False) -> None:
    """The stage before ends, the next one's clock begins."""
    _stop_clocks(work)
    card = work.card
    [clock] = deadlines.start_clocks(
        [
            deadlines.ClockSpec(
                subject_kind=EVENT_KIND, subject_key=card.number, kind=kind, amount=days,
                holder="督查部门" if supervisor else card.organisation.label,
                organisation_id=None if supervisor else card.organisation_id,
                division=card.division, clause=card.rule.clause,
            )
        ],
        work.at,
    )  # fmt: skip
    card.due_at = clock.due_at


Perform = Callable[[Work], Done]
ACTS: dict[str, tuple[type[Payload], Perform]] = {
    "state": (StateIn, _state),
    "evidence": (EvidenceIn, _evidence),
    "decide": (DecideIn, _decide),
    "appeal": (StateIn, _appeal),
    "withdraw": (WithdrawIn, _withdraw),
}
"""Acts that people do; ``settle`` and ``lift`` are done by time alone (``services.sweeping``)."""


def rebuilt_state_differs(number: str, events: list[trace.Event]) -> str | None:
    """Compare a card's stored state with the one its chain leads to; for verifying the trace."""
    row = Card.objects.filter(number=number).values_list("state", "trace_length", "trace_head").first()
    if row is None:
        return "监察牌记录已不存在"
    state, length, head = row
    if (length, head) != (len(events), events[-1].hash if events else ""):
        return f"监察牌记着有{length}条记录，实际留存{len(events)}条"
    if events and events[-1].to_state != state:
        return f"状态为“{STATE_LABELS[S(state)]}”，与记录不符"
    return None

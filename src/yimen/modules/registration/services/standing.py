"""What a registrar does to an entity: the abnormal list, revocation."""

from datetime import datetime

from django.db import transaction

from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotFound
from yimen.modules.registration.models import AbnormalEntry, CancellationNotice, MarketEntity
from yimen.modules.registration.queries.register import xs_visible_to
from yimen.modules.registration.services.history import record
from yimen.modules.registration.states import ABNORMAL_REASONS, MACHINE, EntityState

MOST_NOTE = 500
REVOCATION_CLAUSES = {
    "idle": (
        "成立后无正当理由超过六个月未开业，或者开业后自行停业连续六个月以上",
        "公司法第二百六十条第一款",
    ),
    "false_papers": ("提交虚假材料取得登记，情节严重", "市场主体登记管理条例第四十四条"),
    "not_changed": ("登记事项变更未依法办理变更登记，情节严重", "市场主体登记管理条例第四十六条"),
    "licence_misuse": (
        "伪造、涂改、出租、出借、转让营业执照，情节严重",
        "市场主体登记管理条例第四十八条第三款",
    ),
}
"""Code to ground and clause."""


def locked(uscc: str, actor: Actor) -> MarketEntity:
    """Take the entity's row for this transaction.

    Raises:
        NotFound: unknown or out of reach.
    """
    found = xs_visible_to(actor).select_for_update().filter(uscc=uscc).first()
    if found is None:
        raise NotFound("没有找到这家市场主体，或者它不在您的辖区。")
    return found


def written(note: str, field: str, least: int = 4) -> str:
    """A reason in words.

    Raises:
        Invalid: missing or far too long.
    """
    text = note.replace("\x00", "").strip()
    if not least <= len(text) <= MOST_NOTE:
        raise Invalid("请写明情况。", fields={field: f"用{least}到{MOST_NOTE}个字写明事实。"})
    return text


@transaction.atomic
def list_abnormal(uscc: str, reason: str, note: str, actor: Actor, at: datetime) -> MarketEntity:
    """Enter an entity on the list of abnormal operations.

    Raises:
        Invalid: no such reason, or nothing written. NotAllowed, NotPossible: the table says no.
    """
    if reason not in ABNORMAL_REASONS:
        raise Invalid("请选择列入的事由。", fields={"reason": "从四种法定情形中选择。"})
    text = written(note, "note")
    entity = locked(uscc, actor)
    before = entity.state
    MACHINE.check("list_abnormal", EntityState(before), actor, entity)
    label, clause = ABNORMAL_REASONS[reason]
    _end_notice(entity, "列入经营异常名录，不再适用简易注销。")
    AbnormalEntry.objects.create(
        entity=entity,
        reason=reason,
        clause=clause,
        note=text,
        listed_at=at,
        listed_by=entity.authority or actor.name,
    )
    entity.state = EntityState.ABNORMAL
    entity.save(update_fields=["state"])
    by = entity.authority or "登记机关"
    record(
        entity, "list_abnormal", at, by=by, actor=actor, note=f"{label}。{text}", clause=clause, before=before
    )
    return entity


@transaction.atomic
def delist(uscc: str, note: str, actor: Actor, at: datetime) -> MarketEntity:
    """Remove an entity from the list; each of its open entries ends with the same words."""
    text = written(note, "note")
    entity = locked(uscc, actor)
    step = MACHINE.check("delist", EntityState(entity.state), actor, entity)
    by = entity.authority or "登记机关"
    AbnormalEntry.objects.filter(entity=entity, removed_at=None).update(
        removed_at=at, removed_by=by, removal_note=text
    )
    before, entity.state = entity.state, EntityState.ACTIVE
    entity.save(update_fields=["state"])
    record(entity, "delist", at, by=by, actor=actor, note=text, clause=step.clause, before=before)
    return entity


@transaction.atomic
def revoke(uscc: str, ground: str, document: str, note: str, actor: Actor, at: datetime) -> MarketEntity:
    """Revoke the licence upon a decision on an administrative penalty; the entity still has to be cancelled.

    Args:
        ground: code of ``REVOCATION_CLAUSES``. document: number of the decision (处罚决定书文号).
    """
    if ground not in REVOCATION_CLAUSES:
        raise Invalid("请选择吊销的情形。", fields={"ground": "从法定情形中选择。"})
    number = written(document, "document")[:100]
    text = written(note, "note")
    entity = locked(uscc, actor)
    before = entity.state
    MACHINE.check("revoke", EntityState(before), actor, entity)
    label, clause = REVOCATION_CLAUSES[ground]
    _end_notice(entity, "营业执照被吊销，不再适用简易注销。")
    entity.state, entity.ended_on = EntityState.REVOKED, at.astimezone(CHINA).date()
    entity.save(update_fields=["state", "ended_on"])
    told = f"{label}。{text}（{number}）"
    record(
        entity,
        "revoke",
        at,
        by=entity.authority or "登记机关",
        actor=actor,
        note=told,
        clause=clause,
        before=before,
    )
    return entity


def _end_notice(entity: MarketEntity, why: str) -> None:
    running = [CancellationNotice.RUNNING, CancellationNotice.OBJECTED]
    CancellationNotice.objects.filter(entity=entity, state__in=running).update(
        state=CancellationNotice.ENDED, outcome=why
    )

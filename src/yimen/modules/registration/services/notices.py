"""Simple cancellation (条例第三十三条): twenty days' notice, objections, twenty days to apply. Calendar days by the wording."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from yimen.modules.registration.models import CancellationNotice, MarketEntity, Objection
from yimen.modules.registration.services.history import record
from yimen.modules.registration.services.standing import locked, written
from yimen.modules.registration.states import MACHINE, EntityKind, EntityState

NOTICE_DAYS = APPLY_DAYS = timedelta(days=20)
CLAUSE = "市场主体登记管理条例第三十三条"


@transaction.atomic
def publish_notice(uscc: str, actor: Actor, at: datetime, *, promised: bool) -> CancellationNotice:
    """The entity announces that it will be cancelled simply; all investors answer for what they promise.

    Raises:
        NotAllowed: the actor does not act for the entity. NotPossible: the simple way is closed to it.
        Invalid: the promise of all investors is missing. Conflict: a notice is running.
    """
    entity = _own(uscc, actor)
    if not promised:
        raise Invalid(
            "请作出全体投资人承诺。", clause=CLAUSE, fields={"promised": "勾选承诺后才能发布公告。"}
        )
    if entity.kind == EntityKind.SOLE_TRADER:
        raise NotPossible("个体工商户简易注销不用公告，直接申请注销登记就可以。", clause=CLAUSE)
    if entity.state != EntityState.ACTIVE:
        told = "已有公告" if entity.state == EntityState.CANCELLING else entity.state_label
        raise NotPossible(
            f"“{entity.name}”{told}，不能发布简易注销公告。",
            clause=CLAUSE,
            would_pass="请改走普通注销，或者先移出名录。",
        )
    today = at.astimezone(CHINA).date()
    try:
        with transaction.atomic():
            notice = CancellationNotice.objects.create(
                entity=entity, starts_on=today, ends_on=today + NOTICE_DAYS, apply_until=today + NOTICE_DAYS + APPLY_DAYS,
                published_at=at, published_by=entity.name,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("公告刚刚已经发布过了。") from None
    before, entity.state = entity.state, EntityState.CANCELLING
    entity.save(update_fields=["state"])
    note = f"公告到{notice.ends_on}期满，{notice.apply_until}以前申请注销登记。"
    record(entity, "publish_notice", at, by=entity.name, actor=actor, note=note, clause=CLAUSE, before=before)
    return notice


def _own(uscc: str, actor: Actor) -> MarketEntity:
    entity = MarketEntity.objects.select_for_update().filter(uscc=uscc).first()
    if entity is None:
        raise NotFound("没有这个代码的登记。")
    if entity.legal_entity_id is None or entity.legal_entity_id not in actor.entity_ids:
        raise NotAllowed(
            "只有这家单位的法定代表人或者受托人可以发布公告。",
            would_pass="请法定代表人登录办理，或者授权您代办。",
        )
    return entity


@transaction.atomic
def object_to(uscc: str, reason: str, actor: Actor, at: datetime) -> Objection:
    """A creditor, a department or anybody concerned objects while the notice runs.

    Raises:
        NotPossible: no notice is running. NotAllowed: a stranger. Invalid: no reason.
    """
    if actor.account_id is None:
        raise NotAllowed("请先登录，再提出异议。")
    text = written(reason, "reason", least=6)
    entity = MarketEntity.objects.select_for_update().filter(uscc=uscc).first()
    notice = entity.notices.filter(state__in=["running", "objected"]).first() if entity else None
    today = at.astimezone(CHINA).date()
    if entity is None or notice is None or not notice.starts_on <= today <= notice.ends_on:
        raise NotPossible("现在没有正在公告期内的简易注销，不能提出异议。", clause=CLAUSE)
    made = Objection.objects.create(
        notice=notice, account_id=actor.account_id, by=actor.name[:120], reason=text, made_at=at
    )
    notice.state = CancellationNotice.OBJECTED
    notice.save(update_fields=["state"])
    record(entity, "object", at, by="利害关系人", actor=actor, note="有人在公告期内提出异议。", clause=CLAUSE)
    return made


@transaction.atomic
def dismiss_objection(key: int, why: str, actor: Actor, at: datetime) -> CancellationNotice:
    """The registrar finds an objection unfounded, with reasons; without others the notice goes on.

    Raises:
        NotFound, NotAllowed: out of reach.
    """
    text = written(why, "why")
    found = Objection.objects.select_related("notice__entity").filter(pk=key, dismissed_at=None).first()
    if found is None:
        raise NotFound("没有这条待处理的异议。")
    entity = locked(found.notice.entity.uscc, actor)
    MACHINE.check("end_notice", EntityState(entity.state), actor, entity)
    found.dismissed_at, found.dismissed_by, found.dismissal = at, actor.name[:120], text
    found.save(update_fields=["dismissed_at", "dismissed_by", "dismissal"])
    notice = found.notice
    if not notice.objections.filter(dismissed_at=None).exists():
        notice.state = CancellationNotice.RUNNING
        notice.save(update_fields=["state"])
    record(
        entity,
        "object",
        at,
        by=entity.authority or "登记机关",
        actor=actor,
        note=f"异议不成立：{text}",
        clause=CLAUSE,
    )
    return notice


@transaction.atomic
def end_notice(uscc: str, why: str, actor: Actor, at: datetime) -> MarketEntity:
    """Objections hold: the notice ends, and the entity goes on as before."""
    text = written(why, "why")
    entity = locked(uscc, actor)
    MACHINE.check("end_notice", EntityState(entity.state), actor, entity)
    _end(entity, text, actor, at)
    return entity


def _end(entity: MarketEntity, why: str, actor: Actor, at: datetime) -> None:
    entity.notices.filter(state__in=["running", "objected"]).update(
        state=CancellationNotice.ENDED, outcome=why
    )
    before, entity.state = entity.state, EntityState.ACTIVE
    entity.save(update_fields=["state"])
    record(
        entity,
        "end_notice",
        at,
        by=entity.authority or "登记机关",
        actor=actor,
        note=why,
        clause=CLAUSE,
        before=before,
    )


def end_lapsed_notices(at: datetime) -> int:
    """Notices whose days to apply passed unused end by themselves; how many."""
    today = at.astimezone(CHINA).date()
    lapsed = CancellationNotice.objects.filter(
        state__in=["running", "objected"], apply_until__lt=today, entity__state=EntityState.CANCELLING
    )
    ended = 0
    for key in list(lapsed.values_list("entity_id", flat=True)[:500]):
        with transaction.atomic():
            entity = MarketEntity.objects.select_for_update().get(pk=key)
            if entity.state == EntityState.CANCELLING:
                _end(entity, "期满20日内没有申请注销登记，公告失效。", PLATFORM, at)
                ended += 1
    return ended

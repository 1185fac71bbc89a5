"""What a granted case brings about in the register: set-up, change, cancellation. Code, entity, history: all or nothing."""

from datetime import date, datetime
from typing import Any

from yimen.foundation.identity import api as identity
from yimen.foundation.orgs.api import Organisation
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotPossible
from yimen.modules.registration.models import CancellationNotice, MarketEntity, SearchEntry, change_row
from yimen.modules.registration.queries.names import registry_of
from yimen.modules.registration.queries.register import entity_of_code, search_words
from yimen.modules.registration.rules import facts
from yimen.modules.registration.rules.codes import COOPERATIVE, ENTERPRISE, SOLE_TRADER
from yimen.modules.registration.rules.names import take_apart
from yimen.modules.registration.rules.trades import industry_of_division
from yimen.modules.registration.services import naming
from yimen.modules.registration.services.codes import free_code
from yimen.modules.registration.services.history import record
from yimen.modules.registration.states import EntityKind, EntityState

HEADS = {EntityKind.SOLE_TRADER: SOLE_TRADER, EntityKind.COOPERATIVE: COOPERATIVE}
LABELS = {
    "name": "名称", "address": "住所（经营场所）", "scope": "经营范围", "capital": "注册资本（元）", "investors": "股东（出资人）",
    "industry": "行业", "representative": "法定代表人（负责人、经营者）",
}  # fmt: skip
SET_UP_CLAUSE, CHANGE_CLAUSE = "市场主体登记管理条例第十九条、第二十一条", "市场主体登记管理条例第二十四条"
CANCEL_CLAUSE = "市场主体登记管理条例第三十一条"


def set_up(
    wanted: facts.SetUp,
    at: datetime,
    *,
    authority: Organisation,
    application: str = "",
    case_number: str = "",
) -> MarketEntity:
    """Enter a new entity; the day of the licence is the day it comes to be (条例第二十一条).

    Args:
        authority: who registers. application: number of the application that reserved the name.

    Raises:
        NotPossible: the head's name and number do not belong together, or the name was lost.
    """
    on = at.astimezone(CHINA).date()
    head = HEADS.get(EntityKind(wanted.kind), ENTERPRISE)
    code = free_code(head, wanted.division, on)
    legal = _legal_entity(wanted, code, at)
    entity = MarketEntity.objects.create(
        uscc=code, name=wanted.name, kind=wanted.kind, registry=registry_of(wanted.division), division=wanted.division,
        authority=authority.name, organisation=authority, address=wanted.address, representative=wanted.representative.name, capital=wanted.capital,
        industry=wanted.industry or industry_of_division(take_apart(wanted.name).trade_code), scope=wanted.scope,
        investors=[row.as_row() for row in wanted.investors], established_on=on, term_until=wanted.term_until,
        approved_on=on, parent=entity_of_code(wanted.parent_code) if wanted.parent_code else None, legal_entity=legal,
    )  # fmt: skip
    SearchEntry.objects.create(entity=entity, words=search_words(entity.name))
    if wanted.named:
        naming.take_name(entity, application, on)
    record(entity, "set_up", at, by=authority.name, case_number=case_number, clause=SET_UP_CLAUSE)
    return entity


def _legal_entity(wanted: facts.SetUp, code: str, at: datetime) -> identity.LegalEntity:
    """The entity as the platform knows applicants; its head may act for it from now on."""
    try:
        person = _head_person(wanted.representative, at)
        kind = "individual_business" if wanted.kind == EntityKind.SOLE_TRADER else "enterprise"
        return identity.find_or_register_entity(
            wanted.name, code, at, phone=wanted.representative.phone, kind=kind, legal_representative=person
        )
    except Invalid as wrong:
        raise _unfit(wrong) from wrong


def _head_person(head: facts.Person, at: datetime) -> identity.Person:
    return identity.find_or_register_person(head.name, head.id_number, head.phone, at)


def _unfit(wrong: Invalid) -> NotPossible:
    told = "；".join(wrong.fields.values()) or wrong.message
    return NotPossible(
        f"申请表里的法定代表人（负责人、经营者）信息不能登记：{told}",
        would_pass="请先要求补正，更正后再作决定。",
    )


def change(
    entity: MarketEntity,
    wanted: facts.Change,
    at: datetime,
    *,
    authority: str,
    application: str = "",
    case_number: str = "",
) -> MarketEntity:
    """Change what differs; each line of the history says from what to what (条例第二十四条).

    Raises:
        NotPossible: nothing differs, or the entity is no longer alive.
    """
    require_alive(entity)
    on = at.astimezone(CHINA).date()
    rows, old_name = _differences(entity, wanted), entity.name
    if not rows:
        raise NotPossible(
            "变更后的内容与登记的完全一样，没有要变更的事项。", would_pass="请申请人更正变更内容后再办。"
        )
    for item, value in wanted.values.items():
        setattr(entity, item, value)
    legal = entity.legal_entity
    head = _new_head(entity, wanted, at)
    if legal is not None:
        identity.update_entity(legal, name=entity.name, legal_representative=head)
    entity.registry, entity.approved_on = registry_of(entity.division), on
    entity.save()
    if entity.name != old_name:
        naming.give_up_name(entity, old_name, on)
        naming.take_name(entity, application, on)
        SearchEntry.objects.filter(entity=entity).update(words=search_words(entity.name))
    record(entity, "change", at, by=authority, case_number=case_number, changes=rows, clause=CHANGE_CLAUSE)
    return entity


def _differences(entity: MarketEntity, wanted: facts.Change) -> list[dict[str, str]]:
    found = [
        change_row(LABELS[item], _shown(getattr(entity, item)), _shown(value))
        for item, value in wanted.values.items()
        if item in LABELS and getattr(entity, item) != value
    ]
    head = wanted.representative
    if head is not None and head.name != entity.representative:
        found.append(change_row(LABELS["representative"], entity.representative, head.name))
    return found


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "；".join(f"{row.get('name', '')} {row.get('amount', '')}".strip() for row in value)
    return "" if value is None else str(value)


def _new_head(entity: MarketEntity, wanted: facts.Change, at: datetime) -> identity.Person | None:
    head = wanted.representative
    if head is None or head.name == entity.representative:
        return None
    try:
        person = _head_person(head, at)
    except Invalid as wrong:
        raise _unfit(wrong) from wrong
    entity.representative = head.name
    return person


def cancel(
    entity: MarketEntity, at: datetime, *, authority: str, case_number: str = "", simple: bool = False,
    received_on: date | None = None,
) -> MarketEntity:  # fmt: skip
    """Cancel: with it the entity ends (条例第三十一条); its name stays closed for a year.

    Args:
        simple: the simple way; its days are counted to ``received_on``, the day of the application.

    Raises:
        NotPossible: it has ended, or the conditions of a simple cancellation do not hold.
    """
    on = at.astimezone(CHINA).date()
    require_cancellable(entity, received_on or on, simple=simple)
    clause = "市场主体登记管理条例第三十三条" if simple else CANCEL_CLAUSE
    if simple and entity.kind != EntityKind.SOLE_TRADER:
        CancellationNotice.objects.filter(entity=entity, state=CancellationNotice.RUNNING).update(
            state=CancellationNotice.USED, outcome="公告期满无异议，已据此注销。"
        )
    entity.state, entity.ended_on = EntityState.CANCELLED, on
    entity.save(update_fields=["state", "ended_on"])
    naming.give_up_name(entity, entity.name, on)
    note = "简易注销" if simple else ""
    record(entity, "cancel", at, by=authority, case_number=case_number, clause=clause, note=note)
    return entity


def require_alive(entity: MarketEntity) -> None:
    """Raises NotPossible for an entity that ended or lost its licence."""
    if not entity.is_alive:
        raise NotPossible(
            f"“{entity.name}”{entity.state_label}，不能办理变更登记。", clause="市场主体登记管理条例第三十一条",
            would_pass="吊销未注销的，请办理注销登记。",
        )  # fmt: skip


def require_cancellable(entity: MarketEntity, on: date, *, simple: bool) -> None:
    """Raises NotPossible when this way of cancelling is closed: says why and which one is open (条例第三十一条、第三十三条)."""
    if entity.state == EntityState.CANCELLED:
        raise NotPossible(f"“{entity.name}”已于{entity.ended_on}注销，不用再办。")
    living = entity.branches.exclude(state=EntityState.CANCELLED).first()
    if living is not None:
        raise NotPossible(
            f"分支机构“{living.name}”还没有注销。",
            would_pass="请先注销全部分支机构。",
            clause="市场主体登记管理条例第三十二条",
        )
    if not simple:
        return
    clause = "市场主体登记管理条例第三十三条"
    if entity.state in (EntityState.ABNORMAL, EntityState.REVOKED):
        raise NotPossible(
            f"“{entity.name}”{entity.state_label}，不适用简易注销。",
            clause=clause,
            would_pass="请移出名录后再办，或者改走普通注销。",
        )
    if entity.kind == EntityKind.SOLE_TRADER:
        return
    notice = entity.notices.filter(
        state__in=[CancellationNotice.RUNNING, CancellationNotice.OBJECTED]
    ).first()
    _require_notice(notice, on, clause)


def _require_notice(notice: CancellationNotice | None, on: date, clause: str) -> None:
    if notice is None:
        raise NotPossible(
            "还没有发布简易注销公告。",
            clause=clause,
            would_pass="请先在企业登记页发布公告，公告满20日后20日内来申请。",
        )
    if notice.state == CancellationNotice.OBJECTED:
        raise NotPossible(
            "公告期内有人提出异议，异议处理以前不能简易注销。",
            clause=clause,
            would_pass="等异议处理完，或者改走普通注销。",
        )
    if on <= notice.ends_on:
        raise NotPossible(
            f"公告到{notice.ends_on}期满，现在还不能申请。",
            clause=clause,
            would_pass=f"请在{notice.ends_on}之后、{notice.apply_until}以前申请。",
        )
    if on > notice.apply_until:
        raise NotPossible(
            f"应当在{notice.apply_until}以前申请，已经超过。",
            clause=clause,
            would_pass="请重新发布公告，或者改走普通注销。",
        )

"""Acting for somebody: given by the principal or the legal representative, registered at a window, taken back."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from yimen.foundation.identity.events import RepresentationGranted, RepresentationRevoked
from yimen.foundation.identity.models import LegalEntity, Person, Representation
from yimen.foundation.identity.permissions import REPRESENTATION_REGISTER
from yimen.foundation.identity.queries import china_day, representations_valid_on
from yimen.foundation.identity.services.journal import REPRESENTATION, record
from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotPossible
from yimen.kernel.events import announce

CLAUSE = "民法典第一百六十五条"


def _require_right(actor: Actor, person: Person | None, entity: LegalEntity | None, evidence: str) -> None:
    if actor == PLATFORM:
        return
    mine = actor.person_id is not None and (
        (person is not None and person.pk == actor.person_id)
        or (entity is not None and entity.legal_representative_id == actor.person_id)
    )
    if mine:
        return
    if actor.may(REPRESENTATION_REGISTER):
        if not evidence.strip():
            sentence = "请先扫描授权委托书并填写材料编号，再登记委托。"
            raise Invalid(sentence, clause=CLAUSE, fields={"evidence": sentence})
        return
    raise NotAllowed("只有本人、单位的法定代表人，或持有授权委托书的窗口可以登记委托。", clause=CLAUSE)


@transaction.atomic
def grant_representation(
    *,
    agent: Person,
    actor: Actor,
    at: datetime,
    principal_person: Person | None = None,
    principal_entity: LegalEntity | None = None,
    scope: Sequence[str] = (),
    valid_from: date | None = None,
    valid_to: date | None = None,
    evidence: str = "",
    note: str = "",
) -> Representation:
    """Let a person act for another person or for a legal entity.

    Args:
        agent: who will act.
        scope: item codes; empty = all matters.
        valid_from, valid_to: half-open days; default from today without end.
        evidence: digest of the letter of authority; required when a window registers it.

    Raises:
        NotAllowed: the actor is neither the principal, nor the legal representative, nor a window.
        Invalid: no or two principals, a wrong period, or acting for oneself.
        Conflict: the same representation is in force.
    """
    if (principal_person is None) == (principal_entity is None):
        raise Invalid(
            "请写明代表一个人或者一个单位。", fields={"principal": "请写明代表一个人或者一个单位。"}
        )
    if principal_person is not None and principal_person.pk == agent.pk:
        raise Invalid("不能委托自己。", fields={"agent": "代办人就是本人，本人办理不需要委托。"})
    _require_right(actor, principal_person, principal_entity, evidence)
    day = china_day(at)
    start = valid_from or day
    if valid_to is not None and valid_to <= max(start, day):
        sentence = "结束日期应晚于开始日期和今天，请改填。"
        raise Invalid(sentence, fields={"valid_to": sentence})
    codes = sorted({code.strip() for code in scope if code.strip()})
    same = representations_valid_on(start).filter(
        agent=agent, principal_person=principal_person, principal_entity=principal_entity
    )
    if any(row.scope == codes for row in same):
        raise Conflict("同样的委托正在有效期内，不必重复添加。", fields={"agent": "这个人已经是代办人。"})
    row = Representation.objects.create(
        agent=agent,
        principal_person=principal_person,
        principal_entity=principal_entity,
        scope=codes,
        valid_from=start,
        valid_to=valid_to,
        evidence=evidence.strip(),
        note=note.strip(),
        granted_by_id=actor.account_id,
        granted_at=at,
    )
    record(
        REPRESENTATION, str(row.pk), "grant_representation", actor=actor, at=at, note=row.note, clause=CLAUSE
    )
    announce(
        RepresentationGranted(
            at=at,
            representation_id=row.pk,
            agent_id=agent.pk,
            principal_person_id=row.principal_person_id,
            principal_entity_id=row.principal_entity_id,
            actor_id=actor.account_id,
        )
    )
    return row


@transaction.atomic
def revoke_representation(row: Representation, *, actor: Actor, at: datetime) -> Representation:
    """End a representation at once: by the principal, the legal representative, the agent himself or a window.

    Raises:
        NotAllowed: the actor is none of these.
        NotPossible: it has ended already (民法典第一百七十三条).
    """
    entity = row.principal_entity
    parties = {row.agent_id, row.principal_person_id, entity.legal_representative_id if entity else None}
    involved = actor.person_id is not None and actor.person_id in parties
    if not (involved or actor == PLATFORM or actor.may(REPRESENTATION_REGISTER)):
        raise NotAllowed(
            "只有本人、单位的法定代表人、代办人或窗口可以撤销委托。", clause="民法典第一百七十三条"
        )
    if row.revoked_at is not None:
        raise NotPossible("这项委托已经撤销。")
    row.revoked_at, row.revoked_by_id = at, actor.account_id
    row.save(update_fields=["revoked_at", "revoked_by"])
    record(REPRESENTATION, str(row.pk), "revoke_representation", actor=actor, at=at)
    announce(RepresentationRevoked(at=at, representation_id=row.pk, actor_id=actor.account_id))
    return row


def may_represent(
    agent_id: int,
    on: date,
    *,
    person_id: int | None = None,
    entity_id: int | None = None,
    item_code: str = "",
) -> bool:
    """May this person act for that person or entity on a day, in this matter ("" = in any)?"""
    if (
        entity_id is not None
        and LegalEntity.objects.filter(pk=entity_id, legal_representative_id=agent_id).exists()
    ):
        return True
    if person_id is not None and person_id == agent_id:
        return True
    rows = representations_valid_on(on).filter(
        agent_id=agent_id, principal_person_id=person_id, principal_entity_id=entity_id
    )
    return any(not row.scope or not item_code or item_code in row.scope for row in rows)

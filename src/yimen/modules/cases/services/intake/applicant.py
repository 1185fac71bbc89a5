"""Who applies, and whether this actor may hand in for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from yimen.foundation.identity import api as identity
from yimen.foundation.orgs import api as orgs
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotAllowed
from yimen.modules.cases.permissions import CREATE

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]


class ApplicantIn(BaseModel):
    """The applicant as told: a person by identity number or an entity by unified social credit code.

    ``agent`` is the person who hands in for the applicant at a window; online the signed-in person is the agent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["person", "entity"] = "person"
    name: Name
    id_number: str = Field("", max_length=30)
    id_kind: Literal["resident_id", "residence_permit", "hk_macao_permit", "taiwan_permit", "passport"] = (
        "resident_id"
    )
    uscc: str = Field("", max_length=30)
    phone: str = Field("", max_length=30)
    agent: "AgentIn | None" = None


class AgentIn(BaseModel):
    """The person who stands at the window for somebody else (代办人)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    id_number: str = Field(max_length=30)
    phone: str = Field("", max_length=30)


@dataclass(frozen=True)
class Parties:
    """The rows behind the applicant."""

    person: identity.Person | None = None
    entity: identity.LegalEntity | None = None
    agent: identity.Person | None = None


def find_parties(
    applicant: ApplicantIn | None,
    centre: orgs.Centre | None,
    actor: Actor,
    at: datetime,
    items: Sequence[str] = (),
) -> Parties:
    """Find or register the applicant, after checking that the actor may apply for them.

    Args:
        items: codes of the items applied for; a representation may be limited to some.

    Raises:
        Invalid: wrong identity number or credit code, or no applicant.
        NotAllowed: somebody else's matter without representation.
    """
    if applicant is None:
        return _own(actor)
    clerk = _may_receive(actor, centre)
    if clerk:
        return _registered(applicant, at)
    parties = _represented(applicant, actor, at)
    _check_matters(parties, actor, at, items)
    return parties


def _own(actor: Actor) -> Parties:
    if actor.person_id is None:
        raise Invalid(
            "请填写申请人。",
            fields={"applicant": "填写申请人的姓名和证件号码，或者单位名称和统一社会信用代码。"},
        )
    return Parties(person=identity.person_with_id(actor.person_id))


def _may_receive(actor: Actor, centre: orgs.Centre | None) -> bool:
    scopes = actor.scopes(CREATE)
    if not scopes:
        return False
    if any(s.centre_id is None or (centre is not None and s.centre_id == centre.pk) for s in scopes):
        return True
    raise NotAllowed("您只能在自己所在的中心收件，请选择您的中心。", would_pass="填写您所在中心的代码。")


def _registered(applicant: ApplicantIn, at: datetime) -> Parties:
    agent = applicant.agent
    agent_row = (
        identity.find_or_register_person(agent.name, agent.id_number, agent.phone, at) if agent else None
    )
    if applicant.kind == "entity":
        entity = identity.find_or_register_entity(applicant.name, applicant.uscc, at, phone=applicant.phone)
        return Parties(entity=entity, agent=agent_row)
    person = identity.find_or_register_person(
        applicant.name, applicant.id_number, applicant.phone, at, id_kind=applicant.id_kind
    )
    return Parties(person=person, agent=agent_row)


def _represented(applicant: ApplicantIn, actor: Actor, at: datetime) -> Parties:
    """Online: only oneself or somebody one may act for; nothing is registered from a stranger's typing."""
    if applicant.kind == "entity":
        entity = identity.entity_with_uscc(identity.check_uscc(applicant.uscc))
        if entity is None or entity.pk not in actor.entity_ids:
            raise NotAllowed(
                "您还没有被授权为这家单位办事。",
                would_pass="请法定代表人在“授权代办”里授权您，或者到窗口办理。",
            )
        _same_name(entity.name, applicant.name)
        agent = identity.person_with_id(actor.person_id) if actor.person_id else None
        return Parties(entity=entity, agent=agent)
    person = identity.person_with_number(identity.check_id_number(applicant.id_number), applicant.id_kind)
    if person is None or person.pk not in {actor.person_id, *actor.principal_ids}:
        raise NotAllowed(
            "您只能为本人，或者授权您代办的人申请。",
            would_pass="请对方在“授权代办”里授权您，或者一起到窗口办理。",
        )
    _same_name(person.name, applicant.name)
    own = person.pk == actor.person_id
    return Parties(
        person=person, agent=None if own or not actor.person_id else identity.person_with_id(actor.person_id)
    )


def _check_matters(parties: Parties, actor: Actor, at: datetime, items: Sequence[str]) -> None:
    """A representation may be limited to some items (民法典第一百六十五条)."""
    if parties.agent is None or actor.person_id is None:
        return
    on = at.astimezone(CHINA).date()
    person, entity = (p.pk if p else None for p in (parties.person, parties.entity))
    for code in items:
        if not identity.may_represent(
            actor.person_id, on, person_id=person, entity_id=entity, item_code=code
        ):
            raise NotAllowed(
                f"对方的委托不包括事项 {code}，您不能代办。",
                would_pass="请对方在“授权代办”里增加这个事项，或者到窗口办理。",
            )


def _same_name(known: str, told: str) -> None:
    if known != told:
        raise Invalid("姓名（名称）与登记的不一致，请核对。", fields={"applicant.name": "与证件上的一致。"})

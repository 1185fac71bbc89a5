"""For whom a signed-in person may apply, and what is known of them for prefilling."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from yimen.foundation.identity import api as identity
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import ENTITY, PERSON
from yimen.kernel.masking import mask_name
from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms
from yimen.modules.items.api import PublishedStandard
from yimen.modules.registration import api as registration
from yimen.portals.hall.filling import ME, Filling

ENTITY_AUDIENCES = {"enterprise", "institution", "social_organisation", "government", "other"}


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody for whom the signed-in person may apply.

    Args:
        key: ``me``, ``person:12`` or ``entity:7``.
        refused: why these items are not for them, "" = they are.
    """

    key: str
    kind: str
    label: str
    hint: str = ""
    refused: str = ""
    row: Any = None


def candidates(here: Filling) -> list[Candidate]:
    """Oneself, then people and enterprises one may act for: at most three statements."""
    actor, standards = here.actor, here.standards
    found = []
    ids = {pk for pk in (actor.person_id, *actor.principal_ids) if pk is not None}
    people = {person.pk: person for person in identity.Person.objects.filter(pk__in=ids)} if ids else {}
    for_person, for_entity = refused_for(standards, here.undertaking.yet_to_be)
    own = people.get(actor.person_id) if actor.person_id else None
    if own is not None:
        found.append(
            Candidate(
                key=ME,
                kind="person",
                label=f"我本人（{own.masked_name}）",
                hint=own.masked_id_number,
                refused=for_person,
                row=own,
            )
        )
    for pk, person in sorted(people.items()):
        if pk != actor.person_id:
            found.append(
                Candidate(
                    key=f"person:{pk}",
                    kind="person",
                    label=f"替 {mask_name(person.name)} 办",
                    hint=person.masked_id_number,
                    refused=for_person or _outside(actor.items_for(PERSON, pk), standards),
                    row=person,
                )
            )
    if actor.entity_ids:
        rows = identity.LegalEntity.objects.filter(pk__in=actor.entity_ids).order_by("name", "pk")
        found += [
            Candidate(
                key=f"entity:{row.pk}",
                kind="entity",
                label=row.name,
                hint=f"统一社会信用代码 {row.uscc}",
                refused=for_entity or _outside(actor.items_for(ENTITY, row.pk), standards),
                row=row,
            )
            for row in rows.select_related("legal_representative")
        ]
    return found


def _outside(codes: frozenset[str] | None, standards: Sequence[PublishedStandard]) -> str:
    """Why a limited representation does not cover these items, "" = it does."""
    if codes is None:
        return ""
    left = [s.content.name for s in standards if s.code not in codes]
    return f"对方没有委托您办“{'、'.join(left)}”" if left else ""


def refused_for(standards: Sequence[PublishedStandard], coming: Set[str] = frozenset()) -> tuple[str, str]:
    """Why these items are not for a person, and not for an enterprise; "" = they are.

    Args:
        coming: codes of the items whose applicant is yet to be set up.
    """
    not_person = [
        s.content.name for s in standards if s.code not in coming and "person" not in s.content.audience
    ]
    not_entity = [s.content.name for s in standards if not ENTITY_AUDIENCES & set(s.content.audience)]
    return (
        f"“{'、'.join(not_person)}”由单位申请" if not_person else "",
        f"“{'、'.join(not_entity)}”由个人申请" if not_entity else "",
    )


def told(candidate: Candidate) -> cases.ApplicantIn | None:
    """The applicant as ``hand_in`` takes it; ``None`` = the actor's own person."""
    if candidate.key == ME:
        return None
    if candidate.kind == "entity":
        return cases.ApplicantIn(kind="entity", name=candidate.row.name, uscc=candidate.row.uscc)
    person = candidate.row
    return cases.ApplicantIn(
        kind="person", name=person.name, id_number=person.id_number, id_kind=person.id_kind
    )


def facts_for_form(filling: Filling, candidate: Candidate) -> dict[str, dict[str, Any]]:
    """What registers know, by register; reading another person's number is noted in the trace."""
    person, entity = candidate.row, {}
    if candidate.kind == "entity":
        row = candidate.row
        head = row.legal_representative
        entity = {
            "name": row.name,
            "uscc": row.uscc,
            "kind": row.kind,
            "phone": row.phone,
            "legal_representative_name": head.name if head else "",
        } | registration.known_facts(row.pk)
        pk = filling.actor.person_id
        person = identity.person_with_id(pk) if pk else None
    elif candidate.key != ME:
        trace.record_reading(filling.actor, "person", str(person.pk), "代办申请预填", filling.at)
    known: dict[str, Any] = {}
    if person is not None:
        known = {"name": person.name, "phone": person.phone}
        if candidate.kind == "person":
            known |= {"id_number": person.id_number, "id_type": person.id_kind}
            known |= forms.facts_of_id_number(person.id_number) if person.id_kind == "resident_id" else {}
    return {"person": known, "entity": entity}

"""Who stands at the window, and for whom: found by number, or told to be registered."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from yimen.foundation.identity import api as identity
from yimen.kernel.errors import Invalid
from yimen.kernel.masking import mask_id_number, mask_name, mask_phone
from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms

ID_KINDS = (
    ("", "居民身份证、统一社会信用代码"),
    ("residence_permit", "港澳台居民居住证、外国人永久居留身份证"),
    ("hk_macao_permit", "港澳居民来往内地通行证"),
    ("taiwan_permit", "台湾居民来往大陆通行证"),
    ("passport", "护照"),
)
KINDS = {key for key, _ in ID_KINDS if key}


@dataclass(frozen=True, kw_only=True)
class Party:
    """A person or an entity.

    Args:
        known: registered already; then the name is the registered one and never typed.
        phone: telephone, as registered or typed.
    """

    kind: Literal["person", "entity"]
    number: str
    id_kind: str = "resident_id"
    name: str = ""
    phone: str = ""
    known: bool = False

    @property
    def ready(self) -> bool:
        return len(self.name) >= 2

    @property
    def label(self) -> str:
        """An enterprise in full, a person masked."""
        return self.name if self.kind == "entity" else mask_name(self.name)

    @property
    def shown_number(self) -> str:
        return self.number if self.kind == "entity" else mask_id_number(self.number)

    @property
    def shown_phone(self) -> str:
        return mask_phone(self.phone) if self.phone else ""

    @property
    def kept(self) -> dict[str, Any]:
        return asdict(self)


def party_of(held: Any) -> Party | None:
    """What a draft kept."""
    if not isinstance(held, Mapping) or not held.get("number"):
        return None
    return Party(
        kind="entity" if held.get("kind") == "entity" else "person",
        number=str(held["number"]),
        id_kind=str(held.get("id_kind") or "resident_id"),
        name=str(held.get("name") or ""),
        phone=str(held.get("phone") or ""),
        known=bool(held.get("known")),
    )


def find_party(typed: str, id_kind: str = "", *, field: str = "number", only_person: bool = False) -> Party:
    """Whom a number means: somebody registered, or somebody new whose name is still to be told.

    Raises:
        Invalid: the number is wrong; the sentence names the place and what would be right.
    """
    text = "".join(typed.split()).upper()
    if not text:
        wanted = "身份证号码" if only_person else "身份证号码，或者统一社会信用代码"
        raise Invalid(f"请输入{wanted}。", fields={field: f"请输入{wanted}。"})
    if id_kind not in KINDS and not only_person and _looks_like_uscc(text):
        return _entity(text, field)
    kind = id_kind if id_kind in KINDS else "resident_id"
    number = _field(lambda: identity.check_id_number(text, kind), field)
    person = identity.person_with_number(number, kind)
    if person is None:
        return Party(kind="person", number=number, id_kind=kind)
    return Party(kind="person", number=number, id_kind=kind, name=person.name, phone=person.phone, known=True)


def _looks_like_uscc(text: str) -> bool:
    """A credit code by its form, or eighteen digits that are no identity number but a credit code."""
    if text[:17].isdigit() and (text[17:] in (*"0123456789X", "") or len(text) != 18):
        try:
            identity.check_id_number(text)
        except Invalid:
            return _fits(text)
        return False
    return any(c.isalpha() for c in text[:17]) or (text[:17].isdigit() and len(text) == 18)


def _fits(text: str) -> bool:
    try:
        identity.check_uscc(text)
    except Invalid:
        return False
    return True


def _entity(text: str, field: str) -> Party:
    code = _field(lambda: identity.check_uscc(text), field)
    found = identity.entity_with_uscc(code)
    if found is None:
        return Party(kind="entity", number=code, id_kind="")
    return Party(kind="entity", number=code, id_kind="", name=found.name, phone=found.phone, known=True)


def _field(check: Any, field: str) -> str:
    try:
        return str(check())
    except Invalid as wrong:
        raise Invalid(
            wrong.message, fields={field: next(iter(wrong.fields.values()), wrong.message)}
        ) from wrong


def named(party: Party, name: str, phone: str, prefix: str = "") -> Party:
    """The same with what the clerk typed beside the number; a registered name is never overwritten.

    Raises:
        Invalid: name or telephone is wrong; every wrong one is told at once.
    """
    wrong: dict[str, str] = {}
    told = party.name
    if not party.known:
        told = " ".join(name.split())
        try:
            if party.kind == "person":
                told = identity.check_person_name(told)
            elif not 2 <= len(told) <= 200:
                raise Invalid("", fields={"name": "请按营业执照填写单位全称。"})
        except Invalid as error:
            wrong[f"{prefix}name"] = next(iter(error.fields.values()), error.message)
    number = party.phone
    if phone.strip() and not (party.known and party.phone):
        try:
            number = identity.check_phone(phone)
        except Invalid as error:
            wrong[f"{prefix}phone"] = next(iter(error.fields.values()), error.message)
    if wrong:
        raise Invalid("有几处需要修改。", fields=wrong)
    return Party(
        kind=party.kind,
        number=party.number,
        id_kind=party.id_kind,
        name=told,
        phone=number,
        known=party.known,
    )


def applicant_in(who: Party, agent: Party | None) -> cases.ApplicantIn:
    """The applicant as ``cases.hand_in`` takes it."""
    standing = (
        cases.AgentIn(name=agent.name, id_number=agent.number, phone=agent.phone)
        if agent is not None
        else None
    )
    if who.kind == "entity":
        return cases.ApplicantIn(
            kind="entity", name=who.name, uscc=who.number, phone=who.phone, agent=standing
        )
    return cases.ApplicantIn(
        kind="person", name=who.name, id_number=who.number, id_kind=who.id_kind,
        phone=who.phone, agent=standing,
    )  # fmt: skip


def facts_for_form(who: Party | None, agent: Party | None) -> dict[str, dict[str, Any]]:
    """What is known of the parties, by register, for prefilling."""
    if who is None:
        return {"person": {}, "entity": {}}
    natural = who if who.kind == "person" else agent
    person: dict[str, Any] = {}
    if natural is not None:
        person = {"name": natural.name, "phone": natural.phone}
    if who.kind == "person":
        person |= {"id_number": who.number, "id_type": who.id_kind}
        if who.id_kind == "resident_id":
            person |= forms.facts_of_id_number(who.number)
        return {"person": person, "entity": {}}
    row = identity.entity_with_uscc(who.number)
    head = row.legal_representative if row else None
    entity = {
        "name": who.name, "uscc": who.number, "phone": who.phone, "kind": row.kind if row else "",
        "legal_representative_name": head.name if head else "",
    }  # fmt: skip
    return {"person": person, "entity": entity}


def registered_person(party: Party | None) -> identity.Person | None:
    """The row of a known natural person."""
    if party is None or not party.known or party.kind != "person":
        return None
    return identity.person_with_number(party.number, party.id_kind)

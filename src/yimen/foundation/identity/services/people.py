"""Registering people and legal entities; numbers are checked before anything is written."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from yimen.foundation.identity import numbers
from yimen.foundation.identity.events import EntityRegistered, PersonRegistered
from yimen.foundation.identity.models import LegalEntity, Person
from yimen.foundation.identity.queries import china_day, person_with_number
from yimen.foundation.identity.sealing import keyed_hash, seal_text
from yimen.kernel.errors import Invalid
from yimen.kernel.events import announce


def _person_values(name: str, id_number: str, phone: str, at: datetime, id_kind: str) -> tuple[str, str, str]:
    """The three fields in their plain form; everything wrong is told at once."""
    checks: dict[str, Callable[[], str]] = {
        "name": lambda: numbers.check_person_name(name),
        "id_number": lambda: numbers.check_id_number(id_number, id_kind, china_day(at)),
        "phone": lambda: numbers.check_phone(phone) if phone.strip() else "",
    }
    found: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for field, check in checks.items():
        try:
            found[field] = check()
        except Invalid as error:
            wrong |= error.fields
    if wrong:
        raise Invalid(next(iter(wrong.values())) if len(wrong) == 1 else "", fields=wrong)
    return found["name"], found["id_number"], found["phone"]


def check_person(name: str, id_number: str, phone: str, at: datetime, id_kind: str) -> None:
    """Are the three fields well formed? No register is asked.

    Raises:
        Invalid: everything that is wrong, at once.
    """
    _person_values(name, id_number, phone, at, id_kind)


def known_person(id_number: str, id_kind: str) -> Person | None:
    """The person registered with this number, which is well formed."""
    return person_with_number(numbers.check_id_number(id_number, id_kind), id_kind)


def find_or_register_person(
    name: str,
    id_number: str,
    phone: str,
    at: datetime,
    *,
    id_kind: str = numbers.RESIDENT_ID,
    real_name_level: int = Person.RealName.NUMBER_CHECKED,
) -> Person:
    """The person of this document number; registered when new.

    A telephone number is kept from the first registration; a higher real-name level is taken over.

    Raises:
        Invalid: a field is wrong (all are told at once), or the number is registered under another name.
    """
    name, number, phone = _person_values(name, id_number, phone, at, id_kind)
    person = person_with_number(number, id_kind)
    if person is None:
        try:
            with transaction.atomic():
                return _register(name, number, phone, at, id_kind, real_name_level)
        except IntegrityError:  # somebody registered the same number a moment ago
            person = person_with_number(number, id_kind)
            if person is None:
                raise
    return _recognise(person, name, phone, real_name_level)


def _register(name: str, number: str, phone: str, at: datetime, id_kind: str, level: int) -> Person:
    person = Person(id_kind=id_kind, real_name_level=level, registered_at=at)
    _write_name(person, name)
    person.id_number_sealed = seal_text(number, "id_number")
    person.id_number_hash = keyed_hash(number, f"id_number:{id_kind}")
    _write_phone(person, phone)
    person.save()
    announce(PersonRegistered(at=at, person_id=person.pk))
    return person


def register_many(people: Iterable[tuple[str, str, str]], at: datetime) -> int:
    """Register many people in one statement: for loading a checked register.

    Args:
        people: (name, resident identity number, telephone); numbers known already are left as they are.

    Raises:
        Invalid: a number is wrong.
    """
    rows = []
    for name, number, phone in people:
        name, number, phone = _person_values(name, number, phone, at, numbers.RESIDENT_ID)
        person = Person(registered_at=at, real_name_level=Person.RealName.NUMBER_CHECKED)
        _write_name(person, name)
        person.id_number_sealed = seal_text(number, "id_number")
        person.id_number_hash = keyed_hash(number, f"id_number:{numbers.RESIDENT_ID}")
        _write_phone(person, phone)
        rows.append(person)
    return len(Person.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500))


def _recognise(person: Person, name: str, phone: str, level: int) -> Person:
    if person.name_hash != keyed_hash(name, "name"):
        sentence = "该证件号码已登记的姓名与填写的不一致，请核对；确已更名的，请持户口簿到窗口办理变更。"
        raise Invalid(sentence, fields={"name": sentence})
    changed = []
    if phone and not person.phone_sealed:
        _write_phone(person, phone)
        changed += ["phone_sealed", "phone_hash"]
    if level > person.real_name_level:
        person.real_name_level = level
        changed.append("real_name_level")
    if changed:
        person.save(update_fields=changed)
    return person


def _write_name(person: Person, name: str) -> None:
    person.name_sealed, person.name_hash = seal_text(name, "name"), keyed_hash(name, "name")


def _write_phone(person: Person, phone: str) -> None:
    person.phone_sealed = seal_text(phone, "phone") if phone else b""
    person.phone_hash = keyed_hash(phone, "phone") if phone else ""


@transaction.atomic
def change_phone(person: Person, phone: str) -> Person:
    """Give a person another telephone number.

    Raises:
        Invalid: it is not a telephone number.
    """
    _write_phone(person, numbers.check_phone(phone))
    person.save(update_fields=["phone_sealed", "phone_hash"])
    return person


@transaction.atomic
def change_name(person: Person, name: str) -> Person:
    """Record a person's new name (after the household register was seen at a window)."""
    _write_name(person, numbers.check_person_name(name))
    person.save(update_fields=["name_sealed", "name_hash"])
    return person


@transaction.atomic
def find_or_register_entity(
    name: str,
    uscc: str,
    at: datetime,
    *,
    phone: str = "",
    kind: str = "",
    legal_representative: Person | None = None,
) -> LegalEntity:
    """The legal entity of this unified social credit code; registered when new.

    Raises:
        Invalid: the code or the telephone is wrong, or the code is registered under another name.
    """
    code = numbers.check_uscc(uscc)
    name = name.strip().replace("(", "（").replace(")", "）")
    if not name:
        raise Invalid("请填写单位名称。", fields={"name": "请填写营业执照或登记证书上的单位名称。"})
    phone = numbers.check_phone(phone) if phone.strip() else ""
    entity, created = LegalEntity.objects.get_or_create(
        uscc=code,
        defaults={
            "name": name,
            "kind": kind or numbers.entity_kind(code),
            "phone_sealed": seal_text(phone, "phone") if phone else b"",
            "legal_representative": legal_representative,
            "registered_at": at,
        },
    )
    if created:
        announce(EntityRegistered(at=at, entity_id=entity.pk))
    elif entity.name != name:
        sentence = f"统一社会信用代码{code}登记的名称是“{entity.name}”，请按登记的名称填写。"
        raise Invalid(sentence, fields={"name": sentence})
    elif legal_representative is not None and entity.legal_representative_id is None:
        entity.legal_representative = legal_representative
        entity.save(update_fields=["legal_representative"])
    return entity


@transaction.atomic
def update_entity(
    entity: LegalEntity, *, name: str, legal_representative: Person | None = None
) -> LegalEntity:
    """Follow the register after a change: another name, another legal representative (``None`` keeps the present one).

    Raises:
        Invalid: the name is empty.
    """
    name = name.strip()
    if not name:
        raise Invalid("请填写单位名称。", fields={"name": "请填写营业执照或登记证书上的单位名称。"})
    entity.name = name
    if legal_representative is not None:
        entity.legal_representative = legal_representative
    entity.save(update_fields=["name", "legal_representative"])
    return entity

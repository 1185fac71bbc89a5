"""Registering people and entities: sealed at rest, found by a keyed hash, told once what is wrong."""

import pytest
from django.db import connection

from yimen.foundation.identity import sealing
from yimen.foundation.identity.api import (
    find_or_register_entity,
    find_or_register_person,
    keyed_hash,
    people_named,
    people_with_phone,
    person_with_number,
    seal_json,
    seal_text,
    unseal_json,
    unseal_text,
)
from yimen.foundation.identity.models import LegalEntity, Person
from yimen.foundation.identity.tests.factories import AT, credit_code, entity, id_number, person
from yimen.kernel.errors import Invalid

pytestmark = pytest.mark.django_db


def test_nothing_personal_lies_open_in_the_tables() -> None:
    made = person("欧阳志强", id_number(77), "13912345678")
    with connection.cursor() as cursor:
        cursor.execute("select * from identity_person where id = %s", [made.pk])
        stored = b"|".join(
            bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in cursor.fetchone()
        )
    for secret in ("欧阳志强", id_number(77), "13912345678", "19900101"):
        assert secret.encode() not in stored
    again = Person.objects.get(pk=made.pk)
    assert (again.name, again.id_number, again.phone) == ("欧阳志强", id_number(77), "13912345678")
    assert again.masked_id_number == "4401**********" + id_number(77)[-4:]
    assert str(again) == "欧**强"


def test_a_person_is_found_again_by_number_name_and_phone() -> None:
    made = person("林晓燕", id_number(5), "13800138000")
    assert person_with_number(id_number(5).lower()) == made
    assert list(people_named("林晓燕")) == [made]
    assert list(people_with_phone("138 0013 8000")) == [made]
    assert person_with_number(id_number(6)) is None


def test_the_same_person_is_registered_once() -> None:
    first = find_or_register_person("林晓燕", id_number(8), "", AT)
    second = find_or_register_person("林晓燕", f" {id_number(8)} ", "13800138000", AT, real_name_level=2)
    assert first == second
    first.refresh_from_db()
    assert first.phone == "13800138000"
    assert first.real_name_level == Person.RealName.SEEN_AT_WINDOW
    assert Person.objects.count() == 1


def test_a_known_number_with_another_name_is_refused() -> None:
    person("林晓燕", id_number(9))
    with pytest.raises(Invalid) as refused:
        find_or_register_person("林小燕", id_number(9), "", AT)
    assert "name" in refused.value.fields
    assert "林晓燕" not in refused.value.message


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        find_or_register_person("林1", "123", "99", AT)
    assert set(refused.value.fields) == {"name", "id_number", "phone"}
    assert not Person.objects.exists()


def test_an_entity_is_registered_once_and_its_name_must_agree() -> None:
    made = entity("顺和餐饮管理（广州）有限公司", credit_code(3))
    assert find_or_register_entity("顺和餐饮管理(广州)有限公司", credit_code(3), AT) == made
    assert made.kind == LegalEntity.Kind.ENTERPRISE
    with pytest.raises(Invalid) as refused:
        find_or_register_entity("别的公司", credit_code(3), AT)
    assert "顺和餐饮管理（广州）有限公司" in refused.value.fields["name"]


def test_a_seal_opens_only_for_its_own_purpose_and_unchanged() -> None:
    sealed = seal_text("林晓燕", "name")
    assert unseal_text(sealed, "name") == "林晓燕"
    assert seal_text("林晓燕", "name") != sealed
    assert sealed[0] == sealing.CURRENT_VERSION
    for broken, purpose in (
        (sealed, "phone"),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), "name"),
        (b"\x63" + sealed[1:], "name"),
        (b"", "name"),
    ):
        with pytest.raises(sealing.SealBroken):
            unseal_text(broken, purpose)


def test_an_older_key_still_opens_after_rotation(monkeypatch: pytest.MonkeyPatch) -> None:
    old = seal_json({"户籍": "示范区"}, "form")
    monkeypatch.setitem(sealing.KEY_PURPOSES, 2, "personal-data-2")
    monkeypatch.setattr(sealing, "CURRENT_VERSION", 2)
    new = seal_json([1, "二"], "form")
    assert new[0] == 2
    assert unseal_json(new, "form") == [1, "二"]
    assert unseal_json(old, "form") == {"户籍": "示范区"}


def test_the_keyed_hash_depends_on_value_and_purpose() -> None:
    assert keyed_hash("a", "name") == keyed_hash("a", "name")
    assert len({keyed_hash("a", "name"), keyed_hash("a", "phone"), keyed_hash("b", "name")}) == 3

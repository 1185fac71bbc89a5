"""``Idempotency-Key``: the same key and body give the same answer for a day."""

from datetime import timedelta

import pytest

from tests.district import AT, STREET, District
from yimen.kernel.clock import travel_to
from yimen.modules.cases.models import Application
from yimen.portals.openapi.models import IdempotencyRecord
from yimen.portals.openapi.services import sweep


def test_the_same_key_and_body_give_the_same_answer(district: District) -> None:
    lin, body = district.caller("lin"), district.application("lin", STREET)
    first = lin.post("/applications", body, "key-1")
    with travel_to(AT + timedelta(hours=23)):
        again = lin.post("/applications", body, "key-1")
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Application.objects.count() == 1


def test_another_body_with_the_key_is_refused(district: District) -> None:
    lin = district.caller("lin")
    assert lin.post("/applications", district.application("lin", STREET), "key-1").status == 201
    other = lin.post("/applications", district.application("lin", STREET, delivery_way="courier"), "key-1")
    assert (other.status, other.code) == (409, "idempotency_key_reused")
    elsewhere = lin.act("1", "withdraw", "key-1")
    assert (elsewhere.status, elsewhere.code) == (409, "idempotency_key_reused")


def test_the_answer_of_an_act_is_kept(district: District) -> None:
    number, cgj = district.case("lin", STREET), district.caller("cgj-shen")
    first = cgj.act(number, "accept", "key-2")
    assert cgj.act(number, "accept", "key-2").body == first.body
    assert cgj.act(number, "accept").status == 409


def test_what_failed_is_not_kept(district: District) -> None:
    number, cgj = district.case("lin", STREET), district.caller("cgj-shen")
    assert cgj.act(number, "resume", "key-3").status == 409
    assert IdempotencyRecord.objects.count() == 0
    assert cgj.act(number, "accept", "key-3").status == 200, "the key is free again"
    assert cgj.post("/applications", b"{broken", "key-4").status == 400
    assert IdempotencyRecord.objects.count() == 1


def test_a_key_belongs_to_its_caller(district: District) -> None:
    lin, wang = district.caller("lin"), district.caller("wang")
    first = lin.post("/applications", district.application("lin", STREET), "key-1")
    second = wang.post("/applications", district.application("wang", STREET), "key-1")
    assert (first.status, second.status) == (201, 201)
    assert first.body["number"] != second.body["number"]


def test_a_key_is_forgotten_after_a_day(district: District) -> None:
    lin, body = district.caller("lin"), district.application("lin", STREET)
    first = lin.post("/applications", body, "key-1")
    with travel_to(AT + timedelta(hours=25)):
        second = lin.post("/applications", body, "key-1")
    assert second.status == 201 and second.body["number"] != first.body["number"]
    assert sweep(AT + timedelta(days=3)) == 1


def test_the_stored_answer_is_sealed(district: District) -> None:
    first = district.caller("lin").post("/applications", district.application("lin", STREET), "key-1")
    assert first.body["number"].encode() not in bytes(IdempotencyRecord.objects.get().body)


@pytest.mark.parametrize("key", ["k" * 101, "schlüssel", "a\x7fb"])
def test_an_odd_key_is_told(district: District, key: str) -> None:
    refused = district.caller("lin").post("/applications", {}, key)
    assert (refused.status, list(refused.body["fields"])) == (422, ["Idempotency-Key"])


def test_a_key_of_a_stranger_changes_nothing(district: District) -> None:
    assert district.caller().post("/applications", {}, "key-1").status == 401
    assert IdempotencyRecord.objects.count() == 0

"""From a form to a licence: the register follows the decision, in the same transaction."""

import pytest

from yimen.foundation.identity import api as identity
from yimen.kernel.errors import Conflict, Invalid, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import only_case
from yimen.modules.items.content import Limit
from yimen.modules.registration.errors import NamePromiseNeeded, NameRefused
from yimen.modules.registration.models import HeldName, MarketEntity
from yimen.modules.registration.queries.register import known_facts
from yimen.modules.registration.rules import codes
from yimen.modules.registration.tests.factories import (
    AT,
    CHANGE_FIELDS,
    company,
    company_form,
    founder,
    granted,
    make_bound,
)

pytestmark = pytest.mark.django_db


def hand_in(standard, actor, form, at=AT):
    return cases.hand_in(cases.HandIn(items=[standard.code], form=form), actor, at)


def test_a_granted_set_up_gives_code_register_entry_and_somebody_who_may_act_for_it() -> None:
    entity, head = company()
    assert identity.check_uscc(entity.uscc) == entity.uscc
    assert entity.uscc[:8] == "91449901"
    assert entity.uscc[16] == codes.organisation_check(entity.uscc[8:16])
    assert (entity.kind, entity.state, entity.industry, entity.capital) == (
        "company",
        "active",
        "H6210",
        1_000_000,
    )
    assert entity.authority and entity.representative == "林晓燕"
    assert [event.kind for event in entity.events.all()] == ["set_up"]
    assert entity.legal_entity_id in head.entity_ids
    assert HeldName.objects.get(entity=entity).kind == "entity"


def test_no_register_entry_without_the_decision_and_none_twice() -> None:
    standard = make_bound("set_up", "company")
    actor, person = founder()
    application = hand_in(standard, actor, company_form(person))
    assert not MarketEntity.objects.exists()
    assert HeldName.objects.get().kind == "reserved"
    granted(application)
    assert MarketEntity.objects.count() == 1


def test_a_decision_that_cannot_be_registered_does_not_stand() -> None:
    standard = make_bound("set_up", "company")
    actor, person = founder()
    application = hand_in(standard, actor, company_form(person, legal_representative_name="王另一"))
    with pytest.raises(NotPossible, match="不能登记"):
        granted(application)
    assert only_case(application).state != "granted"
    assert not MarketEntity.objects.exists()


def test_two_ask_for_one_name_and_the_first_wins() -> None:
    standard = make_bound("set_up", "company")
    (first, one), (second, two) = founder(), founder("王二")
    hand_in(standard, first, company_form(one))
    with pytest.raises(NameRefused, match="保留期内"):
        hand_in(standard, second, company_form(two))


def test_one_look_alike_character_is_named_and_needs_a_promise() -> None:
    company("粤海市澜江区晨辉餐饮有限公司")
    standard = make_bound("set_up", "company")
    actor, person = founder("王二")
    form = company_form(person, "粤海市澜江区晨晖餐饮有限公司")
    with pytest.raises(NamePromiseNeeded, match="第2个字“晖”与“辉”读音相同（huī）、字形相近") as told:
        hand_in(standard, actor, form)
    assert "name_promise" in told.value.fields
    hand_in(standard, actor, form | {"name_promise": True})


def test_a_withdrawn_application_frees_its_name() -> None:
    standard = make_bound("set_up", "company")
    actor, person = founder()
    application = hand_in(standard, actor, company_form(person))
    cases.act(only_case(application).number, "withdraw", {}, actor, AT)
    assert not HeldName.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("registered_capital", "2000000", "不一致"),
        ("industry_code", "9999", "国民经济行业分类"),
        ("entity_proposed_name", "粤海市澜江区晨光餐饮", "标明"),
        ("entity_proposed_name", "晨光餐饮有限公司", "行政区划"),
        ("entity_proposed_name", "粤海市美国餐饮有限公司", "美国"),
    ],
)
def test_what_does_not_fit_is_told_before_anything_is_received(field: str, value: str, words: str) -> None:
    standard = make_bound("set_up", "company")
    actor, person = founder()
    with pytest.raises(Invalid, match=words):
        hand_in(standard, actor, company_form(person, **{field: value}))
    assert not cases.Application.objects.exists()


def test_a_change_says_from_what_to_what_and_moves_name_and_head() -> None:
    entity, head = company()
    standard = make_bound("change", fields=CHANGE_FIELDS)
    _, heir = founder("何接任")
    told = cases.ApplicantIn(kind="entity", name=entity.name, uscc=entity.uscc)
    form = {
        "entity_uscc": entity.uscc, "entity_proposed_name": "粤海市澜江区朝霞餐饮有限公司",
        "registered_address": {"division": entity.division, "detail": entity.address},
        "legal_representative_name": heir.name, "legal_representative_id_number": heir.id_number,
    }  # fmt: skip
    granted(cases.hand_in(cases.HandIn(items=[standard.code], applicant=told, form=form), head, AT))
    entity.refresh_from_db()
    assert entity.name == "粤海市澜江区朝霞餐饮有限公司"
    assert entity.legal_entity.name == entity.name
    assert entity.legal_entity.legal_representative == heir
    [change] = entity.events.filter(kind="change")
    assert {row["item"] for row in change.changes} == {"名称", "法定代表人（负责人、经营者）"}
    assert HeldName.objects.get(name="粤海市澜江区晨光餐饮有限公司").kind == "former"


def test_nobody_changes_the_registration_of_somebody_else() -> None:
    entity, _ = company()
    standard = make_bound("change", fields=CHANGE_FIELDS)
    stranger, _ = founder("路人甲")
    with pytest.raises(Invalid, match="自己"):
        hand_in(standard, stranger, {"entity_uscc": entity.uscc, "business_scope": "别的"})


def test_an_unknown_code_is_told() -> None:
    standard = make_bound("cancel", fields=("entity_uscc",))
    actor, _ = founder()
    with pytest.raises(Invalid, match="登记簿里没有"):
        hand_in(standard, actor, {"entity_uscc": "91440101MA59LU9AX1"})


def test_what_the_register_knows_is_not_asked_again() -> None:
    entity, _ = company()
    known = known_facts(entity.legal_entity_id)
    assert known["address"] == {"division": entity.division, "detail": "人民路1号首层"}
    assert (known["kind"], known["registered_capital"], known["business_scope"]) == (
        "company",
        "1000000.00",
        "餐饮服务；食品销售",
    )
    assert known_facts(0) == {}


def test_three_days_are_extended_by_three_by_the_head() -> None:
    allowed = cases.extension_of(Limit(amount=3, clause="市场主体登记管理条例第十九条"))
    assert (allowed.days, allowed.approver) == (3, "登记机关负责人")
    assert cases.extension_of(Limit(amount=20, clause="行政许可法第四十二条")).days == 10


def test_a_branch_carries_its_enterprises_name() -> None:
    entity, head = company()
    standard = make_bound("set_up", "branch")
    _, person = founder("何分店")
    form = company_form(
        person, f"{entity.name}第一分公司", registered_capital=None, shareholders=None, registered_address=None,
        premises_address={"division": entity.division, "detail": "建设路2号"}, branch_of_uscc=entity.uscc,
    )  # fmt: skip
    granted(hand_in(standard, head, form))
    assert MarketEntity.objects.get(kind="branch").parent == entity
    with pytest.raises(NameRefused, match="冠以"):
        hand_in(standard, head, form | {"entity_proposed_name": "粤海市澜江区别家餐饮分公司"})


def test_the_same_application_is_not_received_twice() -> None:
    standard = make_bound("set_up", "company")
    actor, person = founder()
    form = company_form(person)
    hand_in(standard, actor, form)
    with pytest.raises((Conflict, NameRefused)):
        hand_in(standard, actor, form)

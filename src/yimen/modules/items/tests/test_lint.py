"""What stops a standard from being published, and what an author is asked to look at again."""

from typing import Any

import pytest

from yimen.modules.items.content import Condition, Fee, Limit, MaterialRequirement, Promise, ReviewStep
from yimen.modules.items.lint import RULES, UNCONFIRMED, Severity, lint
from yimen.modules.items.tests.factories import make_content

FORM = make_content().materials[0]


def blocking(**changes: Any) -> dict[str, str]:
    """Where → code of what blocks publishing."""
    return {f.where: f.code for f in lint(make_content(**changes)) if f.severity is Severity.ERROR}


def test_a_complete_standard_has_nothing_that_blocks() -> None:
    assert blocking() == {}


@pytest.mark.parametrize("name", ["其他有关材料", "法律法规规定的其他材料", "审批部门要求提供的材料"])
def test_a_material_for_everything_else_is_no_material(name: str) -> None:
    assert blocking(materials=(FORM, MaterialRequirement(code="rest", name=name))) == {
        "materials.1.name": "catch_all"
    }


def test_a_fee_needs_its_basis() -> None:
    assert "fee_basis" in blocking(fees=(Fee(name="工本费", amount=10, basis=""),)).values()
    assert blocking(fees=(Fee(name="工本费", amount=10, basis="粤发改价格〔2020〕1号"),)) == {}


def test_a_promise_is_never_longer_than_the_law() -> None:
    late = {"steps": (), "instant": False}
    wrong = blocking(promised_limit=Limit(amount=21), legal_limit=Limit(amount=20), **late)
    assert any(where.startswith("promised_limit") for where in wrong)
    assert not any(where.startswith("promised_limit") for where in blocking(promised_limit=Limit(amount=20)))


def test_a_limit_that_nobody_confirmed_blocks() -> None:
    unknown = Limit(amount=0, note=UNCONFIRMED)
    assert blocking(legal_limit=unknown, promised_limit=unknown)


def test_parts_fit_together() -> None:
    twice = blocking(materials=(FORM, FORM))
    assert set(twice.values()) == {"codes_once"}
    lost = (ReviewStep(code="review", name="审查", post="reviewer", after=("nowhere",)),)
    assert "steps_connect" in blocking(steps=lost).values()
    nobody = (ReviewStep(code="review", name="审查", post="king"),)
    assert "posts" in blocking(steps=nobody).values()
    assert "promise_materials" in blocking(promise=Promise(materials=("nothing",))).values()


def test_a_rule_that_cannot_run_is_told_where_it_stands() -> None:
    wrong = blocking(conditions=(Condition(text="成年", rule="age_on(nobody) >= 18", failing="未满十八岁"),))
    assert wrong == {"conditions.0.rule": "expressions"}


def test_every_finding_says_where_why_and_what_would_be_right() -> None:
    bare = make_content(basis=(), conditions=(), places=(), results=(), consult_phone="", faq=())
    found = lint(bare)
    assert found == sorted(found, key=lambda f: f.severity is not Severity.ERROR)
    assert all(f.sentence.endswith("。") and f.clause for f in found)
    assert len({rule.code for rule in RULES}) == len(RULES)

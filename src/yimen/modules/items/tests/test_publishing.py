"""From a draft to a version in force, and from one version to the next."""

from datetime import date, timedelta

import pytest

from yimen.kernel.actor import Actor
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from yimen.modules.items import api
from yimen.modules.items.content import Limit, MaterialRequirement
from yimen.modules.items.models import Item, Standard
from yimen.modules.items.published import MEMORY
from yimen.modules.items.services import drafting, publishing
from yimen.modules.items.states import StandardState
from yimen.modules.items.tests.factories import (
    AT,
    AUTHOR,
    DAY,
    REVIEWER,
    make_content,
    make_item,
    make_standard,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_memory() -> None:
    MEMORY.forget()


def test_a_published_item_can_be_applied_for(django_assert_num_queries) -> None:
    made = make_standard("food")
    MEMORY.forget()
    with django_assert_num_queries(1):
        found = api.current(made.code, DAY)
    assert found == made
    assert api.current("food", DAY).standard_id == made.standard_id


def test_a_pinned_standard_costs_no_statement_when_known(django_assert_num_queries) -> None:
    made = make_standard()
    MEMORY.forget()
    with django_assert_num_queries(1):
        api.pinned(made.standard_id)
    with django_assert_num_queries(0):
        assert api.pinned(made.standard_id).content == made.content


def test_many_items_open_with_one_statement(django_assert_num_queries) -> None:
    made = [make_standard(f"many-{i}") for i in range(3)]
    with django_assert_num_queries(1):
        found = api.open_items([made[1].code, "many-0"], DAY)
    assert list(found) == [made[1].code, "many-0"]


def test_unknown_unpublished_and_coming_items_are_refused_with_advice() -> None:
    with pytest.raises(NotFound, match="按名称搜索"):
        api.current("NO-SUCH", DAY)
    draft = make_item()
    with pytest.raises(NotPossible, match="还没有发布"):
        api.current(draft.code, DAY)
    made = make_standard()
    with pytest.raises(NotPossible, match="自2026年1月1日起办理"):
        api.current(made.code, date(2025, 6, 1))
    with pytest.raises(NotFound) as refusal:
        api.open_items([made.code, "NO-SUCH"], DAY)
    assert list(refusal.value.fields) == ["NO-SUCH"]


def next_version(code: str, content, valid_from: date, at=AT) -> Standard:
    draft = drafting.start_version(code, AUTHOR, at)
    drafting.save_draft(draft.pk, content, draft.revision, AUTHOR, at)
    drafting.submit_for_review(draft.pk, AUTHOR, at)
    drafting.approve_standard(draft.pk, "同意", REVIEWER, at)
    return publishing.publish(draft.pk, valid_from, REVIEWER, at)


def test_a_version_of_the_future_waits_and_the_old_one_ends_where_it_begins() -> None:
    made = make_standard(valid_from=DAY)
    coming = next_version(
        made.code, make_content(promised_limit=Limit(amount=10, note="更快")), DAY + timedelta(days=5)
    )
    assert api.current(made.code, DAY).version == 1
    assert api.current(made.code, DAY + timedelta(days=4)).version == 1
    assert api.current(made.code, DAY + timedelta(days=5)).version == 2
    assert publishing.activate_due(AT) == 0
    assert publishing.activate_due(AT + timedelta(days=5)) == 1
    assert publishing.activate_due(AT + timedelta(days=5)) == 0
    assert Item.objects.get(code=made.code).current_id == coming.pk
    old = Standard.objects.get(pk=made.standard_id)
    assert old.state == StandardState.RETIRED
    assert old.valid_to == DAY + timedelta(days=5)
    assert api.pinned(made.standard_id).version == 1


def test_two_versions_cannot_begin_on_one_day_nor_in_the_past() -> None:
    made = make_standard(valid_from=DAY)
    draft = drafting.start_version(made.code, AUTHOR, AT)
    drafting.submit_for_review(draft.pk, AUTHOR, AT)
    drafting.approve_standard(draft.pk, "同意", REVIEWER, AT)
    with pytest.raises(Conflict, match="最早可以自2026-03-03"):
        publishing.publish(draft.pk, DAY, REVIEWER, AT)
    with pytest.raises(Invalid, match="不能早于今天"):
        publishing.publish(draft.pk, DAY - timedelta(days=1), REVIEWER, AT)


def test_an_author_may_not_review_his_own_text() -> None:
    item = make_item()
    draft = item.standards.get()
    drafting.submit_for_review(draft.pk, AUTHOR, AT)
    with pytest.raises(NotAllowed, match="不能审核自己"):
        drafting.approve_standard(draft.pk, "同意", AUTHOR, AT)
    drafting.approve_standard(draft.pk, "同意", REVIEWER, AT)


def test_a_stranger_may_not_write() -> None:
    item = make_item()
    draft = item.standards.get()
    with pytest.raises(NotAllowed):
        drafting.save_draft(draft.pk, make_content(), draft.revision, Actor(), AT)


def test_a_later_save_is_never_overwritten() -> None:
    draft = make_item().standards.get()
    drafting.save_draft(draft.pk, make_content(summary="甲写的"), 1, AUTHOR, AT)
    with pytest.raises(Conflict, match="刚刚保存过"):
        drafting.save_draft(draft.pk, make_content(summary="乙写的"), 1, AUTHOR, AT)


def test_findings_that_block_stop_the_review() -> None:
    bad = (*make_content().materials, MaterialRequirement(code="other", name="其他有关材料"))
    draft = make_item(materials=bad).standards.get()
    with pytest.raises(NotPossible, match="兜底") as refusal:
        drafting.submit_for_review(draft.pk, AUTHOR, AT)
    assert "materials.2.name" in refusal.value.fields


def test_a_returned_draft_can_be_mended() -> None:
    draft = make_item().standards.get()
    drafting.submit_for_review(draft.pk, AUTHOR, AT)
    with pytest.raises(NotPossible):
        drafting.save_draft(draft.pk, make_content(), draft.revision, AUTHOR, AT)
    with pytest.raises(Invalid):
        drafting.return_standard(draft.pk, " ", REVIEWER, AT)
    drafting.return_standard(draft.pk, "依据条款有误", REVIEWER, AT)
    drafting.save_draft(draft.pk, make_content(), draft.revision, AUTHOR, AT)


def test_wrong_content_names_each_place() -> None:
    draft = make_item().standards.get()
    broken = make_content().model_dump(mode="json") | {
        "materials": [{"code": "a", "name": "甲", "copies": "x"}]
    }
    broken["legal_limit"] = {"unit": "working_day"}
    with pytest.raises(Invalid) as refusal:
        drafting.save_draft(draft.pk, broken, 1, AUTHOR, AT)
    assert refusal.value.fields == {
        "materials.0.copies": "应当是整数，例如 20。",
        "legal_limit.amount": "必须填写。",
    }

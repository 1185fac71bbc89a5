"""Suspending, cancelling, splitting, merging, adjusting, transferring."""

import pytest

from yimen.kernel.errors import Invalid, NotPossible
from yimen.modules.items import api
from yimen.modules.items.models import Lineage
from yimen.modules.items.queries.search import search
from yimen.modules.items.services import life
from yimen.modules.items.tests.factories import AT, AUTHOR, DAY, make_item, make_organisation, make_standard

pytestmark = pytest.mark.django_db
WHY = ("机构改革", "国发〔2024〕3号")


def test_a_suspended_item_says_why_and_can_be_resumed() -> None:
    made = make_standard()
    life.suspend_item(made.code, *WHY, AUTHOR, AT)
    with pytest.raises(NotPossible, match="暂停办理，原因：机构改革"):
        api.current(made.code, DAY)
    assert search("测试经营许可").count == 0
    assert search("测试经营许可", only_open=False).count == 1
    life.resume_item(made.code, AUTHOR, AT)
    assert api.current(made.code, DAY).code == made.code
    assert search("测试经营许可").count == 1


def test_acts_need_reason_and_clause() -> None:
    made = make_standard()
    with pytest.raises(Invalid) as refusal:
        life.cancel_item(made.code, " ", "", AUTHOR, AT)
    assert set(refusal.value.fields) == {"reason", "clause"}


def test_a_cancelled_item_stays_pinned_by_its_cases() -> None:
    made = make_standard()
    life.cancel_item(made.code, *WHY, AUTHOR, AT)
    with pytest.raises(NotPossible, match="已取消"):
        api.current(made.code, DAY)
    assert api.pinned(made.standard_id).code == made.code
    with pytest.raises(NotPossible, match="已取消，不能暂停"):
        life.suspend_item(made.code, *WHY, AUTHOR, AT)


def test_a_merged_item_names_where_it_went() -> None:
    heir, one, two = (make_standard(name=f"测试{n}许可") for n in "甲乙丙")
    life.merge_items([one.code, two.code], heir.code, *WHY, AUTHOR, AT)
    with pytest.raises(NotPossible, match=f"已合并到“测试甲许可”（{heir.code}）"):
        api.current(one.code, DAY)
    assert Lineage.objects.filter(kind="merge", to_item__code=heir.code).count() == 2


def test_a_split_needs_published_heirs() -> None:
    source, one = make_standard(), make_standard()
    draft = make_item()
    with pytest.raises(Invalid):
        life.split_item(source.code, [one.code], *WHY, AUTHOR, AT)
    with pytest.raises(NotPossible, match="还没有发布"):
        life.split_item(source.code, [one.code, draft.code], *WHY, AUTHOR, AT)
    other = make_standard()
    life.split_item(source.code, [one.code, other.code], *WHY, AUTHOR, AT)
    with pytest.raises(NotPossible, match="已拆分为"):
        api.current(source.code, DAY)


def test_an_adjusted_item_goes_on_under_its_new_code() -> None:
    old, new = make_standard(), make_standard()
    life.adjust_item(old.code, new.code, *WHY, AUTHOR, AT)
    with pytest.raises(NotPossible, match="已调整为"):
        api.current(old.code, DAY)


def test_a_transferred_item_is_decided_by_the_other_organisation() -> None:
    made = make_standard()
    other = make_organisation("other-org", "449902000000")
    life.transfer_item(made.code, "other-org", *WHY, AUTHOR, AT)
    assert api.current(made.code, DAY).organisation_id == other.pk
    assert search(organisation="other-org").count == 1
    with pytest.raises(Invalid):
        life.transfer_item(made.code, "other-org", *WHY, AUTHOR, AT)

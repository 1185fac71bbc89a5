"""A checked set of standards is taken over at once, by the same rules as one after the other."""

from datetime import timedelta

import pytest

from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor, Scope
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from yimen.modules.items import api
from yimen.modules.items.content import MaterialRequirement
from yimen.modules.items.models import Item, Lineage
from yimen.modules.items.published import MEMORY
from yimen.modules.items.services import drafting, publishing
from yimen.modules.items.services.adopting import adopt_many
from yimen.modules.items.services.items import NewItem
from yimen.modules.items.states import PUBLISH, REVIEW, WRITE
from yimen.modules.items.tests.factories import (
    AT,
    AUTHOR,
    DAY,
    REVIEWER,
    make_content,
    make_item,
    make_organisation,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_memory() -> None:
    MEMORY.forget()


def news(*codes: str, **changes: object) -> list[NewItem]:
    organisation = make_organisation()
    return [NewItem(code=c, organisation=organisation.code, content=make_content(**changes)) for c in codes]


def test_a_set_is_in_force_found_and_on_record() -> None:
    made = adopt_many(news("S-1", "S-2"), DAY - timedelta(days=30), AUTHOR, REVIEWER, AT)
    assert [api.current(s.item.code, DAY - timedelta(days=20)).standard_id for s in made] == [
        s.pk for s in made
    ]
    assert api.search("测试经营").count == 2
    assert Lineage.objects.filter(kind="add").count() == 2
    assert not list(trace.verify_all())


def test_the_chain_tells_the_same_acts_as_the_long_way() -> None:
    (quick,) = adopt_many(news("S-1"), DAY, AUTHOR, REVIEWER, AT)
    slow = make_item("S-2").standards.get()
    drafting.submit_for_review(slow.pk, AUTHOR, AT)
    drafting.approve_standard(slow.pk, "同意", REVIEWER, AT)
    publishing.publish(slow.pk, DAY, REVIEWER, AT)
    told = [
        [
            (e.act, e.actor_name, e.from_state, e.to_state, e.clause, sorted(e.data))
            for e in trace.events_of("item", code)
            if e.act
        ]
        for code in ("S-1", "S-2")
    ]
    assert [row[:5] for row in told[0]] == [row[:5] for row in told[1]]
    slow.refresh_from_db()
    assert (quick.state, quick.digest, quick.reviewer_name) == (slow.state, slow.digest, slow.reviewer_name)


def test_a_large_set_costs_as_many_statements_as_a_small_one(django_assert_max_num_queries) -> None:
    many = news(*(f"S-{n}" for n in range(30)))
    with django_assert_max_num_queries(13):
        adopt_many(many, DAY, AUTHOR, REVIEWER, AT)


def test_a_set_for_a_day_to_come_waits_for_it() -> None:
    coming = DAY + timedelta(days=3)
    (made,) = adopt_many(news("S-1"), coming, AUTHOR, REVIEWER, AT)
    assert Item.objects.get(code="S-1").current_id is None
    assert publishing.activate_due(AT + timedelta(days=3)) == 1
    assert api.current("S-1", coming).standard_id == made.pk


def test_a_code_or_a_slug_that_is_taken_stops_the_whole_set() -> None:
    make_item("S-1")
    with pytest.raises(Conflict, match="代码“S-1”"):
        adopt_many(news("S-0", "S-1"), DAY, AUTHOR, REVIEWER, AT)
    with pytest.raises(Conflict, match="代码“S-2”"):
        adopt_many(news("S-2", "S-2"), DAY, AUTHOR, REVIEWER, AT)
    organisation = make_organisation().code
    same = [
        NewItem(code=c, slug="same", organisation=organisation, content=make_content()) for c in ("A", "B")
    ]
    with pytest.raises(Conflict, match="代码“B”或简称已被"):
        adopt_many(same, DAY, AUTHOR, REVIEWER, AT)
    assert list(Item.objects.values_list("code", flat=True)) == ["S-1"]


def test_the_author_may_not_review_his_own_set_nor_a_stranger_write_one() -> None:
    with pytest.raises(NotAllowed, match="不能审核自己"):
        adopt_many(news("S-1"), DAY, AUTHOR, AUTHOR, AT)
    with pytest.raises(NotAllowed):
        adopt_many(news("S-1"), DAY, Actor(name="路人"), REVIEWER, AT)
    writer = Actor(name="编制", grants={WRITE: (Scope(),)})
    with pytest.raises(NotAllowed):
        adopt_many(news("S-1"), DAY, writer, Actor(name="审核", grants={REVIEW: (Scope(),)}), AT)
    both = Actor(name="审核", grants={REVIEW: (Scope(),), PUBLISH: (Scope(),)})
    assert adopt_many(news("S-1"), DAY, writer, both, AT)


def test_findings_codes_and_organisations_are_checked_as_for_one() -> None:
    bad = (*make_content().materials, MaterialRequirement(code="other", name="其他有关材料"))
    with pytest.raises(NotPossible, match="兜底"):
        adopt_many(news("S-1", materials=bad), DAY, AUTHOR, REVIEWER, AT)
    with pytest.raises(Invalid):
        adopt_many(news("x y"), DAY, AUTHOR, REVIEWER, AT)
    with pytest.raises(NotFound):
        adopt_many(
            [NewItem(code="S-1", organisation="none", content=make_content())], DAY, AUTHOR, REVIEWER, AT
        )
    assert not Item.objects.exists()

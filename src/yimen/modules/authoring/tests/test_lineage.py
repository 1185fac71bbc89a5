"""What became of items, as a drawing: generations from left to right, no two boxes on one place."""

from datetime import date
from itertools import pairwise

import pytest
from django.contrib.auth import get_user_model
from hypothesis import given
from hypothesis import strategies as st

from yimen.kernel.actor import Actor, Scope
from yimen.modules.authoring.lineage import Item, Step, laid_out
from yimen.modules.authoring.pages import work
from yimen.modules.authoring.queries.work import family_of
from yimen.modules.authoring.tests.test_console_pages import Person
from yimen.modules.items.models import Lineage
from yimen.modules.items.permissions import PUBLISH
from yimen.modules.items.tests.factories import AT, DAY, make_item, make_organisation

ON = date(2026, 3, 2)


def items(*keys: int) -> list[Item]:
    return [
        Item(key=key, code=f"N-{key}", name=f"第{key}个很长很长很长的事项名称要分成几行才放得下")
        for key in keys
    ]


def step(source: int, target: int) -> Step:
    return Step(source=source, target=target, label="拆分", on=ON)


def test_an_item_split_in_two_and_one_part_merged_on() -> None:
    graph = laid_out(items(1, 2, 3, 4), [step(1, 2), step(1, 3), step(2, 4)])
    assert graph is not None
    place = {box.item.key: (box.x, box.y) for box in graph.boxes}
    assert place[1][0] < place[2][0] == place[3][0] < place[4][0]
    assert len(graph.arrows) == 3
    assert all(len(text) <= 11 for box in graph.boxes for _, text in box.lines)


def test_nothing_to_draw_where_nothing_became_of_anything() -> None:
    assert laid_out(items(1), []) is None
    assert laid_out(items(1), [step(1, 1), step(1, 9)]) is None


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_boxes_never_lie_on_each_other_and_stay_on_the_sheet(pairs: list[tuple[int, int]]) -> None:
    graph = laid_out(items(*range(10)), [step(a, b) for a, b in pairs])
    if graph is None:
        return
    places = {(box.x, box.y) for box in graph.boxes}
    assert len(places) == 10
    for box in graph.boxes:
        assert box.x >= 0 and box.x + box.width <= graph.width
        assert box.y >= 0 and box.y + box.height <= graph.height
    rows = sorted((box.x, box.y) for box in graph.boxes)
    assert all(b[1] - a[1] > box.height for a, b in pairwise(rows) if a[0] == b[0])


@pytest.mark.django_db
def test_the_family_is_found_over_generations_in_few_statements(
    django_assert_max_num_queries: object,
) -> None:
    old, middle, new, other = (make_item() for _ in range(4))
    elsewhere = make_item(organisation=make_organisation("other", "449902000000"))
    for source, target in ((old, middle), (middle, new), (old, elsewhere)):
        Lineage.objects.create(kind="split", from_item=source, to_item=target, on=DAY, at=AT)
    Lineage.objects.create(kind="add", to_item=other, on=DAY, at=AT)
    account = get_user_model().objects.create(username="a")
    scope = Scope(organisation_id=old.organisation_id)
    actor = Actor(account_id=account.pk, grants={PUBLISH: (scope,)})
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        members, steps, reachable = family_of(new, actor)
    assert {member.pk for member in members} == {old.pk, middle.pk, new.pk, elsewhere.pk}
    assert len(steps) == 3
    assert reachable == {old.pk, middle.pk, new.pk}
    assert family_of(other, actor)[1] == []


@pytest.mark.django_db
def test_the_page_of_an_item_draws_it_with_the_list_behind() -> None:
    old, new = make_item(), make_item()
    Lineage.objects.create(kind="merge", from_item=old, to_item=new, on=DAY, at=AT, reason="职能合并")
    page = Person("p", PUBLISH).ask("get", work.item_overview, code=new.code).content.decode()
    assert "lineage-graph" in page and f'/console/items/{old.code}/"' in page and "职能合并" in page
    assert "style=" not in page[page.index("lineage-graph") :].split("</svg>")[0]
    alone = Person("q", PUBLISH).ask("get", work.item_overview, code=make_item().code).content.decode()
    assert "lineage-graph" not in alone

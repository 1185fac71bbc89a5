"""Stage plans hold together, and planned days follow the order of items."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from yimen.modules.projects.rules import Edge, chained, in_order, schedule, working_days
from yimen.modules.projects.tests.factories import plan_content


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("edges", [{"before": "filing", "after": "nowhere", "why": "x"}], "nowhere"),
        ("edges", [{"before": "filing", "after": "land-permit", "why": "x"}, {"before": "land-permit", "after": "filing", "why": "x"}],
         "成了环"),
        ("needs", ["build-permit"], "不在前面"), ("items", [{"item": "filing"}, {"item": "filing"}], "2次"),
        ("items", [{"item": "filing", "when": "unknown_fact"}], "unknown_fact"), ("items", [{"item": "filing", "when": "((("}], "条件"),
        ("kind", "project", "四个阶段"),
    ],
)  # fmt: skip
def test_a_plan_that_does_not_hold_together_is_refused(place: str, value: object, said: str) -> None:
    content = plan_content().model_dump(mode="json")
    content["stages"][0][place] = value
    with pytest.raises(ValidationError, match=said.replace("(", "[(]")):
        type(plan_content()).model_validate(content)


codes = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8, unique=True)


@given(codes, st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12), st.data())
def test_the_plan_keeps_every_order_and_the_old_way_is_never_shorter(
    names: list[str], pairs: list[tuple[int, int]], data: st.DataObject
) -> None:
    days = {name: data.draw(st.integers(1, 30)) for name in names}
    edges = [Edge(earlier=names[a], later=names[b], why="") for a, b in pairs if a < b < len(names)]
    plan = schedule(days, edges)
    for edge in edges:
        assert plan[edge.earlier].end <= plan[edge.later].start
    serial = schedule(days, chained(names, edges))
    assert max(span.end for span in serial.values()) == sum(days.values())
    assert max(span.end for span in plan.values()) <= sum(days.values())
    assert sorted(in_order(names, [])) == sorted(names)
    assert min(span.slack for span in plan.values()) == 0


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [
        (10, "working_day", 10),
        (0, "working_day", 1),
        (7, "calendar_day", 5),
        (1, "month", 23),
        (8, "working_hour", 2),
    ],
)
def test_other_units_become_working_days_on_the_safe_side(amount: int, unit: str, expected: int) -> None:
    assert working_days(amount, unit) == pytest.approx(expected, abs=1)

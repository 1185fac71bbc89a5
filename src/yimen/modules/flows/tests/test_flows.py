"""Review steps: in line, side by side, skipped, returned, signed by two."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yimen.kernel.errors import NotPossible
from yimen.modules.flows import api as flows
from yimen.modules.items.content import ReviewStep

AT = datetime(2026, 3, 2, tzinfo=UTC)


def step(code: str, **more: object) -> ReviewStep:
    return ReviewStep(code=code, name=code, post="reviewer", **more)  # type: ignore[arg-type]


LINE = [step("a1"), step("b1"), step("c1")]
FORK = [step("a1"), step("b1", after=("a1",)), step("c1", after=("a1",)), step("d1", after=("b1", "c1"))]


def passed(flow: flows.Flow, steps: list[ReviewStep], *codes: str) -> flows.Flow:
    for code in codes:
        flow, _ = flows.pass_step(flow, steps, code, 1, AT)
    return flow


def test_steps_without_after_follow_one_another() -> None:
    flow = flows.begin(LINE, {}, AT)
    assert flows.open_steps(flow) == ["a1"]
    assert flows.open_steps(passed(flow, LINE, "a1")) == ["b1"]
    assert flows.is_done(passed(flow, LINE, "a1", "b1", "c1"))


def test_branches_run_side_by_side_and_join() -> None:
    flow = passed(flows.begin(FORK, {}, AT), FORK, "a1")
    assert flows.open_steps(flow) == ["b1", "c1"]
    flow = passed(flow, FORK, "c1")
    assert flows.open_steps(flow) == ["b1"]
    assert flows.open_steps(passed(flow, FORK, "b1")) == ["d1"]


def test_a_step_may_open_with_acceptance() -> None:
    steps = [step("a1"), step("b1", after=("start",))]
    assert flows.open_steps(flows.begin(steps, {}, AT)) == ["a1", "b1"]


def test_a_step_that_does_not_apply_is_skipped_and_looked_through() -> None:
    steps = [step("a1"), step("b1", when="area > 100"), step("c1")]
    assert flows.open_steps(passed(flows.begin(steps, {"area": 50}, AT), steps, "a1")) == ["c1"]
    assert flows.open_steps(passed(flows.begin(steps, {"area": 500}, AT), steps, "a1")) == ["b1"]


def test_two_officers_sign() -> None:
    steps = [step("a1", officers=2)]
    flow, done = flows.pass_step(flows.begin(steps, {}, AT), steps, "a1", 1, AT)
    assert not done
    with pytest.raises(NotPossible):
        flows.pass_step(flow, steps, "a1", 1, AT)
    flow, done = flows.pass_step(flow, steps, "a1", 2, AT)
    assert done and flows.is_done(flow)


def test_returning_opens_the_step_and_resets_what_depends_on_it() -> None:
    flow = passed(flows.begin(FORK, {}, AT), FORK, "a1", "b1", "c1")
    back = flows.return_to(flow, FORK, "b1", AT)
    assert flows.open_steps(back) == ["b1"]
    assert flows.open_steps(passed(back, FORK, "b1")) == ["d1"]
    with pytest.raises(NotPossible):
        flows.return_to(flow, FORK, "d1", AT)


def test_faults_of_a_plan_are_named() -> None:
    assert flows.faults(LINE) == []
    assert "重复" in flows.faults([step("a1"), step("a1")])[0]
    assert "不存在" in flows.faults([step("a1", after=("zz",))])[0]
    assert "循环" in flows.faults([step("a1", after=("b1",)), step("b1", after=("a1",))])[0]


@given(st.data())
def test_every_sound_plan_can_be_finished(data: st.DataObject) -> None:
    """Whatever the branches, passing open steps in any order ends with everything passed, each exactly once."""
    size = data.draw(st.integers(1, 7))
    codes = [f"s{n}" for n in range(size)]
    steps = [
        step(code, after=tuple(data.draw(st.sets(st.sampled_from(codes[:n] or ["start"])))) or ("start",))
        for n, code in enumerate(codes)
    ]
    flow, order = flows.begin(steps, {}, AT), []
    while opened := flows.open_steps(flow):
        code = data.draw(st.sampled_from(opened))
        flow, _ = flows.pass_step(flow, steps, code, 1, AT)
        order.append(code)
    assert flows.is_done(flow) and sorted(order) == sorted(codes)

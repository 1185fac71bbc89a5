"""What-if in small worlds whose answer is known: waiting by Erlang C, sums and shares by hand."""

from dataclasses import replace
from heapq import heappop, heappush
from math import factorial
from random import Random
from statistics import fmean

import pytest

from yimen.modules.insight.simulation.estimating import Office, learn
from yimen.modules.insight.simulation.experiment import calibrate, validate
from yimen.modules.insight.simulation.flow import ACCEPT, DECIDE, HOURS, Outcome, Run, Stage
from yimen.modules.insight.simulation.world import NO_CHANGE, Changes, World

WORK, LOAD, FILES = 2.0, 1.4, 12_000
"""Hours of work a file, hands kept busy, files."""


def erlang_wait(hands: int) -> float:
    """Mean hours in the queue of M/M/c (Erlang 1917): C(c, a) * work / (c - a)."""
    last = LOAD**hands / factorial(hands) * hands / (hands - LOAD)
    return last / (sum(LOAD**k / factorial(k) for k in range(hands)) + last) * WORK / (hands - LOAD)


def queue(hands: int) -> list[Run]:
    """What really happened at a counter with so many hands, first come first served."""
    random, at, free, runs = Random(5), 0.0, [(0.0, n) for n in range(1, hands + 1)], []
    for key in range(FILES):
        at += random.expovariate(LOAD / WORK)
        since, actor = heappop(free)
        done = max(at, since) + random.expovariate(1 / WORK)
        heappush(free, (done, actor))
        runs.append(Run(key, 1, at, at, (Stage(DECIDE, at, done, actor),), 5, True))
    return runs


def test_queues_are_as_long_as_erlang_says_before_and_after_a_hand_more() -> None:
    runs = queue(2)
    office = learn(runs, runs[-1].stages[-1].done + 1)
    assert office.hands == {DECIDE: 2}
    for more in (0, 1):
        world = World(office, Changes(hands={DECIDE: more}), 3)
        world.play(runs, runs[-1].begun + 100)
        assert fmean(world.waited[DECIDE]) == pytest.approx(erlang_wait(2 + more), rel=0.12), more


def lying(hours: dict[str, float], key: int = 0, begun: float = 0.0, promised: int = 3, item: int = 1) -> Run:
    """A run in an office where files lie and work takes no time."""
    at, stages = begun, []
    for code, took in hours.items():
        stages.append(Stage(code, at, at + took, 1))
        at += took
    return Run(key, item, begun, begun, tuple(stages), promised, True, shape=f"{promised} {' '.join(hours)}")


def lying_office(runs: list[Run]) -> Office:
    """All hours are lying."""
    office = learn(runs, 10_000.0)
    office.lying, office.work = dict.fromkeys(office.hands, 1.0), dict.fromkeys(office.hands, 0.0)
    return office


def told(office: Office, runs: list[Run], changes: Changes) -> Outcome:
    world = World(office, changes, 1)
    world.play(runs, 10_000.0)
    return world.told(0.0, 10_000.0)


def test_merged_and_parallel_stages_take_what_is_left_of_the_sum() -> None:
    run = lying({ACCEPT: 4.0, "review": 8.0, "check": 16.0, DECIDE: 4.0}, promised=9)
    office = lying_office([run] * 8)
    assert told(office, [run], NO_CHANGE).days == pytest.approx(32 / HOURS)
    assert told(office, [run], Changes(parallel=("review", "check"))).days == pytest.approx(24 / HOURS)
    assert told(office, [run], Changes(merged=("review", "check"))).days == pytest.approx(24 / HOURS)


def test_a_merged_stage_leaves_its_work_to_the_other() -> None:
    run, *others = [lying({"review": 3.0, "check": 2.0, DECIDE: 1.0}, n, begun=100.0 * n) for n in range(8)]
    office = learn([run, *others], 10_000.0)
    office.work = dict.fromkeys(office.hands, 1.0)
    changed = told(office, [run], Changes(merged=("review", "check")))
    assert changed.days == pytest.approx(6 / HOURS) and set(changed.load) == {"check", DECIDE}


def test_an_acceptance_merged_into_the_review_does_not_stop_the_clock_for_ever() -> None:
    run = lying({ACCEPT: 1.0, "review": 1.0, DECIDE: 40.0})
    assert told(lying_office([run] * 8), [run], Changes(merged=(ACCEPT, "review"))).late == 1


def test_a_shorter_promise_makes_exactly_those_late_that_took_longer() -> None:
    # accepted in the morning of day 0 and decided on day 0 to 4: the promise of 5 days keeps all, one of 2 loses day 3 and 4
    runs = [lying({ACCEPT: 1.0, DECIDE: 8.0 * (n % 5) + 1}, n, promised=5) for n in range(2000)]
    office = lying_office(runs)
    assert told(office, runs, NO_CHANGE).late_percent == 0
    assert told(office, runs, Changes(less_days=3)).late_percent == pytest.approx(40, abs=3)


def test_people_work_to_the_last_promised_day_whatever_the_hour_of_acceptance() -> None:
    # accepted at the second hour and decided one hour before the last day closed; another is accepted at the seventh
    learnt = [lying({ACCEPT: 2.0, DECIDE: 3 * HOURS + 5}, n) for n in range(8)]
    later = lying({ACCEPT: 2.0, DECIDE: 1.0}, begun=5.0)
    outcome = told(lying_office(learnt), [later], NO_CHANGE)
    assert outcome.late == 0
    assert outcome.days * HOURS == pytest.approx(2 + 29 * 25 / 30)


def test_an_item_without_runs_of_its_own_goes_the_way_of_those_like_it() -> None:
    # most of what is done takes ten days; what is decided on the spot must not borrow its course
    slow = [lying({ACCEPT: 4.0, "review": 40.0, DECIDE: 20.0}, n, promised=10) for n in range(90)]
    quick = [lying({DECIDE: 0.5}, n, promised=0, item=2) for n in range(100, 110)]
    other = [lying({DECIDE: 1.0}, n, promised=0, item=3) for n in range(200, 240)]
    outcome = told(lying_office(slow + quick), other, NO_CHANGE)
    assert outcome.late == 0 and outcome.days == pytest.approx(0.5 / HOURS)


def test_runs_still_open_when_the_learning_ends_do_not_make_the_model_too_quick() -> None:
    random = Random(3)
    runs = [
        lying({DECIDE: random.choice([8.0, 8.0, 240.0])}, n, begun=n / 2, promised=40) for n in range(2000)
    ]
    office = calibrate(runs, 500.0, 1)
    proof = validate(office, runs, 500.0, 1000.0, 1)
    ended = fmean((r.closed - r.begun) / HOURS for r in runs if r.closed is not None and r.closed < 500.0)
    drawn = (8 + 8 + 240) / 3 / HOURS
    assert ended < 0.75 * drawn
    assert proof["model"]["days"] == pytest.approx(drawn, rel=0.08)


def test_files_taken_up_in_any_order_lie_and_do_not_queue() -> None:
    # one person with a pile: many files at once, none of them waiting for the others
    runs = [lying({DECIDE: 8.0 + 40 * Random(n).random()}, n, begun=n * 2.0, promised=9) for n in range(200)]
    office = learn(runs, 1000.0)
    assert office.work[DECIDE] * fmean(s.work for r in office.donors["all",].runs for s in r.stages) < 0.6
    orderly = learn(queue(1)[:200], 10_000.0)
    assert orderly.work[DECIDE] == 1.0


def test_what_came_later_is_not_known_at_the_end_of_the_learning() -> None:
    run = lying({ACCEPT: 2.0, "review": 8.0, DECIDE: 8.0})
    early = replace(run, ended=18.0).as_known(12.0)
    assert [s.code for s in early.stages] == [ACCEPT, "review"]
    assert not early.decided and early.closed is None
    assert run.as_known(19.0) == run


def test_chance_is_told_beside_the_error_even_where_nothing_was_late() -> None:
    runs = [lying({ACCEPT: 1.0, DECIDE: 8.0 * (1 + n % 2)}, n, begun=n * 2.0, promised=5) for n in range(200)]
    noise = validate(calibrate(runs, 200.0, 1), runs, 200.0, 400.0, 1)["noise"]
    # 100 cases, none late: 2 of 104 by Agresti and Coull; half take a day more: half a day / sqrt(100)
    assert noise["late"] == pytest.approx(100 * (2 / 104 * 102 / 104 / 104) ** 0.5)
    assert noise["days"] == pytest.approx(0.05)

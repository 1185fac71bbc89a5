"""What-if: the model reproduces a month it did not see, and the changed world differs where it was changed."""

from dataclasses import replace
from statistics import fmean

import pytest

from yimen.kernel.errors import NotPossible
from yimen.modules.insight.simulation.estimating import learn
from yimen.modules.insight.simulation.experiment import experiment
from yimen.modules.insight.simulation.flow import Run
from yimen.modules.insight.simulation.world import NO_CHANGE, Changes
from yimen.modules.insight.tests.synthetic import MONTH, WORK, district

LAST = (3 * MONTH, 4 * MONTH)


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return district()


def would(runs: list[Run], changes: Changes) -> dict:
    return experiment(runs, LAST, changes, 1)


def test_an_unseen_month_is_reproduced_within_the_error_that_is_shown(runs: list[Run]) -> None:
    proof = would(runs, NO_CHANGE)["proof"]
    assert proof["cases"] > 150
    assert proof["error"]["late"] == abs(proof["model"]["late"] - proof["real"]["late"])
    assert proof["error"]["days"] < 0.75, proof
    assert proof["error"]["late"] < 10, proof


def test_work_is_told_from_waiting(runs: list[Run]) -> None:
    office = learn(runs, 4 * MONTH)
    courses = office.donors["all",].runs
    for code, hours in WORK.items():
        found = office.work[code] * fmean(s.work for r in courses for s in r.stages if s.code == code)
        assert found == pytest.approx(hours, rel=0.25), code
    assert office.hands == {"accept": 2, "review": 3, "decide": 1}


def test_more_reviewers_shorten_the_queue_and_lower_the_load(runs: list[Run]) -> None:
    told = would(runs, Changes(hands={"review": 2}))
    assert told["would"]["waits"]["review"] < told["was"]["waits"]["review"]
    assert told["would"]["load"]["review"] < told["was"]["load"]["review"]
    assert told["would"]["days"] < told["was"]["days"]
    assert told["would"]["late"] <= told["was"]["late"]


def test_a_shorter_promise_makes_more_files_late_and_none_slower(runs: list[Run]) -> None:
    told = would(runs, Changes(less_days=2))
    assert told["would"]["late"] > told["was"]["late"]
    assert told["would"]["days"] == told["was"]["days"]


def test_a_merged_stage_is_no_longer_waited_for(runs: list[Run]) -> None:
    told = would(runs, Changes(merged=("accept", "review"), hands={"review": 2}))
    assert "accept" not in told["would"]["load"]
    assert told["would"]["days"] < told["was"]["days"]


def test_two_stages_side_by_side_are_quicker_than_in_line(runs: list[Run]) -> None:
    told = would(runs, Changes(parallel=("accept", "review")))
    assert told["would"]["days"] < told["was"]["days"]


def test_two_departments_side_by_side_are_quicker_than_in_line(runs: list[Run]) -> None:
    chained = []
    for n, run in enumerate(runs[: len(runs) // 2 * 2]):
        after = (chained[-1].key,) if n % 2 else ()
        chained.append(replace(run, after=after, begun=chained[-1].begun if n % 2 else run.begun))
    told = would(chained, Changes(at_once=True))
    assert told["would"]["days"] < told["was"]["days"]


def test_hands_of_one_organisation_do_not_serve_another(runs: list[Run]) -> None:
    two = [replace(r, office=1 + r.item % 2) for r in runs]
    office = learn(two, 4 * MONTH)
    assert {place: n for place, n in office.hands.items() if place.startswith("1:")} == {
        "1:accept": 2, "1:review": 3, "1:decide": 1,
    }  # fmt: skip
    told = would(two, Changes(hands={"review": 1}))
    assert told["hands"]["review"] == 6
    assert told["would"]["load"]["review"] < told["was"]["load"]["review"]


def test_the_same_seed_gives_the_same_answer(runs: list[Run]) -> None:
    few = [r for r in runs if r.begun > 2 * MONTH]
    assert experiment(few, LAST, NO_CHANGE, 5) == experiment(few, LAST, NO_CHANGE, 5)


def test_too_little_to_learn_from_is_said_and_not_guessed(runs: list[Run]) -> None:
    with pytest.raises(NotPossible, match="至少要30件"):
        experiment(runs[:40], LAST, NO_CHANGE, 1)

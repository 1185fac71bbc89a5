"""The synthetic province: the same for the same seed, sound in every chain, found by every rule, kept out of others' stores."""

import csv
import gzip
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from django.db.models import Q, Sum
from stdnum.iso7064 import mod_11_10

from yimen.foundation.calendar.api import packaged_calendar
from yimen.foundation.trace import api as trace
from yimen.modules.cases.models import Case, ClosedTally
from yimen.modules.cases.services.tallying import tally_closed
from yimen.modules.deadlines.models import Clock
from yimen.modules.deadlines.rules import due_of
from yimen.modules.insight.queries.asking import Where, in_hand_at_end, totals
from yimen.modules.insight.rules.cubes import CUBES
from yimen.modules.insight.rules.periods import Period
from yimen.modules.insight.services.recounting import recount
from yimen.site.bench import curve
from yimen.site.province import catalogue
from yimen.site.province.courses import Courses
from yimen.site.province.days import WorkTime
from yimen.site.province.drawing import Drawing
from yimen.site.province.exporting import SCHEMA, export
from yimen.site.province.places import Places
from yimen.site.province.plan import FAULTS, GROUPS, Plan
from yimen.site.province.records import numbers_of
from yimen.site.province.scoring import compared, key_of, score
from yimen.site.province.services.loading import NotEmpty, load

SMALL = Plan(cases=700, counties=2, items=128, faults=8.0)
EVERY_KIND = {"lost_clock", "month_end", *FAULTS, *GROUPS}


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    counts = export(SMALL, tmp_path / "one")
    export(SMALL, tmp_path / "two")
    export(Plan(**{**SMALL.told(), "ends": SMALL.ends, "seed": 7}), tmp_path / "other")  # type: ignore[arg-type]
    one, two, other = (_files(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two
    assert one["cases.csv.gz"] != other["cases.csv.gz"]
    assert counts["items"] == SMALL.items and counts["events"] > counts["cases"] > 650
    for name, columns in SCHEMA.items():
        with gzip.open(tmp_path / "one" / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as text:
            rows = list(csv.reader(text))
        assert tuple(rows[0]) == columns and len(rows) == counts[name] + 1
        assert all(len(row) == len(columns) for row in rows)
    assert json.loads(one["plan.json"]) == SMALL.told()


def test_the_whole_province_has_119_counties_and_95_009_items_with_names_of_their_own() -> None:
    plan = Plan(cases=1)
    codes, places = catalogue.item_codes(plan), Places(plan)
    assert len(set(codes)) == 95_009 and len({code for code, _ in places.counties}) == 119
    names = [catalogue.base_name(base) for base in range(plan.items_a_county)]
    assert len(set(names)) == len(names)
    codes_of_divisions = [code for code, _ in places.divisions()]
    assert len(set(codes_of_divisions)) == len(codes_of_divisions) == 1 + 12 + 119 + 1190


def test_numbers_carry_a_right_check_digit_and_never_repeat() -> None:
    numbers = numbers_of(np.array([1_767_000_000, 1_764_500_000]), np.array([0, 49_999_999]))
    assert len(set(numbers)) == 2
    for number in numbers:
        assert mod_11_10.is_valid(number[:-2]) and len(number) == 21


def test_every_planted_kind_comes_to_pass_and_due_days_are_those_of_the_rule() -> None:
    plan = Plan(cases=9000, counties=2, items=128, faults=3.0)
    work = WorkTime(packaged_calendar())
    drawing, courses = Drawing(plan, work), Courses(plan, work, Places(plan))
    made = list(courses.cases(drawing.batch(0)))
    assert {rule for case in made for rule, _ in case.faults} == EVERY_KIND
    assert all(e.at < plan.until.timestamp() for case in made for e in case.events)
    closed = sum(not case.is_open for case in made)
    assert closed > 0.9 * len(made)


@pytest.mark.django_db
def test_a_loaded_province_is_sound_and_the_start_set_finds_what_was_planted() -> None:
    done = load(SMALL)
    assert Case.objects.count() == done.cases > 650
    assert list(trace.verify_all()) == []
    closed = Case.objects.filter(is_open=False).count()
    assert ClosedTally.objects.aggregate(n=Sum("number"))["n"] == closed > 500
    assert Case.objects.filter(tallied=True, is_open=False).count() == closed and tally_closed() == 0
    counted = recount(None)
    assert counted.holds and counted.cases == done.cases, counted.differences[:3]
    calendar = packaged_calendar()
    for clock in Clock.objects.exclude(due_on=None).exclude(state="paused")[:400]:
        deadline = due_of(clock.as_limit(), calendar)
        assert (deadline.due_on, deadline.due_at) == (clock.due_on, clock.due_at), clock.exclusions
    found = score()
    wrong = {
        row["rule"]: (row["missed"], row["unplanted"])
        for row in found["rules"]
        if row["missed"] or row["unplanted"]
    }
    assert wrong == {}
    assert sum(row["planted"] for row in found["rules"]) == len(key_of(SMALL)) > 60
    with pytest.raises(NotEmpty, match="holds a province already"):
        load(SMALL)


@pytest.mark.django_db
def test_what_is_in_hand_reckoned_back_from_now_equals_the_sum_from_the_beginning() -> None:
    load(Plan(cases=400, counties=1, items=64))
    told = []
    for day in (
        date(2025, 3, 31),
        date(2026, 5, 29),
        date(2026, 11, 27),
        date(2026, 11, 30),
        date(2026, 12, 9),
    ):
        for where in (Where(), Where(division="9801"), Where(division="97")):
            sums = totals(CUBES["cases"], Q(), Period(date(1990, 1, 1), day), where, ("received", "ended"))
            told.append(in_hand_at_end(Q(), day, where))
            assert told[-1] == sums["received"] - sums["ended"], (day, where)
    assert any(told)


@pytest.mark.django_db
def test_a_store_with_data_of_somebody_else_is_left_alone() -> None:
    from yimen.foundation.identity.models import Account

    Account.objects.create(username="somebody")
    with pytest.raises(NotEmpty, match="not a province's"):
        load(SMALL)
    assert Account.objects.count() == 1 and not Case.objects.exists()


def test_scores_tell_what_was_missed_and_what_nobody_planted() -> None:
    [row] = compared({("r", "a"), ("r", "b")}, {("r", "b"), ("r", "c"), ("r", "d")}, ["r"])
    assert (row["recall"], row["precision"]) == (0.5, 0.3333)
    assert row["missed"] == ["a"] and row["unplanted"] == ["c", "d"]


@pytest.mark.parametrize(
    "wrong", [{"cases": 0}, {"items": 100}, {"recent": 900}, {"days": 20}, {"faults": -1.0}, {"counties": 0}]
)
def test_a_plan_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        Plan(**{"cases": 700, "ends": date(2026, 12, 1), **wrong})  # type: ignore[arg-type]


def test_the_curve_names_every_line_and_point() -> None:
    reports = [
        {
            "benches": {
                "growth": [{"figure": "list <20>", "cases": n, "p95_ms": 3.5}, {"figure": "size", "cases": n}]
            }
        }
        for n in (10_000, 1_000_000)
    ]
    drawn = curve.svg(reports)
    assert drawn.count("<circle") == 2 and "list &lt;20&gt;" in drawn and "1,000,000" in drawn
    with pytest.raises(ValueError):
        curve.svg([{"benches": {"growth": []}}])

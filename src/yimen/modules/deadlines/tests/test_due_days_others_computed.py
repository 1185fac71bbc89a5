"""Due days that others computed or published: none may differ."""

import csv
import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from yimen.foundation.calendar.api import packaged_calendar
from yimen.modules.deadlines.rules import Exclusion, Extension, Unit, compute

DATA = Path(__file__).parent / "data"
CHECKOUT = Path(__file__).resolve().parents[5]
SHARED = Path(os.environ.get("YIMEN_SHARED") or CHECKOUT.parent / "shared") / "data"
CALENDAR = packaged_calendar()
EXAMPLES = json.loads((DATA / "worked_examples_open.json").read_text())["cases"]
STARTS = (
    "accepted",
    "completed",
    "received",
    "filed",
    "seized",
    "from",
    "notice",
    "decided",
    "requested",
    "materials_received",
)
FIXED = {"correction_notice": 5, "licence_delivery": 10, "hearing_organise": 20}
CALENDAR_DAYS = {"日", "自然日"}
ROLLING = {"R13", "R16"}


def due(start, amount, unit=Unit.WORKING_DAY, **more):
    return compute(date.fromisoformat(start), amount, unit, CALENDAR, **more).due


def asked(case):
    given = case["input"]
    unit = Unit.CALENDAR_DAY if given.get("unit") in CALENDAR_DAYS else Unit.WORKING_DAY
    amount = given.get("days") or FIXED.get(case["kind"])
    if case["kind"] == "months":
        unit, amount = Unit.MONTH, given["months"]
    start = next(given[name] for name in STARTS if name in given)
    exclusions = [
        Exclusion(start=date.fromisoformat(e["from"]), end=date.fromisoformat(e["to"]), reason=e["reason"])
        for e in given.get("excluded", ())
    ]
    extensions = [Extension(amount=given["extend"])] if "extend" in given else []
    return {
        "start": start,
        "amount": amount,
        "unit": unit,
        "exclusions": exclusions,
        "extensions": extensions,
        "roll": case["rule"] in ROLLING,
    }


@pytest.mark.parametrize("case", EXAMPLES, ids=[c["id"] for c in EXAMPLES])
def test_a_worked_example_and_its_other_readings(case):
    question = asked(case)
    assert due(**question).isoformat() == case["due"]
    other = case.get("alternative_readings", {})
    readings = {
        "first_day_counted": {"first_day": "same"},
        "without_extension": {"extensions": []},
        "no_exclusion": {"exclusions": []},
        "rolled": {"roll": True},
        "unrolled": {"roll": False},
    }
    for name, change in readings.items():
        if name in other:
            assert due(**{**question, **change}).isoformat() == other[name], name


def test_an_explained_example_counts_exactly_the_limit():
    for case in EXAMPLES:
        question = asked(case)
        if question["unit"] is Unit.MONTH:
            continue
        deadline = compute(date.fromisoformat(question.pop("start")), calendar=CALENDAR, **question)
        total = question["amount"] + sum(e.amount for e in question["extensions"])
        assert sum(day.counted for day in deadline.days) == total, case["id"]
        assert deadline.days[-1].date == deadline.due


def test_a_correction_restarts_the_limit():
    assert due("2024-03-01", 20).isoformat() == "2024-03-29"
    assert due("2024-04-15", 20).isoformat() == "2024-05-14"


def test_silence_counts_from_the_day_of_receipt():
    assert due("2024-09-27", 20).isoformat() == "2024-10-30"
    assert due("2026-02-12", 20).isoformat() == "2026-03-18"


def test_every_row_of_the_bulk_file():
    with (DATA / "bulk_open.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 396
    for row in rows:
        exclusions = []
        if span := row["excluded_from_to_inclusive"]:
            first, last = span.split("/")
            exclusions = [Exclusion(start=date.fromisoformat(first), end=date.fromisoformat(last))]
        amount = int(row["working_days"])
        found = due(row["accepted"], amount, exclusions=exclusions)
        assert found.isoformat() == row["due_next_day_counting"], row
        if row["due_if_first_day_counted"]:
            same = due(row["accepted"], amount, first_day="same")
            assert same.isoformat() == row["due_if_first_day_counted"], row


@pytest.mark.parametrize(
    ("accepted", "amount", "expected"),
    [
        ("2026-02-11", 5, "2026-02-25"),
        ("2026-02-11", 20, "2026-03-17"),
        ("2026-09-23", 5, "2026-10-08"),
        ("2026-04-29", 3, "2026-05-07"),
    ],
)
def test_the_acceptance_oracle_over_holidays_with_make_up_days(accepted, amount, expected):
    assert due(accepted, amount).isoformat() == expected


def tax_deadline(year, month, by_working_days):
    """税收征管法实施细则 109: due on the 15th; three or more days off in a row before it add as many days; then rolled.

    Practice differs in whether the added days are working days (2021 to 2025) or calendar days (Jiangxi 2015).
    """
    end, added, run = date(year, month, 15), 0, 0
    for day in range(1, 17):
        if day <= 15 and not CALENDAR.is_working(date(year, month, day)):
            run += 1
            continue
        added += run if run >= 3 else 0
        run = 0
    if by_working_days and added:
        return CALENDAR.add_working_days(end, added)
    return CALENDAR.next_working_day(end + timedelta(added))


def test_tax_deadlines_that_were_published():
    path = SHARED / "deadlines" / "published_tax_deadlines.csv"
    if not path.exists():
        pytest.skip(f"the published tax deadlines are not beside this checkout ({path})")
    with path.open() as file:
        rows = list(csv.DictReader(file))
    for column, by_working in (("fits_rule_working_days", True), ("fits_rule_calendar_days", False)):
        for row in rows:
            expected = date.fromisoformat(row["published_deadline"])
            fits = tax_deadline(int(row["year"]), int(row["month"]), by_working) == expected
            assert fits == (row[column] == "1"), (column, row)

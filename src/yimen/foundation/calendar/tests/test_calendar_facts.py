"""Which days are worked: facts of the State Council notices, and the tables built from them."""

import csv
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from yimen.foundation.calendar.api import WorkCalendar, YearNotAnnounced, packaged_calendar
from yimen.foundation.calendar.tests.factories import year_2027

CALENDAR = packaged_calendar()
CHECKOUT = Path(__file__).resolve().parents[5]
SHARED = Path(os.environ.get("YIMEN_SHARED") or CHECKOUT.parent / "shared") / "data"

WORKED = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
WORKED += ["2020-01-19", "2020-02-03", "2024-02-04", "2024-02-18", "2024-09-14", "2025-01-26", "2025-02-08"]
OFF = ["2026-01-01", "2026-02-15", "2026-02-23", "2026-04-06", "2026-05-05", "2026-06-19", "2026-09-25"]
OFF += ["2020-01-31", "2020-02-01", "2020-02-02", "2022-12-31", "2023-01-02", "2015-09-03", "2024-10-07"]
WORKING_DAYS = {
    2013: 250,
    2014: 250,
    2015: 249,
    2016: 250,
    2017: 249,
    2018: 250,
    2019: 250,
    2020: 249,
    2021: 250,
    2022: 249,
    2023: 249,
    2024: 251,
    2025: 248,
    2026: 248,
}


def test_days_worked_and_off_by_the_notices():
    assert all(CALENDAR.is_working(date.fromisoformat(day)) for day in WORKED)
    assert not any(CALENDAR.is_working(date.fromisoformat(day)) for day in OFF)


def test_the_spring_festival_of_2020_was_extended():
    days = [date(2020, 1, 24) + timedelta(n) for n in range(11)]
    assert [CALENDAR.is_working(day) for day in days] == [False] * 10 + [True]
    assert "国办发明电〔2020〕1号" in CALENDAR.clause_of(date(2020, 1, 31))


def test_working_days_of_each_year():
    assert {year: CALENDAR.working_days_in(year) for year in WORKING_DAYS} == WORKING_DAYS


def test_every_day_of_the_shared_table():
    path = SHARED / "holidays" / "workday_truth_2013_2026.csv"
    if not path.exists():
        pytest.skip(f"the table of working days is not beside this checkout ({path})")
    with path.open() as file:
        rows = list(csv.DictReader(file))
    wrong = [
        r["date"]
        for r in rows
        if CALENDAR.is_working(date.fromisoformat(r["date"])) != (r["is_workday"] == "1")
    ]
    assert len(rows) == 5113
    assert wrong == []


def test_each_day_says_what_it_is():
    assert CALENDAR.name_of(date(2026, 2, 17)) == "春节放假"
    assert CALENDAR.name_of(date(2026, 2, 14)) == "春节调休上班"
    assert CALENDAR.name_of(date(2026, 3, 7)) == "周末"
    assert CALENDAR.name_of(date(2026, 3, 9)) == "工作日"
    assert CALENDAR.name_of(date(2027, 3, 9)) == "尚未公布放假安排"
    assert CALENDAR.clause_of(date(2026, 3, 7)) == "国务院关于职工工作时间的规定第七条"


def test_a_year_not_announced_is_refused_by_name():
    for ask in (
        lambda: CALENDAR.is_working(date(2027, 1, 4)),
        lambda: CALENDAR.add_working_days(date(2026, 12, 30), 5),
        lambda: CALENDAR.working_days_between(date(2026, 12, 1), date(2027, 1, 1)),
        lambda: CALENDAR.next_working_day(date(2027, 1, 1)),
    ):
        with pytest.raises(YearNotAnnounced, match="2027年的放假安排尚未载入") as refused:
            ask()
        assert "国务院办公厅" in refused.value.message
    with pytest.raises(YearNotAnnounced, match="2003年"):
        CALENDAR.is_working(date(2003, 12, 31))


def test_the_tables_agree_with_the_days():
    count, day = 0, date(2004, 1, 1)
    while day <= date(2026, 12, 31):
        count += CALENDAR.is_working(day)
        assert CALENDAR.working_until(day.toordinal()) == count
        if CALENDAR.is_working(day):
            assert CALENDAR.nth_working(count) == day.toordinal()
        day += timedelta(1)
    assert CALENDAR.tables.until[-1] == count == len(CALENDAR.tables.nth) - 1


def test_adding_and_counting_are_inverse():
    start = date(2025, 9, 20)
    for n in range(1, 60):
        end = CALENDAR.add_working_days(start, n)
        assert CALENDAR.working_days_between(start + timedelta(1), end) == n
    assert CALENDAR.working_days_between(start, start - timedelta(1)) == 0


def test_a_calendar_may_not_have_a_gap():
    with pytest.raises(ValueError, match="consecutive"):
        WorkCalendar((CALENDAR.years[0], CALENDAR.years[2]))
    with pytest.raises(ValueError, match="consecutive"):
        WorkCalendar(())


def test_equal_content_has_equal_digest_and_differences_are_found():
    copy = WorkCalendar(tuple(CALENDAR.years), version=9)
    assert copy.digest == CALENDAR.digest
    assert CALENDAR.first_difference(copy) is None
    longer = CALENDAR.with_year(year_2027())
    assert longer.digest != CALENDAR.digest
    assert CALENDAR.first_difference(longer) == longer.first_difference(CALENDAR) == date(2027, 1, 1)
    assert longer.working_days_in(2027) == 248

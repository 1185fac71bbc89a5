"""Months and years by 民法典 202; hours inside and outside office hours."""

from datetime import date, datetime, time

import pytest

from yimen.foundation.calendar.api import packaged_calendar
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid
from yimen.modules.deadlines.rules import Exclusion, Extension, Unit, WorkingHours, compute, due_text

CALENDAR = packaged_calendar()


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "first_day", "expected"),
    [
        ("2024-01-31", 1, "month", "next", "2024-02-29"),
        ("2025-01-31", 1, "month", "next", "2025-02-28"),
        ("2024-08-31", 6, "month", "next", "2025-02-28"),
        ("2024-02-29", 1, "year", "next", "2025-02-28"),
        ("2024-02-29", 4, "year", "next", "2028-02-29"),
        ("2025-03-15", 1, "month", "next", "2025-04-15"),
        ("2025-03-01", 1, "month", "same", "2025-03-31"),
        ("2025-01-31", 1, "month", "same", "2025-02-28"),
    ],
)
def test_months_end_on_the_matching_day_or_the_last_of_the_month(start, amount, unit, first_day, expected):
    found = compute(date.fromisoformat(start), amount, unit, CALENDAR, first_day)
    assert found.due.isoformat() == expected


def test_a_month_that_ends_on_a_day_off_rolls_only_when_the_rule_says_so():
    start = date(2024, 9, 5)
    assert compute(start, 1, "month", CALENDAR).due == date(2024, 10, 5)
    rolled = compute(start, 1, "month", CALENDAR, roll=True)
    assert rolled.due == date(2024, 10, 8)
    assert [d.counted for d in rolled.days[-4:]] == [True, False, False, False]
    assert rolled.days[-1].clause == "民法典第二百零三条"


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-02-11 09:00", 3, "2026-02-11T12:00:00+08:00"),
        ("2026-02-11 11:00", 2, "2026-02-11T15:00:00+08:00"),
        ("2026-02-11 13:00", 1, "2026-02-11T15:00:00+08:00"),
        ("2026-02-14 16:30", 5, "2026-02-24T15:00:00+08:00"),
        ("2026-02-13 20:00", 1, "2026-02-14T10:00:00+08:00"),
        ("2026-02-17 10:00", 5, "2026-02-24T16:00:00+08:00"),
        ("2026-12-31 14:30", 3, "2026-12-31T17:30:00+08:00"),
    ],
)
def test_working_hours_run_only_in_office_hours_of_working_days(start, hours, expected):
    found = compute(at(start), hours, Unit.WORKING_HOUR, CALENDAR)
    assert due_text(found) == expected
    assert sum(d.amount for d in found.days) == pytest.approx(hours)


def test_hours_run_by_the_wall_clock_and_leave_excluded_time_out():
    start = at("2026-02-13 20:00")
    assert due_text(compute(start, 24, Unit.HOUR, CALENDAR)) == "2026-02-14T20:00:00+08:00"
    pause = Exclusion(start=at("2026-02-13 22:00"), end=at("2026-02-14 01:00"), reason="听证")
    paused = compute(start, 24, Unit.HOUR, CALENDAR, exclusions=[pause])
    assert due_text(paused) == "2026-02-14T23:00:00+08:00"
    assert sum(d.amount for d in paused.days) == 24
    whole_day = Exclusion(start=date(2026, 2, 14), end=date(2026, 2, 14))
    found = compute(start, 24, Unit.HOUR, CALENDAR, exclusions=[whole_day], extensions=[Extension(amount=1)])
    assert due_text(found) == "2026-02-15T21:00:00+08:00"


def test_hours_from_a_bare_day_begin_at_midnight():
    assert due_text(compute(date(2026, 2, 11), 24, "hour", CALENDAR)) == "2026-02-13T00:00:00+08:00"
    assert (
        due_text(compute(date(2026, 2, 11), 3, "working_hour", CALENDAR, "same"))
        == "2026-02-11T12:00:00+08:00"
    )


def test_a_moment_counts_as_its_local_day_for_limits_in_days():
    late_evening = datetime.fromisoformat("2026-02-10T17:00:00+00:00")  # 01:00 on the 11th in China
    assert compute(late_evening, 5, "working_day", CALENDAR).due == date(2026, 2, 25)


def test_a_limit_of_zero_ends_on_the_day_itself():
    assert compute(date(2026, 2, 11), 0, "working_day", CALENDAR).due == date(2026, 2, 11)
    assert compute(date(2026, 2, 17), 0, "working_day", CALENDAR).due == date(2026, 2, 24)
    assert compute(at("2026-02-11 10:00"), 0, "working_hour", CALENDAR).due == at("2026-02-11 10:00")


def test_office_hours_are_an_argument():
    short = WorkingHours(periods=((time(10), time(11)),))
    assert (
        due_text(compute(at("2026-02-11 09:00"), 3, "working_hour", CALENDAR, hours=short))
        == "2026-02-13T11:00:00+08:00"
    )


def test_what_makes_no_sense_is_refused_with_a_sentence():
    with pytest.raises(Invalid, match="负数"):
        compute(date(2026, 2, 11), -1, "working_day", CALENDAR)
    with pytest.raises(Invalid, match="早于"):
        compute(
            date(2026, 2, 11),
            1,
            "working_day",
            CALENDAR,
            exclusions=[Exclusion(start=date(2026, 2, 13), end=date(2026, 2, 12))],
        )
    with pytest.raises(Invalid, match="超"):
        compute(date(9990, 1, 1), 90_000, "calendar_day", CALENDAR)
    with pytest.raises(Invalid):
        compute(at("9990-01-01 00:00"), 99_000, "hour", CALENDAR)

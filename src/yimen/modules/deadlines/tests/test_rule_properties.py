"""What holds for every limit, whatever the numbers."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yimen.foundation.calendar.api import YearNotAnnounced, packaged_calendar
from yimen.modules.deadlines.rules import (
    CODES,
    Exclusion,
    Extension,
    LimitSet,
    Pauses,
    Unit,
    compute,
    compute_many,
)

CALENDAR = packaged_calendar()
DAY_UNITS = [Unit.WORKING_DAY, Unit.CALENDAR_DAY]
ALL_DAYS = [*DAY_UNITS, Unit.MONTH, Unit.YEAR]

starts = st.dates(date(2005, 1, 1), date(2022, 12, 31))
amounts = st.integers(0, 90)
first_days = st.sampled_from(["next", "same"])


@st.composite
def pauses(draw, start):
    first = start + timedelta(draw(st.integers(-20, 120)))
    return Exclusion(start=first, end=first + timedelta(draw(st.integers(0, 40))), reason="检验检测")


@st.composite
def questions(draw, units=DAY_UNITS):
    start = draw(starts)
    return {
        "start": start,
        "amount": draw(amounts),
        "unit": draw(st.sampled_from(units)),
        "first_day": draw(first_days),
        "exclusions": draw(st.lists(pauses(start), max_size=4)),
        "roll": draw(st.booleans()),
    }


def due(question, **change):
    return compute(calendar=CALENDAR, **{**question, **change}).due


def counted(deadline):
    return sum(d.counted for d in deadline.days)


@given(questions(ALL_DAYS))
def test_more_time_never_ends_earlier(question):
    if question["unit"] is Unit.YEAR:
        question["amount"] %= 3
    elif question["unit"] is Unit.MONTH:
        question["amount"] %= 12
    assert due(question) <= due(question, amount=question["amount"] + 1)


@given(questions(ALL_DAYS), st.data())
def test_a_pause_never_shortens(question, data):
    question["amount"] %= 2 if question["unit"] is Unit.YEAR else 12
    fewer = question["exclusions"]
    more = [*fewer, data.draw(pauses(question["start"]))]
    assert due(question, exclusions=more) >= due(question)


@given(questions(ALL_DAYS))
def test_pauses_count_once_in_any_order(question):
    question["amount"] %= 2 if question["unit"] is Unit.YEAR else 12
    doubled = [*reversed(question["exclusions"]), *question["exclusions"]]
    assert due(question, exclusions=doubled) == due(question)


@given(questions(ALL_DAYS), st.integers(1, 20))
def test_an_extension_is_the_same_as_a_longer_limit(question, more):
    question["amount"] %= 2 if question["unit"] is Unit.YEAR else 12
    more = 1 if question["unit"] is Unit.YEAR else more % 12
    assert due(question, extensions=[Extension(amount=more)]) == due(
        question, amount=question["amount"] + more
    )


@given(questions(), st.integers(0, 20))
def test_the_explanation_counts_exactly_the_limit(question, more):
    deadline = compute(calendar=CALENDAR, extensions=[Extension(amount=more)], **question)
    assert counted(deadline) == question["amount"] + more
    days = [d.date for d in deadline.days]
    assert days == [days[0] + timedelta(n) for n in range(len(days))]
    assert days[0] == question["start"]
    assert days[-1] == deadline.due_on
    assert all(d.why for d in deadline.days)


@given(questions(ALL_DAYS))
def test_no_limit_ends_on_an_excluded_day_or_when_rolled_on_a_day_off(question):
    question["amount"] %= 2 if question["unit"] is Unit.YEAR else 12
    last = due(question)
    assert not any(e.start <= last <= e.end for e in question["exclusions"] if e.end >= question["start"])
    if question["roll"] or question["unit"] is Unit.WORKING_DAY:
        assert CALENDAR.is_working(last)


@given(questions())
def test_counting_the_start_day_saves_at_most_one_day_of_the_unit(question):
    assume(question["amount"] > 0)
    early, late = due(question, first_day="same"), due(question, first_day="next")
    assert early <= late == max(late, due(question, first_day="next"))
    assert late <= due(question, first_day="same", amount=question["amount"] + 1)


@given(
    st.lists(questions(ALL_DAYS), min_size=1, max_size=40),
    st.sampled_from([date(2003, 11, 1), date(2026, 10, 1), date(2027, 2, 1), date(2012, 2, 28)]),
)
def test_the_bulk_rule_is_the_scalar_rule(rows, edge):
    rows = [{**row, "start": edge if n % 5 == 0 else row["start"]} for n, row in enumerate(rows)]
    table = [
        (n, e.start.toordinal(), e.end.toordinal()) for n, row in enumerate(rows) for e in row["exclusions"]
    ]
    spans = np.array(table[::-1], dtype=np.int32).reshape(-1, 3)
    many = compute_many(
        LimitSet(
            start=np.array([r["start"].toordinal() for r in rows], dtype=np.int32),
            amount=np.array([r["amount"] for r in rows], dtype=np.int32),
            unit=np.array([CODES[r["unit"]] for r in rows], dtype=np.int8),
            same=np.array([r["first_day"] == "same" for r in rows]),
            roll=np.array([r["roll"] for r in rows]),
            pauses=Pauses(row=spans[:, 0], first=spans[:, 1], last=spans[:, 2]),
        ),
        CALENDAR,
    )
    for row, ordinal in zip(rows, many.tolist(), strict=True):
        try:
            expected = due(row).toordinal()
        except YearNotAnnounced:
            expected = 0
        assert ordinal == expected, row


def test_one_unit_for_all_rows_needs_no_array():
    start = np.array([date(2026, 2, 11).toordinal()] * 2, dtype=np.int32)
    limits = LimitSet(start=start, amount=np.array([5, 20], dtype=np.int32))
    found = [date.fromordinal(n) for n in compute_many(limits, CALENDAR).tolist()]
    assert found == [date(2026, 2, 25), date(2026, 3, 17)]


def test_a_year_not_announced_is_named_not_guessed():
    with pytest.raises(YearNotAnnounced) as refused:
        compute(date(2026, 12, 25), 20, Unit.WORKING_DAY, CALENDAR)
    assert refused.value.year == 2027
    assert "2027年" in refused.value.message
    with pytest.raises(YearNotAnnounced, match="2003"):
        compute(date(2003, 6, 1), 1, Unit.WORKING_DAY, CALENDAR)
    assert compute(date(2026, 12, 25), 20, Unit.CALENDAR_DAY, CALENDAR).due == date(2027, 1, 14)
    with pytest.raises(YearNotAnnounced, match="2027"):
        compute(date(2026, 12, 25), 20, Unit.CALENDAR_DAY, CALENDAR, roll=True)

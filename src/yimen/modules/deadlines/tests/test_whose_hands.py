"""The ledger: every day once, sums equal elapsed time."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yimen.foundation.calendar.api import packaged_calendar
from yimen.kernel.clock import CHINA
from yimen.modules.deadlines import api
from yimen.modules.deadlines.rules import Exclusion, Limit, Unit, compute, hands, ledger_days
from yimen.modules.deadlines.tests.factories import clock, local

CALENDAR = packaged_calendar()
BEGIN = datetime(2026, 1, 5, 9, 30, tzinfo=CHINA)
minutes = st.integers(0, 120 * 24 * 60)


@given(
    st.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH, Unit.WORKING_HOUR, Unit.HOUR]),
    st.integers(0, 40),
    st.lists(st.tuples(minutes, st.sampled_from(["窗口", "市场监管局", "申请人"])), max_size=6),
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 20), st.sampled_from(["", "检测机构"])), max_size=3
    ),
    minutes,
)
def test_every_day_is_there_once_and_the_sums_are_the_elapsed_time(unit, amount, changes, pauses, lasting):
    until = BEGIN + timedelta(minutes=lasting)
    exclusions = [
        Exclusion(
            start=(BEGIN + timedelta(days=a)).date(),
            end=(BEGIN + timedelta(days=a + b)).date(),
            reason="检测",
            holder=h,
        )
        for a, b, h in pauses
    ]
    limit = Limit(start=BEGIN, amount=amount, unit=unit, exclusions=exclusions)
    timeline = [(BEGIN + timedelta(minutes=m), holder) for m, holder in changes]
    rows = ledger_days(limit, CALENDAR, "窗口", timeline, until)
    days = (until.astimezone(CHINA).date() - BEGIN.date()).days + 1
    assert [row.date for row in rows] == [BEGIN.date() + timedelta(n) for n in range(days)]
    totals = hands(rows)
    assert sum(hand.seconds for hand in totals) == (until - BEGIN).total_seconds()
    assert sum(hand.days for hand in totals) == len(rows)
    assert sum(hand.counted for hand in totals) == pytest.approx(sum(row.amount for row in rows))
    assert all(row.why and row.holder for row in rows)


@given(st.integers(1, 30), st.integers(0, 40))
def test_counted_days_up_to_the_due_day_are_the_limit(amount, beyond):
    limit = Limit(start=BEGIN, amount=amount)
    due = compute(BEGIN, amount, "working_day", CALENDAR).due
    until = datetime(due.year, due.month, due.day, 18, tzinfo=CHINA) + timedelta(days=beyond)
    rows = ledger_days(limit, CALENDAR, "窗口", [], until)
    assert sum(row.counted for row in rows if row.date <= due) == amount
    late = [row for row in rows if row.date > due and row.counted]
    assert len(late) == CALENDAR.working_days_between(due + timedelta(1), until.date())
    assert all(row.why.startswith("超期第") for row in late)


@pytest.mark.django_db
def test_the_ledger_of_a_clock_says_whose_hands_each_day():
    one = clock(start="2026-02-11 10:00", amount=10, holder="综合窗口")
    api.pause(
        one, local("2026-02-25 09:00"), reason="专家评审", clause="行政许可法第四十五条", holder="评审机构"
    )
    api.resume(one, local("2026-02-26 17:00"))
    changes = [(local("2026-02-11 16:00"), "市场监管局")]
    api.stop(one, local("2026-03-02 11:00"))
    rows = api.ledger(one, changes, local("2026-06-01 00:00"))
    by_day = {row.date: row for row in rows}
    assert len(rows) == 20
    assert by_day[date(2026, 2, 11)].why == "起算当日不计入"
    assert by_day[date(2026, 2, 11)].holder == "市场监管局"
    assert by_day[date(2026, 2, 14)].why == "第3个工作日（春节调休上班）"
    assert by_day[date(2026, 2, 17)].why == "春节放假，不是工作日"
    assert by_day[date(2026, 2, 25)].holder == "评审机构"
    assert by_day[date(2026, 2, 25)].clause == "行政许可法第四十五条"
    assert by_day[date(2026, 2, 28)].counted
    totals = {hand.holder: hand for hand in api.hands(rows)}
    assert totals["评审机构"].days == 2
    assert totals["评审机构"].counted == 0
    assert totals["综合窗口"].seconds == 6 * 3600
    assert sum(row.counted for row in rows) == 7


@pytest.mark.django_db
def test_the_ledger_of_a_paused_clock_runs_to_the_present_moment():
    one = clock()
    api.pause(one, local("2026-02-12 09:00"), reason="检测")
    rows = api.ledger(one, [], local("2026-02-14 09:00"))
    assert [row.counted for row in rows] == [False] * 4
    assert rows[-1].why == "检测，不计入期限"

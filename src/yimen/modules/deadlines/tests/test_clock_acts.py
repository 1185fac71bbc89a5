"""Starting, pausing, extending and stopping clocks."""

from datetime import date

import pytest

from yimen.foundation.calendar.api import packaged_calendar
from yimen.kernel.errors import Invalid, NotPossible
from yimen.modules.deadlines import api
from yimen.modules.deadlines.models import Clock
from yimen.modules.deadlines.tests.factories import clock, day, local

pytestmark = pytest.mark.django_db


def again(one):
    return Clock.objects.get(pk=one.pk)


def test_many_clocks_start_in_one_insert(django_assert_num_queries):
    api.start_clocks([], local("2026-02-11 09:00"))
    packaged_calendar()
    clock("warm")
    specs = [
        api.ClockSpec(subject_kind="case", subject_key=f"YM-{n}", kind=kind, amount=amount)
        for n in range(5)
        for kind, amount in (("telling", 5), ("legal", 20), ("promised", 10))
    ]
    with django_assert_num_queries(1):
        started = api.start_clocks(specs, local("2026-02-11 09:00"))
    assert len(started) == 15
    assert again(started[1]).due_on == date(2026, 3, 17)
    assert again(started[1]).due_at == local("2026-03-17 23:59:59.999999")


def test_the_start_may_be_an_earlier_event():
    spec = api.ClockSpec(
        subject_kind="case", subject_key="A", kind="legal", amount=20, start=day("2026-02-11")
    )
    assert api.start_clocks([spec], local("2026-02-20 10:00"))[0].due_on == date(2026, 3, 17)


def test_a_paused_clock_has_no_due_day_until_it_resumes():
    one = clock(start="2025-09-15 10:00", amount=20)
    assert one.due_on == date(2025, 10, 17)
    api.pause(
        one, local("2025-09-22 09:00"), reason="检验检测", clause="行政许可法第四十五条", document="告知书1号"
    )
    paused = again(one)
    assert (paused.state, paused.due_at, paused.due_on) == ("paused", None, None)
    assert not paused.is_overdue(local("2026-01-01 09:00"))
    api.resume(paused, local("2025-10-15 16:00"))
    resumed = again(one)
    assert (resumed.state, resumed.due_on) == ("running", date(2025, 11, 6))
    assert resumed.exclusions[0] == {
        "from": "2025-09-22",
        "to": "2025-10-15",
        "reason": "检验检测",
        "clause": "行政许可法第四十五条",
        "document": "告知书1号",
    }


def test_overlapping_pauses_are_not_counted_twice():
    one = clock(start="2024-08-05 10:00", amount=20)
    api.pause(one, local("2024-08-12 09:00"), reason="检测")
    api.resume(one, local("2024-08-16 09:00"))
    api.pause(one, local("2024-08-16 15:00"), reason="专家评审", since=day("2024-08-15"))
    api.resume(one, local("2024-08-23 09:00"))
    assert again(one).due_on == date(2024, 9, 14)


def test_hours_pause_from_the_moment():
    one = clock(amount=24, unit="hour", start="2026-02-11 09:00")
    api.pause(one, local("2026-02-11 10:00"), reason="听证")
    api.resume(one, local("2026-02-11 12:00"))
    assert again(one).due_at == local("2026-02-12 11:00")


def test_lost_time_is_not_repaired_by_a_pause():
    one = clock(amount=5)
    with pytest.raises(NotPossible, match="超期"):
        api.pause(one, local("2026-02-26 09:00"), reason="检测")
    with pytest.raises(NotPossible, match="超期"):
        api.pause(clock("C"), local("2026-02-26 09:00"), reason="检测", since=day("2026-02-20"))
    with pytest.raises(Invalid, match="起算"):
        api.pause(clock("B"), local("2026-02-12 09:00"), reason="检测", since=day("2026-02-01"))
    api.pause(one, local("2026-02-25 09:00"), reason="检测")
    with pytest.raises(NotPossible):
        api.pause(one, local("2026-02-25 10:00"), reason="检测")
    with pytest.raises(Invalid, match="暂停"):
        api.resume(one, local("2026-02-26 09:00"), until=day("2026-02-24"))


def test_an_extension_needs_approval_before_the_end_and_stays_within_the_rule():
    one = clock(start="2025-09-10 10:00", amount=20)
    with pytest.raises(Invalid, match="1至10"):
        api.extend(one, 11, local("2025-09-20 09:00"), approver="孙局长", reason="案情复杂", at_most=10)
    with pytest.raises(Invalid, match="批准人"):
        api.extend(one, 10, local("2025-09-20 09:00"), approver=" ", reason="案情复杂")
    with pytest.raises(NotPossible, match="届满"):
        api.extend(one, 10, local("2025-10-15 09:00"), approver="孙局长", reason="案情复杂")
    api.extend(
        one,
        10,
        local("2025-10-14 17:00"),
        approver="孙局长",
        reason="案情复杂",
        clause="行政许可法第四十二条",
    )
    assert again(one).due_on == date(2025, 10, 28)
    with pytest.raises(NotPossible, match="最多延长1次"):
        api.extend(one, 1, local("2025-10-15 17:00"), approver="孙局长", reason="案情复杂")
    explained = api.explained(again(one), local("2025-10-20 09:00"))
    assert explained.days[-1].why == "第30个工作日（延长期内）"
    assert explained.days[-1].clause == "行政许可法第四十二条"


def test_an_extension_granted_during_a_pause_counts_after_it():
    one = clock(amount=5)
    api.pause(one, local("2026-02-12 09:00"), reason="检测")
    api.extend(one, 5, local("2026-02-13 09:00"), approver="孙局长", reason="复杂")
    assert again(one).due_at is None
    api.resume(one, local("2026-02-12 18:00"))
    assert again(one).due_on == date(2026, 3, 4)


def test_a_stopped_clock_knows_whether_it_was_in_time():
    met, missed = clock("A"), clock("B")
    api.stop(met, local("2026-02-25 23:59"))
    api.stop(missed, local("2026-02-26 00:00"))
    assert (again(met).state, again(missed).state) == ("met", "missed")
    assert again(missed).is_overdue(local("2026-03-01 00:00"))
    assert not again(met).is_overdue(local("2026-03-01 00:00"))
    with pytest.raises(NotPossible):
        api.stop(met, local("2026-02-27 10:00"))


def test_stopping_while_paused_closes_the_pause_and_is_in_time():
    one = clock()
    api.pause(one, local("2026-02-12 09:00"), reason="检测")
    api.stop(one, local("2026-03-20 09:00"))
    assert again(one).state == "met"
    assert again(one).exclusions[0]["to"] == "2026-03-20"


def test_a_cancelled_clock_is_neither_met_nor_missed():
    one = clock()
    api.cancel(one, local("2026-03-20 09:00"))
    assert again(one).state == "cancelled"
    assert not again(one).is_overdue(local("2026-04-01 00:00"))
    assert api.open_clocks_of("case", "YM-1") == []


def test_many_clocks_are_written_in_one_statement(django_assert_num_queries):
    many = [clock(f"YM-{n}") for n in range(10)]
    with django_assert_num_queries(1):
        api.stop(many, local("2026-02-25 10:00"))
    assert set(Clock.objects.values_list("state", flat=True)) == {"met"}


def test_acceptance_does_not_wait_for_next_years_notice():
    one = clock(start="2026-12-10 10:00", amount=45)
    assert (one.state, one.due_at, one.awaits_year) == ("running", None, 2027)
    assert list(api.awaiting(2027)) == [one]
    assert not one.is_overdue(local("2027-06-01 00:00"))


def test_what_is_overdue_and_what_is_due_soon():
    first, second = clock("A", start="2026-02-02 09:00"), clock("B", division="440113")
    clock("C", amount=20)
    assert list(api.due_before(local("2026-03-01 00:00"))) == [first, second]
    assert list(api.due_before(local("2026-03-01 00:00"), division="4401")) == [second]
    assert list(api.due_before(local("2026-03-01 00:00"), "legal")) == []
    soon = api.due_between(local("2026-02-24 00:00"), local("2026-02-26 00:00"))
    assert list(soon) == [second]


def test_the_clocks_of_a_page_of_subjects_come_in_one_statement(django_assert_num_queries):
    clock("A", kind="telling")
    clock("A")
    clock("B")
    with django_assert_num_queries(1):
        found = api.clocks_of("case", ["A", "B", "none"])
    assert {k: [c.kind for c in v] for k, v in found.items()} == {
        "A": ["telling", "promised"],
        "B": ["promised"],
        "none": [],
    }
    assert [c.kind for c in api.open_clocks_of("case", "A", "telling", lock=False)] == ["telling"]


def test_handing_over_changes_who_must_act_not_the_limit():
    one = clock()
    api.hand_over(one, "消防救援局", 7)
    assert (again(one).holder, again(one).organisation_id) == ("消防救援局", 7)
    assert again(one).due_on == date(2026, 2, 25)

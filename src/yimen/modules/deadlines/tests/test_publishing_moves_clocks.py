"""Publishing a calendar or a shorter promise: first shown, then done, and kept."""

from datetime import date

import pytest

from yimen.foundation.calendar.api import (
    YearDays,
    current_calendar,
    draft_version,
    packaged_calendar,
    publish_version,
    put_years,
    seed_calendar,
)
from yimen.foundation.calendar.tests.factories import year_2027
from yimen.kernel.actor import Actor, Scope
from yimen.modules.deadlines import api
from yimen.modules.deadlines.handlers import recount_open_clocks
from yimen.modules.deadlines.models import Clock, Recount
from yimen.modules.deadlines.services.moves import recount_stragglers
from yimen.modules.deadlines.tests.factories import clock, local

pytestmark = pytest.mark.django_db
AT = local("2026-11-21 10:00")
ROOT = Actor(account_id=1, name="管理员", grants={"console:calendar:manage": (Scope(),)})


def test_a_changed_holiday_shows_first_which_open_clocks_move():
    moved, still, closed = clock("A"), clock("B", start="2026-01-05 09:00"), clock("C")
    api.cancel(closed, AT)
    year = packaged_calendar().years[-1]
    shorter = YearDays(
        year=2026,
        off_days={d: n for d, n in year.off_days.items() if d != date(2026, 2, 23)},
        working_weekend_days=year.working_weekend_days,
    )
    trial = packaged_calendar().with_year(shorter)
    moves = list(api.clocks_moved_by(trial))
    assert [(m.clock_id, m.new_due_on) for m in moves] == [(moved.pk, date(2026, 2, 24))]
    preview = api.preview_moves(trial)
    assert (preview.moved, preview.earlier, preview.later) == (1, 1, 0)
    assert Clock.objects.get(pk=moved.pk).due_on == date(2026, 2, 25)
    assert Clock.objects.get(pk=still.pk).due_on == still.due_on


def test_publishing_the_awaited_year_gives_waiting_clocks_their_due_day(outbox):
    seed_calendar(AT)
    waiting = clock("A", start="2026-12-10 10:00", amount=45)
    settled = clock("B", start="2026-12-01 10:00", amount=5)
    hours = clock("C", start="2026-12-31 16:00", amount=8, unit="working_hour")
    assert waiting.awaits_year == hours.awaits_year == 2027
    draft = draft_version(ROOT, AT)
    put_years(draft, [year_2027()], ROOT)
    publish_version(draft, ROOT, AT)
    ((event, names),) = outbox
    assert names == ["yimen.modules.deadlines.handlers.recount_open_clocks"]
    recount_open_clocks(event)
    waiting = Clock.objects.get(pk=waiting.pk)
    assert waiting.due_on == current_calendar().add_working_days(date(2026, 12, 10), 45)
    assert (waiting.awaits_year, waiting.calendar_version) == (None, 2)
    assert Clock.objects.get(pk=hours.pk).due_at is not None
    assert Clock.objects.get(pk=settled.pk).calendar_version == 1
    recount = Recount.objects.get()
    assert (recount.moved, recount.by, recount.calendar_version) == (2, "管理员", 2)
    assert {m.clock_id for m in api.moves_of(recount.pk)} == {waiting.pk, hours.pk}


def test_recounting_again_moves_nothing(outbox):
    test_publishing_the_awaited_year_gives_waiting_clocks_their_due_day(outbox)
    recount_open_clocks(outbox[0][0])
    assert Recount.objects.order_by("pk").last().moved == 0


def test_a_clock_started_by_the_version_before_is_caught_up(outbox):
    test_publishing_the_awaited_year_gives_waiting_clocks_their_due_day(outbox)
    late = clock("D", start="2026-12-10 10:00", amount=45)
    Clock.objects.filter(pk=late.pk).update(due_at=None, due_on=None, awaits_year=2027, calendar_version=1)
    recount_stragglers(AT)
    assert Clock.objects.get(pk=late.pk).due_on == late.due_on
    count = Recount.objects.count()
    recount_stragglers(AT)
    assert Recount.objects.count() == count


def test_a_shorter_promise_moves_only_its_kind_and_reaches_paused_clocks():
    promised, legal, paused = (
        clock("A", amount=10),
        clock("A", amount=20, kind="legal"),
        clock("B", amount=10),
    )
    api.pause(paused, local("2026-02-12 09:00"), reason="检测")
    cause = api.NewLimit(kind="promised", amount=5)
    assert [m.clock_id for m in api.clocks_moved_by(cause)] == [promised.pk]
    recount = api.apply_moves(cause, AT, by="管理员", why="承诺时限由10个工作日压减为5个工作日")
    assert recount.moved == 1
    promised = Clock.objects.get(pk=promised.pk)
    assert (promised.amount, promised.due_on) == (5, date(2026, 2, 25))
    assert Clock.objects.get(pk=legal.pk).amount == 20
    paused = Clock.objects.get(pk=paused.pk)
    assert (paused.state, paused.amount, paused.due_at) == ("paused", 5, None)
    only_b = Clock.objects.filter(subject_key="B")
    assert list(api.clocks_moved_by(api.NewLimit(kind="promised", amount=3), only_b)) == []

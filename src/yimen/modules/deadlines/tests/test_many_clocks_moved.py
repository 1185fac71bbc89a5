"""A calendar changed under very many open clocks: parts that hold by themselves, and sets, not loops."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yimen.foundation.calendar.api import WorkCalendar, YearDays, packaged_calendar
from yimen.modules.deadlines import api
from yimen.modules.deadlines.models import Clock, Move, Recount
from yimen.modules.deadlines.services import moves
from yimen.modules.deadlines.tests.factories import local

pytestmark = pytest.mark.django_db
AT = local("2026-02-11 10:00")
MANY = 1_000


def shorter() -> WorkCalendar:
    """The packaged calendar with 23 February 2026, a holiday, made a working day."""
    year = packaged_calendar().years[-1]
    off = {d: n for d, n in year.off_days.items() if d != date(2026, 2, 23)}
    return packaged_calendar().with_year(
        YearDays(year=2026, off_days=off, working_weekend_days=year.working_weekend_days)
    )


@pytest.fixture
def clocks() -> list[Clock]:
    """Every second one runs over the day that changes."""
    specs = [
        api.ClockSpec(subject_kind="case", subject_key=f"C{n}", kind="promised", amount=5 if n % 2 else 1)
        for n in range(MANY)
    ]
    return api.start_clocks(specs, AT)


def test_a_thousand_clocks_are_shown_first_and_then_moved_in_parts(
    clocks: list[Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "PART", 200)
    monkeypatch.setattr(moves, "TURN", 0)
    trial = shorter()
    preview = api.preview_moves(trial)
    assert (preview.moved, preview.earlier, len(preview.sample)) == (MANY // 2, MANY // 2, 100)
    assert Clock.objects.filter(due_on=date(2026, 2, 25)).count() == MANY // 2, "looking moves nothing"
    assert moves.apply_in_parts(trial, AT, by="管理员", why="改日历") == MANY // 2
    assert Clock.objects.filter(due_on=date(2026, 2, 24)).count() == MANY // 2
    assert Move.objects.count() == MANY // 2
    assert list(Recount.objects.order_by("pk").values_list("moved", flat=True)) == [200, 200, 100]
    assert next(api.clocks_moved_by(trial), None) is None
    assert moves.apply_in_parts(trial, AT, by="管理员", why="再来一次") == 0


def test_killed_between_two_parts_the_next_run_moves_the_rest(
    clocks: list[Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "PART", 100)
    monkeypatch.setattr(moves, "TURN", 0)
    original, parts = moves.apply_moves, [0]

    def killed_at_the_third(*args: object, **kwargs: object) -> Recount:
        parts[0] += 1
        if parts[0] == 3:
            raise KeyboardInterrupt
        return original(*args, **kwargs)

    trial = shorter()
    monkeypatch.setattr(moves, "apply_moves", killed_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        moves.apply_in_parts(trial, AT, by="管理员", why="改日历")
    assert Clock.objects.filter(due_on=date(2026, 2, 24)).count() == 200
    monkeypatch.setattr(moves, "apply_moves", original)
    assert moves.apply_in_parts(trial, AT, by="管理员", why="改日历") == MANY // 2 - 200
    assert Clock.objects.filter(due_on=date(2026, 2, 24)).count() == MANY // 2
    assert Move.objects.values("clock_id").distinct().count() == Move.objects.count() == MANY // 2


def test_moving_many_costs_statements_for_sets_and_never_for_each(clocks: list[Clock]) -> None:
    with CaptureQueriesContext(connection) as many:
        api.apply_moves(shorter(), AT, by="管理员", why="改日历")
    rows = [
        q for q in many.captured_queries if q["sql"].startswith("INSERT") and Move._meta.db_table in q["sql"]
    ]
    others = len(many) - len(rows)
    assert others <= 12 and len(rows) <= 6, "SQLite takes 999 values in one statement"


def test_the_look_before_counts_in_groups_what_the_moving_finds_one_by_one(clocks: list[Clock]) -> None:
    api.pause(clocks[1], local("2026-02-12 09:00"), reason="检测")
    api.resume(Clock.objects.get(pk=clocks[1].pk), local("2026-02-12 17:00"))
    api.extend(clocks[3], 3, AT, approver="负责人", reason="复杂")
    at_night = [
        api.ClockSpec(subject_kind="case", subject_key=f"N{n}", kind="promised", amount=5, start=local(f"2026-02-1{n} {hour}"))
        for n, hour in ((0, "23:59"), (1, "00:01"), (2, "07:59"), (2, "08:01"))
    ]  # fmt: skip
    hours = api.ClockSpec(
        subject_kind="case", subject_key="H", kind="promised", amount=40, unit="working_hour"
    )
    api.start_clocks([*at_night, hours], AT)
    Clock.objects.filter(pk=clocks[5].pk).update(due_at=None, due_on=None, awaits_year=2027)
    trial = shorter()
    found = list(api.clocks_moved_by(trial))
    preview = api.preview_moves(trial)
    assert (preview.moved, preview.settled) == (len(found), 1)
    assert preview.earlier + preview.later + preview.settled == preview.moved
    assert {m.clock_id for m in preview.sample} <= {m.clock_id for m in found} and len(preview.sample) == 100
    few = api.preview_moves(trial, Clock.objects.filter(subject_key__startswith="N"))
    assert few.moved == len(few.sample) == sum(m.subject_key.startswith("N") for m in found)


def test_the_look_before_costs_no_more_statements_for_more_clocks(clocks: list[Clock]) -> None:
    with CaptureQueriesContext(connection) as some:
        api.preview_moves(shorter(), Clock.objects.filter(pk__lte=clocks[9].pk))
    with CaptureQueriesContext(connection) as many:
        api.preview_moves(shorter())
    assert len(many) == len(some)

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

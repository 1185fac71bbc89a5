"""A system clock that is set back or forward: nothing hangs, nothing is done by a time that is not, and it is told."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from yimen.foundation.outbox import api as outbox
from yimen.foundation.outbox import services, worker
from yimen.foundation.outbox.models import Delivery, Schedule
from yimen.foundation.outbox.rules import LEASE, MAX_ATTEMPTS, backoff
from yimen.foundation.outbox.ticking import Ticking

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)


def waiting(at: datetime, attempts: int = 0) -> Delivery:
    return Delivery.objects.create(
        event="E", handler="nowhere", payload="{}", created_at=at, available_at=at, attempts=attempts
    )


@pytest.mark.django_db
@pytest.mark.parametrize("back", [HOUR, YEAR])
def test_what_was_leased_or_announced_by_a_clock_that_ran_ahead_is_due_again(back: timedelta) -> None:
    leased, announced = waiting(AT + back + LEASE), waiting(AT + back)
    retried = waiting(AT + backoff(MAX_ATTEMPTS - 1), MAX_ATTEMPTS - 1)
    fresh = waiting(AT + LEASE)
    assert services.bring_forward(AT) == 2
    assert set(outbox.waiting().filter(available_at__lte=AT)) == {leased, announced}
    assert set(outbox.waiting().filter(available_at__gt=AT)) == {retried, fresh}


@pytest.mark.django_db
def test_duties_go_on_after_the_clock_was_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[datetime] = []
    monkeypatch.setattr(services, "_duties", {})
    services.repeat("t.daily", DAY, ran.append)
    for at in (AT + YEAR, AT, AT + timedelta(seconds=30), AT + DAY):
        outbox.run_due_duties(at)
    assert ran == [AT + YEAR, AT, AT + DAY]


@pytest.mark.django_db
def test_a_task_begun_by_a_clock_that_ran_ahead_goes_back_into_line() -> None:
    task = DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING, started_at=AT + YEAR, task_path="x.y", args_kwargs={"args": [], "kwargs": {}},
        backend_name="default", run_after=AT,
    )  # fmt: skip
    assert services.recover_tasks(AT) == 1
    task.refresh_from_db()
    assert task.status == TaskResultStatus.READY


def ticking(*wall: timedelta) -> tuple[Ticking, list[timedelta | None]]:
    """A second passes between two looks; the wall clock is that far off at each."""
    seconds, off = [0.0], [0.0]
    watch = Ticking(lambda: 1e9 + seconds[0] + off[0], lambda: seconds[0])
    news = []
    for one in wall:
        seconds[0] += 1
        off[0] = one.total_seconds()
        news.append(watch.look())
    return watch, news


def test_a_leap_is_told_once_and_so_is_the_return() -> None:
    watch, news = ticking(timedelta(0), YEAR, YEAR, YEAR + timedelta(seconds=2), timedelta(seconds=3))
    assert news == [None, YEAR, None, None, -YEAR]
    assert not watch.holds


@pytest.mark.parametrize(
    ("off", "holds"), [(timedelta(minutes=4), False), (-HOUR, False), (HOUR, False), (YEAR, True)]
)
def test_only_a_clock_far_ahead_holds_back_what_time_alone_does(off: timedelta, holds: bool) -> None:
    assert ticking(off)[0].holds is holds


@pytest.mark.django_db
def test_the_worker_tells_a_leap_in_the_console_and_does_nothing_by_time_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stop, off, seen = threading.Event(), [0.0], []

    def round_of_work(worker_id: str, *, duties: bool) -> int:
        seen.append((duties, bool(Schedule.objects.exclude(last_error="").filter(name="clock"))))
        off[0] = YEAR.total_seconds() if len(seen) == 1 else 0.0
        if len(seen) == 3:
            stop.set()
        return 1

    monkeypatch.setattr(worker, "run_once", round_of_work)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker, "Ticking", lambda: Ticking(lambda: off[0], lambda: 0.0))
    worker.run_until(stop)
    assert seen == [(True, False), (False, True), (True, False)]


@pytest.mark.django_db
def test_an_outage_is_waited_for_and_a_fault_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(error: Exception) -> Delivery:
        def handler(event: object) -> None:
            raise error

        monkeypatch.setattr(services.events, "handler_named", lambda name: (services.events.Event, handler))
        monkeypatch.setattr(services.rules, "unpack", lambda event_type, payload: None)
        delivery, at = waiting(AT), AT
        for _ in range(MAX_ATTEMPTS + 3):
            outbox.deliver_due(at)
            at += timedelta(hours=2)
        delivery.refresh_from_db()
        return delivery

    full = OSError(28, "No space left on device")
    assert fails(RuntimeError("a bug")).given_up_at is not None
    lasting = fails(full)
    assert lasting.given_up_at is None and "No space" in lasting.last_error
    wrapped = OperationalError("x")
    wrapped.__cause__ = full
    assert fails(wrapped).given_up_at is None

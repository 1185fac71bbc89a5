"""Deliveries follow the change, are retried, and survive a dead worker."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from yimen.foundation.outbox import api as outbox
from yimen.foundation.outbox.models import Delivery, Schedule
from yimen.foundation.outbox.rules import MAX_ATTEMPTS, backoff, pack, unpack
from yimen.foundation.outbox.services import recover_tasks
from yimen.kernel.events import Event, When, announce, on

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Happened(Event):
    name: str
    on: date
    codes: tuple[str, ...] = ()


SEEN: list[Happened] = []
FAILING: list[bool] = []


@on(Happened, when=When.AFTER_COMMIT)
def notice(event: Happened) -> None:
    if FAILING:
        raise RuntimeError("不在家")
    SEEN.append(event)


@pytest.fixture(autouse=True)
def _clean() -> None:
    SEEN.clear()
    FAILING.clear()


EVENT = Happened(at=AT, name="名", on=date(2026, 3, 2), codes=("a", "b"))


def test_an_event_survives_the_way_through_the_store() -> None:
    assert unpack(Happened, pack(EVENT)) == EVENT


@pytest.mark.django_db
def test_an_announced_event_is_delivered_once() -> None:
    announce(EVENT)
    assert SEEN == []
    assert outbox.deliver_due(AT) == 1
    assert outbox.deliver_due(AT) == 0
    assert SEEN == [EVENT]


@pytest.mark.django_db
def test_a_failing_delivery_is_tried_again_later_and_given_up_visibly() -> None:
    announce(EVENT)
    FAILING.append(True)
    at = AT
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert outbox.deliver_due(at) == 1
        assert outbox.deliver_due(at) == 0
        at += backoff(attempt)
    [given_up] = outbox.given_up()
    assert given_up.attempts == MAX_ATTEMPTS and "不在家" in given_up.last_error
    FAILING.clear()
    assert outbox.try_again(given_up.pk, at)
    outbox.deliver_due(at)
    assert SEEN == [EVENT] and not Delivery.objects.filter(done_at=None).exists()


@pytest.mark.django_db
def test_a_task_whose_worker_was_killed_goes_back_into_line() -> None:
    task = DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING, started_at=AT, task_path="x.y", args_kwargs={"args": [], "kwargs": {}},
        backend_name="default", run_after=AT,
    )  # fmt: skip
    assert recover_tasks(AT + timedelta(minutes=29)) == 0
    assert recover_tasks(AT + timedelta(minutes=31)) == 1
    task.refresh_from_db()
    assert task.status == TaskResultStatus.READY


@pytest.mark.django_db
def test_a_duty_runs_once_in_its_time_and_its_failure_is_kept() -> None:
    runs: list[datetime] = []

    def duty(at: datetime) -> None:
        runs.append(at)
        if len(runs) == 2:
            raise RuntimeError("坏了")

    outbox.repeat("test.duty", timedelta(minutes=5), duty)
    outbox.run_due_duties(AT)
    outbox.run_due_duties(AT + timedelta(minutes=1))
    outbox.run_due_duties(AT + timedelta(minutes=6))
    assert len(runs) == 2
    assert "坏了" in Schedule.objects.get(name="test.duty").last_error

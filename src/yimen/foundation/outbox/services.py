"""Writes deliveries, makes them, and looks after background work whose worker died."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from yimen.foundation.outbox import rules
from yimen.foundation.outbox.models import Delivery, Schedule
from yimen.foundation.outbox.waking import is_distributed, wake_for_round
from yimen.kernel import events, frozen
from yimen.kernel.outages import outage_of

log = structlog.get_logger()


def store(event: events.Event, handlers: list[str]) -> None:
    """Keep one delivery for each handler, in one statement, inside the announcing transaction."""
    payload = rules.pack(event)
    frozen.insert(
        [
            Delivery(
                event=type(event).__name__,
                handler=handler,
                payload=payload,
                created_at=event.at,
                available_at=event.at,
            )
            for handler in handlers
        ]
    )
    if is_distributed():
        transaction.on_commit(wake_for_round)


def deliver_due(at: datetime, limit: int = 100) -> int:
    """Make the deliveries that are due, one after the other.

    A delivery is claimed by a lease, not by a transaction held open: a handler may take its time without keeping anybody
    from writing, and when its worker dies the lease runs out and the delivery is made again (handlers are idempotent).

    Returns:
        How many were tried.
    """
    waiting = Delivery.objects.filter(done_at=None, given_up_at=None, available_at__lte=at)
    tried = 0
    for delivery in waiting.order_by("available_at", "id")[:limit]:
        if _claim(delivery, at):
            _deliver(delivery, at)
            tried += 1
    return tried


def _claim(delivery: Delivery, at: datetime) -> bool:
    """Only one worker gets it: the others no longer find the row as they read it."""
    mine = Delivery.objects.filter(pk=delivery.pk, available_at=delivery.available_at, done_at=None)
    delivery.available_at = at + rules.LEASE
    return bool(mine.update(available_at=delivery.available_at))


def _deliver(delivery: Delivery, at: datetime) -> None:
    try:
        event_type, handler = events.handler_named(delivery.handler)
        handler(rules.unpack(event_type, delivery.payload))
    except Exception as error:
        log.exception("delivery failed", handler=delivery.handler, delivery=delivery.pk)
        _note_failure(delivery, error, at)
    else:
        delivery.done_at, delivery.last_error = at, ""
    delivery.save()


def _note_failure(delivery: Delivery, error: Exception, at: datetime) -> None:
    """A failing handler is given up in the end; an outage of database or disk is nobody's fault and is waited for."""
    lasting = outage_of(error) is None
    delivery.attempts = min(delivery.attempts + 1, rules.MAX_ATTEMPTS if lasting else rules.MAX_ATTEMPTS - 1)
    delivery.last_error = "".join(traceback.format_exception_only(error))[:2000]
    if delivery.attempts >= rules.MAX_ATTEMPTS:
        delivery.given_up_at = at
    else:
        delivery.available_at = at + rules.backoff(delivery.attempts)


def try_again(delivery_id: int, at: datetime) -> bool:
    """Put a delivery that was given up back in line."""
    return bool(
        Delivery.objects.filter(pk=delivery_id, done_at=None).update(
            given_up_at=None, attempts=0, available_at=at
        )
    )


def bring_forward(at: datetime) -> int:
    """Make due what waits for a moment that only a clock since set back can have named; how many.

    Without this a delivery leased while the clock was an hour (a year) ahead would wait an hour (a year).
    """
    late = Q()
    for attempts in range(rules.MAX_ATTEMPTS):
        late |= Q(attempts=attempts, available_at__gt=at + rules.furthest(attempts))
    return Delivery.objects.filter(late, done_at=None, given_up_at=None).update(available_at=at)


def sweep_done(at: datetime, keep: timedelta = timedelta(days=30)) -> int:
    """Remove deliveries made long ago."""
    return Delivery.objects.filter(done_at__lt=at - keep).delete()[0]


def recover_tasks(at: datetime, limit: timedelta = timedelta(minutes=30)) -> int:
    """Return tasks that have been running too long, because their worker was killed, to the queue."""
    old = Q(started_at__lt=at - limit) | Q(
        started_at__gt=at + rules.SKEW
    )  # or begun by a clock since set back
    stuck = DBTaskResult.objects.filter(old, status=TaskResultStatus.RUNNING)
    return stuck.update(status=TaskResultStatus.READY, started_at=None)


@dataclass(frozen=True)
class Duty:
    """Something a worker does again and again."""

    name: str
    every: timedelta
    run: Callable[[datetime], object]


_duties: dict[str, Duty] = {}


def repeat(name: str, every: timedelta, run: Callable[[datetime], object]) -> None:
    """Register a duty; ``run`` takes the moment. Called from a module's ``jobs``."""
    _duties[name] = Duty(name, every, run)


def duties() -> list[Duty]:
    return sorted(_duties.values(), key=lambda duty: duty.name)


def run_due_duties(at: datetime) -> list[str]:
    """Run each duty whose time has come; the database row keeps two workers from doing it twice.

    A duty that ran in the future (the clock was set back since) is due.
    """
    last = dict(Schedule.objects.values_list("name", "last_run_at"))
    due = [d for d in duties() if (ran := last.get(d.name)) is None or _is_due(ran, d, at)]
    return [duty.name for duty in due if _run_duty(duty, at)]


CLOCK = "clock"
"""The row among the duties that tells of the system clock."""


def tell_clock(leapt: timedelta, *, held: bool) -> None:
    """Show in the console that the system clock leapt, and what follows; nothing when it has come back."""
    sentence = ""
    if leapt:
        way = "拨快" if leapt > timedelta(0) else "拨慢"
        sentence = f"系统时钟被{way}了约{abs(leapt)}。"
        sentence += (
            "到期自动办理已暂停：时钟改正后自动恢复；如果新的时间才是对的，请重启后台程序。" if held else ""
        )
    Schedule.objects.update_or_create(name=CLOCK, defaults={"last_error": sentence})


def _is_due(ran: datetime, duty: Duty, at: datetime) -> bool:
    return ran <= at - duty.every or ran > at + rules.SKEW


def _run_duty(duty: Duty, at: datetime) -> bool:
    Schedule.objects.get_or_create(name=duty.name)
    mine = Schedule.objects.filter(name=duty.name).exclude(
        last_run_at__gt=at - duty.every, last_run_at__lte=at + rules.SKEW
    )
    if not mine.update(last_run_at=at):
        return False
    try:
        duty.run(at)
    except Exception as error:
        log.exception("duty failed", duty=duty.name)
        Schedule.objects.filter(name=duty.name).update(last_error=f"{type(error).__name__}: {error}"[:2000])
    else:
        Schedule.objects.filter(name=duty.name).update(last_error="")
    return True

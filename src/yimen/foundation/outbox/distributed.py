"""Celery with RabbitMQ: the workers of many machines. Loaded only where ``YIMEN_BROKER`` is set.

Two queues, both kept by a quorum of the brokers. ``yimen.rounds`` asks for a round (deliveries and repeated duties); such a message
carries nothing and may be lost, so there are never more than a few. ``yimen.tasks`` brings one task each; it is acknowledged
when the task is done, so that the broker brings it again when its worker dies.
"""

import warnings
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import structlog
from celery import Celery, bootsteps
from celery.exceptions import CPendingDeprecationWarning
from celery.worker.consumer import Consumer
from django.conf import settings
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker
from django_tasks_db.models import DBTaskResult
from kombu.connection import Connection
from kombu.entity import Queue
from kombu.exceptions import KombuError

from yimen.foundation.outbox.holding import held
from yimen.foundation.outbox.services import deliver_due, run_due_duties
from yimen.foundation.outbox.waking import ROUND, wake_for_round, wake_for_task
from yimen.kernel.clock import now

log = structlog.get_logger()
ROUNDS, TASKS = "yimen.rounds", "yimen.tasks"
QUEUES = {"rounds": ROUNDS, "tasks": TASKS}
EVERY_SECONDS = 2.0
"""How often each worker asks for a round by itself: what a lost message left is found then."""
AT_ONCE = 100
SENT_AGAIN_AFTER = timedelta(seconds=10)
WAIT_FOR_THE_DEAD = 30.0
"""How long the database may take to notice that the former worker of a task died."""
CONNECT_SECONDS = 3


@cache
def app() -> Celery:
    """The Celery application of this installation."""
    queue: Any = Queue  # the library has no types
    made = Celery("yimen", broker=settings.BROKER, set_as_current=False)
    made.conf.update(
        task_queues=[
            queue(ROUNDS, durable=True, queue_arguments={"x-queue-type": "quorum", "x-max-length": 10}),
            queue(TASKS, durable=True, queue_arguments={"x-queue-type": "quorum", "x-delivery-limit": 20}),
        ],
        task_default_queue=TASKS,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        broker_connection_timeout=CONNECT_SECONDS,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={"confirm_publish": True},
        worker_consumer=f"{__name__}:PlainConsumer",
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        # the lock tells whether a task that comes again is still being carried out
        task_acks_late=False,
        task_reject_on_worker_lost=True,
    )
    made.task(name=ROUNDS)(make_a_round)
    made.task(name=TASKS, bind=True, acks_late=True, reject_on_worker_lost=True)(_bring)
    made.steps["worker"].add(Rounds)
    return made


class PlainConsumer(Consumer):  # type: ignore[misc]
    """Without the 28 queues that Celery would declare for messages of a later hour: what is later stands in the database."""

    class Blueprint(Consumer.Blueprint):  # type: ignore[misc]
        default_steps = [step for step in Consumer.Blueprint.default_steps if "delayed" not in str(step)]


class Rounds(bootsteps.StartStopStep):  # type: ignore[misc]
    """Each worker asks for rounds; the rows in the database see to it that nothing is done twice."""

    requires = {"celery.worker.components:Timer"}

    def start(self, worker: Any) -> None:
        self.ticking = worker.timer.call_repeatedly(EVERY_SECONDS, wake_for_round)

    def stop(self, worker: Any) -> None:
        self.ticking.cancel()


def send(message: str) -> None:
    """Publish one message and wait for the broker's confirmation.

    Raises:
        KombuError, OSError: the broker is away.
    """
    queue, more = (ROUNDS, {"expires": 60}) if message == ROUND else (TASKS, {"args": [message]})
    once_more = {"max_retries": 1, "interval_start": 0, "interval_step": 0}
    app().send_task(queue, queue=queue, retry=True, retry_policy=once_more, **more)


def can_connect() -> bool:
    """Does the broker take a connection now?"""
    connect: Any = Connection
    try:
        with connect(settings.BROKER, connect_timeout=1) as connection:
            connection.connect()
    except (KombuError, OSError):
        return False
    return True


def make_a_round() -> None:
    """Make what is due: deliveries, duties; and have lost messages sent again."""
    while deliver_due(now(), AT_ONCE) == AT_ONCE:
        pass
    run_due_duties(now())
    send_lost(now())


def send_lost(at: datetime) -> int:
    """Send messages for tasks that wait although the queue is empty: the broker was away, or lost them. How many."""
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, enqueued_at__lt=at - SENT_AGAIN_AFTER)
    lost = [str(row) for row in ready.order_by("enqueued_at").values_list("id", flat=True)[:AT_ONCE]]
    if not lost or _waiting_at_the_broker():
        return 0
    for task_id in lost:
        wake_for_task(task_id)
    return len(lost)


def _waiting_at_the_broker() -> int:
    with app().connection_for_read() as connection:
        found: int = connection.default_channel.queue_declare(TASKS, passive=True).message_count
    return found


def _bring(request: Any, task_id: str) -> None:
    came_again = bool(request.request.delivery_info.get("redelivered"))
    carry_out(task_id, request.request.hostname, WAIT_FOR_THE_DEAD if came_again else 0.0)


def carry_out(task_id: str, worker_id: str, wait: float) -> bool:
    """Carry one task out, unless somebody living is at it or it is done.

    Args:
        task_id: its row.
        worker_id: who carries it out.
        wait: how long to wait for the lock of a worker that has just died.

    Returns:
        Whether it was carried out here; how it ended stands in the row.
    """
    with held(f"task {task_id}", wait) as mine:
        if not mine:
            log.info("task is being carried out elsewhere", task=task_id)
            return False
        open_ones = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
        row = DBTaskResult.objects.filter(pk=task_id, status__in=open_ones).first()
        if row is None:
            return False
        row.claim(worker_id)
        _hand(worker_id).run_task(row)
        return True


def _hand(worker_id: str) -> TaskWorker:
    return TaskWorker(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False,
        max_tasks=1, worker_id=worker_id, excluded_queue_names=[],
    )  # fmt: skip


def run_worker(name: str, processes: int, queues: list[str]) -> None:
    """A Celery worker, until SIGTERM (finishes what it has begun) or SIGINT.

    Args:
        name: unique among the workers.
        processes: how many tasks at once, each in a process of its own.
        queues: of ``QUEUES``; a worker may leave the long tasks to others.
    """
    # said at every lost connection; which way is taken is set above
    warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)
    worker = app().Worker(
        hostname=name, pool="prefork", concurrency=processes, optimization="fair", loglevel="WARNING",
        queues=",".join(QUEUES[queue] for queue in queues), quiet=True,
        without_mingle=True, without_gossip=True, without_heartbeat=True,
    )  # fmt: skip
    worker.start()

"""Tells the workers of other processes, through the broker, that there is work; never holds anybody up.

What there is to do stands in the database (``Delivery``, the tasks' own table). A message only wakes a worker, so it may get
lost: a thread of the process sends it and waits for the broker's confirmation, the request that caused it does not; what is not
confirmed is found by the rounds of the workers (``distributed``).
"""

import os
import threading
import time
from queue import Empty, Full, Queue

import structlog
from django.conf import settings

log = structlog.get_logger()
ROUND = ""
"""The message that asks for a round; any other is the id of a task."""
MOST_WAITING = 10_000
PAUSE_AFTER_FAILURE = 2.0


class Publisher:
    """One thread of this process that sends; it begins with the first message, and anew after a fork."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._waiting: Queue[str] = Queue(MOST_WAITING)
        self._thread: threading.Thread | None = None

    def put(self, message: str) -> None:
        """Have a message sent soon; when too many wait already, it is left to the rounds."""
        if self._thread is None or self._process != os.getpid():
            with self._lock:
                self._start()
        try:
            self._waiting.put_nowait(message)
        except Full:
            log.warning("broker: too many messages wait")

    def _start(self) -> None:
        if self._process != os.getpid():
            self._begin()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="waking", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            batch = {self._waiting.get()}
            try:
                while len(batch) < 200:
                    batch.add(self._waiting.get_nowait())
            except Empty:
                pass
            self._send(batch)

    def _send(self, batch: set[str]) -> None:
        # read when first needed, and not by the request: importing the client takes longer than a page
        from yimen.foundation.outbox.distributed import send  # noqa: PLC0415

        try:
            for message in batch:
                send(message)
        except Exception as error:
            log.warning("broker away", error=type(error).__name__)
            time.sleep(PAUSE_AFTER_FAILURE)


_publisher = Publisher()


def wake_for_round() -> None:
    """A delivery was committed: some worker may make it now."""
    _publisher.put(ROUND)


def wake_for_task(task_id: str) -> None:
    """A task was committed: some worker may carry it out now."""
    _publisher.put(task_id)


def is_distributed() -> bool:
    """Is background work handed out by a broker (``YIMEN_BROKER``)?"""
    return bool(settings.BROKER)


def broker_answers() -> bool:
    """Does the broker take a connection? True where there is none to ask."""
    if not is_distributed():
        return True
    from yimen.foundation.outbox.distributed import can_connect  # noqa: PLC0415

    return can_connect()

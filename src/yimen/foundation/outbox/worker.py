"""The worker: delivers, runs queued tasks and repeated duties until told to stop.

By default it is a thread of the server's own process; ``yimen worker`` runs more of them anywhere.
"""

import threading

import structlog
from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from yimen.foundation.outbox.services import deliver_due, run_due_duties, tell_clock
from yimen.foundation.outbox.ticking import Ticking
from yimen.kernel.clock import now
from yimen.kernel.outages import outage_of

log = structlog.get_logger()
PAUSE_SECONDS = 0.5


def run_once(worker_id: str = "worker", *, duties: bool = True) -> int:
    """One round: deliveries, duties, then the tasks that are ready. Returns how many deliveries were tried.

    Args:
        duties: run what is due by the clock; not while the clock cannot be believed.
    """
    tried = deliver_due(now())
    if duties:
        run_due_duties(now())
    TaskWorker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=50,
        worker_id=worker_id,
        excluded_queue_names=[],
    ).run()
    return tried


def run_until(stop: threading.Event, worker_id: str = "worker") -> None:
    """Rounds until ``stop`` is set; a failing round is logged and the next one comes after a longer pause."""
    pause, ticking = PAUSE_SECONDS, Ticking()
    while not stop.is_set():
        try:
            _watch(ticking)
            busy = run_once(worker_id, duties=not ticking.holds)
            pause = 0 if busy else PAUSE_SECONDS
        except Exception as error:
            if outage := outage_of(error):
                log.warning("worker waits", outage=outage.value, error=str(error)[:200])
            else:
                log.exception("worker round failed")
            pause = min(max(pause, PAUSE_SECONDS) * 2, 30)
        finally:
            close_old_connections()
        stop.wait(pause)


def _watch(ticking: Ticking) -> None:
    """Say it when the clock leaps; a leap of more than a day ahead stops what time alone does, until it is put right
    or, when the new time is the right one, the worker is started again."""
    leapt = ticking.look()
    if leapt is None:
        return
    log.error("the system clock leapt", by=str(leapt), duties="held back" if ticking.holds else "go on")
    tell_clock(ticking.leapt, held=ticking.holds)


def start(worker_id: str = "worker") -> tuple[threading.Thread, threading.Event]:
    """Start the worker as a thread of this process; set the event to stop it."""
    stop = threading.Event()
    thread = threading.Thread(target=run_until, args=(stop, worker_id), name=worker_id, daemon=True)
    thread.start()
    return thread, stop

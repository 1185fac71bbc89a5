"""The door of the outbox."""

from yimen.foundation.outbox.queries import given_up, schedules, waiting
from yimen.foundation.outbox.services import deliver_due, repeat, run_due_duties, try_again
from yimen.foundation.outbox.waking import broker_answers, is_distributed
from yimen.foundation.outbox.worker import run_once, run_until, start

__all__ = [
    "broker_answers", "deliver_due", "given_up", "is_distributed", "repeat", "run_due_duties", "run_once", "run_until", "schedules", "start", "try_again",
    "waiting",
]  # fmt: skip

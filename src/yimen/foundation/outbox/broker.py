"""The engine of background tasks when there is a broker: the row is the truth, the message brings it to a worker."""

from functools import partial
from typing import Any

from django.db import transaction
from django_tasks_db.backend import DatabaseBackend, TaskResult

from yimen.foundation.outbox.waking import wake_for_task


class BrokerBackend(DatabaseBackend):
    """Keeps a task in the database, in the caller's transaction, and wakes a worker once it is committed."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> "TaskResult[Any, Any]":
        result: TaskResult[Any, Any] = super().enqueue(task, args, kwargs)
        transaction.on_commit(partial(wake_for_task, str(result.id)))
        return result

"""Is the platform alive, is it ready: for load balancers and operators."""

import os
import tempfile
import time
from collections.abc import Callable

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from yimen.foundation.files.api import files_answer
from yimen.foundation.outbox.api import broker_answers
from yimen.kernel.access import PUBLIC, access
from yimen.site.replica import replica_is_well

ASKED_AGAIN_AFTER = 5.0


@access(PUBLIC)
def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@access(PUBLIC)
def ready(request: HttpRequest) -> JsonResponse:
    """The store answers, its tables are this version's, files can be written; 503 names the part that fails.

    A part that all machines share and without which acts still succeed is named as ``degraded``: taking every machine out
    of the row because of it would make a small failure a whole one.
    """
    failing = [name for name, check in CHECKS.items() if not check()]
    degraded = [name for name, check in SHARED.items() if not _remembered(name, check)]
    status = "failing" if failing else "degraded" if degraded else "ok"
    told = {"status": status, "failing": failing, "degraded": degraded}
    return JsonResponse(told, status=503 if failing else 200)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _tables() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return False


def _files() -> bool:
    """Really written: the right to write says nothing of a full disk."""
    try:
        with tempfile.TemporaryFile(dir=settings.DATA) as probe:
            probe.write(PROBE)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError:
        return False
    return True


_told: dict[str, tuple[float, bool]] = {}


def _remembered(name: str, check: Callable[[], bool]) -> bool:
    """A part of another machine is asked every few seconds at most, however many ask us."""
    at, well = _told.get(name, (-ASKED_AGAIN_AFTER, True))
    if time.monotonic() - at >= ASKED_AGAIN_AFTER:
        well = check()
        _told[name] = (time.monotonic(), well)
    return well


SHARED = {"broker": broker_answers, "file store": files_answer, "replica": replica_is_well}
PROBE = b"\0" * 65_536
CHECKS = {"database": _database, "tables": _tables, "files": _files}

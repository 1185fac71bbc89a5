"""Is the platform alive, is it ready: for load balancers and operators."""

import os
import tempfile

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from yimen.kernel.access import PUBLIC, access


@access(PUBLIC)
def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@access(PUBLIC)
def ready(request: HttpRequest) -> JsonResponse:
    """The store answers, its tables are this version's, files can be written; 503 names the part that fails."""
    failing = [name for name, check in CHECKS.items() if not check()]
    status = 503 if failing else 200
    return JsonResponse({"status": "failing" if failing else "ok", "failing": failing}, status=status)


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


PROBE = b"\0" * 65_536
CHECKS = {"database": _database, "tables": _tables, "files": _files}

"""Is the platform alive, is it ready: for load balancers and operators."""

import os

from django.conf import settings
from django.db import DatabaseError, connection
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
    except DatabaseError:
        return False
    return True


def _tables() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _files() -> bool:
    return os.access(settings.DATA, os.W_OK)


CHECKS = {"database": _database, "tables": _tables, "files": _files}

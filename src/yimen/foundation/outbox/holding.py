"""Only one process carries out a task, and when it dies nobody does: a lock that dies with whoever holds it.

A broker brings a task again when its connection to the worker breaks, whether the worker died or not. Only the lock tells the
two apart. On PostgreSQL it belongs to the database session, on SQLite (one machine) to the process.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

BETWEEN_TRIES = 0.2
KEEPALIVE = "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4"
"""A machine that loses power says nothing: the database notices after 40 seconds and lets its locks go."""


@contextmanager
def held(name: str, wait: float = 0.0) -> Iterator[bool]:
    """Hold the lock of this name inside the block.

    Args:
        name: what is held.
        wait: how many seconds to go on trying.

    Yields:
        Whether it is ours; when not, some living process holds it.
    """
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 2
    hold = _in_the_database if connection.vendor == "postgresql" else _on_this_machine
    with hold(number, wait) as mine:
        yield mine


@contextmanager
def _in_the_database(number: int, wait: float) -> Iterator[bool]:
    def take() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
            [(got,)] = cursor.fetchall()
        return bool(got)

    with connection.cursor() as cursor:
        cursor.execute(KEEPALIVE)
    session = connection.connection
    mine = _try(take, wait)
    try:
        yield mine
    finally:
        # a session that broke meanwhile has let go by itself
        if mine and connection.connection is session:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


@contextmanager
def _on_this_machine(number: int, wait: float) -> Iterator[bool]:
    """One byte of one file: the system lets it go with the process."""
    handle = os.open(settings.DATA / "held", os.O_RDWR | os.O_CREAT, 0o600)

    def take() -> bool:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except (BlockingIOError, PermissionError):
            return False
        return True

    try:
        yield _try(take, wait)
    finally:
        os.close(handle)


def _try(take: Callable[[], bool], wait: float) -> bool:
    ends = time.monotonic() + wait
    while not (got := take()) and time.monotonic() < ends:
        time.sleep(BETWEEN_TRIES)
    return got

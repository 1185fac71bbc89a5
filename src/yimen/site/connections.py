"""Kept connections to PostgreSQL that died meanwhile are noticed before a request meets them.

A server that went away has closed its end: the socket can be read although nobody asked. Looking costs no statement, so
that each request looks; only a connection that seems dead is asked.
"""

import select
from typing import Any

from django.core.signals import request_started
from django.db import connections

SEEN = "yimen.site.connections"


def drop_dead(**_: Any) -> None:
    """Close kept connections whose server has gone; the next statement opens a new one."""
    for connection in connections.all(initialized_only=True):
        raw = connection.connection
        if raw is None or connection.vendor != "postgresql" or connection.in_atomic_block:
            continue
        if raw.closed or _has_spoken(raw.fileno()):
            connection.errors_occurred = True
            connection.close_if_unusable_or_obsolete()


def _has_spoken(number: int) -> bool:
    waiting = select.poll()
    waiting.register(number, select.POLLIN)
    return bool(waiting.poll(0))


def watch() -> None:
    """Look at the beginning of every request."""
    request_started.connect(drop_dead, dispatch_uid=SEEN)

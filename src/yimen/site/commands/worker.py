"""``yimen worker``: one more background worker on this store, until Ctrl-C; with ``YIMEN_BROKER`` a Celery worker."""

import argparse
import os
import signal
import socket
import threading
from collections.abc import Sequence

from yimen.site import store

KINDS = ("rounds", "tasks")


def run(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    store.open_store()
    from yimen.foundation.outbox import api as outbox

    name = f"{socket.gethostname()}-{os.getpid()}"
    if outbox.is_distributed():
        from yimen.foundation.outbox.distributed import run_worker

        run_worker(name, options.processes, options.only or list(KINDS))
        return 0
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    outbox.run_until(stop, name)
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="yimen worker", description="Background work of this store, until Ctrl-C."
    )
    parser.add_argument(
        "--processes", type=int, default=2, help="with YIMEN_BROKER: how much at once (default 2)"
    )
    parser.add_argument(
        "--only",
        choices=KINDS,
        action="append",
        help="with YIMEN_BROKER: rounds (deliveries and repeated duties) or tasks (imports, checks, experiments)",
    )
    return parser.parse_args(arguments)

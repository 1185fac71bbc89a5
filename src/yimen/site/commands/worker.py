"""``yimen worker``: one more background worker on this store, until Ctrl-C."""

import os
import signal
import socket
import threading
from collections.abc import Sequence

from yimen.site import store


def run(arguments: Sequence[str]) -> int:
    store.open_store()
    from yimen.foundation.outbox.api import run_until

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run_until(stop, f"{socket.gethostname()}-{os.getpid()}")
    return 0

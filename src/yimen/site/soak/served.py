"""The product's own server and workers, called over HTTP by many at once, and killed one after the other."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from yimen.site.soak.database import Server
from yimen.site.soak.doors import Outside
from yimen.site.soak.notes import UNKNOWN, Notes
from yimen.site.soak.visits import Crowd, Visitor

CALLERS = 6
WORKERS = 2
PAUSES = (0.1, 1.5)
"""Seconds between two kills."""
SERVED_BETWEEN = 0.8
"""The share of kills after which the next one waits until somebody is served again."""
STARTING = 240
COMMAND = [sys.executable, "-m", "yimen.site.cli"]


class Product:
    """``yimen up --no-jobs`` and some ``yimen worker``, each in a process group of its own."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._web: subprocess.Popen[bytes] | None = None
        self._workers: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self._start_web()
        self._workers = [self._popen("worker") for _ in range(WORKERS)]
        self.await_web()

    def await_web(self) -> None:
        """Until the server answers; one that ended by itself is started again, as a service manager would."""
        for _ in range(STARTING * 4):
            if self._web is None or self._web.poll() is not None:
                self._start_web()
            with suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/live", timeout=5).close()
                return
            time.sleep(0.25)
        raise SystemExit("the server did not start again")

    def kill_web_process(self, chance: Random) -> bool:
        """One serving process, not the one above it, which has to replace it by itself."""
        if self._web is None:
            return False
        children = Path(f"/proc/{self._web.pid}/task/{self._web.pid}/children")
        with suppress(OSError):
            serving = [int(pid) for pid in children.read_text(encoding="utf-8").split()]
            if serving:
                os.kill(chance.choice(serving), signal.SIGKILL)
                return True
        return False

    def kill_web(self) -> None:
        """The whole server, all its processes at the same moment."""
        if self._web is not None:
            _kill_group(self._web)
            self._start_web()

    def kill_worker(self, chance: Random) -> None:
        place = chance.randrange(len(self._workers))
        _kill_group(self._workers[place])
        self._workers[place] = self._popen("worker")

    def stop(self) -> None:
        for process in (*self._workers, *([self._web] if self._web else [])):
            _kill_group(process)

    def _start_web(self) -> None:
        if self._web is not None:
            _kill_group(self._web)
        self._web = self._popen("up", "--no-jobs", "--empty", "--workers", "2", "--port", str(self.port))

    def _popen(self, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*COMMAND, *arguments], start_new_session=True, env=os.environ,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def _callers(port: int, seed: int, crowd: Crowd, notes: Notes) -> Iterator[None]:
    stop = threading.Event()
    threads = [
        threading.Thread(target=_call, args=(stop, port, f"h{seed}.{n}", Random(seed + n), crowd, notes))
        for n in range(CALLERS)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _call(stop: threading.Event, port: int, name: str, chance: Random, crowd: Crowd, notes: Notes) -> None:
    visitor = Visitor(
        Outside(port), crowd, name, chance, list(notes.cases[-200:]), notes.begin, notes.answered
    )
    while not stop.is_set():
        sent = visitor.step()
        if sent is None:
            stop.wait(0.02)
        while sent is not None and notes.sent[sent.key].status == UNKNOWN and not stop.is_set():
            stop.wait(0.2)
            visitor.send(sent)


def kill_served(
    kills: int,
    seed: int,
    crowd: Crowd,
    notes: Notes,
    progress: Callable[[int], None],
    database: Server | None = None,
    database_kills: int = 0,
) -> None:
    """Kill serving processes, the whole server, workers, and the database, while callers go on.

    Args:
        kills: of web and worker processes.
        database: the server to kill, and how often.
    """
    chance, product = Random(seed), Product()
    product.start()
    plan = ["worker"] * kills + ["database"] * database_kills
    for place in range(kills):
        plan[place] = chance.choice(("web process", "web process", "web", "worker"))
    chance.shuffle(plan)
    try:
        with _callers(product.port, seed, crowd, notes):
            for done, what in enumerate(plan, 1):
                time.sleep(chance.uniform(*PAUSES))
                _kill(what, product, chance, database)
                notes.kills[what] += 1
                progress(done)
                if chance.random() < SERVED_BETWEEN:
                    product.await_web()
            product.await_web()
            time.sleep(PAUSES[1])
    finally:
        product.stop()


def _kill(what: str, product: Product, chance: Random, database: Server | None) -> None:
    if what == "database" and database is not None:
        database.kill()
        time.sleep(chance.uniform(0, 2))
        database.start()
    elif what == "worker":
        product.kill_worker(chance)
    elif what == "web" or not product.kill_web_process(chance):
        product.kill_web()

"""REST as its callers meet it: real HTTP over loopback to the product's own server, and the statements behind each call."""

import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yimen.kernel.clock import now
from yimen.modules.cases.models import Case
from yimen.site.bench.calls import ITEM, Call, Calls
from yimen.site.bench.fill import fill

Figures = list[dict[str, Any]]
CEREMONY = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
MOST_PER_SECOND = 1500
"""Writes prepared beforehand for each second of a run."""


def bench(stored: int, seconds: float, rounds: int, workers: int) -> Figures:
    """Submit, accept, read and list with ``stored`` cases in the store.

    Args:
        stored: cases already there.
        seconds: length of one run.
        rounds: runs of each kind; the median run by throughput is told, with the slowest and fastest beside it.
        workers: server processes.
    """
    at = now()
    calls = Calls(at)
    figures = _statements(calls)
    fill(stored, at, ITEM)
    connections.close_all()
    with _server(workers) as port:
        _warm(calls, port)
        for name, concurrency, prepare, again in _kinds(calls, seconds):
            runs = [_drive(port, concurrency, seconds, prepare(), again) for _ in range(rounds)]
            figures.append({"figure": name, "concurrency": concurrency, **_median(runs)})
    return figures


def _kinds(calls: Calls, seconds: float) -> list[tuple[str, int, Callable[[], list[Call]], bool]]:
    def submit(concurrency: int) -> Callable[[], list[Call]]:
        return lambda: calls.submissions(int(seconds * MOST_PER_SECOND * min(1, concurrency / 3)))

    def accept() -> list[Call]:
        return calls.acceptances(_numbers("submitted", int(seconds * MOST_PER_SECOND)))

    def read() -> list[Call]:
        return calls.readings(_numbers("accepted", 1000))

    return [
        ("submit", 1, submit(1), False),
        ("submit", 8, submit(8), False),
        ("accept", 1, accept, False),
        ("accept", 8, accept, False),
        ("read", 8, read, True),
        ("list 20", 8, calls.lists, True),
    ]


def _numbers(state: str, most: int) -> list[str]:
    """Cases of the measured item in a state, oldest first."""
    rows = Case.objects.filter(item__slug=ITEM, state=state).order_by("id")
    return list(rows.values_list("number", flat=True)[:most])


def _statements(calls: Calls) -> Figures:
    """SQL statements of one call of each kind, in this process, everything that a process remembers being warm."""
    client = Client(HTTP_HOST="127.0.0.1")
    found: Figures = []
    kinds: list[tuple[str, Callable[[], list[Any]]]] = [
        ("submit", lambda: calls.submissions(1)),
        ("accept", lambda: calls.acceptances(_numbers("submitted", 1))),
        ("read", lambda: calls.readings(_numbers("accepted", 1))),
        ("list 20", calls.lists),
    ]
    for name, prepare in kinds:
        for _ in range(3):
            [call] = prepare()
            with CaptureQueriesContext(connection) as captured:
                _ask(client, call)
        told = [q["sql"] for q in captured.captured_queries]
        real = [text for text in told if not text.startswith(CEREMONY)]
        found.append(
            {
                "figure": f"{name}: statements",
                "statements": len(real),
                "with_transaction": len(told),
                "sql": real,
            }
        )
    return found


def _ask(client: Client, call: Call) -> None:
    headers = {"Authorization": f"Bearer {call.token}"}
    response = client.generic(call.method, call.path, call.body, "application/json", headers=headers)
    if response.status_code >= 400:
        raise SystemExit(
            f"{call.method} {call.path}: {response.status_code} {response.content.decode()[:500]}"
        )


@contextmanager
def _server(workers: int) -> Iterator[int]:
    """The product's own web server on a free port, without its background worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "yimen.site.cli", "up", "--no-jobs", "--port", str(port)]
    command += ["--workers", str(workers)] if workers else []
    server = subprocess.Popen(command, env=os.environ, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _await(port: int) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
        else:
            return
    raise SystemExit("the server did not start")


def _warm(calls: Calls, port: int) -> None:
    for prepared in (calls.submissions(200), calls.lists() * 50):
        _drive(port, 8, 5, prepared, again=False)
    _drive(port, 8, 5, calls.acceptances(_numbers("submitted", 100)), again=False)
    _drive(port, 8, 1, calls.readings(_numbers("accepted", 100)), again=True)


def _drive(port: int, concurrency: int, seconds: float, calls: list[Call], again: bool) -> dict[str, Any]:
    if not calls:
        raise SystemExit("too few cases for these runs: ask for more --cases or fewer --seconds")
    plan = {
        "port": port,
        "concurrency": concurrency,
        "seconds": seconds,
        "requests": [call.text() for call in calls],
        "again": again,
    }
    connections.close_all()
    ran = subprocess.run(
        [sys.executable, "-m", "yimen.site.bench.load"],
        input=json.dumps(plan), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ran.returncode:
        raise SystemExit(f"load client: {ran.stderr.strip()}")
    result: dict[str, Any] = json.loads(ran.stdout)
    return result


def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The run in the middle by throughput, and how far the others lay apart."""
    ordered = sorted(runs, key=lambda run: run["per_second"])
    middle = dict(ordered[len(ordered) // 2])
    errors = sum(number for run in runs for status, number in run["statuses"].items() if int(status) >= 400)
    return {
        **middle,
        "slowest": ordered[0]["per_second"],
        "fastest": ordered[-1]["per_second"],
        "p95_median_ms": round(statistics.median(run["p95_ms"] for run in runs), 2),
        "errors": errors,
    }

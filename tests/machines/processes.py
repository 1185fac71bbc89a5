"""Processes of the product on a database of their own, and what they may know of this one."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import requests
from django.db import connection, connections
from psycopg import sql

from tools.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
MASTER_KEY = "5e" * 32


def environment(data: Path, **more: str) -> dict[str, str]:
    """What a process of the product is given: its own data folder and settings, and nothing of ours."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("YIMEN_")}
    data.mkdir(exist_ok=True)
    return {
        **kept, "DJANGO_SETTINGS_MODULE": "yimen.site.settings", "YIMEN_DATA": str(data), "YIMEN_MASTER_KEY": MASTER_KEY,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", **more,
    }  # fmt: skip


def script(text: str, given: dict[str, str], *arguments: str) -> str:
    """Run a script in a process of its own; what it printed last."""
    ran = subprocess.run(
        [sys.executable, "-c", text, *arguments], env=given, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    return (ran.stdout.splitlines() or [""])[-1]


def eventually(true: Callable[[], object], seconds: float = 60) -> bool:
    """Does it come true within a time that only a broken machine exceeds?"""
    ends = time.monotonic() + seconds
    while not (came := true()) and time.monotonic() < ends:
        time.sleep(0.05)
    return bool(came)


@contextmanager
def running(command: list[str], given: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process with all its children, killed at the end."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *command], env=given, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """SIGKILL to a process and its children, as when its machine loses power."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)


@contextmanager
def copy_of_the_test_database(address: str) -> Iterator[str]:
    """A database of our own with all the tables, copied from that of the tests, which nobody may use meanwhile."""
    name = f"yimen_machines_{secrets.token_hex(4)}"
    tested = str(connection.settings_dict["NAME"])
    connections.close_all()
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(tested))
        )
        try:
            yield urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
        finally:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def rows(address: str, statement: str, *values: object) -> list[tuple[object, ...]]:
    """Ask a database directly."""
    with psycopg.connect(address, autocommit=True) as server:
        return server.execute(statement, values).fetchall()  # type: ignore[arg-type]


@contextmanager
def web_servers(given: list[dict[str, str]], log: Path) -> Iterator[list[str]]:
    """Web servers of the product without background work, one for each environment; yields their addresses when all are ready."""
    ports = [free_port() for _ in given]
    with ExitStack() as stack:
        for port, of in zip(ports, given, strict=True):
            stack.enter_context(running(serving(port), of, log))
        addresses = [f"http://127.0.0.1:{port}" for port in ports]
        for address in addresses:
            assert eventually(lambda address=address: is_ready(address)), log.read_text("utf-8")[-3000:]
        yield addresses


def serving(port: int) -> list[str]:
    """The command of one web server."""
    return ["-m", "yimen.site.cli", "up", "--empty", "--no-jobs", "--workers", "1", "--port", str(port)]


def is_ready(address: str) -> bool:
    try:
        return requests.get(f"{address}/health/ready", timeout=5).ok
    except requests.ConnectionError:
        return False

"""A RabbitMQ server of the tests' own: on loopback, in a temporary folder, gone afterwards; needs neither systemd nor an account.

It can be stopped and started again, as a broker in life is; its name, ports, cookie and folder are its own, so that it touches no
other RabbitMQ of the machine.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from tools.postgres import free_port

PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""The server itself; the one in PATH first becomes another user and writes to the system's folders."""
START_SECONDS = 60


def is_installed() -> bool:
    return PROGRAM.exists()


class Broker:
    """One server; ``address`` is what ``YIMEN_BROKER`` wants."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port, self._distribution, self._names = free_port(), free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._name_server: subprocess.Popen[bytes] | None = None
        (folder / "plugins").write_text("[].\n", encoding="utf-8")
        (folder / "rabbitmq.conf").write_text("vm_memory_high_watermark.absolute = 256MB\n", encoding="utf-8")

    @property
    def address(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self._port}/"

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("RABBITMQ_", "ERL_"))}
        return {
            **kept,
            "HOME": str(self._folder),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._names),
            "RABBITMQ_NODENAME": f"yimen{self._port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(self._distribution),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_PID_FILE": str(self._folder / "pid"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(self._folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none",
        }

    def start(self) -> None:
        """Start and wait until it speaks AMQP; what lay in durable queues is there again."""
        with (self._folder / "output").open("ab") as output:
            if self._name_server is None:  # or Erlang would start one that stays
                self._name_server = self._run(["epmd"], output)
            self._process = self._run([str(PROGRAM)], output)
        for _ in range(START_SECONDS * 20):
            if self._speaks():
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"RabbitMQ did not start: {(self._folder / 'output').read_text()[-2000:]}")

    def _run(self, command: list[str], output: IO[bytes]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command, cwd=self._folder, env=self._environment(), stdout=output, stderr=output, start_new_session=True
        )  # fmt: skip

    def _speaks(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1) as line:
            line.sendall(b"AMQP\x00\x00\x09\x01")
            return bool(line.recv(8))
        return False

    def stop(self) -> None:
        """Stop as a machine that loses power does."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(30)
            self._process = None

    def close(self) -> None:
        """Stop, and with it Erlang's name server."""
        self.stop()
        if self._name_server is not None:
            self._name_server.kill()
            self._name_server.wait(30)


@contextmanager
def prepared() -> Iterator[Broker]:
    """A broker with an address that is not started yet; stopped and removed at the end."""
    if not is_installed():
        raise RuntimeError("RabbitMQ is not installed")
    folder = Path(tempfile.mkdtemp(prefix="yimen-mq-"))
    broker = Broker(folder)
    try:
        yield broker
    finally:
        broker.close()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server() -> Iterator[Broker]:
    """Start a broker and yield it."""
    with prepared() as broker:
        broker.start()
        yield broker

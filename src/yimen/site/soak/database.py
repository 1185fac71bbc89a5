"""A PostgreSQL server of the run's own, with nothing of its durability switched off, that may be killed and started again."""

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

from yimen.site.pg import program

STARTS = 20


class Server:
    """One server in a temporary folder."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port
        self._as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self.address = f"postgresql://yimen@127.0.0.1:{port}/postgres"

    def make(self) -> None:
        """Make the cluster; PostgreSQL refuses to run as root, so root lends it to the account ``postgres``."""
        if self._as_postgres:
            shutil.chown(self._folder, "postgres", "postgres")
        self._run("initdb", "-D", str(self._data), "-U", "yimen", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip

    def start(self) -> None:
        """Start it; after a kill it recovers by itself from its log."""
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c max_connections=60"
        for tried in range(STARTS):
            try:
                self._run(
                    "pg_ctl", "-D", str(self._data), "-o", options, "-l", str(self._folder / "log"), "-w", "start"
                )  # fmt: skip
            except subprocess.CalledProcessError:
                if tried + 1 == STARTS:
                    raise
                time.sleep(0.2)  # what was killed may hold its memory a moment longer
            else:
                return

    def kill(self) -> None:
        """SIGKILL to the server and every process of it, wherever they are."""
        with suppress(FileNotFoundError):
            pid = int((self._data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
            for one in (pid, *map(int, children)):
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)

    def stop(self) -> None:
        with suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop")

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _run(self, name: str, *arguments: str) -> None:
        command = [*self._as_postgres, program(name), *arguments]
        subprocess.run(
            command, check=True, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


@contextmanager
def own_server() -> Iterator[Server]:
    """A running server; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="yimen-pg-", ignore_cleanup_errors=True) as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = Server(Path(folder), port)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()

"""A PostgreSQL server of the tests' own: made in a temporary folder, gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=128MB",
    "max_connections=60",
)


def programs() -> Path | None:
    """Debian keeps the server's programs out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Start a server and yield its address; ``durable`` keeps fsync on, for measuring."""
    binaries = programs()
    if binaries is None:
        raise RuntimeError("PostgreSQL is not installed")
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="yimen-pg-"))
    if as_postgres:
        shutil.chown(folder, "postgres", "postgres")
    port = free_port()

    def run(program: str, *arguments: str) -> None:
        command = [*as_postgres, str(binaries / program), *arguments]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    run("initdb", "-D", str(folder / "data"), "-U", "yimen", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = " ".join(f"-c {setting}" for setting in (() if durable else SETTINGS))
    serve = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {options}"
    run("pg_ctl", "-D", str(folder / "data"), "-o", serve, "-l", str(folder / "log"), "-w", "start")
    try:
        run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "yimen", "yimen")
        yield f"postgresql://yimen@127.0.0.1:{port}/yimen"
    finally:
        run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


class Replica:
    """A streaming replica of a test server: ``address`` names one database of it; it can be stopped."""

    def __init__(self, of: str) -> None:
        binaries = programs()
        if binaries is None:
            raise RuntimeError("PostgreSQL is not installed")
        self._of, self._binaries = urlsplit(of), binaries
        self._folder = Path(tempfile.mkdtemp(prefix="yimen-replica-"))
        self._as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as_postgres:
            shutil.chown(self._folder, "postgres", "postgres")
        self.port = free_port()

    @property
    def address(self) -> str:
        return urlunsplit(self._of._replace(netloc=f"{self._of.username}@127.0.0.1:{self.port}"))

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            self._command(program, *arguments), check=True, cwd=self._folder, stdout=subprocess.DEVNULL
        )

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [*self._as_postgres, str(self._binaries / program), *arguments]

    def start(self) -> None:
        """Copy the primary as it runs, then follow it."""
        data = str(self._folder / "data")
        self._run(
            "pg_basebackup", "-h", "127.0.0.1", "-p", str(self._of.port), "-U", str(self._of.username),
            "-D", data, "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync",
        )  # fmt: skip
        options = " ".join(f"-c {setting}" for setting in SETTINGS)
        serve = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 {options}"
        self._run("pg_ctl", "-D", data, "-o", serve, "-l", str(self._folder / "log"), "-w", "start")

    def stopping(self) -> list[str]:
        """The command that stops it at once."""
        return self._command("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")

    def close(self) -> None:
        subprocess.run(self.stopping(), cwd=self._folder, check=False, capture_output=True)
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def replica(of: str) -> Iterator[Replica]:
    """A replica of the server of an address, following it; gone afterwards."""
    made = Replica(of)
    try:
        made.start()
        yield made
    finally:
        made.close()

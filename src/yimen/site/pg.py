"""A PostgreSQL database as a whole: dumped, replaced, asked who uses it. By PostgreSQL's own programs."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg

FOLDERS = Path("/usr/lib/postgresql")


class PostgresFailed(Exception):
    """A sentence for the operator."""


@dataclass(frozen=True)
class Postgres:
    """One database by its address; the password goes to the programs by the environment, never on a command line."""

    address: str

    def dump(self, target: Path) -> list[str]:
        """Write a snapshot; returns the migrations applied in that very snapshot."""
        with self._connect() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            [(snapshot,)] = connection.execute("SELECT pg_export_snapshot()").fetchall()
            rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
            target.touch(0o600)
            self._run(
                "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--schema=public",
                f"--snapshot={snapshot}", f"--file={target}",
            )  # fmt: skip
        return [f"{app}.{name}" for app, name in rows]

    def replace(self, dump: Path) -> None:
        """Put a dump in the place of whatever is there, in one transaction."""
        script, clear = dump.with_suffix(".sql"), dump.with_suffix(".clear.sql")
        self._run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump), connect=False)
        clear.write_text("DROP SCHEMA public CASCADE;\n", encoding="utf-8")
        text = script.read_text(encoding="utf-8") if script.stat().st_size < 1 << 16 else ""
        if "CREATE SCHEMA public" not in (text or _head(script)):
            clear.write_text("DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n", encoding="utf-8")
        self._run(
            "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction",
            f"--file={clear}", f"--file={script}",
        )  # fmt: skip

    def is_empty(self) -> bool:
        """No account in it, or no tables at all."""
        with self._connect() as connection:
            named = connection.execute("SELECT to_regclass('public.identity_account')").fetchone()
            if not named or named[0] is None:
                return True
            return connection.execute("SELECT 1 FROM identity_account LIMIT 1").fetchone() is None

    def others(self) -> int:
        """Connections of others to this database."""
        with self._connect() as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            ).fetchone()
        return int(row[0]) if row else 0

    def _connect(self) -> "psycopg.Connection[tuple[Any, ...]]":
        try:
            return psycopg.connect(self.address)
        except psycopg.OperationalError as error:
            raise PostgresFailed(f"The database of YIMEN_DATABASE does not answer: {error}") from error

    def _run(self, name: str, *arguments: str, connect: bool = True) -> None:
        parts = urlsplit(self.address)
        command = [program(name), *arguments]
        if connect:
            command += ["--dbname", parts.path.lstrip("/"), "--no-password"]
        given = {
            "PGHOST": unquote(parts.hostname or ""),
            "PGPORT": str(parts.port or ""),
            "PGUSER": unquote(parts.username or ""),
            "PGPASSWORD": unquote(parts.password or ""),
        }
        environment = {**os.environ, **{key: value for key, value in given.items() if value}}
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise PostgresFailed(f"{name} failed: {ran.stderr.strip()[-600:]}")


def _head(script: Path) -> str:
    with script.open(encoding="utf-8") as file:
        return file.read(1 << 16)


def program(name: str) -> str:
    """The newest of PostgreSQL's programs of this name: Debian keeps them out of PATH."""
    found = sorted(
        FOLDERS.glob(f"*/bin/{name}"), key=lambda path: [int(n) for n in re.findall(r"\d+", path.parts[-3])]
    )
    program = str(found[-1]) if found else shutil.which(name)
    if not program:
        raise PostgresFailed(
            f"{name} is not installed. Install PostgreSQL's client programs (postgresql-client), of the server's version or newer."
        )
    return program

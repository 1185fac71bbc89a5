"""A store that only the measurement uses: a temporary folder, and on PostgreSQL a database of its own.

Nothing here may be called after Django was loaded: the store is named in the environment first.
"""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

OWN = ("YIMEN_DATA", "YIMEN_DATABASE", "YIMEN_DEMO", "YIMEN_MASTER_KEY", "YIMEN_HOSTS", "YIMEN_API_RATE")


@contextmanager
def own_store(*, postgresql: bool, template: str = "template0") -> Iterator[None]:
    """Point the environment at an empty store; everything is removed at the end.

    Args:
        postgresql: make a database on the server of ``YIMEN_DATABASE`` (the account must be allowed to); the
            database named in that address is never written to.
        template: the database that the new one begins as a copy of.
    """
    before = {name: os.environ.get(name) for name in OWN}
    with tempfile.TemporaryDirectory(prefix="yimen-bench-", ignore_cleanup_errors=True) as folder:
        for name in OWN:
            os.environ.pop(name, None)
        os.environ["YIMEN_DATA"], os.environ["YIMEN_DEMO"] = folder, "1"
        os.environ["YIMEN_API_RATE"] = "0"  # what is measured is the platform, not how it paces one caller
        try:
            if postgresql:
                with own_database(before["YIMEN_DATABASE"] or "", template) as address:
                    os.environ["YIMEN_DATABASE"] = address
                    yield
            else:
                yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


@contextmanager
def own_database(address: str, template: str = "template0") -> Iterator[str]:
    """A database of its own on the server of an address; dropped at the end."""
    name = f"yimen_bench_{secrets.token_hex(4)}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    try:
        yield urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
    finally:
        # a connection of its own: the server may have been started anew meanwhile
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

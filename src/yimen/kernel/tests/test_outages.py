"""What is an outage and what is a bug: by real failures of both databases and of the disk."""

import errno
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, ProgrammingError

from yimen.kernel.outages import Outage, outage_of


def raised(work: Callable[[], object]) -> Exception:
    with pytest.raises(Exception) as found:
        work()
    return found.value


def full(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "small")) as store:
        store.execute("PRAGMA max_page_count=2")
        store.execute("CREATE TABLE a (b)")
        store.execute("INSERT INTO a VALUES (randomblob(100000))")


def locked(folder: Path) -> None:
    with (
        closing(sqlite3.connect(folder / "one")) as one,
        closing(sqlite3.connect(folder / "one", timeout=0)) as two,
    ):
        one.execute("BEGIN EXCLUSIVE")
        two.execute("BEGIN IMMEDIATE")


def wrapped(kind: type[Exception], cause: BaseException) -> Exception:
    error = kind(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(("failure", "outage"), [(full, Outage.FULL), (locked, Outage.BUSY)])
def test_sqlite(failure: Callable[[Path], None], outage: Outage, tmp_path: Path) -> None:
    error = raised(lambda: failure(tmp_path))
    assert outage_of(error) is outage
    assert outage_of(wrapped(OperationalError, error)) is outage
    absent = raised(lambda: sqlite3.connect(tmp_path / "no" / "store"))
    assert outage_of(wrapped(OperationalError, absent)) is Outage.DATABASE
    bug = raised(lambda: sqlite3.connect(":memory:").execute("SELECT nothing FROM nowhere"))
    assert outage_of(wrapped(OperationalError, bug)) is None


@pytest.mark.parametrize(
    ("state", "outage"),
    [
        ("57P01", Outage.DATABASE), ("57P03", Outage.DATABASE), ("08006", Outage.DATABASE), ("53100", Outage.FULL),
        ("53300", Outage.BUSY), ("40P01", Outage.BUSY), ("55P03", Outage.BUSY), ("23505", None), ("42P01", None),
    ],
)  # fmt: skip
def test_postgresql(state: str, outage: Outage | None) -> None:
    error = psycopg.errors.lookup(state)("x")
    kind = {"23": IntegrityError, "42": ProgrammingError}.get(state[:2], OperationalError)
    assert outage_of(wrapped(kind, error)) is outage


def test_a_server_that_is_not_there() -> None:
    error = raised(lambda: psycopg.connect("postgresql://nobody@127.0.0.1:1/none"))
    assert outage_of(wrapped(OperationalError, error)) is Outage.DATABASE
    assert outage_of(InterfaceError("connection already closed")) is Outage.DATABASE


def test_disks_and_bugs() -> None:
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS):
        assert outage_of(OSError(number, "x")) is Outage.FULL
    for bug in (
        None,
        FileNotFoundError(errno.ENOENT, "x"),
        ValueError("x"),
        InterfaceError("bad parameter"),
        OperationalError("no such table"),
    ):
        assert outage_of(bug) is None
    inside = RuntimeError("while storing")
    inside.__context__ = OSError(errno.ENOSPC, "x")
    assert outage_of(inside) is Outage.FULL

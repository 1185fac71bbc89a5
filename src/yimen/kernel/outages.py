"""Which failures are not a bug and not the caller's fault: the ground under the platform is away for a while.

The database does not answer or has no room, the disk is full, a lock is held too long. The same request passes later, so it is
told as such (503, try again) and no work is given up because of it.
"""

import errno
import sqlite3
from collections.abc import Iterator
from enum import StrEnum

from django.db import DatabaseError, InterfaceError

from yimen.kernel.errors import Away


class Outage(StrEnum):
    """What is away."""

    DATABASE = "database_away"
    FULL = "no_room"
    BUSY = "busy"


SENTENCES = {
    Outage.DATABASE: "数据库暂时连不上，刚才这一步没有办成。",
    Outage.FULL: "系统的存储暂时写不进去（空间不足或者磁盘故障），刚才这一步没有办成。",
    Outage.BUSY: "现在办理的人太多，刚才这一步没有办成。",
}
AGAIN = "请过一会儿原样再试一次；已经收到回执的申请和已经保存的内容都在，不会丢，也不会重复办理。"
RETRY_SECONDS = 10
"""What a caller is told to wait."""


def refusal_of(outage: Outage) -> Away:
    """The sentence for a person, and the code for a system."""
    return Away(SENTENCES[outage], code=outage.value, would_pass=AGAIN)


FULL_ERRNO = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
AWAY_CLASSES = ("08", "57P")
"""Connection exceptions; shutdown, crash, still starting (PostgreSQL 15, appendix A)."""
FULL_STATES = frozenset({"53000", "53100", "53200", "58030", "25006"})
BUSY_STATES = frozenset({"40001", "40P01", "53300", "53400", "55P03", "57014"})
SQLITE = {
    sqlite3.SQLITE_BUSY: Outage.BUSY,
    sqlite3.SQLITE_LOCKED: Outage.BUSY,
    sqlite3.SQLITE_FULL: Outage.FULL,
    sqlite3.SQLITE_IOERR: Outage.FULL,
    sqlite3.SQLITE_READONLY: Outage.FULL,
    sqlite3.SQLITE_CANTOPEN: Outage.DATABASE,
    sqlite3.SQLITE_NOMEM: Outage.FULL,
}


def outage_of(error: BaseException | None) -> Outage | None:
    """The outage behind an error, looking through what wrapped it; ``None`` for a bug or a refusal."""
    for one in _causes(error):
        found = _of_one(one)
        if found is not None:
            return found
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _of_one(error: BaseException) -> Outage | None:
    if isinstance(error, sqlite3.Error):
        return SQLITE.get((getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF)
    if isinstance(error, OSError):
        return Outage.FULL if error.errno in FULL_ERRNO else None
    if isinstance(error, InterfaceError) and "closed" in str(error):
        return Outage.DATABASE  # the connection closed under our hands
    if isinstance(error, DatabaseError):
        return _of_state(error.__cause__)
    return None


def _of_state(cause: BaseException | None) -> Outage | None:
    """By the state that PostgreSQL gives; a connection that fails has none."""
    state = getattr(cause, "sqlstate", "")
    if state is None:
        return Outage.DATABASE if type(cause).__name__ == "OperationalError" else None
    if state in BUSY_STATES:
        return Outage.BUSY
    if state in FULL_STATES:
        return Outage.FULL
    return Outage.DATABASE if state.startswith(AWAY_CLASSES) else None

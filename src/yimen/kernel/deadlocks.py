"""Two transactions that wait for each other: the database ends one of them, and that one may simply be done again."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection

T = TypeVar("T")
DEADLOCK = "40P01"
TRIES = 3


def again_after_deadlock(work: Callable[[], T]) -> T:
    """Do work that is a whole transaction; do it again when it lost a deadlock (PostgreSQL 15, 13.3.4).

    Raises:
        OperationalError: any other failure, a third deadlock, or one inside somebody else's transaction.
    """
    for left in reversed(range(TRIES)):
        try:
            return work()
        except OperationalError as error:
            lost = getattr(error.__cause__, "sqlstate", None) == DEADLOCK
            if not lost or not left or connection.in_atomic_block:
                raise
    raise AssertionError("unreachable")

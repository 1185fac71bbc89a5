"""Does the system clock go evenly? Compared with the machine's own count of seconds, which nobody can set."""

import time
from collections.abc import Callable
from datetime import timedelta

NOTICED = timedelta(minutes=5)
"""A smaller step is what time servers do."""
HOLDS = timedelta(days=1)
"""A clock that leaps further ahead would let limits pass that have not passed: nothing is done by time alone meanwhile."""


def since_start() -> float:
    """Seconds since the machine began, those it slept included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Ticking:
    """How far the clock has leapt since this process began to watch it.

    Args:
        wall: the system clock, in seconds of the epoch.
        even: seconds that only ever pass one by one.
    """

    def __init__(
        self, wall: Callable[[], float] = time.time, even: Callable[[], float] = since_start
    ) -> None:
        self._wall, self._even = wall, even
        self._between = wall() - even()
        self.leapt = timedelta(0)

    def look(self) -> timedelta | None:
        """Look at the clock; by how much it just leapt (or came back), ``None`` while it goes evenly."""
        leapt = timedelta(seconds=self._wall() - self._even() - self._between)
        if abs(leapt) <= NOTICED:
            leapt = timedelta(0)
        news = leapt - self.leapt
        if abs(news) <= NOTICED:
            return None
        self.leapt = leapt
        return news

    @property
    def holds(self) -> bool:
        """Is the clock so far ahead that nothing may be done because of the time alone?"""
        return self.leapt > HOLDS

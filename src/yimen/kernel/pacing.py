"""How fast one caller may ask: token buckets in the memory of this process, a few microseconds each, no statement.

Each serving process counts for itself: with two processes a caller gets up to twice the rate. That is enough for what
this is for, to keep one caller from taking the whole server; guesses at secrets are counted in the database elsewhere.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

REMEMBERED = 50_000
"""Callers kept at once; the one not seen for longest is forgotten first."""


@dataclass(frozen=True)
class Pace:
    """So many a second, and so many at once after a quiet time."""

    rate: float
    burst: float


class Buckets:
    """The buckets of all callers of one process."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._held: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._remembered = remembered
        self._lock = threading.Lock()

    def take(self, caller: Hashable, pace: Pace, moment: float) -> float:
        """Take one drop for a call.

        Args:
            moment: seconds of a clock that never goes back.

        Returns:
            0 when the call may go on; else the seconds until the next one may.
        """
        with self._lock:
            level, last = self._held.pop(caller, (pace.burst, moment))
            level = min(pace.burst, level + max(0.0, moment - last) * pace.rate)
            passes = level >= 1
            self._held[caller] = (level - 1 if passes else level, moment)
            if len(self._held) > self._remembered:
                self._held.popitem(last=False)
            return 0.0 if passes else (1 - level) / pace.rate

    def forget(self) -> None:
        """Everybody begins anew."""
        with self._lock:
            self._held.clear()

"""Working time as numbers: position 12.25 is a quarter through the thirteenth working day (pure, NumPy)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yimen.foundation.calendar.api import WorkCalendar

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAY, ZONE = 86_400, 8 * 3600
OPENS, HOURS = 9 * 3600, 8 * 3600
EPOCH = 719_163
"""Ordinal of 1970-01-01."""


@dataclass(frozen=True)
class WorkTime:
    """Moments are seconds since 1970 (UTC); days are ordinals of local days in China."""

    calendar: WorkCalendar

    def day_of(self, moments: Ints) -> Ints:
        """The local day a moment lies on."""
        found: Ints = (moments + ZONE) // DAY + EPOCH
        return found

    def opening(self, days: Ints) -> Ints:
        """The first moment of a local day."""
        found: Ints = (days - EPOCH) * DAY - ZONE
        return found

    def closing(self, days: Ints) -> Ints:
        """The last second of a local day."""
        return self.opening(days) + DAY - 1

    def until(self, days: Ints) -> Ints:
        """Working days from the beginning of the calendar through each day."""
        tables = self.calendar.tables
        place = np.clip(days - tables.base + 1, 0, len(tables.until) - 1)
        return tables.until[place].astype(np.int64)

    def nth(self, numbers: Ints) -> Ints:
        """The day that is the n-th working day."""
        nth = self.calendar.tables.nth
        return nth[np.clip(numbers, 1, len(nth) - 1)].astype(np.int64)

    def is_working(self, days: Ints) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.until(days) > self.until(days - 1)
        return found

    def position(self, moments: Ints) -> Floats:
        """When an office can take up what came in at these moments: what comes in outside waits for the next opening."""
        days = self.day_of(moments)
        before = self.until(days - 1)
        second = (moments + ZONE) % DAY
        within = np.clip((second - OPENS) / HOURS, 0.0, 1.0)
        return np.where(self.is_working(days), before + within, before.astype(np.float64))

    def moment(self, positions: Floats) -> Ints:
        """The moment within working hours that a position stands for."""
        whole = np.floor(positions)
        days = self.nth(whole.astype(np.int64) + 1)
        inside = ((positions - whole) * (HOURS - 60)).astype(np.int64)
        found: Ints = self.opening(days) + OPENS + inside
        return found


def texts(moments: Any) -> list[str]:
    """``2026-11-30T01:00:00`` (UTC) of each moment."""
    found: list[str] = np.datetime_as_string(np.asarray(moments).astype("datetime64[s]")).tolist()
    return found


def day_texts(days: Any) -> list[str]:
    """``2026-11-30`` of each local day."""
    found: list[str] = np.datetime_as_string((np.asarray(days) - EPOCH).astype("datetime64[D]")).tolist()
    return found


def mix(values: Ints, salt: int) -> Floats:
    """A number from 0 to 1 that looks random, from a whole number alone (splitmix64)."""
    with np.errstate(over="ignore"):
        z = values.astype(np.uint64) + np.uint64((salt * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) / float(1 << 53)

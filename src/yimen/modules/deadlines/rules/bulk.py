"""Due days of whole sets in NumPy: the same rule as ``compute``, for units of days, months and years."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yimen.foundation.calendar.api import DayTables, WorkCalendar
from yimen.modules.deadlines.rules.values import Unit

Ints = NDArray[np.int64]
Days = NDArray[np.int32]
Flags = NDArray[np.bool_]

EPOCH = 719_163
"""Ordinal of 1970-01-01, day 0 of datetime64[D]."""

LATEST = 3_652_059
"""Ordinal of 9999-12-31, the last day that can be written."""

UNITS = (Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH, Unit.YEAR)
CODES = {unit: code for code, unit in enumerate(UNITS)}


@dataclass(frozen=True, kw_only=True)
class Pauses:
    """Excluded days of a set of limits, one row a pause, in any order, overlapping or not.

    Args:
        row: which limit (index into the set); shape (p,).
        first, last: ordinals of the first and last excluded day; shape (p,).
    """

    row: Days
    first: Days
    last: Days


@dataclass(frozen=True, kw_only=True)
class LimitSet:
    """A set of n limits as arrays.

    Args:
        start: ordinal of the start day; shape (n,).
        amount: units with extensions added, from 0; shape (n,).
        unit: index into ``UNITS``; shape (n,), or one for all.
        same: the start day is day 1; shape (n,), or one for all.
        roll: roll over days off; shape (n,), or one for all.
        pauses: excluded days, if any.
    """

    start: Days
    amount: Days
    unit: NDArray[np.int8] | int = 0
    same: Flags | bool = False
    roll: Flags | bool = False
    pauses: Pauses | None = None


def compute_many(limits: LimitSet, calendar: WorkCalendar) -> Days:
    """Ordinals of the due days; shape (n,).

    0 stands for "no answer": the day lies outside the announced calendar or after 9999. Ask ``compute`` for the sentence.
    """
    n = len(limits.start)
    first = limits.start + ((limits.amount > 0) & ~np.asarray(limits.same))
    units = limits.unit
    if isinstance(units, int):
        return _due_of_unit(units, limits, first, None, calendar)
    due = np.zeros(n, dtype=np.int32)
    counts = np.bincount(units, minlength=len(UNITS))
    for code in np.flatnonzero(counts):
        rows = np.flatnonzero(units == code)
        due[rows] = _due_of_unit(int(code), limits, first, None if len(rows) == n else rows, calendar)
    return due


def _due_of_unit(code: int, limits: LimitSet, first: Days, rows: Ints | None, calendar: WorkCalendar) -> Days:
    pauses = _pauses_of(limits.pauses, first, rows)
    start, first = _take(limits.start, rows), _take(first, rows)
    amount = np.maximum(_take(limits.amount, rows), 1)
    if code == CODES[Unit.WORKING_DAY]:
        return _working_days(first, amount, pauses, calendar.tables)
    if code == CODES[Unit.CALENDAR_DAY]:
        last = first.astype(np.int64) + amount - 1
    else:
        zero = _take(limits.amount, rows) == 0
        months = amount.astype(np.int64) * (12 if UNITS[code] is Unit.YEAR else 1)
        last = np.where(zero, start, _matching_days(start, months, _spread(limits.same, rows, len(start))))
    for piece in pauses:
        last[piece.row] += np.where(piece.first <= last[piece.row], piece.last - piece.first + 1, 0)
    due = np.where((last > 0) & (last <= LATEST), last, 0).astype(np.int32)
    return _rolled(due, _spread(limits.roll, rows, len(start)), pauses, calendar.tables)


def _working_days(first: Days, amount: Days, pauses: list[Pauses], tables: DayTables) -> Days:
    until, nth = tables.until, tables.nth
    index = first - tables.base
    inside = (index >= 0) & (index < len(until))
    all_inside = bool(inside.all())
    position = until[index if all_inside else np.where(inside, index, 0)] + amount
    due: Days = nth[np.minimum(position, len(nth) - 1)]
    for piece in pauses:
        hit = np.flatnonzero(piece.first <= due[piece.row])
        row = piece.row if len(hit) == len(piece.row) else piece.row[hit]
        last = piece.last if len(hit) == len(piece.row) else piece.last[hit]
        since = piece.first if len(hit) == len(piece.row) else piece.first[hit]
        end = last - tables.base + 1
        beyond = end >= len(until)
        if beyond.any():
            position[row[beyond]] = len(nth)
            end = np.minimum(end, len(until) - 1)
        # A row already out of the calendar may carry a pause before it; clip, its answer is 0 anyway.
        begin = np.clip(since - tables.base, 0, len(until) - 1)
        position[row] += until[np.maximum(end, 0)] - until[begin]
        due[row] = nth[np.minimum(position[row], len(nth) - 1)]
    missing = position >= len(nth)
    if not all_inside:
        missing |= ~inside
    if missing.any():
        due[missing] = 0
    return due


def _matching_days(start: Days, months: Ints, same: Flags) -> Ints:
    day = (start.astype(np.int64) - EPOCH).view("datetime64[D]")
    month = day.astype("datetime64[M]")
    within = (day - month.astype("datetime64[D]")).view(np.int64)
    target = month + months.view("timedelta64[M]")
    first = target.astype("datetime64[D]").view(np.int64)
    length = (target + 1).astype("datetime64[D]").view(np.int64) - first
    matches = within < length
    ends: Ints = np.where(matches, first + within - same, first + length - 1) + EPOCH
    return ends


def _rolled(due: Days, roll: Flags, pauses: list[Pauses], tables: DayTables) -> Days:
    if not roll.any():
        return due
    until, nth = tables.until, tables.nth
    while True:
        index = due - tables.base
        inside = (index >= 0) & (index < len(until) - 1)
        position = until[np.where(inside, index, 0)] + 1
        known = inside & (position < len(nth))
        worked = np.where(known, nth[np.minimum(position, len(nth) - 1)], 0)
        due = np.where(roll, worked, due).astype(np.int32)
        moved = False
        for piece in pauses:
            day = due[piece.row]
            covered = roll[piece.row] & (day != 0) & (piece.first <= day) & (day <= piece.last)
            if covered.any():
                due[piece.row[covered]] = piece.last[covered] + 1
                moved = True
        if not moved:
            return due


def _pauses_of(pauses: Pauses | None, first: Days, rows: Ints | None) -> list[Pauses]:
    """Disjoint pieces inside each limit, sorted; the k-th entry holds the k-th piece of every limit that has one."""
    if pauses is None or not len(pauses.row):
        return []
    row, since, until = pauses.row, pauses.first, pauses.last
    if rows is not None:
        place = np.full(len(first), -1, dtype=np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        kept = np.flatnonzero(place[row] >= 0)
        row, since, until = row[kept], since[kept], until[kept]
        since = np.maximum(since, first[row])
        row = place[row]
    else:
        since = np.maximum(since, first[row])
    if len(row) and not (row[1:] > row[:-1]).all():
        row, since, until = _disjoint(row, since, until)
    kept = np.flatnonzero(until >= since)
    if len(kept) != len(row):
        row, since, until = row[kept], since[kept], until[kept]
    return _layers(row, since, until)


def _disjoint(row: Days, since: Days, until: Days) -> tuple[Days, Days, Days]:
    """Sort by limit and day, and cut from each piece what earlier pieces of the same limit cover already."""
    key = row.astype(np.int64) << 32 | since
    if (key[1:] < key[:-1]).any():
        order = np.argsort(key)
        row, since, until = row[order], since[order], until[order]
    # The running maximum over (limit, day) pairs is the furthest day covered so far within the limit.
    reach = np.maximum.accumulate(row.astype(np.int64) << 32 | np.maximum(until, 0))
    same_row = row[1:] == row[:-1]
    covered = np.where(same_row, (reach[:-1] & 0xFFFFFFFF) + 1, 0)
    since = since.copy()
    since[1:] = np.maximum(since[1:], covered)
    return row, since, until


def _layers(row: Days, since: Days, until: Days) -> list[Pauses]:
    if not len(row):
        return []
    fresh = np.empty(len(row), dtype=bool)
    fresh[0] = True
    np.not_equal(row[1:], row[:-1], out=fresh[1:])
    if fresh.all():
        return [Pauses(row=row, first=since, last=until)]
    begins = np.flatnonzero(fresh)
    rank = np.arange(len(row)) - np.repeat(begins, np.diff(np.append(begins, len(row))))
    layers = []
    for k in range(int(rank.max()) + 1):
        at = np.flatnonzero(rank == k)
        layers.append(Pauses(row=row[at], first=since[at], last=until[at]))
    return layers


def _take(values: Days, rows: Ints | None) -> Days:
    return values if rows is None else values[rows]


def _spread(flags: Flags | bool, rows: Ints | None, n: int) -> Flags:
    if isinstance(flags, (bool, np.bool_)):
        return np.full(n, flags)
    return flags if rows is None else flags[rows]

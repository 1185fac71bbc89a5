"""Measurement: due days per second in bulk, pauses and extensions mixed in, compared with the scalar rule."""

import os
import platform
import time
from datetime import date

import numpy as np

from yimen.foundation.calendar.api import WorkCalendar, packaged_calendar
from yimen.modules.deadlines.rules import CODES, Exclusion, LimitSet, Pauses, Unit, compute_many
from yimen.modules.deadlines.rules.compute import Limit, due_of

ROUNDS = 5


def mixed_limits(n: int, seed: int = 20261121) -> LimitSet:
    """A set like a year of a city: mostly working days, a third paused (some twice, overlapping), a tenth extended."""
    draw = np.random.default_rng(seed)
    start = draw.integers(date(2018, 1, 1).toordinal(), date(2024, 6, 30).toordinal(), n, dtype=np.int32)
    unit = draw.choice(np.array([0, 0, 0, 0, 0, 0, 0, 1, 1, 2], dtype=np.int8), n)
    amount = draw.integers(1, 61, n, dtype=np.int32)
    amount[unit == CODES[Unit.MONTH]] %= 7
    extended = draw.random(n) < 0.1
    amount[extended] += draw.integers(1, 16, int(extended.sum()), dtype=np.int32)
    paused = np.flatnonzero(draw.random(n) < 0.33).astype(np.int32)
    again = paused[draw.random(len(paused)) < 0.25]
    row = np.concatenate([paused, again])
    first = start[row] + draw.integers(0, 40, len(row), dtype=np.int32)
    last = first + draw.integers(0, 45, len(row), dtype=np.int32)
    return LimitSet(
        start=start,
        amount=amount,
        unit=unit,
        same=draw.random(n) < 0.05,
        roll=draw.random(n) < 0.5,
        pauses=Pauses(row=row, first=first, last=last),
    )


def scalar_due(limits: LimitSet, row: int, calendar: WorkCalendar, pauses: dict[int, list[Exclusion]]) -> int:
    """One row of a set by the scalar rule, as an ordinal."""
    units = {code: unit for unit, code in CODES.items()}
    limit = Limit(
        start=date.fromordinal(int(limits.start[row])),
        amount=int(limits.amount[row]),
        unit=units[int(np.broadcast_to(limits.unit, limits.start.shape)[row])],
        first_day="same" if np.broadcast_to(limits.same, limits.start.shape)[row] else "next",
        exclusions=pauses.get(row, []),
        roll=bool(np.broadcast_to(limits.roll, limits.start.shape)[row]),
    )
    return due_of(limit, calendar).due_on.toordinal()


def pauses_by_row(limits: LimitSet) -> dict[int, list[Exclusion]]:
    """The pauses of a set as scalar values."""
    found: dict[int, list[Exclusion]] = {}
    if limits.pauses:
        for row, first, last in zip(limits.pauses.row, limits.pauses.first, limits.pauses.last, strict=True):
            exclusion = Exclusion(start=date.fromordinal(int(first)), end=date.fromordinal(int(last)))
            found.setdefault(int(row), []).append(exclusion)
    return found


def bench(n: int = 1_000_000) -> dict[str, object]:
    """Median seconds of the kernel for ``n`` due days, and how many of a sample differ from the scalar rule."""
    calendar, limits = packaged_calendar(), mixed_limits(n)
    compute_many(limits, calendar)
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        due = compute_many(limits, calendar)
        seconds.append(time.perf_counter() - began)
    sample = range(0, n, max(1, n // 20_000))
    pauses = pauses_by_row(limits)
    began = time.perf_counter()
    wrong = sum(1 for row in sample if scalar_due(limits, row, calendar, pauses) != int(due[row]))
    scalar = time.perf_counter() - began
    median = sorted(seconds)[ROUNDS // 2]
    return {
        "name": "deadlines",
        "due_dates": n,
        "paused": len(set(limits.pauses.row.tolist())) if limits.pauses else 0,
        "seconds": round(median, 4),
        "per_second": round(n / median),
        "scalar_per_second": round(len(sample) / scalar),
        "compared": len(sample),
        "differences": wrong,
        "machine": f"{os.cpu_count()} cores, {platform.platform()}",
        "versions": f"Python {platform.python_version()}, NumPy {np.__version__}",
    }

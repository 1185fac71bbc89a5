"""A calendar changed under very many open clocks: the look before, the moving itself, and how long others wait meanwhile."""

import threading
import time
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, connections

from yimen.foundation.calendar.api import WorkCalendar, YearDays, current_calendar
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM
from yimen.kernel.clock import CHINA, now
from yimen.modules.deadlines.api import ClockSpec
from yimen.modules.deadlines.services import moves
from yimen.modules.deadlines.services.specs import start_clocks
from yimen.site.bench.clocks import copy_until
from yimen.site.store import load_reference_data

BASE = 1_000
"""Clocks made by the service itself; the others are copies of these rows."""


def bench(count: int = 1_000_000) -> list[dict[str, Any]]:
    """Make the clocks, look, move; every second clock runs over the day that becomes a holiday."""
    load_reference_data()
    at = now()
    _make(count, at)
    trial = _with_a_day_off(current_calendar(), at.astimezone(CHINA).date())
    began = time.perf_counter()
    preview = moves.preview_moves(trial)
    looked = time.perf_counter() - began
    with _Writer() as writer:
        began = time.perf_counter()
        moved = moves.apply_in_parts(trial, at, by="bench", why="一天改为放假")
        took = time.perf_counter() - began
    if moved != preview.moved:
        raise SystemExit(f"{preview.moved} were announced and {moved} moved")
    again = next(moves.clocks_moved_by(trial), None)
    if again is not None:
        raise SystemExit(f"clock {again.clock_id} was left behind")
    return [
        {
            "figure": "calendar changed",
            "database": connection.vendor,
            "open_clocks": count,
            "moved": moved,
            "preview_seconds": round(looked, 2),
            "move_seconds": round(took, 1),
            "moved_per_second": round(moved / took),
            "writes_meanwhile": len(writer.waits),
            "longest_wait_of_a_writer_ms": round(max(writer.waits, default=0) * 1000),
            "failed_writes": writer.failed,
        }
    ]


def _make(count: int, at: datetime) -> None:
    specs = [
        ClockSpec(
            subject_kind="bench", subject_key=f"B{n}", kind="promised", amount=1 + n % 20, holder="测量",
            start=at - timedelta(days=n % 10),
        )
        for n in range(BASE)
    ]  # fmt: skip
    start_clocks(specs, at)
    copy_until(count)


def _with_a_day_off(calendar: WorkCalendar, today: date) -> WorkCalendar:
    """The next calendar, in which the working day after tomorrow's next one is a holiday."""
    day = calendar.add_working_days(today, 3)
    year = next(y for y in calendar.years if y.year == day.year)
    changed = YearDays(
        year=year.year,
        off_days={**year.off_days, day: "临时放假"},
        working_weekend_days={k: v for k, v in year.working_weekend_days.items() if k != day},
    )
    return calendar.with_year(changed)


class _Writer:
    """Somebody else who writes all the time, and how long each write took."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.failed = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> "_Writer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _write(self) -> None:
        serial = 0
        while not self._stop.wait(0.05):
            serial += 1
            began = time.perf_counter()
            try:
                trace.append("bench", f"W{serial}", "write", PLATFORM, now())
            except Exception:
                self.failed += 1
            self.waits.append(time.perf_counter() - began)
        connections.close_all()

"""One board from the cubes and the same board by a scan of every case: how long each takes, and that they are equal."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from django.db.models import Count, Q

from yimen.kernel.clock import CHINA
from yimen.modules.cases.models import Case
from yimen.modules.insight.queries.asking import table
from yimen.modules.insight.rules.cubes import CASES
from yimen.modules.insight.rules.periods import Period

DAYS = 365
ROUNDS = 5
MEASURES = ("received", "granted", "refused", "ended")
Board = dict[int, tuple[int, ...]]


def bench(at: datetime) -> dict[str, Any]:
    """Received, granted, refused and ended cases of each department in the last year.

    Raises:
        SystemExit: the two differ.
    """
    today = at.astimezone(CHINA).date()
    period = Period(today - timedelta(days=DAYS), today)
    from_cubes, quick = _timed(lambda: _of_cubes(period), ROUNDS)
    scanned, slow = _timed(lambda: _of_cases(period), 1)
    if from_cubes != scanned:
        raise SystemExit("the board of the cubes is not the board of the cases")
    return {
        "figure": "board of departments",
        "departments": len(scanned),
        "counted": sum(map(sum, scanned.values())),
        "p50_ms": round(quick * 1000, 1),
        "p95_ms": round(quick * 1000, 1),
        "full_scan_ms": round(slow * 1000, 1),
    }


def _of_cubes(period: Period) -> Board:
    rows = table(CASES, ("organisation",), Q(), period, measures=MEASURES, limit=100_000)
    return {
        row["organisation"]: tuple(row[m] for m in MEASURES) for row in rows if any(row[m] for m in MEASURES)
    }


def _of_cases(period: Period) -> Board:
    opens = datetime.combine(period.since, datetime.min.time(), CHINA)
    closes = datetime.combine(period.until + timedelta(days=1), datetime.min.time(), CHINA)
    decided = Q(decided_at__gte=opens, decided_at__lt=closes)
    counted = {
        "n_received": Q(application__received_at__gte=opens, application__received_at__lt=closes),
        "n_granted": decided & Q(outcome="granted"),
        "n_refused": decided & Q(outcome="refused"),
        "n_ended": Q(finished_at__gte=opens, finished_at__lt=closes),
    }
    rows: Any = Case.objects.exclude(state="draft").values("organisation_id").order_by()
    found = rows.annotate(**{name: Count("pk", filter=condition) for name, condition in counted.items()})
    sums = {row["organisation_id"]: tuple(row[name] for name in counted) for row in found}
    return {key: numbers for key, numbers in sums.items() if any(numbers)}


def _timed(ask: Callable[[], Board], rounds: int) -> tuple[Board, float]:
    """The answer, and the seconds of the median of some rounds after a first one."""
    board, times = ask(), []
    for _ in range(rounds):
        began = perf_counter()
        board = ask()
        times.append(perf_counter() - began)
    return board, sorted(times)[len(times) // 2]

"""The measurements that need no server: search, due days, review steps, verification of the trace."""

import json
import platform
import statistics
import time
from datetime import timedelta
from typing import Any

from django.db import connection

from yimen.foundation.trace import api as trace
from yimen.kernel.clock import CHINA, now
from yimen.modules.deadlines import bench as deadlines_bench
from yimen.modules.flows import api as flows
from yimen.modules.items import bench as items_bench
from yimen.modules.items.content import ReviewStep
from yimen.modules.registration import bench as registration_bench
from yimen.modules.themes import bench as themes_bench
from yimen.site.bench.calls import ITEM
from yimen.site.bench.fill import fill
from yimen.site.store import load_reference_data

Figures = list[dict[str, Any]]
STEPS = 5


def search(count: int = 95_009) -> Figures:
    """Search among a province's worth of items."""
    load_reference_data()
    return [{"figure": "search", **items_bench.bench(count)}]


def deadlines(count: int = 1_000_000) -> Figures:
    """Due days in bulk, a sample compared with the rule for one."""
    figures = deadlines_bench.bench(count)
    return [
        {
            "figure": "due dates",
            **{k: v for k, v in figures.items() if k not in ("name", "machine", "versions")},
        }
    ]


def themes() -> Figures:
    """Twenty items as one thing, with the proof."""
    return [{"figure": "theme of 20 items", **themes_bench.bench()}]


def review_steps(rounds: int = 2000) -> Figures:
    """Five review steps one after the other: the state is stored and read back between them, as a case does."""
    steps = tuple(ReviewStep(code=f"step{n}", name=f"环节{n}", post="reviewer") for n in range(1, STEPS + 1))
    at, times, state = now(), [], ""
    for _ in range(rounds):
        began = time.perf_counter()
        state = json.dumps(flows.begin(steps, {}, at))
        for officer, step in enumerate(steps, 1):
            flow, passed = flows.pass_step(
                json.loads(state), steps, step.code, officer, at + timedelta(days=officer)
            )
            state = json.dumps(flow)
        times.append(time.perf_counter() - began)
    if not (passed and flows.is_done(flow)):
        raise SystemExit("the review did not end")
    times.sort()
    return [
        {
            "figure": "five review steps",
            "p50_ms": round(statistics.median(times) * 1000, 4),
            "p95_ms": round(times[int(len(times) * 0.95)] * 1000, 4),
            "state_bytes": len(state.encode()),
            "python": platform.python_version(),
        }
    ]


def entities(count: int = 1_000_000) -> Figures:
    """The public register: search, one entity, a name check."""
    load_reference_data()
    return [{"figure": "register", **registration_bench.bench_register(count)}]


def codes() -> Figures:
    """Credit codes given out one at a time by many, without repetition."""
    figures = registration_bench.bench_codes()
    if figures["repeated"]:
        raise SystemExit(f"{figures['repeated']} codes were given out twice")
    return [{"figure": "credit codes", **figures}]


def verification(cases: int) -> Figures:
    """Every chain, seal and rebuilt state of a filled store."""
    at = now()
    fill(cases, at, ITEM)
    trace.seal(at + timedelta(hours=1))
    events = trace.recent_events().count()
    began = time.perf_counter()
    breaks = list(trace.verify_all())
    seconds = time.perf_counter() - began
    if breaks:
        raise SystemExit(f"the trace does not hold: {breaks[0]}")
    return [
        {
            "figure": "trace verify",
            "database": connection.vendor,
            "on": f"{at.astimezone(CHINA):%Y-%m-%d}",
            "events": events,
            "seconds": round(seconds, 2),
            "events_per_second": round(events / seconds),
        }
    ]

"""``yimen bench [NAME] [--json]``: measurements, with machine and versions, on a store of their own."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from yimen.site import store
from yimen.site.bench import machine, report
from yimen.site.bench.ground import own_store

NAMES = {
    "rest": "submit, accept, read and list over HTTP, and the SQL statements behind each",
    "search": "search among 95,009 items",
    "deadlines": "a million due dates, pauses and extensions included",
    "calendar": "a calendar changed under a million open clocks, while others write",
    "entities": "the public register among a million entities: search, page, name check",
    "codes": "unified social credit codes a second, under concurrency, without repetition",
    "themes": "twenty items compiled as one thing, and its proof",
    "flows": "five review steps: time of the logic, size of the state",
    "trace": "verification of every chain, seal and state",
    "supervision": "sweep over every open clock, recall and precision of each rule, on the synthetic province; only when named",
    "growth": "main pages and calls at several sizes of the synthetic province; only when named",
}
ONLY_NAMED = {"supervision", "growth"}
"""They load a province, which takes an empty store and minutes."""
Figures = list[dict[str, Any]]


def run(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    if options.postgresql and not os.environ.get("YIMEN_DATABASE"):
        print(
            "Name a PostgreSQL server in YIMEN_DATABASE; a database of its own is made there and removed again.",
            file=sys.stderr,
        )
        return 2
    if options.name == "growth" and options.sizes:
        return _growth(options)
    postgresql = bool(os.environ.get("YIMEN_DATABASE")) and not options.sqlite
    with own_store(postgresql=postgresql):
        found = _measure(
            [options.name] if options.name else [n for n in NAMES if n not in ONLY_NAMED], options
        )
    print(json.dumps(found, ensure_ascii=False, indent=2) if options.json else report.table(found))
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="yimen bench",
        description="Measure on a temporary store; the operator's data is never touched.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:<11}{what}" for name, what in NAMES.items()),
    )
    parser.add_argument("name", nargs="?", choices=list(NAMES), metavar="NAME", help="default: all")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--postgresql", action="store_true", help="on the server of YIMEN_DATABASE (default when named)"
    )
    parser.add_argument("--sqlite", action="store_true", help="on SQLite although YIMEN_DATABASE is named")
    parser.add_argument("--cases", type=int, default=100_000, help="cases stored before the measurement")
    parser.add_argument("--clocks", type=int, default=1_000_000, help="open clocks (calendar, supervision)")
    parser.add_argument("--seconds", type=float, default=6, help="length of one run")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each kind; the median is told")
    parser.add_argument("--sizes", help="growth: cases at each size, such as 10000,1000000")
    parser.add_argument("--svg", type=Path, help="growth: where to draw the curve")
    parser.add_argument("--workers", type=int, default=0, help="web processes (default as in `yimen up`)")
    return parser.parse_args(arguments)


def _growth(options: argparse.Namespace) -> int:
    """One process and one database a size; afterwards the curve."""
    try:
        sizes = [int(size) for size in options.sizes.split(",")]
    except ValueError:
        print("Sizes are whole numbers with commas between them.", file=sys.stderr)
        return 2
    from yimen.site.bench import curve
    from yimen.site.bench.sizes import each_size

    rest = ["--seconds", str(options.seconds), "--workers", str(options.workers)]
    rest += ["--sqlite"] if options.sqlite else []
    reports = each_size(sizes, rest)
    if options.svg:
        options.svg.write_text(curve.svg(reports), encoding="utf-8")
    print(
        json.dumps(reports, ensure_ascii=False, indent=2)
        if options.json
        else "\n\n".join(report.table(one) for one in reports)
    )
    return 0


def _measure(names: Sequence[str], options: argparse.Namespace) -> dict[str, Any]:
    begun = machine.machine()
    store.open_store()
    from django.db import connections

    store.migrate()
    try:
        benches = {name: _bench(name, options) for name in names}
        database = _database()
    finally:
        connections.close_all()
    return {"machine": begun, "versions": machine.versions(), "database": database, "benches": benches}


def _bench(name: str, options: argparse.Namespace) -> Figures:
    from yimen.site.bench import calendar, growth, rest, small

    _say(f"measuring {name} …")
    benches: dict[str, Callable[[], Figures]] = {
        "rest": lambda: rest.bench(options.cases, options.seconds, options.rounds, options.workers),
        "search": small.search,
        "deadlines": small.deadlines,
        "calendar": lambda: calendar.bench(options.clocks),
        "entities": small.entities,
        "codes": small.codes,
        "themes": small.themes,
        "flows": small.review_steps,
        "trace": lambda: small.verification(options.cases),
        "supervision": lambda: growth.supervision(options.cases, options.clocks),
        "growth": lambda: growth.bench(options.cases, options.seconds, options.workers),
    }
    if name in ("rest", "trace"):
        _make_district()
    return benches[name]()


def _make_district() -> None:
    from yimen.site.demo import seed

    if store.is_new():
        _say("making the demonstration district …")
        store.load_reference_data()
        seed.make_district()


def _database() -> str:
    from django.db import connection

    if connection.vendor == "sqlite":
        return "SQLite, WAL, synchronous NORMAL"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')"
        )
        version, fsync, commit = cursor.fetchone()
    return f"PostgreSQL {version}, fsync {fsync}, synchronous_commit {commit}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

"""``yimen province load|export|score``: a made-up province of any size, with planted faults as an answer key."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from yimen.site import store


def run(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    from yimen.site.province.plan import Plan

    try:
        plan = Plan(
            cases=options.cases, seed=options.seed, counties=options.counties, items=options.items, days=options.days,
            ends=options.ends, recent=options.recent, faults=options.faults,
        )  # fmt: skip
    except ValueError as wrong:
        print(f"{wrong}.", file=sys.stderr)
        return 2
    store.open_store()
    if options.action == "export":
        from yimen.site.province.exporting import export

        counts = export(plan, options.out, say=_say)
        print(json.dumps(counts, indent=2))
        return 0
    store.migrate()
    return _load(plan, options) if options.action == "load" else _score(options)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    from yimen.site.province import plan as sizes

    parser = argparse.ArgumentParser(
        prog="yimen province",
        description="load: into an empty store. export: plain files for others. score: rules of supervision against the key.",
    )
    parser.add_argument("action", choices=["load", "export", "score"])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=sizes.SEED)
    parser.add_argument("--counties", type=int, default=sizes.COUNTIES)
    parser.add_argument("--items", type=int, default=sizes.ITEMS)
    parser.add_argument("--days", type=int, default=730, help="length of the past")
    parser.add_argument(
        "--ends", type=date.fromisoformat, default=date(2026, 12, 1), help="the day after the last one"
    )
    parser.add_argument(
        "--recent", type=int, default=0, help="cases of the last 40 days; default by the rhythm of the year"
    )
    parser.add_argument("--faults", type=float, default=1.0, help="factor on the rates of planted faults")
    parser.add_argument("--out", type=Path, default=Path("province"), help="export: folder for the files")
    parser.add_argument("--key", type=Path, help="load: where to write the answer key; score: where it is")
    parser.add_argument("--no-figures", action="store_true", help="load: leave the cubes empty")
    parser.add_argument("--password", default="", help="load: of every account; default none")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _load(plan: "object", options: argparse.Namespace) -> int:
    from yimen.site.province.exporting import write_key
    from yimen.site.province.services.loading import NotEmpty, load

    try:
        done = load(plan, figures=not options.no_figures, password=options.password, say=_say)  # type: ignore[arg-type]
    except NotEmpty as refused:
        print(refused, file=sys.stderr)
        return 2
    if options.key:
        write_key(options.key, done.faults)
    told = {"cases": done.cases, "events": done.events, "clocks": done.clocks, "planted": len(done.faults)}
    print(json.dumps(told | {"seconds": done.seconds}, indent=2))
    return 0


def _score(options: argparse.Namespace) -> int:
    from yimen.site.province.scoring import score, table
    from yimen.site.province.services.loading import loaded_plan

    if loaded_plan() is None:
        print("This store holds no province.", file=sys.stderr)
        return 2
    found = score(options.key, say=_say)
    print(json.dumps(found, ensure_ascii=False, indent=2) if options.json else table(found))
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

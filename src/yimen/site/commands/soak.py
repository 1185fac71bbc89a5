"""``yimen soak``: kill the product at random and prove that nothing acknowledged is lost, on a store of its own."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import structlog

from yimen.site import store
from yimen.site.bench.ground import own_store


def run(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    with ExitStack() as stack:
        server = None
        if options.postgresql and not options.here:
            from yimen.site.soak.database import own_server

            server = stack.enter_context(own_server())
            os.environ["YIMEN_DATABASE"] = server.address
        stack.enter_context(own_store(postgresql=options.postgresql, template=options.template))
        store.open_store()
        structlog.configure(
            logger_factory=structlog.PrintLoggerFactory(sys.stderr)
        )  # the figures alone on stdout
        from django.db import connections

        from yimen.site.soak.run import Plan, run

        plan = Plan(options.kills, options.served, options.database if server else 0, options.seed)
        found = run(plan, server, _say)
        connections.close_all()
    print(json.dumps(found, ensure_ascii=False, indent=2) if options.json else _table(found))
    return 1 if found["violations"] else 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="yimen soak",
        description="Kill processes at random during intake, acts and background work, then prove the store. "
        "The operator's data is never touched.",
    )
    parser.add_argument("--kills", type=int, default=500, help="forked processes killed at work")
    parser.add_argument(
        "--served", type=int, default=0, help="kills of the product's own server and workers, over HTTP"
    )
    parser.add_argument("--database", type=int, default=0, help="kills of PostgreSQL itself (--postgresql)")
    parser.add_argument(
        "--seed", type=int, default=1, help="what is chosen follows from it; the microseconds do not"
    )
    parser.add_argument(
        "--postgresql", action="store_true", help="on a PostgreSQL server of its own (default SQLite)"
    )
    parser.add_argument(
        "--here", action="store_true", help="a database of its own on the server of YIMEN_DATABASE instead"
    )
    parser.add_argument(
        "--template", default="template0", help="the database that it begins as a copy of (--here)"
    )
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _table(found: dict[str, Any]) -> str:
    violations = found.pop("first_violations")
    lines = [f"{name.replace('_', ' '):<28}{value}" for name, value in found.items()]
    return "\n".join([*lines, *(f"  VIOLATED  {one}" for one in violations)])


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

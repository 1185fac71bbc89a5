"""The command ``yimen figures``: recount the cubes from the raw events."""

import argparse
from collections.abc import Sequence
from datetime import date, datetime
from typing import TextIO

from yimen.foundation.outbox import api as outbox
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Refusal
from yimen.modules.insight.queries.recount import Recount
from yimen.modules.insight.rules.periods import Period, period_of
from yimen.modules.insight.services.recounting import recount

MOST_TOLD = 20


def figures_command(arguments: Sequence[str], out: TextIO, at: datetime) -> int:
    """Run ``figures recount``; 0 = the cubes equal the events, 1 = they differed, 2 = the call is wrong."""
    parser = argparse.ArgumentParser(
        prog="yimen figures",
        description="Recount the figures from the raw events and compare them with the cubes.",
    )
    parser.add_argument("action", choices=["recount"])
    parser.add_argument("--from", dest="since", type=date.fromisoformat, help="first day, YYYY-MM-DD")
    parser.add_argument("--to", dest="until", type=date.fromisoformat, help="last day, YYYY-MM-DD")
    parser.add_argument("--repair", action="store_true", help="bring the cubes in line with the events")
    options = parser.parse_args(arguments)
    try:
        period = _period(options.since, options.until, at)
    except Refusal as refusal:
        print(refusal.message, file=out)
        return 2
    found = recount(period, repair=options.repair)
    _tell(found, out, repaired=options.repair)
    return 0 if found.holds else 1


def _period(since: date | None, until: date | None, at: datetime) -> Period | None:
    if since is None and until is None:
        return None
    return period_of(since or date(2000, 1, 1), until, at.astimezone(CHINA).date())


def _tell(found: Recount, out: TextIO, *, repaired: bool) -> None:
    if found.holds:
        print(f"OK  {found.cases} cases counted again, {found.rows} rows of cubes agree.", file=out)
        return
    print(
        f"DIFFERENT  {len(found.differences)} amounts of {found.rows} rows; news of {len(found.behind)} cases not folded in "
        f"({outbox.waiting().count()} deliveries wait, {outbox.given_up().count()} were given up).",
        file=out,
    )
    for d in found.differences[:MOST_TOLD]:
        print(
            f"  {d.cube} {'/'.join(map(str, d.key))} {d.measure}: cube {d.stored}, events {d.counted}",
            file=out,
        )
    if len(found.differences) > MOST_TOLD:
        print(f"  … and {len(found.differences) - MOST_TOLD} more", file=out)
    print("Repaired." if repaired else "Nothing was changed; --repair brings the cubes in line.", file=out)

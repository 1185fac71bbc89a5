"""One run: a store of its own, kills, recovery, proof."""

import os
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import connections

from yimen.kernel.clock import now
from yimen.site import store
from yimen.site.soak import proof
from yimen.site.soak.database import Server
from yimen.site.soak.doors import Inside
from yimen.site.soak.forks import kill_many
from yimen.site.soak.notes import UNKNOWN, Notes
from yimen.site.soak.served import kill_served
from yimen.site.soak.visits import Crowd, Visitor, gather

Say = Callable[[str], None]
MOST_TOLD = 40


@dataclass(frozen=True)
class Plan:
    """How much is killed.

    Args:
        kills: of forked children that work through the whole application.
        served: of processes of the product's own server and workers.
        database: of the PostgreSQL server.
    """

    kills: int
    served: int
    database: int
    seed: int


def run(plan: Plan, server: Server | None, say: Say) -> dict[str, Any]:
    """Kill and prove; the figures, with every fault found."""
    began = time.monotonic()
    prepare(say)
    crowd, notes = gather(now()), Notes()
    warm(crowd, notes)
    times = {"prepared": time.monotonic() - began}
    if plan.kills:
        kill_many(plan.kills, plan.seed, crowd, notes, _every(say, "forked", plan.kills))
    times["forked"] = time.monotonic() - began - sum(times.values())
    connections.close_all()
    if plan.served or plan.database:
        total = plan.served + plan.database
        kill_served(plan.served, plan.seed, crowd, notes, _every(say, "served", total), server, plan.database)
    times["served"] = time.monotonic() - began - sum(times.values())
    unanswered = _ask_again(crowd, notes, plan.seed)
    say("draining what the dead left …")
    rounds, left = proof.drain()
    say("proving …")
    found = [*left, *proof.faults(crowd, notes, now())]
    times["recovered_and_proved"] = time.monotonic() - began - sum(times.values())
    return _report(notes, found, unanswered, rounds, times)


def prepare(say: Say) -> None:
    """Fill the store in a child: this process will fork, so it sets no paper and keeps no connection."""
    say("making offices and standards …")
    child = os.fork()
    if child == 0:
        os._exit(_fill())
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit("the store could not be made ready")


def _fill() -> int:
    try:
        store.migrate()
        if store.is_new():
            from yimen.site.demo import seed

            store.load_reference_data()
            seed.make_offices()
        connections.close_all()
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def warm(crowd: Crowd, notes: Notes) -> None:
    """Load and remember what every process loads once: a child is to be killed at work, not while it imports."""
    visitor = Visitor(Inside(), crowd, "w", Random(0), notes.cases[:], notes.begin, notes.answered)
    for _ in range(12):
        visitor.step()


def _ask_again(crowd: Crowd, notes: Notes, seed: int) -> int:
    """Every caller that got no answer asks again with its key; and every answer is asked for a second time."""
    visitor = Visitor(Inside(), crowd, "again", Random(seed), [], notes.begin, notes.answered)
    unanswered = [sent for sent in notes.sent.values() if sent.status == UNKNOWN]
    for sent in unanswered:
        visitor.send(sent)
    for sent in list(notes.sent.values()):
        if sent.done:
            visitor.send(sent)
    return len(unanswered)


def _every(say: Say, what: str, total: int) -> Callable[[int], None]:
    step = max(1, total // 10)
    return lambda done: say(f"{what}: {done} of {total} killed") if done % step == 0 else None


def _report(
    notes: Notes, found: list[str], unanswered: int, rounds: int, times: dict[str, float]
) -> dict[str, Any]:
    done = [sent for sent in notes.sent.values() if sent.done]
    return {
        **proof.counts(),
        "kills": sum(notes.kills.values()),
        "killed": dict(notes.kills),
        "acknowledged_applications": sum(not sent.is_act for sent in done),
        "acknowledged_acts": sum(sent.is_act for sent in done),
        "unanswered_and_asked_again": unanswered,
        "answers": {str(status): n for status, n in sorted(notes.statuses.items())},
        "rounds_of_recovery": rounds,
        "seconds": {name: round(value, 1) for name, value in times.items()},
        "violations": len(found),
        "first_violations": found[:MOST_TOLD],
    }

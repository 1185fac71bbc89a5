"""Kills by the thousand: children of a warm parent work through the whole application and are killed at any microsecond.

The parent never connects to the store and never sets a paper while it forks: what a child inherits is code and memory, no
connection and no thread.
"""

import gc
import json
import os
import selectors
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

from django.db import connections

from yimen.foundation.outbox.api import run_once
from yimen.site.soak.doors import Inside
from yimen.site.soak.notes import Notes, Sent
from yimen.site.soak.visits import Crowd, Visitor

AT_ONCE = 3
LONGEST = {"caller": 0.15, "worker": 0.6}
"""A child is killed at a moment drawn evenly from the time up to this, counted from its first step, in seconds."""
WORKERS = 0.25
"""The share of children that do background work."""
NEVER_STARTED = 120.0


@dataclass
class Child:
    """One forked process and what it told so far."""

    pid: int
    pipe: int
    kind: str
    life: float
    told: bytearray = field(default_factory=bytearray)
    ends: float = 0.0
    """When it will be killed; known once it has told that it begins."""


def kill_many(kills: int, seed: int, crowd: Crowd, notes: Notes, progress: Callable[[int], None]) -> None:
    """Fork children until ``kills`` of them were killed; what they sent and heard goes into the notes."""
    chance, begun, killed = Random(seed), 0, 0
    connections.close_all()
    gc.collect()
    gc.freeze()
    running: dict[int, Child] = {}
    with selectors.DefaultSelector() as waiting:
        while killed < kills:
            while len(running) < AT_ONCE:
                begun += 1
                child = _fork(begun, chance, crowd, notes)
                running[child.pipe] = child
                waiting.register(child.pipe, selectors.EVENT_READ)
            soonest = min(child.ends for child in running.values())
            for key, _ in waiting.select(max(0.0, soonest - time.monotonic())):
                _hear(running[key.fd])
            for child in [c for c in running.values() if c.ends <= time.monotonic()]:
                waiting.unregister(child.pipe)
                del running[child.pipe]
                _end(child, notes)
                killed += 1
                progress(killed)
        for child in running.values():
            _end(child, notes)
    gc.unfreeze()


def _fork(number: int, chance: Random, crowd: Crowd, notes: Notes) -> Child:
    kind = "worker" if chance.random() < WORKERS else "caller"
    seed, life = chance.randrange(1 << 30), chance.uniform(0, LONGEST[kind])
    known = notes.cases[-200:]
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(read)
            work = _work_as_worker if kind == "worker" else _work_as_caller
            work(write, f"f{number}", seed, crowd, known)
        except BaseException:
            _tell(write, "!", traceback.format_exc()[-3000:])
            time.sleep(NEVER_STARTED)
        finally:
            os._exit(1)
    os.close(write)
    os.set_blocking(read, False)
    return Child(pid, read, kind, life, ends=time.monotonic() + NEVER_STARTED)


def _tell(pipe: int, what: str, value: Any) -> None:
    os.write(pipe, (json.dumps([what, value], ensure_ascii=False) + "\n").encode())


def _work_as_caller(pipe: int, name: str, seed: int, crowd: Crowd, known: list[str]) -> None:
    visitor = Visitor(
        Inside(),
        crowd,
        name,
        Random(seed),
        known,
        begin=lambda sent: _tell(pipe, "sent", asdict(sent)),
        answered=lambda key, status, answer: _tell(pipe, "answered", [key, status, answer]),
    )
    _tell(pipe, "begin", None)
    while True:
        visitor.step()


def _work_as_worker(pipe: int, name: str, seed: int, crowd: Crowd, known: list[str]) -> None:
    _tell(pipe, "begin", None)
    while True:
        if not run_once(name):
            time.sleep(0.01)


def _hear(child: Child) -> None:
    with suppress(BlockingIOError):
        while piece := os.read(child.pipe, 1 << 16):
            child.told += piece
    if child.told and child.ends - time.monotonic() > max(LONGEST.values()):
        child.ends = time.monotonic() + child.life


def _end(child: Child, notes: Notes) -> None:
    """Kill it; what it had told until then happened, a line cut off in the middle did not reach the caller."""
    os.kill(child.pid, signal.SIGKILL)
    os.waitpid(child.pid, 0)
    _hear(child)
    os.close(child.pipe)
    notes.kills[child.kind] += 1
    for line in bytes(child.told).split(b"\n")[:-1]:
        what, value = json.loads(line)
        if what == "sent":
            notes.begin(Sent(**value))
        elif what == "answered":
            notes.answered(*value)
        elif what == "!":
            notes.wrong.append(f"{child.kind}: {value}")

"""The model: offices with so many hands a stage, files that queue, lie and pass; simpy keeps the time, in working hours."""

from collections import defaultdict
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import simpy

from yimen.modules.insight.simulation.estimating import Office
from yimen.modules.insight.simulation.flow import (
    ACCEPT,
    HOURS,
    Outcome,
    Run,
    Stage,
    code_of,
    is_late,
    place_of,
    time_left,
)

Happens = Generator[Any, Any, None]


@dataclass(frozen=True)
class Changes:
    """The changed world.

    Args:
        hands: people more (or fewer) at a stage.
        merged: one stage done together with another: (stage that goes, stage that takes its work over).
        parallel: two stages that begin together instead of one after the other.
        less_days: working days less promised.
        at_once: cases that waited for others of their application begin with them.
    """

    hands: dict[str, int] = field(default_factory=dict)
    merged: tuple[str, str] | None = None
    parallel: tuple[str, str] | None = None
    less_days: int = 0
    at_once: bool = False


NO_CHANGE = Changes()


@dataclass
class _Trail:
    """What one file left behind."""

    run: Run
    accepted: float | None = None
    decided: float | None = None
    excluded: float = 0.0


class World:
    """One run of the model over real arrivals.

    Every file takes the whole course of one real file, its donor, drawn from a source of its own, seeded by its number: a changed
    world meets the same files with the same work in them, so that a difference comes from the change and not from luck.
    """

    def __init__(self, office: Office, changes: Changes, seed: int) -> None:
        self.office, self.changes, self.seed = office, changes, seed
        self.env = simpy.Environment()
        self.hands = {
            place: simpy.Resource(self.env, max(1, n + changes.hands.get(code_of(place), 0)))
            for place, n in office.hands.items()
        }
        self.work: defaultdict[str, float] = defaultdict(float)
        self.waited: defaultdict[str, list[float]] = defaultdict(list)
        self.lay: defaultdict[str, list[float]] = defaultdict(list)
        self.trails: list[_Trail] = []
        self.ended: dict[int, simpy.Event] = {}

    def play(self, arrivals: Sequence[Run], until: float) -> list[_Trail]:
        """Send files in at their real moments, along the paths of real ones, up to a moment."""
        self.ended = {run.key: self.env.event() for run in arrivals}
        for run in arrivals:
            self.env.process(self._file(run))
        self.env.run(until=max(until, 1e-9))
        return self.trails

    def _file(self, run: Run) -> Happens:
        trail = _Trail(run)
        self.trails.append(trail)
        yield self.env.timeout(max(0.0, run.begun - self.env.now))
        if not self.changes.at_once:
            for key in run.after:
                if key in self.ended:
                    yield self.ended[key]
        path = self.office.donor(run, self._chance(run))
        stages = self._path(path.stages)
        while stages:
            stage = stages.pop(0)
            beside = self._beside(stage, stages)
            if beside is None:
                yield from self._stage(stage, path, trail)
            else:
                stages.remove(beside)
                both = [self.env.process(self._stage(s, path, trail)) for s in (stage, beside)]
                yield simpy.AllOf(self.env, both)
        if path.decided:
            trail.decided = self.env.now
        self.ended[run.key].succeed()

    def _path(self, stages: Sequence[Stage]) -> list[Stage]:
        merged = self.changes.merged
        codes = {s.code for s in stages}
        if merged is None or not set(merged) <= codes:
            return list(stages)
        return [s for s in stages if s.code != merged[0]]

    def _beside(self, stage: Stage, rest: Sequence[Stage]) -> Stage | None:
        pair = self.changes.parallel
        if pair is None or stage.code not in pair:
            return None
        other = pair[1] if stage.code == pair[0] else pair[0]
        return next((s for s in rest if s.code == other), None)

    def _chance(self, run: Run) -> Random:
        """The luck of one file: the same whatever is changed."""
        return Random(f"{self.seed}-{run.key}")

    def _place(self, code: str, run: Run, path: Run) -> str:
        """Where a file is worked on: its own organisation, or its donor's for a stage its own never did."""
        own = place_of(run.office, code)
        return own if own in self.hands else place_of(path.office, code)

    def _stage(self, stage: Stage, path: Run, trail: _Trail) -> Happens:
        place = self._place(stage.code, trail.run, path)
        if stage.pause:
            yield self.env.timeout(stage.pause)
            trail.excluded += stage.excluded
        came = self.env.now
        yield self.env.timeout(stage.hours * self.office.lying[place] * _pace(trail, path))
        queued = self.env.now
        with self.hands[place].request() as hand:
            yield hand
            self.waited[stage.code].append(self.env.now - queued)
            hours = self._hours(stage, path, trail.run)
            self.work[stage.code] += hours
            yield self.env.timeout(hours)
        self.lay[place].append(self.env.now - came)
        if stage.code == ACCEPT or self.changes.merged == (ACCEPT, stage.code):
            trail.accepted = self.env.now

    def _hours(self, stage: Stage, path: Run, run: Run) -> float:
        """Hours of work on a file: its donor's, and those of the stage that was merged into this one."""
        done = [stage]
        if self.changes.merged and stage.code == self.changes.merged[1]:
            done += [s for s in path.stages if s.code == self.changes.merged[0]]
        return sum(s.work * self.office.work[self._place(s.code, run, path)] for s in done)

    def told(self, since: float, until: float) -> Outcome:
        """What became of the files handed in during a span, seen at its end and after."""
        looked = [t for t in self.trails if since <= t.run.begun < until]
        done = [t for t in looked if t.decided is not None]
        spans = sorted((t.decided - t.run.begun) / HOURS for t in done if t.decided is not None)
        late = [(t, self._late(t)) for t in done]
        timed = [(t, verdict) for t, verdict in late if verdict is not None]
        length = max(self.env.now - min((t.run.begun for t in self.trails), default=0.0), HOURS)
        return Outcome(
            cases=len(looked),
            decided=len(done),
            late=sum(1 for _, verdict in timed if verdict),
            timed=len(timed),
            days=sum(spans) / len(spans) if spans else 0.0,
            slowest=spans[int(len(spans) * 0.9)] if spans else 0.0,
            load={c: 100 * h / (self._capacity(c) * length) for c, h in sorted(self.work.items())},
            waits={c: sum(w) / len(w) for c, w in sorted(self.waited.items()) if w},
            by_item=_by_item(done, timed),
        )

    def _capacity(self, code: str) -> int:
        """The hands of a stage in all organisations."""
        found = [int(r.capacity) for place, r in self.hands.items() if code_of(place) == code]
        return sum(found)

    def _late(self, trail: _Trail) -> bool | None:
        if trail.run.promised is None or trail.decided is None:
            return None
        promised = max(0, trail.run.promised - self.changes.less_days)
        accepted = trail.accepted if trail.accepted is not None else trail.decided
        return is_late(accepted, trail.decided, trail.excluded, promised)


def _pace(trail: _Trail, path: Run) -> float:
    """How the time left to a file differs from that left to its donor: people work to the last promised day, not by the hour.

    The promise is the one they worked to: whether a shorter one would make them quicker nobody knows, so it does not.
    """
    own, theirs = trail.run.promised, path.promised
    if trail.accepted is None or path.accepted is None or own is None or theirs is None:
        return 1.0
    return time_left(trail.accepted, own) / time_left(path.accepted, theirs)


def _by_item(
    done: Sequence[_Trail], timed: Sequence[tuple[_Trail, bool]]
) -> dict[int, tuple[int, float, float]]:
    """Item to (cases decided, percent late, days on average)."""
    spans: defaultdict[int, list[float]] = defaultdict(list)
    verdicts: defaultdict[int, list[bool]] = defaultdict(list)
    for t in done:
        if t.decided is not None:
            spans[t.run.item].append((t.decided - t.run.begun) / HOURS)
    for t, verdict in timed:
        verdicts[t.run.item].append(verdict)
    return {
        item: (
            len(days),
            100 * sum(verdicts[item]) / len(verdicts[item]) if verdicts[item] else 0.0,
            sum(days) / len(days),
        )
        for item, days in spans.items()
    }


def mean_lay(world: World) -> dict[str, float]:
    """How long files lay at each stage in the model, on average."""
    return {code: sum(hours) / len(hours) for code, hours in world.lay.items() if hours}

"""What the model needs and nobody recorded: hands-on time, hands, and the time a file simply lies."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random
from statistics import fmean

from yimen.modules.insight.simulation.flow import Run, Stage, place_of

FEWEST = 8
"""Fewer observations than these say nothing of their own."""
QUICK = 0.5
"""Hours taken for a stage of which nothing can be estimated."""
ENOUGH = 500
"""So many files taken up say whether a place queues."""
MOST_WEIGHT = 4.0
"""A slow run stands for at most so many that were still open when the learning ended."""


@dataclass
class Donors:
    """Real runs that ended, of one kind, from which the courses of others are drawn."""

    runs: list[Run] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def add(self, run: Run, weight: float) -> None:
        self.runs.append(run)
        self.weights.append(weight + (self.weights[-1] if self.weights else 0.0))

    def one(self, chance: Random) -> Run:
        return chance.choices(self.runs, cum_weights=self.weights)[0]


@dataclass
class Office:
    """What is known of an office from the months it learnt from.

    Args:
        hands: how many people do a stage in an organisation (keys are ``flow.place_of``).
        work: the share of ``Stage.work``, the hours that can have been work, that was.
        lying: the share of a real run's hours at a stage during which the file neither queues nor is worked on.
        donors: real runs by what they have in common (``kin``), from which courses are drawn.
    """

    hands: dict[str, int] = field(default_factory=dict)
    work: dict[str, float] = field(default_factory=dict)
    lying: dict[str, float] = field(default_factory=dict)
    donors: dict[tuple[object, ...], Donors] = field(default_factory=dict)

    def donor(self, run: Run, chance: Random) -> Run:
        """A real run that this one may take the course of: of its item, or else of what is most like it.

        An item asked for now and then has no runs of its own among those learnt from. Any other item's course would be a guess
        at another promise and other steps, so its kin come first: the same way and promise in its organisation, then anywhere.
        """
        for key in kin(run):
            found = self.donors.get(key)
            if found and len(found.runs) >= FEWEST:
                return found.one(chance)
        return next(self.donors[key] for key in kin(run) if key in self.donors).one(chance)


def kin(run: Run) -> list[tuple[object, ...]]:
    """What runs may have in common, the closest first."""
    return [
        ("item", run.item),
        ("office", run.office, run.shape, run.promised),
        ("shape", run.shape, run.promised),
        ("promise", run.promised),
        ("all",),
    ]


def learn(runs: Sequence[Run], at: float) -> Office:
    """Hands, hands-on times and courses from real runs as known at a moment; lying time is found afterwards.

    What can have been work is the time since the file came, or since the same person's act before it if that was later. In an
    office where files queue that is the work; where they are taken up in any order it says nothing, and work is taken as quick.

    Slow runs are the ones still open when the learning ends. Taking courses only from those that ended would make the model too
    quick; so a run that took d of the span L stands for L / (L - d) runs, as many as began while it could still have ended.
    """
    office = Office()
    span = at - min((r.begun for r in runs), default=at)
    by_place: defaultdict[str, list[Stage]] = defaultdict(list)
    for run in runs:
        for stage in run.stages:
            by_place[place_of(run.office, stage.code)].append(stage)
    work: dict[int, float] = {}
    for place, stages in by_place.items():
        office.hands[place] = max(1, len({s.actor for s in stages if s.actor}))
        office.work[place], office.lying[place] = _work(stages, office.hands[place], work), 0.0
    for run in runs:
        if run.closed is not None:
            weight = _stands_for(run.closed - run.begun, span)
            course = replace(run, stages=tuple(replace(s, work=work[id(s)]) for s in run.stages))
            for key in kin(run):
                office.donors.setdefault(key, Donors()).add(course, weight)
    return office


def _stands_for(took: float, span: float) -> float:
    return min(MOST_WEIGHT, span / (span - took)) if took < span else MOST_WEIGHT


def _work(stages: Sequence[Stage], hands: int, work: dict[int, float]) -> float:
    """Note how much of each stage's hours can have been work, and tell the share of it that was."""
    by_actor: defaultdict[int, list[Stage]] = defaultdict(list)
    for stage in stages:
        by_actor[stage.actor].append(stage)
    taken_up: list[tuple[float, Stage]] = []
    for own in by_actor.values():
        own.sort(key=lambda s: s.done)
        work[id(own[0])] = own[0].hours
        for before, after in pairwise(own):
            work[id(after)] = after.done - max(after.arrived, before.done)
            if after.arrived <= before.done < after.done:
                taken_up.append((before.done, after))
    if len(taken_up) >= FEWEST and _in_line(stages, taken_up, hands):
        return 1.0
    hours = sorted(s.hours for s in stages)
    usual = fmean(work[id(s)] for s in stages)
    # a quarter of all files passed at least as fast: work cannot take longer than that
    return min(1.0, max(0.05, min(QUICK, hours[len(hours) // 4])) / usual) if usual else 1.0


def _in_line(stages: Sequence[Stage], taken_up: Sequence[tuple[float, Stage]], hands: int) -> bool:
    """Do files queue: is the next one taken up mostly the one that has waited longest, but for those in other hands?

    Files that are taken up in any order lie there, for a signature or a day; the time between two of them is no work.
    """
    looked_at = taken_up[:: -(-len(taken_up) // ENOUGH)]
    turns = sum(
        sum(1 for s in stages if s.arrived < file.arrived and s.done > at) < hands for at, file in looked_at
    )
    return 2 * turns >= len(looked_at)


def mean_hours(runs: Sequence[Run]) -> dict[str, float]:
    """How long files really lay at each stage, on average."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for run in runs:
        for stage in run.stages:
            found[place_of(run.office, stage.code)].append(stage.hours)
    return {place: fmean(hours) for place, hours in found.items()}


def adjust(office: Office, real: dict[str, float], model: dict[str, float]) -> None:
    """Let files lie as long as the model is too fast: a share of what each real run took there."""
    for place, mean in real.items():
        if mean and place in model:
            lying = office.lying[place] + (mean - model[place]) / mean
            office.lying[place] = min(1.0, max(0.0, lying))

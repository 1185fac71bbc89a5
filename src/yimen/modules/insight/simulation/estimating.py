"""What the model needs and nobody recorded: hands-on time, hands, and the time a file simply lies."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from yimen.modules.insight.simulation.flow import Run, Stage, place_of

FEWEST = 8
"""Fewer observations than these say nothing of their own."""
QUICK = 0.5
"""Hours taken for a stage of which nothing can be estimated."""


@dataclass
class Office:
    """What is known of an office from the months it learnt from.

    Args:
        hands: how many people do a stage in an organisation (keys are ``flow.place_of``).
        service: hours of work a stage takes, as observed when one case followed another without a gap.
        lying: hours a file lies beyond queue and work, per stage.
        donors: real runs by item, from which paths are drawn.
    """

    hands: dict[str, int] = field(default_factory=dict)
    service: dict[str, list[float]] = field(default_factory=dict)
    lying: dict[str, list[float]] = field(default_factory=dict)
    donors: dict[int, list[Run]] = field(default_factory=dict)
    all_donors: list[Run] = field(default_factory=list)


def learn(runs: Sequence[Run]) -> Office:
    """Hands and hands-on times from real runs; lying time is found afterwards by comparing the model with them.

    The hands-on time of a stage shows where the next file already lay there when the same person finished the one before:
    then the gap between the two acts is work, not idleness.
    """
    by_stage: defaultdict[str, list[Stage]] = defaultdict(list)
    office = Office()
    for run in runs:
        office.donors.setdefault(run.item, []).append(run)
        office.all_donors.append(run)
        for stage in run.stages:
            by_stage[place_of(run.office, stage.code)].append(stage)
    for code, stages in by_stage.items():
        office.hands[code] = max(1, len({s.actor for s in stages if s.actor}))
        office.service[code] = _service(stages)
        office.lying[code] = [0.0]
    return office


def _service(stages: Sequence[Stage]) -> list[float]:
    by_actor: defaultdict[int, list[Stage]] = defaultdict(list)
    for stage in stages:
        by_actor[stage.actor].append(stage)
    busy = []
    for own in by_actor.values():
        own.sort(key=lambda s: s.done)
        for before, after in pairwise(own):
            if after.arrived <= before.done < after.done:
                busy.append(after.done - before.done)
    if len(busy) >= FEWEST:
        return busy
    hours = sorted(s.hours for s in stages)
    # a quarter of all files passed at least as fast: work cannot take longer than that
    return [max(0.05, min(QUICK, hours[len(hours) // 4]))] if hours else [QUICK]


def observed_hours(runs: Sequence[Run]) -> dict[str, list[float]]:
    """How long files really lay at each stage."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for run in runs:
        for stage in run.stages:
            found[place_of(run.office, stage.code)].append(stage.hours)
    return dict(found)


def add_lying(office: Office, real: dict[str, list[float]], model: dict[str, float]) -> None:
    """Let files lie as long as the model is too fast: the shape of what was observed, scaled to what is missing."""
    for code, hours in real.items():
        mean = sum(hours) / len(hours)
        held = office.lying.get(code, [0.0])
        missing = sum(held) / len(held) + mean - model.get(code, 0.0)
        share = min(1.0, max(0.0, missing / mean)) if mean else 0.0
        office.lying[code] = [h * share for h in hours] if share else [0.0]

"""One experiment: learn from the earlier months, prove it on a month not seen, then change the world."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from math import sqrt
from statistics import pstdev
from typing import Any

from yimen.kernel.errors import NotPossible
from yimen.modules.insight.simulation.estimating import Office, adjust, learn, mean_hours
from yimen.modules.insight.simulation.flow import HOURS, Outcome, Run, code_of, days_of
from yimen.modules.insight.simulation.world import NO_CHANGE, Changes, World, mean_lay

ROUNDS = 5
"""How often lying time is adjusted to the months learnt from."""
REPEATS = 5
"""Runs with different luck whose average is told."""
FEWEST_CASES = 30
FEWEST_OF_ITEM = 5
Progress = Callable[[int], None]


def calibrate(runs: Sequence[Run], at: float, seed: int) -> Office:
    """An office that treats files as the real one did, by what was known at a moment.

    The model plays the same arrivals up to the same moment, so that both sides are cut off alike.
    """
    known = [r.as_known(at) for r in runs if r.begun < at]
    office, real = learn(known, at), mean_hours(known)
    if not office.donors:
        raise NotPossible("可学习的案件都还没有办结。", would_pass="请选更长的时间段，或者不限部门。")
    for turn in range(ROUNDS):
        world = World(office, NO_CHANGE, seed + turn)
        world.play(known, at)
        adjust(office, real, mean_lay(world))
    return office


def validate(office: Office, runs: Sequence[Run], since: float, until: float, seed: int) -> dict[str, Any]:
    """The model beside the month it did not see: the same arrivals, nothing else of that month."""
    seen = [r for r in runs if since <= r.begun < until]
    outcomes = [_played(office, NO_CHANGE, runs, (since, until), seed + n) for n in range(REPEATS)]
    timed = [r.late for r in seen if r.late is not None]
    real_late = 100 * sum(timed) / len(timed) if timed else 0.0
    late, days = _mean(o.late_percent for o in outcomes), _mean(o.days for o in outcomes)
    items = _item_errors(seen, outcomes)
    weight = sum(n for n, _, _ in items) or 1
    return {
        "cases": len(seen),
        "real": {"late": real_late, "days": days_of(seen)},
        "model": {"late": late, "days": days},
        "error": {"late": abs(late - real_late), "days": abs(days - days_of(seen))},
        "noise": _noise(seen),
        "by_item": {
            "items": len(items),
            "late": sum(n * e for n, e, _ in items) / weight,
            "days": sum(n * e for n, _, e in items) / weight,
        },
    }


def _noise(runs: Sequence[Run]) -> dict[str, float]:
    """How far chance alone may move the real month: one standard error of the share late (points) and of the mean (days).

    The share is taken as if two late and two timely cases more had been seen (Agresti and Coull 1998, doi:10.2307/2685469), or a
    month without a late case would look as if chance had no part in it.
    """
    timed = [r.late for r in runs if r.late is not None]
    n = len(timed) + 4
    share = (sum(timed) + 2) / n
    spans = [(r.finished - r.begun) / HOURS for r in runs if r.finished is not None]
    return {
        "late": 100 * sqrt(share * (1 - share) / n),
        "days": pstdev(spans) / sqrt(len(spans)) if spans else 0.0,
    }


def _item_errors(seen: Sequence[Run], outcomes: Sequence[Outcome]) -> list[tuple[int, float, float]]:
    """(cases, error in percent late, error in days) of the items with enough cases."""
    by_item: defaultdict[int, list[Run]] = defaultdict(list)
    for run in seen:
        if run.decided:
            by_item[run.item].append(run)
    found = []
    for item, runs in by_item.items():
        told = [o.by_item[item] for o in outcomes if item in o.by_item]
        if len(runs) >= FEWEST_OF_ITEM and told:
            timed = [r.late for r in runs if r.late is not None]
            late = 100 * sum(timed) / len(timed) if timed else 0.0
            found.append(
                (
                    len(runs),
                    abs(_mean(t[1] for t in told) - late),
                    abs(_mean(t[2] for t in told) - days_of(runs)),
                )
            )
    return found


def experiment(
    runs: Sequence[Run],
    month: tuple[float, float],
    changes: Changes,
    seed: int,
    progress: Progress = lambda _: None,
) -> dict[str, Any]:
    """Everything an experiment tells.

    Args:
        runs: what really happened, by moment of handing in.
        month: the span kept back to prove the model (working hours); it is the last part of the runs.
        changes: the changed world.
        seed: the same seed gives the same answer.
        progress: told how much is done, in percent.

    Raises:
        NotPossible: too few cases to learn or to prove anything.
    """
    since, until = month
    earlier = [r for r in runs if r.begun < since]
    proven = [r for r in runs if since <= r.begun < until]
    if min(len(earlier), len(proven)) < FEWEST_CASES:
        raise NotPossible(
            f"可学习的{len(earlier)}件、可验证的{len(proven)}件，都至少要{FEWEST_CASES}件。",
            would_pass="请选更长的时间段，或者不限部门。",
        )
    office = calibrate(earlier, since, seed)
    progress(30)
    proof = validate(office, runs, since, until, seed)
    progress(50)
    whole = calibrate(runs, _end(runs), seed)
    span = (min(r.begun for r in runs), until)
    was = [_played(whole, NO_CHANGE, runs, span, seed + n) for n in range(REPEATS)]
    progress(75)
    would = [_played(whole, changes, runs, span, seed + n) for n in range(REPEATS)]
    progress(95)
    hands: defaultdict[str, int] = defaultdict(int)
    for place, n in whole.hands.items():
        hands[code_of(place)] += n
    told = {"proof": proof, "was": _told(was), "would": _told(would), "hands": dict(hands)}
    return told | {"cases": len(runs)}


def _played(
    office: Office, changes: Changes, runs: Sequence[Run], span: tuple[float, float], seed: int
) -> Outcome:
    world = World(office, changes, seed)
    usable = [r for r in runs if r.begun < span[1]]
    world.play(usable, _end(runs))
    return world.told(*span)


def _told(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    codes = sorted({code for o in outcomes for code in o.load})
    return {
        "cases": round(_mean(o.cases for o in outcomes)),
        "decided": round(_mean(o.decided for o in outcomes)),
        "late": _mean(o.late_percent for o in outcomes),
        "days": _mean(o.days for o in outcomes),
        "slowest": _mean(o.slowest for o in outcomes),
        "load": {c: _mean(o.load.get(c, 0.0) for o in outcomes) for c in codes},
        "waits": {c: _mean(o.waits.get(c, 0.0) for o in outcomes) for c in codes},
    }


def _mean(values: Any) -> float:
    held = list(values)
    return sum(held) / len(held) if held else 0.0


def _end(runs: Sequence[Run]) -> float:
    return max((s.done for r in runs for s in r.stages), default=0.0) + 1.0

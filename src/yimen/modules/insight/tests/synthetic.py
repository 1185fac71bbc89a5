"""A made-up district for what-if: files queue before so many hands, by a reckoning of its own, not by the model's."""

import heapq
from random import Random

from yimen.modules.insight.simulation.flow import HOURS, Run, Stage

MONTH = 21 * HOURS
HANDS = {"accept": 2, "review": 3, "decide": 1}
WORK = {"accept": 0.5, "review": 1.9, "decide": 0.55}
"""Hours of work a stage takes on average."""


def district(months: int = 4, seed: int = 7, per_day: float = 11.0, promised: int = 2) -> list[Run]:
    """Real runs of some months: three items; every tenth file rests for a procedure that the law leaves out."""
    random = Random(seed)
    begun, at = [], 0.0
    while at < months * MONTH:
        begun.append(at)
        at += random.expovariate(per_day / HOURS)
    arrived = list(begun)
    pauses = [random.choice([16.0, 40.0]) if random.random() < 0.1 else 0.0 for _ in begun]
    stages: list[list[Stage]] = [[] for _ in begun]
    for code, hands in HANDS.items():
        free = [(0.0, actor) for actor in range(1, hands + 1)]
        held = pauses if code == "review" else [0.0] * len(begun)
        # in the order in which they are there to be worked on: a file that rests takes nobody's time
        for n in sorted(range(len(begun)), key=lambda n: arrived[n] + held[n]):
            pause, came = held[n], arrived[n] + held[n]
            when, actor = heapq.heappop(free)
            done = max(came, when) + random.expovariate(1 / WORK[code])
            heapq.heappush(free, (done, actor))
            stages[n].append(Stage(code, came, done, actor + 10 * len(code), pause, pause))
            arrived[n] = done
    return [Run(n, n % 3, begun[n], begun[n], tuple(stages[n]), promised, True) for n in range(len(begun))]

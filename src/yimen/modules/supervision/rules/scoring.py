"""The formula of scores: shares pulled towards the mean so that small numbers neither shame nor flatter (pure).

Each indicator is a share k of n. An organisation with few cases tells little about itself, so its share is mixed with the
mean of all: ``(k + m·p) / (n + m)`` with p the mean and m the strength, the mean of the beta posterior whose prior has the
weight of m cases (Casella, "An Introduction to Empirical Bayes Data Analysis", The American Statistician 39, 1985). The band
beside it is Wilson's score interval at 95 % (Wilson, JASA 22, 1927).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

Z = 1.96


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One thing the score counts, as a share: ``good`` of ``whole``."""

    code: str
    label: str
    good: str
    whole: str


INDICATORS: dict[str, Indicator] = {
    i.code: i
    for i in (
        Indicator(code="on_time", label="承诺期限按时率", good="承诺期限内办结", whole="办结和到期未办结"),
        Indicator(code="in_law", label="法定期限按时率", good="法定期限内办结", whole="办结和到期未办结"),
        Indicator(code="steps", label="环节按时率", good="环节期限内办完", whole="办完和到期未办完"),
        Indicator(code="told_once", label="一次告知率", good="至多告知一次补正", whole="受理、不予受理"),
        Indicator(code="clean", label="无牌率", good="没有成立的监察牌", whole="当月在办和办结的办件"),
    )
}
FOR_POSTS = ("steps", "clean")
"""What can be told of a post: its own steps and the cards it held."""
DEFAULT_WEIGHTS = {"on_time": 35, "in_law": 15, "steps": 15, "told_once": 15, "clean": 20}


@dataclass(frozen=True, kw_only=True)
class Formula:
    """Weights by indicator (they need not sum to 100) and the strength of the prior in cases."""

    version: int
    weights: Mapping[str, int]
    strength: int = 20

    def over(self, indicators: Iterable[str]) -> dict[str, float]:
        """The weights of these indicators, as shares of 1."""
        chosen = {code: self.weights.get(code, 0) for code in indicators}
        whole = sum(chosen.values())
        return {code: weight / whole for code, weight in chosen.items() if whole and weight}


Count = tuple[int, int]
"""(good, whole)."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """How one indicator came into the score: everything needed to reckon it again by hand."""

    code: str
    good: int
    whole: int
    mean: float
    weight: float
    share: float
    low: float
    high: float

    @property
    def label(self) -> str:
        return INDICATORS[self.code].label

    @property
    def points(self) -> float:
        return 100 * self.weight * self.share

    @property
    def raw(self) -> float | None:
        return self.good / self.whole if self.whole else None


@dataclass(frozen=True, kw_only=True)
class Result:
    """A score of 0 to 100 with its band and parts."""

    points: float
    low: float
    high: float
    parts: tuple[Part, ...]


def means_of(counts: Iterable[Mapping[str, Count]]) -> dict[str, float]:
    """The share of all together, by indicator; 1 where nobody has anything (nothing is held against anybody)."""
    totals: dict[str, list[int]] = {}
    for row in counts:
        for code, (good, whole) in row.items():
            total = totals.setdefault(code, [0, 0])
            total[0], total[1] = total[0] + good, total[1] + whole
    return {code: good / whole if whole else 1.0 for code, (good, whole) in totals.items()}


def wilson(good: float, whole: float) -> tuple[float, float]:
    """The 95 % interval of a share; (0, 1) where nothing was counted."""
    if whole <= 0:
        return 0.0, 1.0
    share = good / whole
    spread = Z * Z / whole
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def score(counts: Mapping[str, Count], means: Mapping[str, float], formula: Formula) -> Result:
    """Reckon one score from its inputs.

    Args:
        counts: indicator to (good, whole); an indicator without cases takes the mean.
        means: as of ``means_of`` over all that are compared.
    """
    parts = []
    for code, weight in formula.over(counts).items():
        good, whole = counts[code]
        mean = means.get(code, 1.0)
        mixed_good, mixed_whole = good + formula.strength * mean, whole + formula.strength
        share = mixed_good / mixed_whole if mixed_whole else mean
        low, high = wilson(mixed_good, mixed_whole)
        parts.append(
            Part(code=code, good=good, whole=whole, mean=mean, weight=weight, share=share, low=low, high=high)
        )
    total = sum(p.points for p in parts)
    band = sqrt(sum((100 * p.weight * (p.high - p.low) / 2) ** 2 for p in parts))
    return Result(
        points=round(total, 2),
        low=round(max(0.0, total - band), 2),
        high=round(min(100.0, total + band), 2),
        parts=tuple(parts),
    )

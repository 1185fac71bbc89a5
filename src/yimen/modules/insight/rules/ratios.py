"""What people read from sums: shares and averages, said so that nought is not mistaken for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SPARED = ("spared_licence", "spared_shared", "spared_promise", "spared_result")


def percent(part: float, whole: float) -> float | None:
    """A share in percent; ``None`` of nothing."""
    return 100 * part / whole if whole else None


def mean(total: float, count: float) -> float | None:
    """An average; ``None`` of nothing."""
    return total / count if count else None


@dataclass(frozen=True)
class Line:
    """One row of sums of the cubes ``cases`` or ``items``, with what follows from it.

    Args:
        label: what the row stands for.
        sums: the measures; one that is missing counts as nought.
        href: where one goes to see what is below it; "" for nowhere.
    """

    label: str
    sums: Mapping[str, Any] = field(default_factory=dict)
    href: str = ""
    code: str = ""

    def n(self, name: str) -> int:
        return int(self.sums.get(name) or 0)

    @property
    def received(self) -> int:
        return self.n("received")

    @property
    def accepted(self) -> int:
        return self.n("accepted")

    @property
    def decided(self) -> int:
        return self.n("decided")

    @property
    def ended(self) -> int:
        return self.n("ended")

    @property
    def late(self) -> int:
        return self.n("promised_missed")

    @property
    def beyond_law(self) -> int:
        return self.n("legal_missed")

    @property
    def on_time(self) -> float | None:
        """Percent decided within the promise."""
        return percent(self.n("promised_met"), self.n("promised_met") + self.late)

    @property
    def used(self) -> float | None:
        """Working days a decision took on average."""
        return mean(self.n("used_days"), self.n("timed"))

    @property
    def promised(self) -> float | None:
        return mean(self.n("promised_days"), self.n("timed"))

    @property
    def online(self) -> float | None:
        """Percent handed in without standing at a window."""
        return percent(self.n("online"), self.received)

    @property
    def visits(self) -> float | None:
        return mean(self.n("visits"), self.received)

    @property
    def spared(self) -> int:
        return sum(self.n(name) for name in SPARED)

    @property
    def spared_share(self) -> float | None:
        """Percent of the materials asked for that nobody had to bring."""
        return percent(self.spared, self.n("asked"))

    @property
    def corrected(self) -> float | None:
        """Corrections asked for, in percent of the cases received."""
        return percent(self.n("corrections"), self.received)

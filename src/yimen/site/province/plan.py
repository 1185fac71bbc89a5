"""How large a province is, of which days, and which faults are planted how often (pure)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from yimen.kernel.clock import CHINA

COUNTIES, ITEMS, SEED = 119, 95_009, 20261201
BATCH = 16_384
"""Cases drawn at a time, each batch from a random stream of its own: what is drawn never depends on who asks for it."""
LEAST_OF_COUNTY = 64
DEPARTMENTS = 26
SHARES = (1, 1, 2, 2, 2, 3, 4)
"""Counties differ in size: so many shares of all cases each, in turn."""

FAULTS: dict[str, float] = {
    "overdue_telling": 1.0,
    "overdue_promised": 1.5,
    "overdue_legal": 0.5,
    "step_overtime": 1.0,
    "overdue_delivery": 1.0,
    "overdue_opinion": 0.5,
    "not_accepting": 0.5,
    "not_told_once": 0.5,
    "suspended_without_paper": 0.5,
    "suspension_overran": 0.5,
    "out_of_order": 0.5,
    "one_officer": 0.5,
    "handled_before_registered": 0.5,
    "refused_without_reason": 0.5,
    "asked_outside_guide": 0.5,
    "fee_over_standard": 0.5,
    "lost_clock": 1.0,
    "near_due": 5.0,
}
"""Faults of a single case, so many in a thousand cases; ``near_due`` is no fault but is to be reminded of."""
GROUPS: dict[str, float] = {"retaken": 1.0, "split_case": 0.5}
"""Faults seen in several cases together: so many groups in a thousand cases."""
BURSTS = 40.0
"""Month-end bursts in a million cases, but at least a few."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One province.

    Args:
        cases: how many.
        seed: the same seed and sizes give the same province, byte for byte.
        counties, items: 119 and 95,009 unless a test wants less.
        days: how long the past is.
        ends: the day after the last one; nothing is known after its first moment.
        recent: how many of the cases arrive in the last ``RECENT_DAYS``; 0 leaves that to the rhythm of the year. Setting it
            keeps what is open the same while what is closed grows.
        faults: factor on the rates of all planted faults.
    """

    cases: int
    seed: int = SEED
    counties: int = COUNTIES
    items: int = ITEMS
    days: int = 730
    ends: date = field(default=date(2026, 12, 1))
    recent: int = 0
    faults: float = 1.0

    RECENT_DAYS = 40

    def __post_init__(self) -> None:
        if self.cases < 1 or not 1 <= self.counties <= 999 or self.faults < 0:
            raise ValueError("a province needs cases, 1 to 999 counties, and a factor of faults from 0")
        if self.items < self.counties * LEAST_OF_COUNTY:
            raise ValueError(f"a province needs at least {LEAST_OF_COUNTY} items a county")
        if self.days < 2 * self.RECENT_DAYS or not 0 <= self.recent <= self.cases:
            raise ValueError("the past is too short, or more cases are recent than there are")

    @property
    def until(self) -> datetime:
        """The first moment of which nothing is known."""
        return datetime(self.ends.year, self.ends.month, self.ends.day, tzinfo=CHINA)

    @property
    def since(self) -> datetime:
        return self.until - timedelta(days=self.days)

    @property
    def items_a_county(self) -> int:
        """Items each county implements; the few left over are the province's own."""
        return self.items // self.counties

    @cached_property
    def slots(self) -> tuple[int, ...]:
        """County of each share: one case in turn goes to each slot, so that larger counties get more."""
        return tuple(c for c in range(self.counties) for _ in range(SHARES[c % len(SHARES)]))

    @property
    def people_a_slot(self) -> int:
        """So many different applicants that nobody comes back within days unless that is planted."""
        return min(1000, max(40, self.cases // len(self.slots) // 20))

    @property
    def batches(self) -> range:
        return range(-(-self.cases // BATCH))

    def told(self) -> dict[str, object]:
        """What makes this province what it is, as data."""
        return {
            "cases": self.cases, "seed": self.seed, "counties": self.counties, "items": self.items, "days": self.days,
            "ends": self.ends.isoformat(), "recent": self.recent, "faults": self.faults,
        }  # fmt: skip

"""Delegation downward, level by level (逐级授权), as pure rules over plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Reach:
    """The rows of a grant, with what is needed to compare it with another.

    Args:
        division: prefix of the division code given; "" when none was given.
        organisation_id, centre_id: as given.
        inside_division: the division code in which the rows lie, known from any of the three.
        inside_organisations: the organisation of the rows and all above it.
    """

    division: str = ""
    organisation_id: int | None = None
    centre_id: int | None = None
    inside_division: str = ""
    inside_organisations: frozenset[int] = frozenset()

    def covers(self, inner: "Reach") -> bool:
        """Is every row of ``inner`` also a row of this reach?"""
        if self.division and not inner.inside_division.startswith(self.division):
            return False
        if self.organisation_id is not None and self.organisation_id not in inner.inside_organisations:
            return False
        return self.centre_id is None or self.centre_id == inner.centre_id


@dataclass(frozen=True, kw_only=True)
class Held:
    """A role grant that its holder may pass on."""

    key: int
    grants: frozenset[str]
    reach: Reach
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class Sources:
    """From what a delegation would derive.

    Args:
        keys: the grants of the giver that together cover it.
        missing: names the giver cannot pass on over this reach.
        ends_on: the first day on which a source has run out; ``None`` when none does.
    """

    keys: tuple[int, ...] = ()
    missing: frozenset[str] = field(default_factory=frozenset)
    ends_on: date | None = None


def sources_for(wanted: Iterable[str], reach: Reach, held: Sequence[Held]) -> Sources:
    """Find the fewest grants of the giver that cover ``wanted`` over ``reach``."""
    missing = frozenset(wanted)
    usable = [row for row in held if row.reach.covers(reach)]
    chosen: list[Held] = []
    while missing and usable:
        best = max(usable, key=lambda row: (len(row.grants & missing), row.valid_to is None, -row.key))
        if not best.grants & missing:
            break
        chosen.append(best)
        missing -= best.grants
        usable.remove(best)
    ends = [row.valid_to for row in chosen if row.valid_to is not None]
    return Sources(keys=tuple(row.key for row in chosen), missing=missing, ends_on=min(ends, default=None))

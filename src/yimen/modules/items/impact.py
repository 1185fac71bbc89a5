"""What a change touches above this module (running cases, themes …): those who know register a probe."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Impact:
    """One kind of thing touched.

    Args:
        label: what it is: 在办件.
        count: how many.
        detail: where: 综合窗口 12 件，区市监局 3 件.
    """

    label: str
    count: int
    detail: str = ""


Probe = Callable[[int], list[Impact]]
"""From a standard's id to what holds on to that version."""
_probes: list[Probe] = []


def register_impact(probe: Probe) -> None:
    """Called once by a higher module when it loads."""
    if probe not in _probes:
        _probes.append(probe)


def impact_of(standard_id: int | None) -> list[Impact]:
    """Everything that holds on to a version; empty for none."""
    if standard_id is None:
        return []
    return [row for probe in _probes for row in probe(standard_id)]

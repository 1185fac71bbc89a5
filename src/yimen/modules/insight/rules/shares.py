"""A case's share in the figures: re-derived from its events whenever something happens to it.

Because a share is a function of what is stored, not of the order in which news arrived, deliveries may be repeated, overtake
each other or come a month late: the cubes end up the same.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yimen.kernel.clock import CHINA
from yimen.modules.insight.rules.cubes import CUBES, FLOW_MEASURES, OPEN_END, Cube

ONLINE = frozenset({"online", "mobile", "kiosk", "api", "courier"})
"""Handed in without standing at a window."""
BY_ACT = {
    "accept": ("accepted",),
    "refuse_acceptance": ("not_accepted",),
    "request_correction": ("corrections",),
    "deliver": ("delivered",),
    "withdraw": ("withdrawn",),
    "terminate": ("terminated",),
    "revoke": ("revoked",),
}
BY_OUTCOME = {"granted": ("decided", "granted"), "refused": ("decided", "refused")}
SPARED = {
    "licence": "spared_licence",
    "shared": "spared_shared",
    "promise": "spared_promise",
    "result": "spared_result",
}
PAPERLESS = "form"
"""An application form that the filled form stands for is no paper asked for."""
FINAL = frozenset({"not_accepted", "delivered", "withdrawn", "terminated", "revoked"})
BEGUN = "submit"

Key = tuple[str, tuple[str | int, ...]]
Cells = dict[Key, dict[str, int]]


@dataclass(frozen=True, kw_only=True)
class RawEvent:
    """One act of the trace."""

    at: datetime
    act: str
    from_state: str
    to_state: str


@dataclass(frozen=True, kw_only=True)
class RawClock:
    """A clock as it ended: ``met``, ``missed``, or still open; days are working days, ``None`` where other units count."""

    kind: str
    state: str
    due_on: str = ""
    used_days: int | None = None
    limit_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class RawCase:
    """What is stored about a case, without anything personal."""

    division: str
    organisation: int
    centre: int
    item: int
    channel: str
    visits: int
    events: Sequence[RawEvent]
    materials: Sequence[tuple[str, str]]
    clocks: Sequence[RawClock]


@dataclass(frozen=True)
class Happening:
    """What one act adds, on which hour of which day (China)."""

    day: str
    hour: int
    act: str
    from_state: str
    to_state: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Share:
    """All that a case adds to all cubes."""

    division: str = ""
    organisation: int = 0
    centre: int = 0
    item: int = 0
    channel: str = ""
    happenings: tuple[Happening, ...] = ()
    standing: Mapping[str, Any] = field(default_factory=dict)

    def as_text(self) -> str:
        """The compact form in which a share is kept."""
        lines = [
            [h.day, h.hour, h.act, h.from_state, h.to_state, dict(sorted(h.counts.items()))]
            for h in self.happenings
        ]
        body = [self.division, self.organisation, self.centre, self.item, self.channel, lines, self.standing]
        return json.dumps(body, separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> "Share":
        """The share kept as text; nothing for an empty one."""
        if not text:
            return cls()
        division, organisation, centre, item, channel, lines, standing = json.loads(text)
        return cls(
            division, organisation, centre, item, channel, tuple(Happening(*x) for x in lines), standing
        )


def share_of(raw: RawCase) -> Share:
    """What a case adds to the figures, from its events, materials and clocks."""
    begun = next((n for n, e in enumerate(raw.events) if e.act == BEGUN), None)
    if begun is None:
        return Share()
    events = raw.events[begun:]
    happenings = []
    for place, event in enumerate(events):
        counts = _counts(event, raw)
        if place == 0:
            counts = _at_receipt(raw) | counts
        local = event.at.astimezone(CHINA)
        happenings.append(
            Happening(f"{local:%Y-%m-%d}", local.hour, event.act, event.from_state, event.to_state, counts)
        )
    state = next((e.to_state for e in reversed(events) if e.to_state), "")
    return Share(
        raw.division,
        raw.organisation,
        raw.centre,
        raw.item,
        raw.channel,
        tuple(happenings),
        {
            "state": state,
            "due_on": _due_on(raw.clocks, state),
            "owed": sum(s == "owed" for _, s in raw.materials),
        },
    )


def _due_on(clocks: Iterable[RawClock], state: str) -> str:
    """The first day on which the authority would be late; no such day for what has ended."""
    if state in FINAL:
        return OPEN_END
    return min((c.due_on for c in clocks if c.state == "running" and c.due_on), default=OPEN_END)


def _at_receipt(raw: RawCase) -> dict[str, int]:
    """What is known of a case from the day it came in: visits, materials asked for and spared."""
    current = [source for source, state in raw.materials if state != "replaced" and source != PAPERLESS]
    counts = {"received": 1, "visits": raw.visits, "asked": len(current)}
    counts["online"] = int(raw.channel in ONLINE)
    counts["tolerated"] = sum(source == "owed" for source, _ in raw.materials)
    for source, measure in SPARED.items():
        counts[measure] = sum(held == source for held in current)
    return {name: n for name, n in counts.items() if n}


def _counts(event: RawEvent, raw: RawCase) -> dict[str, int]:
    names = list(BY_ACT.get(event.act, ()))
    if event.act == "decide":
        names += BY_OUTCOME.get(event.to_state, ("decided",))
        if event.from_state == "submitted":
            names.append("accepted")
    if event.to_state in FINAL and event.from_state not in FINAL:
        names.append("ended")
    counts = dict.fromkeys(names, 1)
    return counts | _timed(raw.clocks) if event.act == "decide" else counts


def _timed(clocks: Iterable[RawClock]) -> dict[str, int]:
    """The limits of law and promise as the decision stopped them."""
    counts: dict[str, int] = {}
    for clock in clocks:
        if clock.kind in ("promised", "legal") and clock.state in ("met", "missed"):
            counts[f"{clock.kind}_{clock.state}"] = 1
            if clock.kind == "promised" and clock.used_days is not None and clock.limit_days is not None:
                counts |= {"timed": 1, "used_days": clock.used_days, "promised_days": clock.limit_days}
    return {name: n for name, n in counts.items() if n}


def cells_of(share: Share) -> Cells:
    """The rows of every cube that a share adds to, and how much to each."""
    cells: defaultdict[Key, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    if not share.happenings:
        return {}
    fixed: dict[str, str | int] = {
        "division": share.division,
        "organisation": share.organisation,
        "centre": share.centre,
        "item": share.item,
        "channel": share.channel,
    }
    for h in share.happenings:
        values = fixed | {
            "day": h.day, "hour": h.hour, "act": h.act, "from_state": h.from_state, "to_state": h.to_state,
        }  # fmt: skip
        for cube in CUBES.values():
            if cube.dated:
                _add(cells, cube, values, {**h.counts, "moves": 1})
    standing = share.standing
    values = fixed | {"state": standing["state"], "due_on": standing["due_on"]}
    _add(cells, CUBES["standing"], values, {"cases": 1, "owed": standing["owed"]})
    return {key: dict(row) for key, row in cells.items()}


def _add(
    cells: defaultdict[Key, defaultdict[str, int]],
    cube: Cube,
    values: Mapping[str, str | int],
    counts: Mapping[str, int],
) -> None:
    wanted = {name: n for name, n in counts.items() if n and name in cube.measures}
    if not wanted:
        return
    row = cells[(cube.name, tuple(values[name] for name in cube.dimensions))]
    for name, n in wanted.items():
        row[name] += n


def added(into: Cells, cells: Cells, sign: int = 1) -> None:
    """Add cells to others in place; ``sign`` -1 takes them away."""
    for key, row in cells.items():
        held = into.setdefault(key, {})
        for name, n in row.items():
            held[name] = held.get(name, 0) + sign * n


def without_nought(cells: Cells) -> Cells:
    """Only what differs from nothing."""
    kept = {key: {name: n for name, n in row.items() if n} for key, row in cells.items()}
    return {key: row for key, row in kept.items() if row}


assert set(SPARED.values()) < set(FLOW_MEASURES)

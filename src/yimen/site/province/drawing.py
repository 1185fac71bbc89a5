"""What happens to the cases of one batch: whose, which item, when each step, and which fault is planted (pure, NumPy)."""

from dataclasses import dataclass, fields
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yimen.site.province import catalogue
from yimen.site.province.catalogue import (
    CLASSES,
    FEE,
    INSTANT,
    JOINT,
    KINDS,
    PATTERN,
    SHAPES,
    SIMPLE,
    SITE,
    TWO,
)
from yimen.site.province.days import Floats, Ints, WorkTime, mix
from yimen.site.province.plan import BATCH, BURSTS, DEPARTMENTS, FAULTS, GROUPS, Plan

Flags = NDArray[np.bool_]
GRANTED, REFUSED, WITHDRAWN, NOT_ACCEPTED, TERMINATED = range(5)
FAULT_NAMES = tuple(FAULTS)
NEEDS = {
    "overdue_telling": SIMPLE, "overdue_promised": TWO, "overdue_legal": TWO, "step_overtime": SIMPLE,
    "overdue_delivery": TWO, "overdue_opinion": JOINT, "not_accepting": SIMPLE, "not_told_once": SIMPLE,
    "suspended_without_paper": SITE, "suspension_overran": SITE, "out_of_order": TWO, "one_officer": SITE,
    "handled_before_registered": SIMPLE, "refused_without_reason": SIMPLE, "asked_outside_guide": SIMPLE,
    "fee_over_standard": FEE, "lost_clock": TWO, "near_due": FEE,
}  # fmt: skip
"""The kind of item on which each fault can be seen."""
WINDOW, ONLINE, MOBILE = "window", "online", "mobile"
CHANNELS = (WINDOW, ONLINE, MOBILE)
GROUP = 4
HOURLY = np.array([0, 0, 0, 0, 0, 0, 0.2, 0.4, 1, 5, 7, 5, 2, 2.5, 5, 6, 5, 2, 1, 1.2, 1.5, 1, 0.5, 0.2])
RESTING = np.array(
    [0.1, 0, 0, 0, 0, 0, 0.1, 0.3, 0.6, 1, 1, 1, 0.8, 0.8, 1, 1, 1, 0.9, 0.8, 1, 1.1, 1, 0.6, 0.3]
)
WEEK = (1.22, 1.08, 1.0, 0.95, 0.85, 0.7, 0.7)
YEAR = (0.95, 0.75, 1.15, 1.05, 1.0, 1.0, 1.05, 1.0, 1.05, 0.95, 1.05, 1.1)
DEPARTMENTS_OF_BURSTS = range(DEPARTMENTS // 2, DEPARTMENTS)


@dataclass
class Draw:
    """One row a case; positions are working time (``days.WorkTime``), moments seconds.

    Args:
        serial, county, person, item, base, kind, office: whose and what; ``kind`` counts ``KINDS``.
        channel: counts ``CHANNELS``; ``received``: moment of handing in.
        fate: how it ends if it comes to that; ``fault``: counts ``FAULT_NAMES``, -1 none; ``variant``: which form of it.
        corrections: how many notices; ``noticed``, ``corrected``: positions of each, columns 0 and 1.
        accepted, opined, first, suspended, resumed, second, third, decided, delivered, ended: positions; ``ended`` is a withdrawal or
            termination; nan where it does not happen.
        pause_days: working days told for a suspension.
        group: number of the planted group, and ``role`` in it, -1 none; ``grouped``: 1 retaken, 2 split, 3 burst.
    """

    serial: Ints
    county: Ints
    person: Ints
    item: Ints
    base: Ints
    kind: Ints
    office: Ints
    channel: Ints
    received: Ints
    fate: Ints
    fault: Ints
    variant: Ints
    corrections: Ints
    noticed: Floats
    corrected: Floats
    accepted: Floats
    opined: Floats
    first: Floats
    suspended: Floats
    resumed: Floats
    second: Floats
    third: Floats
    decided: Floats
    delivered: Floats
    ended: Floats
    pause_days: Ints
    group: Ints
    role: Ints
    grouped: Ints

    def __len__(self) -> int:
        return len(self.serial)

    def columns(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}


class Drawing:
    """Draws the batches of a plan; each from a stream of its own."""

    def __init__(self, plan: Plan, time: WorkTime) -> None:
        self.plan, self.time = plan, time
        self._slots = np.array(plan.slots, dtype=np.int64)
        self._kinds = np.array([KINDS.index(catalogue.kind_of(b)) for b in range(plan.items_a_county)])
        self._popular = catalogue.popularity(plan)
        self._provincial = plan.items - plan.items_a_county * plan.counties

    # -- arrivals ---------------------------------------------------------------------------------------------

    @cached_property
    def _rhythm(self) -> tuple[Floats, Floats]:
        """Hours since the beginning and the share of all cases that has come in by then."""
        first = self.plan.since.date().toordinal()
        days = np.arange(first, first + self.plan.days)
        working = self.time.is_working(days)
        dates = [self.plan.since.date() + timedelta(days=int(n)) for n in range(self.plan.days)]
        daily = np.array([WEEK[d.weekday()] * YEAR[d.month - 1] for d in dates])
        hourly = daily[:, None] * np.where(working[:, None], HOURLY, RESTING * 0.12)
        if self.plan.recent:
            share = self.plan.recent / self.plan.cases
            old, new = hourly[: -Plan.RECENT_DAYS], hourly[-Plan.RECENT_DAYS :]
            old *= (1 - share) / old.sum()
            new *= share / new.sum()
        reached = np.concatenate([[0.0], np.cumsum(hourly.ravel())])
        return np.arange(len(reached), dtype=np.float64), reached / reached[-1]

    def _arrivals(self, serial: Ints, jitter: Floats) -> Ints:
        hours, reached = self._rhythm
        at = np.interp((serial + jitter) / self.plan.cases, reached, hours)
        found: Ints = int(self.plan.since.timestamp()) + (at * 3600).astype(np.int64)
        return found

    # -- bursts -----------------------------------------------------------------------------------------------

    @cached_property
    def _bursting(self) -> tuple[int, float, dict[int, list[int]], Floats]:
        """Size of a block, chance that it bursts, items by department, what each department usually decides in three days."""
        running = np.diff(np.concatenate([[0.0], self._popular])) / CLASSES
        shares = np.zeros(DEPARTMENTS)
        items: dict[int, list[int]] = {}
        for base in range(len(running) * CLASSES):
            shares[base % DEPARTMENTS] += running[base // CLASSES]
            if catalogue.kind_of(base) == SIMPLE and base % DEPARTMENTS in DEPARTMENTS_OF_BURSTS:
                items.setdefault(base % DEPARTMENTS, []).append(base)
        sizes = np.bincount(self._slots, minlength=self.plan.counties) / len(self._slots)
        usual = self.plan.cases / (self.plan.days * 0.68) * 3 * sizes[:, None] * shares[None, :]
        most = 30 if not items else max(30.0, 5 * float(usual[:, list(items)].max()))
        block = min(BATCH, 1 << max(6, int(np.ceil(np.log2(most)))))
        wanted = max(3.0, self.plan.cases * BURSTS / 1e6) * self.plan.faults
        return block, min(0.25, wanted * block / self.plan.cases) if items else 0.0, items, usual

    def _bursts(self, d: dict[str, Any], rng: np.random.Generator) -> None:
        block, chance, items, usual = self._bursting
        blocks = d["serial"] // block
        for number in np.unique(blocks):
            draws = mix(np.arange(4) + 4 * int(number), self.plan.seed * 8 + 3)
            if draws[0] >= chance or (int(number) + 1) * block > self.plan.cases:
                continue
            county = int(draws[1] * self.plan.counties)
            department = sorted(items)[int(draws[2] * len(items))]
            base = items[department][0]
            size = int(min(block, -(-max(30.0, 5 * usual[county, department]) // GROUP) * GROUP))
            rows = np.flatnonzero(blocks == number)[:size]
            self._burst(d, rows, county, base, rng)

    def _burst(self, d: dict[str, Any], rows: Ints, county: int, base: int, rng: np.random.Generator) -> None:
        day = self.plan.since.date().fromordinal(int(self.time.day_of(d["received"][rows[:1]])[0]))
        following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        if following > self.plan.ends or following - timedelta(days=20) < self.plan.since.date():
            return
        last = int(self.time.until(np.array([following.toordinal() - 1]))[0])
        decided = last - 3 + rng.integers(0, 3, len(rows)) + rng.uniform(0.3, 0.9, len(rows))
        d["county"][rows], d["base"][rows] = county, base
        d["fault"][rows], d["fate"][rows], d["corrections"][rows] = -1, GRANTED, 0
        d["grouped"][rows], d["role"][rows] = 3, 0
        d["group"][rows] = (
            following.year * 100 + following.month - 1
            if following.month > 1
            else (following.year - 1) * 100 + 12
        )
        d["forced"][rows] = decided

    # -- one batch --------------------------------------------------------------------------------------------

    def batch(self, number: int) -> Draw:
        """Batch ``number`` of the plan."""
        serial = np.arange(number * BATCH, min((number + 1) * BATCH, self.plan.cases), dtype=np.int64)
        rng = np.random.default_rng([self.plan.seed, number])
        d = self._whose(serial, rng)
        self._plant(d, rng)
        self._bursts(d, rng)
        self._groups(d)
        self._settle_items(d)
        self._timeline(d, rng)
        return Draw(**{f.name: d[f.name] for f in fields(Draw)})

    def _whose(self, serial: Ints, rng: np.random.Generator) -> dict[str, Any]:
        m, slots = len(serial), len(self._slots)
        turn, place = serial // slots, serial % slots
        slot = (place * 61 + (mix(turn, self.plan.seed * 8) * slots).astype(np.int64)) % slots
        turn_of_people = turn // self.plan.people_a_slot
        rank = np.minimum(np.searchsorted(self._popular, rng.random(m)), len(self._popular) - 1)
        received = self._arrivals(serial, rng.random(m))
        local = (received + 8 * 3600) // 3600 % 24
        office_hours = self.time.is_working(self.time.day_of(received)) & (local >= 9) & (local < 17)
        away = 1 + (rng.random(m) < 0.45)
        at_window = office_hours & (rng.random(m) < 0.5)
        return {
            "serial": serial,
            "county": self._slots[slot].copy(),
            "person": slot * self.plan.people_a_slot + turn % self.plan.people_a_slot,
            "base": rank * CLASSES + turn_of_people % CLASSES,
            "own": np.where((rng.random(m) < 0.004) & (self._provincial > 0), 1, 0),
            "received": received,
            "channel": np.where(at_window, 0, away),
            "fate": np.searchsorted(np.cumsum([0.91, 0.025, 0.03, 0.025]), rng.random(m)),
            "corrections": (rng.random(m) < 0.08).astype(np.int64),
            "fault": np.full(m, -1), "variant": rng.integers(0, 3, m),
            "group": np.full(m, -1), "role": np.full(m, -1), "grouped": np.zeros(m, dtype=np.int64),
            "forced": np.full(m, np.nan),
        }  # fmt: skip

    def _plant(self, d: dict[str, Any], rng: np.random.Generator) -> None:
        rates = np.cumsum([FAULTS[name] for name in FAULT_NAMES]) / 1000 * self.plan.faults
        drawn = np.searchsorted(rates, rng.random(len(d["serial"])), side="right")
        d["fault"] = np.where(drawn < len(rates), drawn, -1)

    def _groups(self, d: dict[str, Any]) -> None:
        serial = d["serial"]
        group, role = serial // GROUP, serial % GROUP
        # a burst takes whole groups, which then hold nothing else
        whole = ((group + 1) * GROUP <= self.plan.cases) & (d["grouped"] == 0)
        drawn = mix(group, self.plan.seed * 8 + 1)
        retaken = GROUPS["retaken"] / 1000 * GROUP * self.plan.faults
        split = GROUPS["split_case"] / 1000 * GROUP * self.plan.faults
        again = whole & (drawn < retaken) & (role < 2)
        parts = whole & (drawn >= retaken) & (drawn < retaken + split) & (role < 3)
        member = again | parts
        d["group"] = np.where(member, group, d["group"])
        d["role"] = np.where(member, role, d["role"])
        d["grouped"] = np.where(again, 1, np.where(parts, 2, d["grouped"]))
        first = np.flatnonzero(member) - role[member]
        for name in ("county", "person", "base"):
            d[name][member] = d[name][first]
        d["fault"][member], d["corrections"][member], d["fate"][member] = -1, 0, GRANTED
        rows = np.flatnonzero(parts)
        begun = d["received"][rows - role[rows]]
        day_end = self.time.closing(self.time.day_of(begun))
        d["received"][rows] = np.minimum(begun + role[rows] * 600, day_end - 10 + role[rows])

    def _settle_items(self, d: dict[str, Any]) -> None:
        """The kind of item that each fault needs, then item, kind and office of every case."""
        needs = np.array([PATTERN.index(NEEDS[name]) for name in FAULT_NAMES])
        planted = d["fault"] >= 0
        place = np.where(planted, needs[d["fault"]], np.where(d["grouped"] == 1, PATTERN.index(SIMPLE), -1))
        rank, forced = d["base"] // CLASSES, place >= 0
        wanted = rank // len(PATTERN) * len(PATTERN) + place
        wanted = np.where(wanted < len(self._popular), wanted, place)
        d["base"] = np.where(forced, wanted * CLASSES + d["base"] % CLASSES, d["base"])
        each, counties = self.plan.items_a_county, self.plan.counties
        own = (d["own"] == 1) & ~forced & (d["grouped"] == 0)
        d["base"] = np.where(own, d["base"] % max(1, self._provincial), d["base"])
        d["item"] = np.where(own, each * counties + d["base"], d["county"] * each + d["base"])
        d["kind"] = self._kinds[d["base"]]
        owner = np.where(own, counties, d["county"])
        d["office"] = owner * DEPARTMENTS + d["base"] % DEPARTMENTS

    # -- time -------------------------------------------------------------------------------------------------

    def _timeline(self, d: dict[str, Any], rng: np.random.Generator) -> None:
        m, none = len(d["serial"]), np.nan

        def between(low: Any, high: Any) -> Floats:
            found: Floats = low + (high - low) * rng.random(m)
            return found

        def at(name: str) -> Flags:
            found: Flags = d["fault"] == FAULT_NAMES.index(name)
            return found

        kind = d["kind"]
        instant, simple, site, joint = (kind == KINDS.index(k) for k in (INSTANT, SIMPLE, SITE, JOINT))
        promised = np.array([SHAPES[k].promised for k in KINDS])[kind].astype(np.float64)
        legal = np.array([SHAPES[k].legal for k in KINDS])[kind].astype(np.float64)
        planted = d["fault"] >= 0
        d["fate"] = np.where(planted, GRANTED, d["fate"])
        d["fate"] = np.where(at("not_accepting"), NOT_ACCEPTED, d["fate"])
        d["fate"] = np.where(
            at("refused_without_reason"), np.where(d["variant"] == 0, NOT_ACCEPTED, REFUSED), d["fate"]
        )
        d["fate"] = np.where(d["own"] == 1, np.where(d["fate"] == TERMINATED, GRANTED, d["fate"]), d["fate"])
        d["corrections"] = np.where(planted, 0, d["corrections"])
        d["corrections"] = np.where(
            at("asked_outside_guide"), 1, np.where(at("not_told_once"), 2, d["corrections"])
        )

        # handing in, corrections
        begun = self.time.position(d["received"])
        noticed, corrected = np.full((m, 2), none), np.full((m, 2), none)
        reached = begun.copy()
        for turn in range(2):
            has = d["corrections"] > turn
            noticed[:, turn] = np.where(has, reached + between(0.05, 1.8), none)
            corrected[:, turn] = np.where(has, noticed[:, turn] + between(0.4, 6.0), none)
            reached = np.where(has, corrected[:, turn], reached)
        d["noticed"], d["corrected"] = noticed, corrected

        # acceptance
        late = np.where(at("overdue_telling"), between(6.05, 11.0), between(0.05, 1.9))
        accepted = reached + late
        # how long it takes from acceptance to decision
        days = between(0.3, np.maximum(0.6, promised - 2.05))
        days = np.where(joint, np.maximum(days, 5.5), days)
        days = np.where(at("near_due"), promised - 1 + 0.02 - accepted % 1 + between(0.0, 1.9), days)
        days = np.where(at("overdue_promised"), promised + between(1.1, 5.0), days)
        days = np.where(at("overdue_legal"), legal + between(1.1, 7.0), days)
        days = np.where(at("step_overtime"), promised - between(0.3, 1.2), days)
        quick = np.where(d["channel"] == 0, between(0.01, 0.15), between(0.03, 0.9))
        accepted = np.where(instant, none, accepted)
        # a burst: everything is counted back from the decision; a matter that is retaken: from its second time
        forced = ~np.isnan(d["forced"])
        accepted = np.where(forced, d["forced"] - between(1.0, 2.4), accepted)
        days = np.where(forced, d["forced"] - accepted, days)
        rows = np.flatnonzero(forced)
        d["received"][rows] = self.time.moment(accepted[rows] - rng.uniform(0.1, 0.9, len(rows)))
        again = (d["grouped"] == 1) & (d["role"] == 0)
        rows = np.flatnonzero(again)
        over = begun[rows + 1] - rng.uniform(0.05, 0.9, len(rows))
        accepted[rows] = over - 5
        d["received"][rows] = self.time.moment(over - 5 - rng.uniform(0.1, 0.9, len(rows)))

        decided = np.where(instant, reached + quick, accepted + days)
        # steps in between
        opined = np.where(joint, accepted + between(0.5, 3.4), none)
        opined = np.where(at("overdue_opinion"), accepted + between(6.05, 8.5), opined)
        decided = np.where(at("overdue_opinion"), np.maximum(decided, opined + 0.8), decided)
        first = accepted + np.minimum((decided - accepted) * between(0.2, 0.6), np.where(simple, 0.95, 5.0))
        first = np.where(at("step_overtime"), accepted + between(3.0, 3.4), first)
        first = np.where(joint, opined + between(0.05, 0.5), first)
        first = np.where(instant, none, first)
        paused = site & ((rng.random(m) < 0.25) | at("suspended_without_paper") | at("suspension_overran"))
        d["pause_days"] = np.where(paused, rng.integers(3, 9, m), 0)
        first = np.where(site, accepted + between(0.2, 1.2), first)
        suspended = np.where(paused, first + between(0.1, 0.8), none)
        resumed = np.where(paused, suspended + d["pause_days"] - between(0.2, 1.0), none)
        resumed = np.where(at("suspension_overran"), suspended + d["pause_days"] + between(1.3, 5.0), resumed)
        open_since = np.where(paused, resumed, first)
        second = np.where(site, open_since + between(0.1, 0.8), none)
        third = np.where(site, second + between(0.01, 0.2), none)
        second = np.where(kind == KINDS.index(TWO), first + (decided - first) * between(0.2, 0.8), second)
        decided = np.where(site, third + between(0.2, 1.2), decided)

        # endings
        d["delivered"] = decided + np.where(instant, between(0.01, 0.1), between(0.05, 3.0))
        d["delivered"] = np.where(at("overdue_delivery"), decided + between(11.05, 16.0), d["delivered"])
        gone = (d["fate"] == WITHDRAWN) | (d["fate"] == TERMINATED)
        since = np.where(instant, reached, accepted)
        ended = np.where(gone, since + (decided - since) * between(0.1, 0.9), none)
        ended[rows] = over
        d["fate"][rows] = WITHDRAWN
        # who is terminated at an instant item? nobody: it is decided at once
        stays = instant & (d["fate"] == TERMINATED)
        d["fate"] = np.where(stays, GRANTED, d["fate"])
        d["ended"] = np.where(stays, none, ended)
        d.update(
            accepted=accepted, opined=opined, first=first, suspended=suspended, resumed=resumed, second=second, third=third,
            decided=decided,
        )  # fmt: skip

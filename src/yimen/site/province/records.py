"""The record of one case, as values (pure)."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from yimen.modules.cases.api import FINAL
from yimen.site.province.days import DAY, ZONE

APPLICANT = -1
FINAL_STATES = frozenset(map(str, FINAL))


class Event(NamedTuple):
    """One act; ``worker`` counts the staff, or is ``APPLICANT``."""

    at: int
    act: str
    before: str
    after: str
    worker: int
    channel: str
    clause: str
    note: str
    data: str


class Clock(NamedTuple):
    """One limit in working days; ``due`` is an ordinal, 0 while paused or in a year not announced."""

    kind: str
    suffix: str
    amount: int
    first_day: str
    started: int
    due: int
    state: str
    stopped: int
    office: int
    pauses: tuple[tuple[int, int, str], ...]


class Opinion(NamedTuple):
    """An opinion asked of another department; ``answered`` 0 = not yet."""

    step: str
    office: int
    asked: int
    due: int
    answered: int


@dataclass(slots=True)
class Case:
    """One case as it stands at the end of the plan."""

    serial: int
    number: str
    county: int
    person: int
    item: int
    kind: str
    office: int
    channel: str
    received: int
    renewed: int = 0
    accepted: int = 0
    decided: int = 0
    finished: int = 0
    state: str = ""
    outcome: str = ""
    corrections: int = 0
    resume: str = ""
    passed: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    materials: list[tuple[str, str, str, int]] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.state not in FINAL_STATES


def numbers_of(received: Any, serials: Any) -> list[str]:
    """Numbers of cases: the province, the day of receipt, the serial, a check digit (ISO 7064 MOD 11,10), the place."""
    days = np.datetime_as_string(((received + ZONE) // DAY).astype("datetime64[D]")).tolist()
    body = np.array([[9, 8]] * len(days))
    dates = np.array([list(f"{d[2:4]}{d[5:7]}{d[8:10]}") for d in days], dtype=np.int64)
    running = (np.asarray(serials)[:, None] // 10 ** np.arange(9, -1, -1)) % 10
    digits = np.concatenate([body, dates, running], axis=1)
    check = np.full(len(days), 10)
    for column in range(digits.shape[1]):
        rest = (check + digits[:, column]) % 10
        check = np.where(rest == 0, 10, rest) * 2 % 11
    check = (11 - check) % 10
    return [
        f"98{d[2:4]}{d[5:7]}{d[8:10]}{n:010d}{c}-1"
        for d, n, c in zip(days, np.asarray(serials).tolist(), check.tolist(), strict=True)
    ]

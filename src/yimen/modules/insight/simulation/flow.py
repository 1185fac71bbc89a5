"""What happened, as the model takes it: arrivals, stages, pauses, in working hours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

HOURS = 8.0
"""Working hours of a day: 9 to 17 o'clock of working days; what happens outside counts at the next opening."""
ACCEPT, DECIDE = "accept", "decide"


@dataclass(frozen=True)
class Stage:
    """A stage that a case went through.

    Args:
        code: accept, a review step's code, or decide.
        arrived, done: working hours since the beginning of the calendar.
        actor: who did it; 0 for the platform.
        pause: hours before it that were the applicant's or a special procedure's.
        excluded: the part of the pause that the law leaves out.
        held: hours it lay with the office before the pause began.
        work: hours of it that can have been work, at most; told by ``estimating.learn``.
    """

    code: str
    arrived: float
    done: float
    actor: int
    pause: float = 0.0
    excluded: float = 0.0
    held: float = 0.0
    work: float = 0.0

    @property
    def hours(self) -> float:
        """How long it lay with the office, before a pause and after it."""
        return self.held + max(0.0, self.done - self.arrived)


@dataclass(frozen=True)
class Run:
    """A case as it really ran.

    Args:
        key: the case's id.
        item: id of its item.
        begun: when it was handed in; ``arrived`` when the office could begin.
        promised: working days promised; ``None`` where other units count.
        decided: did it reach a decision?
        after: ids of the cases it had to wait for (串联).
        office: id of its organisation: hands of one organisation do not serve another.
        shape: what its standard lays down of the way it takes; items of one shape may stand for each other.
        ended: when nothing more was to be done, whatever the end; ``None`` while it is open.
    """

    key: int
    item: int
    begun: float
    arrived: float
    stages: tuple[Stage, ...]
    promised: int | None
    decided: bool
    after: tuple[int, ...] = ()
    office: int = 0
    shape: str = ""
    ended: float | None = None

    @property
    def finished(self) -> float | None:
        return self.stages[-1].done if self.decided and self.stages else None

    @property
    def late(self) -> bool | None:
        """Past its promise; ``None`` while that cannot be said."""
        if not self.decided or self.promised is None:
            return None
        accepted = next((s.done for s in self.stages if s.code == ACCEPT), self.stages[-1].done)
        excluded = sum(s.excluded for s in self.stages)
        return is_late(accepted, self.stages[-1].done, excluded, self.promised)

    @property
    def closed(self) -> float | None:
        """When it came to its end, decided or not."""
        return self.finished if self.decided else self.ended

    @property
    def accepted(self) -> float | None:
        return next((s.done for s in self.stages if s.code == ACCEPT), None)

    def as_known(self, at: float) -> "Run":
        """The run as far as it had come by a moment: what came later was not known then."""
        stages = tuple(s for s in self.stages if s.done < at)
        closed = self.closed
        over = closed is not None and closed < at
        return replace(self, stages=stages, decided=self.decided and over, ended=self.ended if over else None)


def time_left(accepted: float, promised: int) -> float:
    """Working hours from acceptance to the end of the last promised day."""
    return (int(accepted // HOURS) + promised + 1) * HOURS - accepted


def place_of(office: int, code: str) -> str:
    """The name of one organisation's stage."""
    return f"{office}:{code}" if office else code


def code_of(place: str) -> str:
    """The stage's code in the name of a place."""
    return place.rpartition(":")[2]


def is_late(accepted: float, decided: float, excluded: float, promised: int) -> bool:
    """Decided after the last promised working day, the day after acceptance being the first (excluded time left out)."""
    return int((decided - excluded) // HOURS) - int(accepted // HOURS) > promised


@dataclass(frozen=True)
class Outcome:
    """What a model run says of the cases that are looked at."""

    cases: int
    decided: int
    late: int
    timed: int
    days: float
    slowest: float
    load: dict[str, float]
    waits: dict[str, float]
    by_item: dict[int, tuple[int, float, float]]

    @property
    def late_percent(self) -> float:
        return 100 * self.late / self.timed if self.timed else 0.0


def days_of(runs: Sequence[Run]) -> float:
    """Working days from handing in to decision, on average."""
    spans = [(r.finished - r.begun) / HOURS for r in runs if r.finished is not None]
    return sum(spans) / len(spans) if spans else 0.0

"""What a project's Gantt chart is made of: per case the planned days, and every day of its ledger (pure).

A day stands in one of five classes, so that the sums of a row equal its ledger: ``counted`` (used up a limit of the authority),
``excluded`` (a special procedure ran), ``applicant`` (in the applicant's hands), ``waiting`` (held back for an earlier item),
``off`` (a day that counts for nobody: the first day, weekends, holidays).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from yimen.modules.deadlines.api import LedgerDay

APPLICANT = "申请人"
"""The holder's name in ledgers while it is the applicant's turn."""
COUNTED, EXCLUDED, BY_APPLICANT, WAITING, OFF = "counted", "excluded", "applicant", "waiting", "off"
CLASSES = (COUNTED, EXCLUDED, BY_APPLICANT, WAITING, OFF)
CLASS_LABELS = {
    COUNTED: "计入期限",
    EXCLUDED: "依法不计",
    BY_APPLICANT: "在申请人手里",
    WAITING: "等前一事项",
    OFF: "休息日、起算日",
}


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Days a special procedure left out; ``until`` None while it runs."""

    since: date
    until: date | None
    reason: str
    document: str = ""
    clause: str = ""

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of a row; ``counted`` as the ledger says, ``kind`` one of the five classes."""

    date: date
    kind: str
    counted: bool
    holder: str
    why: str
    clause: str


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Days in a row of one class in one holder's hands, both ends included."""

    since: date
    until: date
    kind: str
    holder: str
    why: str

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def label(self) -> str:
        return CLASS_LABELS[self.kind]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One case (or an item without one yet) on the chart.

    Args:
        stage, item, name, organisation: what it is and who decides it.
        case: case number; "" while there is none.
        state, outcome: the case's.
        planned_from, planned_to: as the stage was planned; None where the calendar of that year is not announced.
        days: every day of the case's ledger, once.
        pauses: with their documents.
        decided_on: the day of the decision.
    """

    stage: str
    item: str
    name: str
    organisation: str
    case: str = ""
    state: str = ""
    outcome: str = ""
    planned_from: date | None = None
    planned_to: date | None = None
    days: tuple[Day, ...] = ()
    pauses: tuple[Pause, ...] = ()
    decided_on: date | None = None

    @property
    def sums(self) -> dict[str, int]:
        """Days of each class; they add up to the ledger's days."""
        found = dict.fromkeys(CLASSES, 0)
        for day in self.days:
            found[day.kind] += 1
        return found

    @property
    def labelled(self) -> list[tuple[str, int]]:
        """The sums with their words, in the order of the classes."""
        return [(CLASS_LABELS[kind], days) for kind, days in self.sums.items()]

    @property
    def first_day(self) -> date | None:
        return self.days[0].date if self.days else None

    @property
    def last_day(self) -> date | None:
        return self.days[-1].date if self.days else None

    @property
    def counted(self) -> int:
        """Counted days, exactly as the case's ledger has them (the applicant's own limit for corrections included)."""
        return sum(day.counted for day in self.days)

    @property
    def holders(self) -> dict[str, int]:
        """Days in each holder's hands, in order of first appearance; they add up to the ledger's days."""
        found: dict[str, int] = {}
        for day in self.days:
            found[day.holder] = found.get(day.holder, 0) + 1
        return found

    @property
    def stretches(self) -> list[Stretch]:
        """The days, joined where class and holder stay the same; days off between two alike are counted as their own."""
        found = []
        for (kind, holder), group in groupby(self.days, key=lambda day: (day.kind, day.holder)):
            days = list(group)
            found.append(
                Stretch(since=days[0].date, until=days[-1].date, kind=kind, holder=holder, why=days[0].why)
            )
        return found

    @property
    def approval_days(self) -> frozenset[date]:
        """The days that count as approval: a limit of the authority ran, up to the decision."""
        return frozenset(
            day.date
            for day in self.days
            if day.kind == COUNTED and (self.decided_on is None or day.date <= self.decided_on)
        )


@dataclass(frozen=True, kw_only=True)
class Chart:
    """The whole chart of a project.

    Args:
        rows: cases in order of stages.
        target: working days promised for all four stages.
    """

    rows: tuple[Row, ...]
    target: int
    today: date
    stage_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def approval_days(self) -> frozenset[date]:
        """Days on which the limit of at least one authority ran: a day on which three departments worked is one day."""
        return frozenset[date]().union(*(row.approval_days for row in self.rows))

    @property
    def used(self) -> int:
        return len(self.approval_days)

    @property
    def left(self) -> int:
        return self.target - self.used

    @property
    def left_abs(self) -> int:
        return abs(self.left)

    @property
    def one_by_one(self) -> int:
        """What the same days come to when the cases are added up: used one after the other."""
        return sum(len(row.approval_days) for row in self.rows)

    @property
    def excluded(self) -> int:
        """Days on which a special procedure ran and no other authority's limit did."""
        paused = {day.date for row in self.rows for day in row.days if day.kind == EXCLUDED}
        return len(paused - self.approval_days)

    @property
    def holders(self) -> dict[str, int]:
        """Days in each holder's hands over all cases."""
        found: dict[str, int] = {}
        for row in self.rows:
            for holder, days in row.holders.items():
                found[holder] = found.get(holder, 0) + days
        return found

    def of_stage(self, stage: str) -> list[Row]:
        return [row for row in self.rows if row.stage == stage]

    def used_by(self, stage: str) -> int:
        """Approval days of one stage."""
        return len(frozenset[date]().union(*(row.approval_days for row in self.of_stage(stage))))


def days_of(
    ledger: Sequence[LedgerDay],
    pauses: Sequence[Pause],
    received_on: date | None,
    corrections: Sequence[Pause] = (),
) -> tuple[Day, ...]:
    """Class every day of a ledger, each exactly once.

    Args:
        pauses: excluded by law.
        received_on: the day the organ received it; before that it waited. None = it waits still.
        corrections: days on which the limit that ran was the applicant's own.
    """
    return tuple(
        Day(
            date=row.date, kind=_class_of(row, pauses, received_on, corrections), counted=row.counted, holder=row.holder,
            why=row.why, clause=row.clause,
        )
        for row in ledger
    )  # fmt: skip


def _class_of(
    row: LedgerDay, pauses: Iterable[Pause], received_on: date | None, corrections: Iterable[Pause]
) -> str:
    if received_on is None or row.date < received_on:
        return WAITING
    if row.counted and not any(one.covers(row.date) for one in corrections):
        return COUNTED
    if row.holder == APPLICANT:
        return BY_APPLICANT
    return EXCLUDED if any(pause.covers(row.date) for pause in pauses) else OFF


def bounds(chart: Chart) -> tuple[date, date]:
    """The first and last day that the chart shows."""
    days = [day for row in chart.rows for day in (row.planned_from, row.planned_to) if day]
    days += [day for row in chart.rows if row.days for day in (row.days[0].date, row.days[-1].date)]
    first, last = min(days, default=chart.today), max(days, default=chart.today)
    return first, max(last, first + timedelta(days=13))

"""Where the time goes, as sets: a handful of statements whatever the number of cases.

Two facts make it possible. The time spent in a state is the sum of the moments of leaving it minus the sum of the moments
of coming into it, so no event has to be paired with the next one. The working days between two days are the difference of
how many working days lie before each, so no case has to be counted on its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import StrIndex, Substr, TruncDate

from yimen.foundation.calendar.api import WorkCalendar, YearNotAnnounced, current_calendar
from yimen.foundation.trace import api as trace
from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.portals.console.bars import Part, bar

ORIGIN = datetime(2000, 1, 1, tzinfo=UTC)
S = cases.CaseState
OFFICE, DELIVERY, APPLICANT, PROCEDURE = "部门办理", "等待送达", "申请人补正", "特别程序"
EARLIER = "等前一事项"
HANDS = {
    S.SUBMITTED: OFFICE,
    S.ACCEPTED: OFFICE,
    S.IN_REVIEW: OFFICE,
    S.GRANTED: DELIVERY,
    S.REFUSED: DELIVERY,
    S.CORRECTION_REQUESTED: APPLICANT,
    S.SUSPENDED: PROCEDURE,
    S.WAITING: EARLIER,
}
ORDER = (OFFICE, PROCEDURE, APPLICANT, EARLIER, DELIVERY)


@dataclass
class Span:
    """Counts of one kind of clock: kept, broken, still running, and the average working days of those stopped."""

    met: int = 0
    missed: int = 0
    running: int = 0
    late: int = 0
    days: float | None = None

    @property
    def stopped(self) -> int:
        return self.met + self.missed

    @property
    def on_time(self) -> float | None:
        """Percent kept, of those stopped and those running late."""
        whole = self.stopped + self.late
        return 100 * self.met / whole if whole else None


@dataclass
class OrganisationLine:
    """One organisation: its cases, its promise, in whose hands the time was."""

    pk: int
    code: str
    label: str
    cases: int
    open: int
    overdue: int
    promised: Span = field(default_factory=Span)
    hands: dict[str, float] = field(default_factory=dict)

    @property
    def late(self) -> int:
        return self.promised.missed + self.promised.late

    @property
    def bar(self) -> list[Part]:
        """In whose hands the time was."""
        return bar((hand, str(n), max(0.0, self.hands.get(hand, 0.0))) for n, hand in enumerate(ORDER))


@dataclass
class StepLine:
    """One step of review in one organisation."""

    organisation: str
    code: str
    label: str
    span: Span
    longest: int = 0

    @property
    def late(self) -> int:
        return self.span.missed + self.span.late

    @property
    def bar(self) -> list[Part]:
        """Kept and broken, beside the step with the most."""
        return bar((("按时", "met", self.span.met), ("超时", "missed", self.late)), self.longest)


def by_organisation(rows: "QuerySet[cases.Case]", at: datetime) -> list[OrganisationLine]:
    """Every organisation with cases among ``rows``, most cases first. Six statements."""
    counted = rows.values(
        "organisation_id", "organisation__code", "organisation__name", "organisation__short_name"
    )
    counted = counted.annotate(
        n=Count("pk"), open=Count("pk", filter=Q(is_open=True)),
        overdue=Count("pk", filter=Q(is_open=True, due_at__lt=at)),
    ).order_by("-n", "organisation__code")  # fmt: skip
    lines = {
        r["organisation_id"]: OrganisationLine(
            r["organisation_id"], r["organisation__code"],
            r["organisation__short_name"] or r["organisation__name"], r["n"], r["open"], r["overdue"],
        )
        for r in counted
    }  # fmt: skip
    numbers = rows.values("number")
    clocks = deadlines.Clock.objects.filter(
        subject_kind="case", kind="promised", subject_key__in=numbers
    ).exclude(state=deadlines.ClockState.CANCELLED)
    for (pk,), span in _spans(clocks, at, "organisation_id").items():
        if pk in lines:
            lines[pk].promised = span
    for pk, hand, seconds in _hands(rows, at):
        if pk in lines:
            lines[pk].hands[hand] = lines[pk].hands.get(hand, 0) + seconds
    return list(lines.values())


def summed(lines: Iterable[OrganisationLine]) -> OrganisationLine:
    """All organisations together."""
    whole = OrganisationLine(0, "", "合计", 0, 0, 0)
    working = 0.0
    for line in lines:
        whole.cases, whole.open = whole.cases + line.cases, whole.open + line.open
        whole.overdue += line.overdue
        for hand, seconds in line.hands.items():
            whole.hands[hand] = whole.hands.get(hand, 0) + seconds
        for name in ("met", "missed", "running", "late"):
            setattr(whole.promised, name, getattr(whole.promised, name) + getattr(line.promised, name))
        working += (line.promised.days or 0) * line.promised.stopped
    if whole.promised.stopped:
        whole.promised.days = working / whole.promised.stopped
    return whole


def by_step(
    rows: "QuerySet[cases.Case]", at: datetime, labels: dict[int, OrganisationLine]
) -> list[StepLine]:
    """Every step with a limit of its own, the most broken first. Three statements."""
    clocks = (
        deadlines.Clock.objects.filter(subject_kind="case_step", kind="step")
        .exclude(state=deadlines.ClockState.CANCELLED)
        .annotate(number=Substr("subject_key", 1, StrIndex("subject_key", Value(":")) - 1))
        .filter(number__in=rows.values("number"))
    )
    lines = []
    for (pk, holder), span in _spans(clocks, at, "organisation_id", "holder").items():
        organisation = labels.get(pk)
        name = holder.rpartition(" ")[2]
        lines.append(
            StepLine(
                organisation.label if organisation else holder.rpartition(" ")[0],
                organisation.code if organisation else "",
                name,
                span,
            )
        )
    longest = max((line.span.met + line.late for line in lines), default=0)
    for line in lines:
        line.longest = longest
    return sorted(
        lines, key=lambda x: (-(x.span.missed + x.span.late), -x.span.stopped, x.organisation, x.label)
    )


def _spans(clocks: "QuerySet[deadlines.Clock]", at: datetime, *keys: str) -> dict[tuple[Any, ...], Span]:
    state = deadlines.ClockState
    found: dict[tuple[Any, ...], Span] = {}
    counted = clocks.order_by().values_list(*keys).annotate(
        met=Count("pk", filter=Q(state=state.MET)),
        missed=Count("pk", filter=Q(state=state.MISSED)),
        running=Count("pk", filter=Q(state__in=[state.RUNNING, state.PAUSED])),
        late=Count("pk", filter=Q(state=state.RUNNING, due_at__lt=at)),
    )  # fmt: skip
    for *key, met, missed, running, late in counted:
        found[tuple(key)] = Span(met, missed, running, late)
    for key, days in _average_days(clocks, *keys).items():
        if key in found:
            found[key].days = days
    return found


def _average_days(clocks: "QuerySet[deadlines.Clock]", *keys: str) -> dict[tuple[Any, ...], float | None]:
    """Working days from start to stop on average, day of the start not counted (民法典第二百零一条)."""
    stopped = clocks.filter(stopped_at__isnull=False).order_by()
    before = _before(current_calendar())
    totals: dict[tuple[Any, ...], list[float]] = {}
    for column, sign in (("started_at", -1), ("stopped_at", 1)):
        grouped = stopped.annotate(on=TruncDate(column, tzinfo=CHINA)).values_list(*keys, "on")
        for *key, day, n in grouped.annotate(n=Count("pk")):
            total = totals.setdefault(tuple(key), [0, 0])
            total[0] += sign * n * before(day)
            total[1] += n if sign > 0 else 0
    return {key: total / n if n else None for key, (total, n) in totals.items()}


class _before:
    """How many working days lie between a fixed day and a given one; a year not announced counts weekdays."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self.known: dict[date, int] = {}
        self.first = date(calendar.first_year, 1, 1)

    def __call__(self, day: date) -> int:
        if day not in self.known:
            self.known[day] = self._count(day)
        return self.known[day]

    def _count(self, day: date) -> int:
        try:
            if day >= self.first:
                return self.calendar.working_days_between(self.first, day)
        except YearNotAnnounced:
            pass
        last = date(self.calendar.last_year, 12, 31)
        if day > last:
            return self(last) + _weekdays(last, day)
        return -_weekdays(day, self.first)


def _weekdays(start: date, end: date) -> int:
    """Mondays to Fridays after ``start`` up to ``end``."""
    return sum((start + timedelta(days=n)).weekday() < 5 for n in range(1, (end - start).days + 1))


def _hands(rows: "QuerySet[cases.Case]", at: datetime) -> Iterable[tuple[int, str, float]]:
    """(organisation, hand, seconds): leaving minus coming, and the present for those still there. Two statements."""
    owner = rows.model._default_manager.filter(number=OuterRef("subject_key")).values("organisation_id")
    since = ExpressionWrapper(F("at") - Value(ORIGIN), output_field=DurationField())
    moves = (
        trace.Event.objects.filter(subject_kind="case", subject_key__in=rows.values("number"))
        .exclude(from_state=F("to_state"))
        .order_by()
        .annotate(owner=Subquery(owner[:1]))
        .values_list("owner", "from_state", "to_state")
        .annotate(total=Sum(since))
    )
    for owner_id, left, entered, total in moves:
        if left in HANDS:
            yield owner_id, HANDS[S(left)], total.total_seconds()
        if entered in HANDS:
            yield owner_id, HANDS[S(entered)], -total.total_seconds()
    present = (at - ORIGIN).total_seconds()
    for owner_id, state, n in rows.order_by().values_list("organisation_id", "state").annotate(n=Count("pk")):
        if state in HANDS:
            yield owner_id, HANDS[S(state)], n * present

"""The ledger of lost time of any set of cases: in whose hands, how long, by which clause; the parts sum to the time elapsed.

The time in a state is the sum of the moments of leaving it minus the sum of the moments of entering it, so the whole set is
reckoned by a handful of statements. The time beyond the promise is told apart.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from yimen.foundation.trace import api as trace
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines

ORIGIN = datetime(2000, 1, 1, tzinfo=UTC)
S = cases.CaseState
APPLICANT, EARLIER, PROCEDURE, DELIVERING = "申请人", "前一事项", "特别程序", "送达"
HANDS: dict[str, tuple[str, str]] = {
    S.SUBMITTED: ("", "行政许可法第三十二条（收件至受理）"),
    S.ACCEPTED: ("", "行政许可法第四十二条（审查决定）"),
    S.IN_REVIEW: ("", "行政许可法第四十二条（审查决定）"),
    S.SUSPENDED: (PROCEDURE, "行政许可法第四十五条"),
    S.CORRECTION_REQUESTED: (APPLICANT, "行政许可法第三十二条（补正）"),
    S.WAITING: (EARLIER, "一件事串联，等前一事项"),
    S.GRANTED: ("", "行政许可法第四十四条（送达）"),
    S.REFUSED: ("", "行政许可法第四十四条（送达）"),
}
"""State to holder ("" = the case's own organisation) and the clause by which the time runs."""

KEYS = {"": "office", APPLICANT: "applicant", PROCEDURE: "procedure", EARLIER: "earlier"}


@dataclass(frozen=True, kw_only=True)
class LostLine:
    """One holder's time under one clause, over the whole set."""

    holder: str
    clause: str
    organisation_id: int | None
    seconds: int
    cases: int = 0
    percent: float = 0.0

    @property
    def days(self) -> float:
        return self.seconds / 86400


@dataclass(frozen=True, kw_only=True)
class Lost:
    """The ledger of a set of cases.

    Args:
        elapsed: seconds from receipt to end (or now), over all cases; equals the sum of the lines.
        late: seconds beyond the promised due moment.
    """

    count: int
    elapsed: int
    late: int
    late_cases: int
    lines: tuple[LostLine, ...]


def lost_of(rows: "QuerySet[cases.Case]", at: datetime) -> Lost:
    """The ledger of these cases up to a moment; six statements whatever their number."""
    rows = rows.order_by().exclude(state=S.DRAFT)
    seconds: dict[tuple[int, str, str], float] = {}
    for organisation_id, state, clause, spent in _spent(rows, at):
        holder, lawful = HANDS[state]
        key = (organisation_id if not holder else 0, holder, clause or lawful)
        seconds[key] = seconds.get(key, 0.0) + spent
    names = _names(rows)
    lines = sorted(
        (
            LostLine(
                holder=holder or names.get(organisation_id, ""), clause=clause,
                organisation_id=organisation_id or None, seconds=round(spent),
            )
            for (organisation_id, holder, clause), spent in seconds.items()
            if round(spent)
        ),
        key=lambda line: -line.seconds,
    )  # fmt: skip
    whole = sum(line.seconds for line in lines)
    late, late_cases = _late(rows, at)
    lines = [
        LostLine(**{**line.__dict__, "percent": 100 * line.seconds / whole if whole else 0.0})
        for line in lines
    ]
    return Lost(count=rows.count(), elapsed=whole, late=late, late_cases=late_cases, lines=tuple(lines))


def elapsed_of(rows: "QuerySet[cases.Case]", at: datetime) -> float:
    """Seconds from the first event to the end (or now), reckoned without states: what the lines must sum to."""
    rows = rows.order_by().exclude(state=S.DRAFT)
    began = (
        trace.Event.objects.filter(subject_kind="case", subject_key=OuterRef("number"))
        .exclude(to_state__in=["", S.DRAFT])
        .order_by()
        .values("subject_key")
        .annotate(first=Min("at"))
        .values("first")
    )
    ended = Coalesce(F("finished_at"), Value(at, output_field=DateTimeField()))
    spent = ExpressionWrapper(ended - Subquery(began[:1]), output_field=DurationField())
    total = rows.annotate(spent=spent).aggregate(total=Sum("spent"))["total"]
    return float(total.total_seconds()) if total else 0.0


def by_case(
    rows: "QuerySet[cases.Case]", numbers: Iterable[str], at: datetime
) -> dict[str, dict[str, float]]:
    """Seconds by hand of each of a page of cases: two statements."""
    wanted = rows.order_by().filter(number__in=list(numbers))
    found: dict[str, dict[str, float]] = {number: {} for number in wanted.values_list("number", flat=True)}
    moves = _moves(wanted).values_list("subject_key", "from_state", "to_state").annotate(total=Sum(_since()))
    for number, left, entered, total in moves:
        for state, sign in ((left, 1), (entered, -1)):
            if state in HANDS:
                hand = KEYS[HANDS[state][0]]
                found[number][hand] = found[number].get(hand, 0.0) + sign * total.total_seconds()
    present = (at - ORIGIN).total_seconds()
    for number, state in wanted.values_list("number", "state"):
        if state in HANDS:
            hand = KEYS[HANDS[state][0]]
            found[number][hand] = found[number].get(hand, 0.0) + present
    return found


def export_lines(rows: "QuerySet[cases.Case]", at: datetime, chunk: int = 1000) -> Iterator[list[str]]:
    """One line a case for a file, a thousand cases to a handful of statements."""
    hands = ("office", "applicant", "procedure", "earlier")
    ordered = rows.exclude(state=S.DRAFT).select_related("item", "organisation").order_by("pk")
    last = 0
    while batch := list(ordered.filter(pk__gt=last)[:chunk]):
        last = batch[-1].pk
        spent = by_case(rows, [case.number for case in batch], at)
        for case in batch:
            mine: Mapping[str, float] = spent.get(case.number, {})
            days = [f"{mine.get(hand, 0.0) / 86400:.2f}" for hand in hands]
            yield [
                case.number,
                case.item.name,
                case.organisation.label,
                *days,
                f"{sum(mine.values()) / 86400:.2f}",
            ]


EXPORT_HEADS = [
    "办件编号",
    "事项",
    "部门",
    "在部门（天）",
    "在申请人（天）",
    "特别程序（天）",
    "等前一事项（天）",
    "合计（天）",
]


def _since() -> Any:
    return ExpressionWrapper(F("at") - Value(ORIGIN), output_field=DurationField())


def _moves(rows: "QuerySet[cases.Case]") -> Any:
    moves = trace.Event.objects.filter(subject_kind="case", subject_key__in=rows.values("number"))
    return moves.exclude(from_state=F("to_state")).order_by()


def _spent(rows: "QuerySet[cases.Case]", at: datetime) -> Iterator[tuple[int, str, str, float]]:
    """(organisation, state, clause of its own, seconds): leaving minus entering, and the present for those still there."""
    owner = rows.model._default_manager.filter(number=OuterRef("subject_key")).values("organisation_id")
    entering = (
        trace.Event.objects.filter(
            subject_kind="case", subject_key=OuterRef("subject_key"), sequence__lte=OuterRef("sequence"),
            act="suspend",
        )
        .order_by("-sequence")
        .values("clause")
    )  # fmt: skip
    clause = Case(
        When(from_state=S.SUSPENDED, then=Subquery(entering[:1])),
        When(to_state=S.SUSPENDED, then=F("clause")),
        default=Value(""),
        output_field=CharField(),
    )
    moves = (
        _moves(rows)
        .annotate(owner=Subquery(owner[:1]), paused_by=clause)
        .values_list("owner", "from_state", "to_state", "paused_by")
        .annotate(total=Sum(_since()))
    )
    for organisation_id, left, entered, paused_by, total in moves:
        for state, sign in ((left, 1), (entered, -1)):
            if state in HANDS:
                own = paused_by if state == S.SUSPENDED else ""
                yield organisation_id, state, own, sign * total.total_seconds()
    yield from _still_there(rows, at)


def _still_there(rows: "QuerySet[cases.Case]", at: datetime) -> Iterator[tuple[int, str, str, float]]:
    present = (at - ORIGIN).total_seconds()
    last = (
        trace.Event.objects.filter(subject_kind="case", subject_key=OuterRef("number"), act="suspend")
        .order_by("-sequence")
        .values("clause")
    )
    clause = Case(
        When(state=S.SUSPENDED, then=Subquery(last[:1])), default=Value(""), output_field=CharField()
    )
    found = rows.annotate(paused_by=clause).values_list("organisation_id", "state", "paused_by")
    for organisation_id, state, paused_by, n in found.annotate(n=Count("pk")):
        if state in HANDS:
            yield organisation_id, state, paused_by or "", n * present


def _names(rows: "QuerySet[cases.Case]") -> dict[int, str]:
    pairs = rows.values_list("organisation_id", "organisation__name").distinct()
    return dict(pairs)


def _late(rows: "QuerySet[cases.Case]", at: datetime) -> tuple[int, int]:
    """Seconds beyond the promise, and of how many cases."""
    clocks = deadlines.Clock.objects.filter(
        subject_kind="case", kind="promised", subject_key__in=rows.values("number"), due_at__lt=at
    ).filter(state__in=[deadlines.ClockState.RUNNING, deadlines.ClockState.MISSED])
    end = Coalesce(F("stopped_at"), Value(at, output_field=DateTimeField()))
    over = ExpressionWrapper(end - F("due_at"), output_field=DurationField())
    found = clocks.annotate(over=over).filter(over__gt=Value(ORIGIN - ORIGIN, output_field=DurationField()))
    totals = found.aggregate(total=Sum("over"), n=Count("pk"))
    return int(totals["total"].total_seconds()) if totals["total"] else 0, totals["n"]

"""What the clocks show: those near their due moment and those past it, by one statement over the stored due moments."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import StrIndex, Substr

from yimen.foundation.calendar.api import WorkCalendar, YearNotAnnounced, current_calendar
from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.supervision.models import Card
from yimen.modules.supervision.queries.courses import CHUNK, courses_of
from yimen.modules.supervision.rules.course import Course, holder_at
from yimen.modules.supervision.rules.facts import AUTHORITY_CLOCKS
from yimen.modules.supervision.rules.spec import Period, Seen

KEYED = ("case_step", "case_opinion")
"""Clocks whose key is the case's number and a part after a colon."""
SUBJECTS = ("case", *KEYED)
WORKING = frozenset({"working_day", "working_hour"})
State = deadlines.ClockState


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What to look for among the clocks.

    Args:
        period: in which moments they come near, or pass, their due moment.
        at: the present moment.
        lead: working days ahead of the due day, for those coming near.
        live: only what still matters now (a sweep), instead of what once happened (a trial over the past).
        kinds: only clocks of these kinds.
        rule: leave out the clocks for which this rule has issued a card already; "" leaves out none.
        cases: only clocks of these cases.
    """

    period: Period
    at: datetime
    lead: int = 0
    live: bool = False
    rule: str = ""
    division: str = ""
    kinds: tuple[str, ...] = AUTHORITY_CLOCKS
    cases: "QuerySet[cases.Case] | None" = None


def near(aim: Aim) -> Iterator[Seen]:
    """Clocks that came within ``lead`` working days of their due day while they ran."""
    calendar = current_calendar()
    rows = _clocks(aim)
    if aim.live:
        last = _closing(_ahead(calendar, _local(aim.at), aim.lead))
        rows = rows.filter(state=State.RUNNING, due_at__gte=aim.at, due_at__lt=last)
    else:
        last = _closing(_ahead(calendar, _local(aim.period.until), aim.lead + 1))
        rows = rows.filter(state__in=[State.RUNNING, State.MET, State.MISSED])
        rows = rows.filter(due_at__gte=aim.period.since, due_at__lt=last)
    for clock in rows.iterator(chunk_size=CHUNK):
        came = max(clock.started_at, _opening(_back(calendar, clock.due_on, aim.lead)))
        if not aim.live and (not aim.period.holds(came) or (clock.stopped_at and clock.stopped_at <= came)):
            continue
        yield _seen(clock, "clock_near", came, _left(calendar, _local(aim.at if aim.live else came), clock))


def overdue(aim: Aim) -> Iterator[Seen]:
    """Clocks whose due moment passed before what they waited for was done."""
    rows = _clocks(aim).filter(due_at__gte=aim.period.since, due_at__lt=min(aim.period.until, aim.at))
    rows = rows.filter(Q(state=State.RUNNING) | Q(state=State.MISSED, stopped_at__gt=F("due_at")))
    calendar = current_calendar()
    for clock in rows.iterator(chunk_size=CHUNK):
        end = min(clock.stopped_at or aim.at, aim.at)
        yield _seen(clock, "clock_overdue", clock.due_at or aim.at, _left(calendar, _local(end), clock))


def with_holders(stream: Iterator[Seen]) -> Iterator[Seen]:
    """The same with who held each case then; a few statements a chunk. What the applicant held is left out."""
    while chunk := list(islice(stream, CHUNK)):
        numbers = {seen.number for seen in chunk}
        rows = cases.Case.objects.filter(number__in=numbers).select_related("application")
        courses = {c.number: c for c in courses_of(list(rows.defer("application__form_sealed")))}
        for seen in chunk:
            course = courses.get(seen.number)
            held = _held(seen, course) if course is not None else None
            if held is not None:
                yield held


def _held(seen: Seen, course: Course) -> Seen | None:
    holder = holder_at(course, seen.at)
    fault = holder.organisation_id
    if fault is None:
        return None
    if seen.facts["clock"] == "telling":
        holder = replace(holder, post="receiver", step="受理")
    return replace(
        seen,
        case_id=course.case_id,
        organisation_id=fault,
        holder=holder,
        facts={**seen.facts, **course.about},
    )


def _clocks(aim: Aim) -> "QuerySet[deadlines.Clock]":
    rows = deadlines.Clock.objects.filter(
        subject_kind__in=SUBJECTS, kind__in=aim.kinds, organisation_id__isnull=False
    ).order_by("due_at", "pk")
    if aim.division:
        rows = rows.filter(division__startswith=aim.division)
    if aim.cases is not None:
        numbers = aim.cases.order_by().values("number")
        part = Substr("subject_key", 1, StrIndex("subject_key", Value(":")) - 1)
        rows = rows.alias(part=part).filter(
            Q(subject_kind="case", subject_key__in=numbers) | Q(subject_kind__in=KEYED, part__in=numbers)
        )
    if aim.rule:
        told = Card.objects.filter(rule_code=aim.rule, clock_id=OuterRef("pk"), due_on=OuterRef("due_on"))
        rows = rows.filter(~Exists(told))
    return rows


def _seen(clock: deadlines.Clock, detector: str, at: datetime, left: int) -> Seen:
    return Seen(
        detector=detector,
        occasion=f"{clock.pk}:{clock.due_on:%Y%m%d}",
        at=at,
        organisation_id=clock.organisation_id or 0,
        division=clock.division,
        number=clock.subject_key.split(":", 1)[0],
        clock_id=clock.pk,
        due_on=clock.due_on,
        facts={
            "clock": clock.kind,
            "amount": clock.amount,
            "left": max(left, 0),
            "over": max(-left, 0),
        },
    )


def _left(calendar: WorkCalendar, today: date, clock: deadlines.Clock) -> int:
    """Days after today through the due day; negative when it is past."""
    due = clock.due_on
    if due is None:
        return 0
    if clock.unit not in WORKING:
        return (due - today).days
    if due >= today:
        return calendar.working_days_between(today + timedelta(days=1), due)
    return -calendar.working_days_between(due + timedelta(days=1), today)


def _ahead(calendar: WorkCalendar, day: date, count: int) -> date:
    try:
        return calendar.add_working_days(day, count) if count else day
    except YearNotAnnounced:
        return day + timedelta(days=2 * count + 10)


def _back(calendar: WorkCalendar, due: date | None, count: int) -> date:
    if due is None:
        return date.max
    try:
        place = calendar.working_until(due.toordinal()) - count
        return date.fromordinal(calendar.nth_working(place)) if place > 0 else due
    except YearNotAnnounced:
        return due - timedelta(days=count)


def _local(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def _opening(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def _closing(day: date) -> datetime:
    return _opening(day + timedelta(days=1))

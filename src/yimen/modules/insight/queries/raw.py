"""What is stored about many cases, in four statements: the source from which shares are derived, and recounted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from yimen.foundation.calendar.api import (
    WorkCalendar,
    YearNotAnnounced,
    calendar_of,
    current_calendar,
    version_numbered,
)
from yimen.foundation.trace import api as trace
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import NotFound
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.insight.rules.shares import RawCase, RawClock, RawEvent, Share, share_of

Calendars = dict[tuple[str, int], WorkCalendar]
GOVERNING = ("telling", "legal", "promised", "delivery")
STOPPED = ("met", "missed")


def shares_of(case_ids: Sequence[int]) -> dict[int, Share]:
    """Case id to its share; a case that was never handed in has none."""
    fields = (
        "pk", "number", "division", "organisation_id", "centre_id", "item_id",
        "application__channel", "standard__visits",
    )  # fmt: skip
    rows = list(cases.Case.objects.filter(pk__in=case_ids).values(*fields))
    numbers = {row["number"]: row["pk"] for row in rows}
    events, materials, clocks = _events(numbers), _materials(numbers.values()), _clocks(numbers)
    found = {}
    for row in rows:
        key = row["pk"]
        share = share_of(
            RawCase(
                division=row["division"],
                organisation=row["organisation_id"],
                centre=row["centre_id"] or 0,
                item=row["item_id"],
                channel=row["application__channel"],
                visits=row["standard__visits"],
                events=events[key],
                materials=materials[key],
                clocks=clocks[key],
            )
        )
        if share.happenings:
            found[key] = share
    return found


def _events(numbers: dict[str, int]) -> defaultdict[int, list[RawEvent]]:
    found: defaultdict[int, list[RawEvent]] = defaultdict(list)
    rows = trace.Event.objects.filter(subject_kind="case", subject_key__in=numbers).order_by("sequence")
    for number, at, act, before, after in rows.values_list(
        "subject_key", "at", "act", "from_state", "to_state"
    ):
        found[numbers[number]].append(RawEvent(at=at, act=act, from_state=before, to_state=after))
    return found


def _materials(ids: Iterable[int]) -> defaultdict[int, list[tuple[str, str]]]:
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = cases.Material.objects.filter(case_id__in=list(ids)).values_list("case_id", "source", "state")
    for key, source, state in rows:
        if key is not None:
            found[key].append((source, state))
    return found


def _clocks(numbers: dict[str, int]) -> defaultdict[int, list[RawClock]]:
    found: defaultdict[int, list[RawClock]] = defaultdict(list)
    rows = deadlines.Clock.objects.filter(subject_kind="case", subject_key__in=numbers, kind__in=GOVERNING)
    calendars: Calendars = {}
    for clock in rows.order_by("pk"):
        found[numbers[clock.subject_key]].append(_clock(clock, calendars))
    return found


def _clock(clock: deadlines.Clock, calendars: Calendars) -> RawClock:
    due = clock.due_on.isoformat() if clock.due_on else ""
    if clock.kind != "promised" or clock.state not in STOPPED or clock.unit != "working_day":
        return RawClock(kind=clock.kind, state=clock.state, due_on=due)
    limit = 0 if clock.first_day == "same" else clock.amount + sum(e["amount"] for e in clock.extensions)
    used = _used(clock, calendars)
    return RawClock(kind=clock.kind, state=clock.state, due_on=due, used_days=used, limit_days=limit)


def _used(clock: deadlines.Clock, calendars: Calendars) -> int | None:
    """Working days from start to stop without the excluded ones, the day of the start not counted.

    By the calendar the clock ran under, so that a recount finds the same whatever was published since.
    """
    if clock.stopped_at is None:
        return None
    first = clock.started_at.astimezone(CHINA).date() + timedelta(days=1)
    last = clock.stopped_at.astimezone(CHINA).date()
    for calendar in (_calendar(clock, calendars), current_calendar(clock.region)):
        try:
            excluded: set[date] = set()
            for begins, ends in _exclusions(clock, first, last):
                excluded |= {d for d in _days(begins, ends) if calendar.is_working(d)}
            return calendar.working_days_between(first, last) - len(excluded)
        except YearNotAnnounced:
            continue
    return None


def _exclusions(clock: deadlines.Clock, first: date, last: date) -> Iterable[tuple[date, date]]:
    """The parts of the excluded time between two days, both end days excluded (行政许可法第四十五条)."""
    for stored in clock.exclusions:
        begins = _local_day(stored["from"])
        ends = _local_day(stored["to"]) if stored.get("to") else last
        yield max(begins, first), min(ends, last)


def _local_day(text: str) -> date:
    return (
        date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text).astimezone(CHINA).date()
    )


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _calendar(clock: deadlines.Clock, calendars: Calendars) -> WorkCalendar:
    key = (clock.region, clock.calendar_version)
    if key not in calendars:
        try:
            calendars[key] = calendar_of(version_numbered(clock.calendar_version, clock.region))
        except NotFound:
            calendars[key] = current_calendar(clock.region)
    return calendars[key]


def numbers_touched(since: datetime, until: datetime) -> QuerySet[trace.Event, Any]:
    """Numbers of the cases with an act in a span of time, each once."""
    rows = trace.Event.objects.filter(subject_kind="case", at__gte=since, at__lt=until)
    return rows.order_by("subject_key").values_list("subject_key", flat=True).distinct()

"""What is seen only in many cases together: re-taking, splitting, month-end bursts."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from yimen.foundation.calendar.api import YearNotAnnounced, current_calendar
from yimen.foundation.orgs import api as orgs
from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items import api as items
from yimen.modules.supervision.rules.spec import Holder, Period, Seen

BACK = timedelta(days=60)
"""How long before a case an earlier one of the same matter may have ended to be called re-taken."""
LAST_DAYS = 3
LEAST_SPLIT = 2
S = cases.CaseState
ENDED = (S.WITHDRAWN, S.NOT_ACCEPTED, S.TERMINATED)


@dataclass(frozen=True, kw_only=True)
class Among:
    """Which cases to look at, and when."""

    rows: "QuerySet[cases.Case]"
    period: Period


def _about(row: dict[str, Any]) -> dict[str, Any]:
    content = items.pinned(row["standard_id"]).content
    return {
        "item": row["item__code"],
        "item_type": str(content.type),
        "instant": content.instant,
        "channel": row["application__channel"],
        "joint": row["application__joint"],
    }


def _same_applicant() -> Q:
    person = Q(application__person_id=OuterRef("application__person_id"), application__person__isnull=False)
    entity = Q(application__entity_id=OuterRef("application__entity_id"), application__entity__isnull=False)
    return person | entity


def retaking(among: Among) -> Iterator[Seen]:
    """A matter taken in anew soon after it ended: its clock began again (one statement, then one for the clocks)."""
    earlier = (
        cases.Case.objects.filter(_same_applicant(), item_id=OuterRef("item_id"), state__in=ENDED)
        .filter(finished_at__lte=OuterRef("received_at"), finished_at__gt=OuterRef("received_at") - BACK)
        .order_by("-finished_at", "-pk")
    )
    rows = (
        among.rows.filter(received_at__gte=among.period.since, received_at__lt=among.period.until)
        .annotate(earlier_id=Subquery(earlier.values("pk")[:1]))
        .filter(earlier_id__isnull=False)
        .order_by("pk")
    )
    found = list(rows.values(*COLUMNS, "received_at", "earlier_id"))
    before = cases.Case.objects.in_bulk([row["earlier_id"] for row in found])
    due = _due_days([case.number for case in before.values()])
    counts = _times(found)
    for row in found:
        past = before[row["earlier_id"]]
        if past.finished_at is None:
            continue
        facts = {
            **_about(row),
            "days_between": (row["received_at"] - past.finished_at).days,
            "ended_as": str(past.state),
            "times": counts[row["pk"]],
        }
        if past.number in due:
            facts["left_when_ended"] = (due[past.number] - _local(past.finished_at)).days
        yield _of_case("retaking", row, row["received_at"], row["number"], facts)


COLUMNS = (
    "pk", "number", "organisation_id", "organisation__name", "division", "standard_id", "item__code", "application__channel",
    "application__joint",
)  # fmt: skip


def _times(rows: list[dict[str, Any]]) -> dict[int, int]:
    """How often in a row: a re-taken case whose earlier one was re-taken as well."""
    before = {row["pk"]: row["earlier_id"] for row in rows}

    def count(pk: int, deep: int = 0) -> int:
        return 1 + count(before[pk], deep + 1) if pk in before and deep < 20 else 0

    return {pk: count(pk) for pk in before}


def _due_days(numbers: list[str]) -> dict[str, date]:
    """The last due day an authority had on each case."""
    found: dict[str, date] = {}
    clocks = deadlines.Clock.objects.filter(
        subject_kind="case", subject_key__in=numbers, kind__in=["telling", "promised", "legal"],
        due_on__isnull=False,
    )  # fmt: skip
    order = {"telling": 0, "legal": 1, "promised": 2}
    kinds: dict[str, str] = {}
    for key, kind, due in clocks.values_list("subject_key", "kind", "due_on").order_by("started_at", "pk"):
        if due is not None and (key not in found or order[kind] >= order[kinds[key]]):
            found[key], kinds[key] = due, kind
    return found


def _of_case(detector: str, row: dict[str, Any], at: datetime, occasion: str, facts: dict[str, Any]) -> Seen:
    return Seen(
        detector=detector,
        occasion=occasion,
        at=at,
        organisation_id=row["organisation_id"],
        division=row["division"],
        case_id=row["pk"],
        number=row["number"],
        holder=Holder(
            name=row["organisation__name"],
            organisation_id=row["organisation_id"],
            post="receiver",
            step="收件",
        ),
        facts={key: value for key, value in facts.items() if value != ""},
    )


def split(among: Among) -> Iterator[Seen]:
    """One matter of one applicant handed in several times on a day (one statement, then one for the last case of each)."""
    groups = (
        among.rows.filter(received_at__gte=among.period.since, received_at__lt=among.period.until)
        .annotate(on=TruncDate("application__received_at", tzinfo=CHINA))
        .order_by()
        .values("application__person_id", "application__entity_id", "item_id", "on")
        .annotate(same_day=Count("application_id", distinct=True), last=Max("pk"))
        .filter(same_day__gte=LEAST_SPLIT)
    )
    counts = {group["last"]: (group["same_day"], group["on"]) for group in groups}
    rows = cases.Case.objects.filter(pk__in=list(counts)).order_by("pk").values(*COLUMNS, "received_at")
    for row in rows:
        same_day, on = counts[row["pk"]]
        facts = {**_about(row), "same_day": same_day}
        first = f"{row['organisation_id']}:{row['item__code']}:{on:%Y%m%d}:{row['pk']}"
        yield _of_case("split", row, row["received_at"], first, facts)


def burst(among: Among) -> Iterator[Seen]:
    """Departments that decide far more than usual in the last three working days of a month (one statement)."""
    months = _ended_months(among.period)
    if not months:
        return
    first, last = months[0], _last_day(months[-1])
    begins, ends = (
        datetime.combine(day, datetime.min.time(), CHINA) for day in (first, last + timedelta(days=1))
    )
    daily = (
        among.rows.filter(decided_at__gte=begins, decided_at__lt=ends)
        .annotate(on=TruncDate("decided_at", tzinfo=CHINA))
        .order_by()
        .values_list("organisation_id", "on")
        .annotate(n=Count("pk"))
    )
    counts: defaultdict[tuple[int, date], dict[date, int]] = defaultdict(dict)
    for organisation_id, on, n in daily:
        counts[organisation_id, on.replace(day=1)][on] = n
    known = orgs.Organisation.objects.select_related("division").in_bulk({key for key, _ in counts})
    for (organisation_id, month), days in counts.items():
        yield from _burst(known[organisation_id], month, days)


def _burst(organisation: orgs.Organisation, month: date, days: dict[date, int]) -> Iterator[Seen]:
    working = _working_days(month)
    end, whole = sum(days.get(day, 0) for day in working[-LAST_DAYS:]), sum(days.values())
    usual = (whole - end) / max(1, len(working) - LAST_DAYS) * LAST_DAYS
    yield Seen(
        detector="burst",
        occasion=f"{organisation.pk}:{month:%Y%m}",
        at=datetime.combine(_last_day(month), datetime.max.time(), CHINA),
        organisation_id=organisation.pk,
        division=organisation.division.code,
        holder=Holder(name=organisation.name, organisation_id=organisation.pk),
        facts={"count": end, "whole": whole, "ratio": round(end / max(usual, 1.0), 2)},
    )


def _ended_months(period: Period) -> list[date]:
    """The first days of the months that ended within the period."""
    month = _local(period.since).replace(day=1)
    found: list[date] = []
    while True:
        following = _last_day(month) + timedelta(days=1)
        if datetime.combine(following, datetime.min.time(), CHINA) > period.until:
            return found
        if datetime.combine(following, datetime.min.time(), CHINA) > period.since:
            found.append(month)
        month = following


def _last_day(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _working_days(month: date) -> list[date]:
    calendar, last = current_calendar(), _last_day(month)
    days = [month + timedelta(days=n) for n in range(last.day)]
    try:
        return [day for day in days if calendar.is_working(day)] or days
    except YearNotAnnounced:
        return [day for day in days if day.weekday() < 5]


def _local(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def lost_clock(among: Among) -> Iterator[Seen]:
    """Cases in an authority's hands, or decided by it, for which the limit that binds it was never counted (three statements).

    Without a clock nothing else would see them: neither near nor past a due day that does not exist.
    """
    since, until = among.period.since, among.period.until
    # the application's index leads to what can have begun in the period, however much is closed before it
    rows = among.rows.filter(application__received_at__gte=since - LONGEST_COURSE)
    handled = rows.filter(accepted_at__gte=since, accepted_at__lt=until)
    handled = handled.filter(Q(state__in=IN_HAND) | Q(decided_at__isnull=False))
    lacking = handled.annotate(
        has_promised=Exists(_clocks_of("promised")), has_legal=Exists(_clocks_of("legal"))
    ).filter(Q(has_promised=False) | Q(has_legal=False))
    for row in lacking.order_by("pk").values(
        *COLUMNS, "accepted_at", "is_open", "decided_at", "has_promised"
    ):
        kind = "legal" if row["has_promised"] else "promised"
        yield _lost(row, kind, row["accepted_at"], until, in_hand=row["decided_at"] is None)
    open_rows = among.rows.filter(is_open=True)
    waiting = (
        ("telling", "received_at", open_rows.filter(state=S.SUBMITTED)),
        # results that go out together are delivered with the last decision
        (
            "delivery",
            "decided_at",
            open_rows.filter(state__in=[S.GRANTED, S.REFUSED], application__together=False),
        ),
    )
    for kind, began, found in waiting:
        within = found.filter(**{f"{began}__gte": since, f"{began}__lt": until})
        none = within.filter(~Exists(_clocks_of(kind).filter(state__in=COUNTING)))
        for row in none.order_by("pk").values(*COLUMNS, began):
            yield _lost(row, kind, row[began], until, in_hand=True)


LONGEST_COURSE = timedelta(days=400)
IN_HAND = (S.ACCEPTED, S.IN_REVIEW, S.SUSPENDED)
COUNTING = (deadlines.ClockState.RUNNING, deadlines.ClockState.PAUSED)


def _clocks_of(kind: str) -> "QuerySet[deadlines.Clock]":
    return deadlines.Clock.objects.filter(subject_kind="case", subject_key=OuterRef("number"), kind=kind)


def _lost(row: dict[str, Any], kind: str, began: datetime, until: datetime, *, in_hand: bool) -> Seen:
    facts = {**_about(row), "clock": kind, "in_hand": in_hand, "days": max(0, (until - began).days)}
    return _of_case("lost_clock", row, began, f"{row['number']}:{kind}", facts)


SETS = {"retaking": retaking, "split": split, "burst": burst, "lost_clock": lost_clock}

"""The supervisor's list of cases: filters as they stand in the address, and the rows behind every count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from yimen.foundation.calendar.api import YearNotAnnounced, current_calendar
from yimen.foundation.orgs import api as orgs
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.lists import counted
from yimen.kernel.paging import Page
from yimen.modules.cases import api as cases
from yimen.portals.console.permissions import CASE_READ
from yimen.portals.console.reading import asked_of, closing, day_of, opening, page_of, text_of
from yimen.portals.console.words import CHANNELS

SOON_DAYS = 3
OPEN, CLOSED = "open", "closed"
JOINS = ("application__person", "application__entity", "item", "organisation", "centre")
SORTS = {
    "due": (F("due_at").asc(nulls_last=True), "id"),
    "-due": (F("due_at").desc(nulls_last=True), "-id"),
    "received": (F("application__received_at").asc(nulls_last=True), "id"),
    "-received": (F("application__received_at").desc(nulls_last=True), "-id"),
}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What of the list is shown.

    Args:
        time: ``overdue`` or ``soon`` (due within three working days).
        state: one state, ``open`` or ``closed``.
        received_from, received_to: days in China, both included.
    """

    q: str = ""
    organisation: str = ""
    centre: str = ""
    item: str = ""
    state: str = ""
    time: str = ""
    channel: str = ""
    received_from: date | None = None
    received_to: date | None = None
    sort: str = "due"


def filters_of(values: Mapping[str, str]) -> Filters:
    """The filters of an address; what it cannot mean is left out."""
    state, time = text_of(values, "state"), text_of(values, "time")
    if text_of(values, "overdue") in ("1", "true"):
        time = "overdue"
    sort = text_of(values, "sort")
    channel = text_of(values, "channel")
    return Filters(
        q=text_of(values, "q", 40),
        organisation=text_of(values, "organisation"),
        centre=text_of(values, "centre"),
        item=text_of(values, "item"),
        state=state if state in {*cases.CaseState, OPEN, CLOSED} else "",
        time=time if time in ("overdue", "soon") else "",
        channel=channel if channel in CHANNELS else "",
        received_from=day_of(values, "from"),
        received_to=day_of(values, "to"),
        sort=sort if sort in SORTS else "due",
    )


def soon_until(at: datetime) -> datetime:
    """The end of the third working day from today; three calendar days where the year is not announced."""
    today = at.astimezone(CHINA).date()
    try:
        last = current_calendar().add_working_days(today, SOON_DAYS)
    except YearNotAnnounced:
        last = today + timedelta(days=SOON_DAYS)
    return closing(last)


def cases_seen(actor: Actor, at: datetime, wanted: Filters) -> "QuerySet[cases.Case]":
    """The cases of the actor's scope that the filters leave, unsorted."""
    rows = cases.cases_in_scope(actor).filter(_narrowing(wanted))
    if wanted.time == "overdue":
        rows = rows.filter(is_open=True, due_at__lt=at)
    elif wanted.time == "soon":
        rows = rows.filter(is_open=True, due_at__gte=at, due_at__lt=soon_until(at))
    return rows


def _narrowing(wanted: Filters) -> Q:
    q = Q()
    if wanted.q:
        q &= Q(number__startswith=wanted.q)
    if wanted.organisation:
        q &= Q(organisation__code=wanted.organisation)
    if wanted.centre:
        q &= Q(centre__code=wanted.centre)
    if wanted.item:
        q &= Q(item__name__contains=wanted.item) | Q(item__code=wanted.item) | Q(item__slug=wanted.item)
    if wanted.state:
        q &= Q(is_open=wanted.state == OPEN) if wanted.state in (OPEN, CLOSED) else Q(state=wanted.state)
    if wanted.channel:
        q &= Q(application__channel=wanted.channel)
    if wanted.received_from:
        q &= Q(application__received_at__gte=opening(wanted.received_from))
    if wanted.received_to:
        q &= Q(application__received_at__lt=closing(wanted.received_to))
    return q


def sorted_cases(rows: "QuerySet[cases.Case]", sort: str) -> "QuerySet[cases.Case]":
    """Rows in the order asked for, with what a line shows joined."""
    return rows.select_related(*JOINS).order_by(*SORTS[sort])


def page_of_cases(
    rows: "QuerySet[cases.Case]", sort: str, values: Mapping[str, str], size: int
) -> "Page[cases.Case]":
    """A page of the list. By due day it is read in two parts, so that nobody sorts what is closed and has no due day."""
    if sort not in ("due", "-due"):
        return page_of(sorted_cases(rows, sort), values, size)
    count, more = counted(rows)
    offset, limit, number = asked_of(values, count, size)
    due = Q(is_open=True, due_at__isnull=False)
    first = sorted_cases(rows.filter(due), sort)
    found = list(first[offset : offset + limit])
    if len(found) < limit:
        ahead = offset + len(found) if found else rows.filter(due).order_by().count()
        rest = rows.exclude(due).select_related(*JOINS).order_by("-id" if sort == "-due" else "id")
        begins = max(0, offset - ahead) if not found else 0
        found += rest[begins : begins + limit - len(found)]
    return Page(count=count, results=found, number=number, size=limit, more=more)


@dataclass(frozen=True)
class Figures:
    """Counts over the actor's scope, in one statement."""

    open: int
    overdue: int
    soon: int
    correcting: int
    suspended: int


def figures(actor: Actor, at: datetime) -> Figures:
    """The counts of the start page, over open cases only; each equals the total of the list it leads to."""
    is_open = Q(is_open=True)
    found = (
        cases.cases_in_scope(actor)
        .filter(is_open)
        .aggregate(
            open=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=at)),
            soon=Count("pk", filter=Q(due_at__gte=at, due_at__lt=soon_until(at))),
            correcting=Count("pk", filter=Q(state=cases.CaseState.CORRECTION_REQUESTED)),
            suspended=Count("pk", filter=Q(state=cases.CaseState.SUSPENDED)),
        )
    )
    return Figures(**found)


def by_organisation(actor: Actor, at: datetime) -> list[dict[str, object]]:
    """Organisations with open cases: how many, how many overdue or due soon; the worst first."""
    late = Q(due_at__lt=at)
    rows = (
        cases.cases_in_scope(actor)
        .filter(is_open=True)
        .values("organisation__code", "organisation__name", "organisation__short_name")
        .annotate(
            open=Count("pk"),
            overdue=Count("pk", filter=late),
            soon=Count("pk", filter=Q(due_at__gte=at, due_at__lt=soon_until(at))),
        )
        .order_by("-overdue", "-soon", "-open", "organisation__code")
    )
    return [
        {
            "code": r["organisation__code"],
            "label": r["organisation__short_name"] or r["organisation__name"],
            **{k: r[k] for k in ("open", "overdue", "soon")},
        }
        for r in rows
    ]


def organisation_choices(actor: Actor) -> list[tuple[str, str]]:
    """The organisations within the actor's scope, for the filter."""
    reach = Q(pk__in=[])
    for scope in actor.scopes(CASE_READ):
        if scope.organisation_id is not None:
            reach |= Q(pk=scope.organisation_id)
        elif scope.division:
            reach |= Q(division__code__startswith=scope.division)
        else:
            reach = Q()
            break
    return [(o.code, o.label) for o in orgs.organisations().filter(reach)[:500]]


def centre_choices(actor: Actor) -> list[tuple[str, str]]:
    """The centres within the actor's scope, for the filter."""
    reach = Q(pk__in=[])
    for scope in actor.scopes(CASE_READ):
        if scope.centre_id is not None:
            reach |= Q(pk=scope.centre_id)
        elif scope.division:
            reach |= Q(division__code__startswith=scope.division)
        else:
            reach = Q()
            break
    return [(c.code, c.name) for c in orgs.centres().filter(reach)[:500]]


def days_left(case: cases.Case, at: datetime) -> int | None:
    """Working days after today until the case is due; negative = overdue by so many; ``None`` = no due day."""
    if case.due_at is None:
        return None
    calendar, today, due = (
        current_calendar(),
        at.astimezone(CHINA).date(),
        case.due_at.astimezone(CHINA).date(),
    )
    try:
        if case.due_at >= at:
            return calendar.working_days_between(today + timedelta(days=1), due)
        return -max(1, calendar.working_days_between(due + timedelta(days=1), today))
    except YearNotAnnounced:
        return None

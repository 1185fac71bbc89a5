"""The inbox: what is due first, with the remaining days; counts and rows from one source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.lists import counted, page_of
from yimen.kernel.paging import Page
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.themes import api as themes
from yimen.portals.desk.lists.filters import Filters
from yimen.portals.desk.lists.tabs import TABS, Tab

JOINS = ("application__person", "application__entity", "item", "organisation", "centre")
AUTHORITY = ("telling", "legal", "promised", "delivery")
"""Clocks that bind the authority; the inbox shows the one that ends first."""
NEXT_WITHIN = 300


@dataclass(frozen=True, kw_only=True)
class Left:
    """What remains of the limit that ends first.

    Args:
        days: units left, negative = overdue; ``None`` = no due day (paused, or not running).
        state: as ``<c-clock>`` takes it.
        waits: for whom the case waits, where no limit of the authority runs.
    """

    days: int | None = None
    total: int = 0
    state: str = "stopped"
    unit: str = "个工作日"
    due: str = ""
    kind: str = ""
    waits: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the inbox.

    Args:
        thing: name of the one thing it belongs to, "" = none.
    """

    case: cases.Case
    left: Left
    thing: str = ""


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """A page of the inbox with the counts of all its tabs; ``more``: more are closed than were counted."""

    counts: dict[str, int]
    more: bool
    page: Page[Row]
    filters: Filters

    @property
    def tabs(self) -> list[tuple[Tab, int, bool]]:
        return [(tab, self.counts[tab.key], self.more and not tab.is_open) for tab in TABS]


def rows_of(filters: Filters, actor: Actor) -> QuerySet[cases.Case]:
    """The rows that the filters (but not the tab) leave: the one source of counts and lists."""
    return cases.cases_in_scope(actor).filter(filters.conditions(actor))


def counts_of(rows: QuerySet[cases.Case], at: datetime, closed: int) -> dict[str, int]:
    """The count of every tab, the open ones in one statement over the open rows.

    Args:
        closed: how many are closed: nobody counts them here, there are more every year.
    """
    running = {tab.key: Count("pk", filter=tab.condition(at)) for tab in TABS if tab.is_open}
    found: dict[str, int] = rows.filter(is_open=True).aggregate(**running)
    return found | {tab.key: closed for tab in TABS if not tab.is_open}


def listed(rows: QuerySet[cases.Case], tab: Tab, at: datetime) -> QuerySet[cases.Case]:
    """The rows of one tab in the order they are to be done."""
    found = rows.filter(tab.condition(at))
    if tab.is_open:
        return found.order_by(F("due_at").asc(nulls_last=True), "id")
    return found.order_by("-finished_at", "-id")


def inbox(filters: Filters, actor: Actor, at: datetime, size: int = 20) -> Inbox:
    """One page with all counts: a handful of statements whatever the rows."""
    rows = rows_of(filters, actor)
    closed, more = _closed(rows, filters, actor, at)
    counts = counts_of(rows, at, closed)
    known = counts[filters.tab], more and not filters.chosen.is_open
    found = page_of(listed(rows, filters.chosen, at).select_related(*JOINS), filters.page, size, known)
    page = Page(
        count=found.count, results=as_rows(found.results, at), number=found.number, size=size, more=found.more
    )
    return Inbox(counts=counts, more=more, filters=filters, page=page)


def _closed(rows: QuerySet[cases.Case], filters: Filters, actor: Actor, at: datetime) -> tuple[int, bool]:
    """How many are closed, and whether there are more: exactly from the tally, or as far as a narrowed list is counted."""
    if not filters.narrowed:
        return cases.closed_total(actor), False
    [ended] = [tab.condition(at) for tab in TABS if not tab.is_open]
    return counted(rows.filter(ended))


def as_rows(found: Sequence[cases.Case], at: datetime) -> list[Row]:
    """Cases as lines, with what remains and the thing they belong to: two statements."""
    left = left_of(found, at)
    things = themes.names_of_applications(case.application_id for case in found if case.application.joint)
    return [
        Row(case=case, left=left[case.number], thing=things.get(case.application_id, "")) for case in found
    ]


def left_of(found: Sequence[cases.Case], at: datetime) -> dict[str, Left]:
    """The remaining days of cases, from their clocks, in one statement."""
    clocks = deadlines.clocks_of("case", [case.number for case in found])
    return {case.number: _left(case, clocks[case.number], at) for case in found}


def _left(case: cases.Case, clocks: Sequence[deadlines.Clock], at: datetime) -> Left:
    if case.state == cases.CaseState.WAITING:
        return Left(state="running", waits="等前一事项")
    own = [c for c in clocks if c.kind in AUTHORITY]
    if not case.is_open:
        limits = [c for c in own if c.kind in ("legal", "promised")]
        missed = any(c.state == deadlines.ClockState.MISSED for c in limits)
        met = any(c.state == deadlines.ClockState.MET for c in limits)
        return Left(state="missed" if missed else "met" if met else "stopped")
    running = [c for c in own if c.is_open and c.due_at is not None]
    if running:
        return left_of_clock(min(running, key=lambda c: (c.due_at or at, c.pk)), at)
    if any(c.is_paused for c in own):
        return Left(state="paused")
    waiting = [c for c in clocks if c.kind == "correction" and c.is_open]
    return Left(state="running", waits="等申请人补正") if waiting else Left()


def left_of_clock(clock: deadlines.Clock, at: datetime) -> Left:
    """What remains of one clock."""
    if clock.is_paused:
        return Left(state="paused", kind=clock.kind_label)
    if not clock.is_open:
        return Left(state=str(clock.state), kind=clock.kind_label)
    total = clock.amount + sum(int(e.get("amount") or 0) for e in clock.extensions)
    unit = deadlines.Unit(clock.unit)
    hours = unit in (deadlines.Unit.WORKING_HOUR, deadlines.Unit.HOUR)
    label = "个工作日" if unit in (deadlines.Unit.WORKING_DAY, deadlines.Unit.WORKING_HOUR) else "天"
    days = deadlines.days_left(clock, at)
    if days == 0 and clock.is_overdue(at):
        days = -1 if not hours else days
    return Left(
        days=days, total=0 if hours else total, state="running", unit=label, kind=clock.kind_label,
        due=clock.due_on.isoformat() if clock.due_on else "",
    )  # fmt: skip


def choices_of(filters: Filters, actor: Actor) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Items and centres of the actor's open cases, to filter by: two statements."""
    rows = cases.cases_in_scope(actor).filter(is_open=True)
    by_item = rows.values_list("item__code", "item__name").distinct().order_by("item__name")[:200]
    by_centre = rows.filter(centre__isnull=False).values_list("centre__code", "centre__name").distinct()
    return list(by_item), list(by_centre.order_by("centre__name")[:200])


def next_after(number: str, filters: Filters, actor: Actor, at: datetime) -> str:
    """The number of the case that follows in this list, or of its first one; "" when nothing is left."""
    rows = listed(rows_of(filters, actor), filters.chosen, at)
    numbers = list(rows.values_list("number", flat=True)[:NEXT_WITHIN])
    if number in numbers:
        place = numbers.index(number)
        later = numbers[place + 1 : place + 2] or [n for n in numbers[:1] if n != number]
    else:
        later = numbers[:1]
    return later[0] if later else ""


def figures(actor: Actor, at: datetime) -> dict[str, int]:
    """Today's figures: the very counts of the inbox, and which of today's receipts are still open."""
    rows = cases.cases_in_scope(actor)
    today = at.astimezone(CHINA).date()
    received = rows.filter(Filters(received=today).conditions(actor), is_open=True)
    both = received.aggregate(
        all=Count("pk"), mine=Count("pk", filter=Q(application__account_id=actor.account_id))
    )
    return counts_of(rows, at, cases.closed_total(actor)) | {
        "received": both["all"],
        "received_mine": both["mine"],
    }

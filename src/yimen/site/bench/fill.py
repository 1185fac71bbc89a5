"""Put many finished and open cases into the store, so that lists, counts and indexes have something to carry.

The rows are written in sets, not by acts; each has its clock and a sound chain of events, so that the trace verifies.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from yimen.foundation.identity.api import Account, Person, seal_json
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.modules.cases.models import Application, Case
from yimen.modules.cases.services.clocks import telling_spec
from yimen.modules.cases.services.tallying import tally_closed
from yimen.modules.cases.states import CaseState
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items import api as items
from yimen.modules.items.models import Standard

BATCH = 2000
OPEN_SHARE = 5
"""One case in five is still open."""
WAITING = 6000
"""So many of the open ones are of one item."""
BACK = timedelta(days=300)


@dataclass(frozen=True)
class Stock:
    """What the rows are made of."""

    at: datetime
    clerk: Actor
    people: list[int]
    standards: list[items.PublishedStandard]
    form: bytes
    waiting: items.PublishedStandard

    def standard(self, serial: int) -> items.PublishedStandard:
        """The oldest open ones all wait for one authority, for the measurement of acts."""
        waits = serial % OPEN_SHARE == 0 and serial < OPEN_SHARE * WAITING
        return self.waiting if waits else self.standards[serial % len(self.standards)]


def fill(count: int, at: datetime, waiting: str) -> None:
    """Store ``count`` applications of one case each, spread over every published standard of the district.

    Args:
        count: how many.
        at: the moment to count back from.
        waiting: slug of the item that the oldest open cases are of.
    """
    published = Standard.objects.filter(state="published").order_by("id").values_list("id", flat=True)
    stock = Stock(
        at=at,
        clerk=Actor(account_id=Account.objects.get(username="chen").pk, name="陈窗口", channel="window"),
        people=list(Person.objects.order_by("id").values_list("id", flat=True)),
        standards=[items.pinned(number) for number in published],
        waiting=items.current(waiting, at.astimezone(CHINA).date()),
        form=seal_json({"remarks": "测量用的存量办件" * 20}, "form"),
    )
    for first in range(0, count, BATCH):
        with transaction.atomic():
            _store(stock, range(first, min(first + BATCH, count)), count)
    tally_closed()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _store(stock: Stock, serials: range, count: int) -> None:
    applications = [_application(stock, n, stock.at - BACK * (1 - n / count)) for n in serials]
    Application.objects.bulk_create(applications)
    cases = [_case(stock, n, application) for n, application in zip(serials, applications, strict=True)]
    began = applications[0].created_at
    clocks = deadlines.start_clocks([telling_spec(case) for case in cases], began)
    events = []
    for case, clock in zip(cases, clocks, strict=True):
        case.due_at = clock.due_at if case.is_open else None
        events += _events(stock, case)
    closed = [clock for case, clock in zip(cases, clocks, strict=True) if not case.is_open]
    deadlines.cancel(closed, began)
    Case.objects.bulk_create(cases)
    trace.save(events)


def _application(stock: Stock, serial: int, at: datetime) -> Application:
    return Application(
        number=f"0000000000{serial:09d}",
        state="closed" if serial % OPEN_SHARE else "submitted",
        person_id=stock.people[serial % len(stock.people)],
        account_id=stock.clerk.account_id,
        channel="window",
        division=stock.standard(serial).division_code,
        form_sealed=stock.form,
        created_at=at,
        received_at=at,
    )


def _case(stock: Stock, serial: int, application: Application) -> Case:
    standard = stock.standard(serial)
    is_open = serial % OPEN_SHARE == 0
    return Case(
        number=f"{application.number}-1",
        application=application,
        item_id=standard.item_id,
        standard_id=standard.standard_id,
        organisation_id=standard.organisation_id,
        division=standard.division_code,
        state=CaseState.SUBMITTED if is_open else CaseState.WITHDRAWN,
        is_open=is_open,
        received_at=application.received_at,
    )


def _events(stock: Stock, case: Case) -> list[trace.Event]:
    acts = [("submit", CaseState.DRAFT, CaseState.SUBMITTED)]
    if not case.is_open:
        acts.append(("withdraw", CaseState.SUBMITTED, CaseState.WITHDRAWN))
    events, head = [], trace.Head()
    for act, before, after in acts:
        event, head = trace.prepare(
            "case",
            case.number,
            act,
            stock.clerk,
            case.application.created_at,
            head,
            from_state=before,
            to_state=after,
        )
        events.append(event)
    case.trace_length, case.trace_head = head.length, head.hash
    return events

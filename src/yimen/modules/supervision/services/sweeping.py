"""What time and arriving events do by themselves: issue cards, lift reminders, withdraw what proves unfounded, settle.

Clocks: one statement a rule over the stored due moments, streamed into bulk inserts. Events: the trace is read on from a
watermark over its ids, so that an event that arrives a month late is seen as soon as it is there.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.supervision.models import Card, Rule, Watermark
from yimen.modules.supervision.queries import clocks
from yimen.modules.supervision.queries.evaluating import case_findings, clock_findings, evaluate
from yimen.modules.supervision.queries.rules import by_rule_of_the_day, in_force, lately_in_force
from yimen.modules.supervision.rules.spec import Period
from yimen.modules.supervision.services.issuing import issue
from yimen.modules.supervision.states import CLOSED, EVENT_KIND, MACHINE, CardState

LOOK_BACK = timedelta(days=60)
"""A clock stopped late while the sweep slept is still found so long afterwards."""
SET_DAYS = timedelta(days=40)
OVERLAP = 500
"""Event ids read again, because a transaction still open may hold a smaller id than one committed."""
BATCH = 400
MOST_BATCHES = 200
CHUNK = 500
S = CardState
EVENTS = "case_events"


def sweep_clocks(at: datetime) -> int:
    """Issue cards for clocks near or past their due moment; afterwards lift, withdraw and settle what time decides.

    Returns:
        How many cards were issued.
    """
    made = 0
    for rule in in_force(at, "clocks"):
        since = max(rule.valid_from or at, at - LOOK_BACK)
        aim = clocks.Aim(
            period=Period(since=since, until=at), at=at, lead=rule.lead, live=True, rule=rule.code,
            division=rule.spec.division,
        )  # fmt: skip
        made += issue(clock_findings(rule.spec, aim), [rule], at)
    lift_reminders(at)
    withdraw_unfounded(at)
    settle_expired(at)
    return made


def sweep_events(at: datetime) -> int:
    """Judge every case with events not read yet, by the rules that held when each thing happened.

    Returns:
        How many cards were issued.
    """
    mark, _ = Watermark.objects.get_or_create(name=EVENTS)
    rows = trace.Event.objects.order_by("-id").values_list("id", flat=True)
    newest = rows.first() or 0
    if newest <= mark.last_event:
        return 0
    rules = lately_in_force(at, "chains")
    made, position = 0, max(0, mark.last_event - OVERLAP)
    for _ in range(MOST_BATCHES):
        ids = _next_events(position, newest)
        if not ids:
            break
        made += _judge({number for _, number in ids}, rules, at)
        position = ids[-1][0]
    Watermark.objects.filter(pk=mark.pk).update(last_event=max(position, mark.last_event))
    return made


def _next_events(after: int, newest: int) -> list[tuple[int, str]]:
    rows = trace.Event.objects.filter(id__gt=after, id__lte=newest, subject_kind="case").order_by("id")
    return list(rows.values_list("id", "subject_key")[:BATCH])


def _judge(numbers: set[str], rules: list[Rule], at: datetime) -> int:
    if not rules:
        return 0
    found = case_findings([r.spec for r in rules], cases.Case.objects.filter(number__in=numbers))
    return issue(by_rule_of_the_day(found, rules), rules, at)


def sweep_sets(at: datetime) -> int:
    """Issue cards for what shows only in many cases together; once a day is enough."""
    made = 0
    for rule in in_force(at, "sets"):
        since = max(rule.valid_from or at, at - SET_DAYS)
        made += issue(evaluate([rule.spec], Period(since=since, until=at), at), [rule], at)
    return made


def lift_reminders(at: datetime) -> int:
    """Close reminders whose clock stopped, passed or moved: what they warned of is decided."""
    still = deadlines.Clock.objects.filter(
        pk=OuterRef("clock_id"), state=deadlines.ClockState.RUNNING, due_at__gte=at, due_on=OuterRef("due_on")
    )
    rows = Card.objects.filter(~Exists(still), is_open=True, answerable=False)
    return _settle_all(rows, "lift", S.LIFTED, "期限已经办结、届满或者变动，提醒消除。", at)


def withdraw_unfounded(at: datetime) -> int:
    """Withdraw open cards over a clock that proves kept: the event came late, or the calendar or the limit moved it."""
    clock = deadlines.Clock.objects.filter(pk=OuterRef("clock_id"))
    kept = clock.filter(
        Q(state=deadlines.ClockState.MET) | Q(due_on__gt=OuterRef("due_on")) | Q(due_at__isnull=True)
    )
    rows = Card.objects.filter(Exists(kept), is_open=True, answerable=True)
    note = "这项期限其实没有超过（记录晚到，或者日历、期限有变动），平台撤销这张牌。"
    return _settle_all(rows, "withdraw", S.WITHDRAWN, note, at)


def settle_expired(at: datetime) -> int:
    """Decisions nobody appealed against in time become final."""
    rows = Card.objects.filter(state=S.UPHELD, due_at__lt=at)
    return _settle_all(rows, "settle", S.FINAL, "申诉期满没有申诉，认定生效。", at)


def _settle_all(rows: "QuerySet[Card]", act: str, state: CardState, note: str, at: datetime) -> int:
    """One act upon many cards: three statements a chunk, each card with its own chained event."""
    done = 0
    while True:
        with transaction.atomic():
            locked = rows.select_for_update(of=("self",)).select_related("rule").order_by("pk")
            chunk = list(locked[:CHUNK])
            if not chunk:
                return done
            _settle_chunk(chunk, act, state, note, at)
        done += len(chunk)


def _settle_chunk(chunk: list[Card], act: str, state: CardState, note: str, at: datetime) -> None:
    events = []
    for card in chunk:
        step = MACHINE.steps[act]
        event, head = trace.prepare(
            EVENT_KIND, card.number, step.name, PLATFORM, at, trace.Head(card.trace_length, card.trace_head),
            from_state=card.state, to_state=state, clause=card.rule.clause, note=note,
        )  # fmt: skip
        events.append(event)
        card.trace_length, card.trace_head = head.length, head.hash
        card.state, card.revision = state, card.revision + 1
        card.is_open, card.closed_at, card.due_at = state not in CLOSED, at, None
    trace.save(events)
    fields = ("state", "revision", "is_open", "closed_at", "due_at", "trace_length", "trace_head")
    Card.objects.bulk_update(chunk, fields)
    opened = deadlines.clocks_of(EVENT_KIND, [card.number for card in chunk])
    running = [clock for found in opened.values() for clock in found if clock.is_open]
    if running:
        deadlines.cancel(running, at)

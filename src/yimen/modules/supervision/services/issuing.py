"""Issue cards for findings: many at once, each occasion once, whoever asks and however often."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import IntegrityError, transaction

from yimen.foundation.orgs import api as orgs
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM
from yimen.kernel.clock import CHINA
from yimen.kernel.events import announce
from yimen.modules.deadlines import api as deadlines
from yimen.modules.supervision.events import CardsIssued
from yimen.modules.supervision.models import Card, Rule
from yimen.modules.supervision.rules.spec import Finding, Holder
from yimen.modules.supervision.rules.telling import sentence_of
from yimen.modules.supervision.states import EVENT_KIND, STATEMENT, CardState

CHUNK = 300
LONGEST_CHAIN = 20
Known = dict[tuple[str, int], Rule]
LATE_EVENT_DAYS = 7
"""A fault told so many days after it happened: the card says so."""


def issue(findings: Iterable[Finding], rules: Sequence[Rule], at: datetime) -> int:
    """Issue a card for each finding that has none yet, a chunk in a handful of statements.

    Args:
        findings: of ``queries.evaluating``; a stream of any length.
        rules: the stored rules that the findings are of.

    Returns:
        How many cards were issued.
    """
    known = {(rule.code, rule.version): rule for rule in rules}
    stream, made = iter(findings), 0
    while chunk := list(islice(stream, CHUNK)):
        try:
            made += _issue(chunk, known, at)
        except IntegrityError:
            made += _issue(chunk, known, at)  # another worker issued some of them a moment ago
    return made


@transaction.atomic
def _issue(findings: list[Finding], rules: Known, at: datetime) -> int:
    occasions = {f.seen.occasion for f in findings}
    held = set(
        Card.objects.filter(rule_code__in={code for code, _ in rules}, occasion__in=occasions).values_list(
            "rule_code", "occasion"
        )
    )
    fresh = list({f.key: f for f in findings if f.key not in held and _of(f) in rules}.values())
    if not fresh:
        return 0
    answering = answering_organisations({_at_fault(f) for f in fresh}, at)
    cards = [_card(f, rules[_of(f)], answering[_at_fault(f)], at) for f in fresh]
    _start_clocks(cards, at)
    events = []
    for card in cards:
        event, head = trace.prepare(
            EVENT_KIND, card.number, "issue", PLATFORM, at, trace.Head(), to_state=CardState.ISSUED,
            clause=card.rule.clause, note=card.sentence, data=_traced(card),
        )  # fmt: skip
        card.trace_length, card.trace_head = head.length, head.hash
        events.append(event)
    Card.objects.bulk_create(cards)
    trace.save(events)
    announce(CardsIssued(at=at, first_id=min(c.pk for c in cards), last_id=max(c.pk for c in cards)))
    return len(cards)


def _of(finding: Finding) -> tuple[str, int]:
    return finding.rule.code, finding.rule.version


def _at_fault(finding: Finding) -> int:
    holder = finding.seen.holder
    return (holder.organisation_id if holder else None) or finding.seen.organisation_id


def _traced(card: Card) -> dict[str, object]:
    return {
        "rule": card.rule_code, "version": card.rule.version, "facts": card.facts, "sequence": card.sequence,
        "occurred_at": card.occurred_at.isoformat(), "holder": card.holder, "post": card.post,
    }  # fmt: skip


@dataclass(frozen=True)
class Answering:
    """Who answers for an organisation today, and why it is somebody else."""

    organisation: orgs.Organisation
    remark: str = ""
    gone: bool = False


def answering_organisations(ids: set[int], at: datetime) -> dict[int, Answering]:
    """Who answers for each organisation: itself, or when it is dissolved its successor, else the one above it."""
    on = at.astimezone(CHINA).date()
    known = {o.pk: o for o in orgs.Organisation.objects.filter(pk__in=ids).select_related("division")}
    wanted = {
        pk for o in known.values() for pk in (o.successor_id, o.parent_id) if pk and not o.exists_on(on)
    }
    steps = 0
    while wanted - known.keys() and steps < LONGEST_CHAIN:
        found = orgs.Organisation.objects.filter(pk__in=wanted - known.keys()).select_related("division")
        known |= {o.pk: o for o in found}
        wanted = {
            pk for o in known.values() for pk in (o.successor_id, o.parent_id) if pk and not o.exists_on(on)
        }
        steps += 1
    return {pk: _answering(known[pk], known, at) for pk in ids}


def _answering(
    organisation: orgs.Organisation, known: dict[int, orgs.Organisation], at: datetime
) -> Answering:
    on, step, passed = at.astimezone(CHINA).date(), organisation, 0
    while not step.exists_on(on) and passed < LONGEST_CHAIN:
        following = known.get(step.successor_id or step.parent_id or 0)
        if following is None:
            return Answering(
                organisation, f"{organisation.name}已经撤销，没有承接机构，由督查部门直接处理。", gone=True
            )
        step, passed = following, passed + 1
    if step.pk == organisation.pk:
        return Answering(organisation)
    return Answering(step, f"{organisation.name}已经撤销，由{step.name}说明情况。")


def _card(finding: Finding, rule: Rule, answering: Answering, at: datetime) -> Card:
    seen = finding.seen
    holder = seen.holder or Holder(name=answering.organisation.name)
    remarks = [answering.remark] if answering.remark else []
    late = (at - seen.at).days
    if seen.sequence and late >= LATE_EVENT_DAYS:
        remarks.append(f"事情发生在{late}天以前，记录晚到；期限从发牌之日算起。")
    return Card(
        number=_number(finding, at),
        rule=rule,
        rule_code=rule.code,
        kind=rule.kind,
        colour=rule.colour,
        answerable=rule.answerable,
        occasion=seen.occasion[:120],
        case_id=seen.case_id,
        sequence=seen.sequence,
        clock_id=seen.clock_id,
        due_on=seen.due_on,
        organisation=answering.organisation,
        division=seen.division or answering.organisation.division.code,
        holder=holder.name[:120],
        post=holder.post[:60],
        step=holder.step[:60],
        remark="".join(remarks)[:300],
        sentence=sentence_of(rule.detector, seen.facts, seen.due_on)[:300],
        facts=dict(seen.facts),
        occurred_at=seen.at,
        issued_at=at,
        state=CardState.ISSUED,
    )


def _number(finding: Finding, at: datetime) -> str:
    """Made from the occasion itself, so that the same card has the same number whoever issues it."""
    digest = hashlib.sha256("\n".join(finding.key).encode()).digest()
    return f"JC{at.astimezone(CHINA):%y%m%d}{base64.b32encode(digest)[:10].decode()}"


def _start_clocks(cards: list[Card], at: datetime) -> None:
    answerable = [card for card in cards if card.answerable]
    specs = [
        deadlines.ClockSpec(
            subject_kind=EVENT_KIND, subject_key=card.number, kind=STATEMENT, amount=card.rule.statement_days,
            holder=card.organisation.label, organisation_id=card.organisation_id, division=card.division,
            clause=card.rule.clause,
        )
        for card in answerable
    ]  # fmt: skip
    for card, clock in zip(answerable, deadlines.start_clocks(specs, at), strict=True):
        card.due_at = clock.due_at

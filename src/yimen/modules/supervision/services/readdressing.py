"""An organisation is dissolved: whoever follows it answers for its open cards."""

from datetime import datetime

from yimen.foundation.orgs import api as orgs
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM
from yimen.modules.deadlines import api as deadlines
from yimen.modules.supervision.models import Card
from yimen.modules.supervision.services.issuing import answering_organisations
from yimen.modules.supervision.states import EVENT_KIND


def readdress(organisation_id: int, at: datetime) -> int:
    """Hand the open cards of a dissolved organisation to its successor, or the one above it; terms go on unchanged.

    Returns:
        How many cards changed hands.
    """
    cards = list(
        Card.objects.filter(organisation_id=organisation_id, is_open=True)
        .select_related("rule")
        .order_by("pk")
    )
    if not cards:
        return 0
    answering = answering_organisations({organisation_id}, at)[organisation_id]
    events = []
    for card in cards:
        event, head = trace.prepare(
            EVENT_KIND, card.number, "readdress", PLATFORM, at, trace.Head(card.trace_length, card.trace_head),
            from_state=card.state, to_state=card.state, note=answering.remark,
        )  # fmt: skip
        events.append(event)
        card.trace_length, card.trace_head = head.length, head.hash
        card.organisation, card.remark = answering.organisation, answering.remark[:300]
        card.revision += 1
    trace.save(events)
    Card.objects.bulk_update(
        cards, ["organisation", "remark", "revision", "trace_length", "trace_head"], batch_size=500
    )
    _hand_over([card.number for card in cards], organisation_id, answering.organisation)
    return len(cards)


def _hand_over(numbers: list[str], organisation_id: int, following: orgs.Organisation) -> None:
    found = deadlines.clocks_of(EVENT_KIND, numbers)
    clocks = [c for row in found.values() for c in row if c.is_open and c.organisation_id == organisation_id]
    if clocks:
        deadlines.hand_over(clocks, following.label, following.pk)

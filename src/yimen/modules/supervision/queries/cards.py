"""Reads of cards: whose rows, which list, what is open to whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotFound
from yimen.modules.supervision.models import Card
from yimen.modules.supervision.rules.spec import COLOUR_LABELS, KIND_LABELS
from yimen.modules.supervision.states import (
    ANSWER,
    ANSWER_READ,
    COUNTED,
    MACHINE,
    STATE_LABELS,
    WATCH,
    CardState,
)

JOINS = ("rule", "organisation", "case__item")
TODO = (CardState.STATED, CardState.APPEALED)
"""What waits for a supervisor; besides these, cards whose term for a statement is over."""


def xs_visible_to(actor: Actor) -> QuerySet[Card]:
    """The cards of this actor: of the area watched over, of the organisation that answers."""
    reach = Q(pk__in=[])
    for grant in (WATCH, ANSWER_READ, ANSWER):
        for scope in actor.scopes(grant):
            part = Q()
            if scope.division:
                part &= Q(division__startswith=scope.division)
            if scope.organisation_id is not None:
                part &= Q(organisation_id=scope.organisation_id)
            if scope.centre_id is not None:
                continue
            if not part:
                return Card.objects.all()
            reach |= part
    if actor.channel == "system" and actor.account_id is None:
        return Card.objects.all()
    return Card.objects.filter(reach)


def card_with_number(number: str, actor: Actor, *, lock: bool = False) -> Card:
    """One card.

    Raises:
        NotFound: unknown or invisible; the two look the same from outside.
    """
    clean = number.replace("\x00", "")
    rows = xs_visible_to(actor).filter(number=clean).select_related(*JOINS, "organisation__division")
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(f"没有找到监察牌“{clean[:24]}”，或者您无权查看。")
    return found


@dataclass(frozen=True, kw_only=True)
class CardFilters:
    """What of the list is shown; ``state`` may also be ``todo`` (waits for a supervisor), ``open`` or ``counted``."""

    state: str = ""
    kind: str = ""
    colour: str = ""
    organisation: str = ""
    rule: str = ""
    q: str = ""


SETS_OF_STATES = {"todo": "等我处理", "open": "没有了结", "counted": "成立的", "reminder": "提醒"}


def card_filters(values: Mapping[str, Any]) -> CardFilters:
    """The filters of an address; what it cannot mean is left out."""

    def text(name: str) -> str:
        return str(values.get(name) or "").replace("\x00", "").strip()[:60]

    state, kind, colour = text("state"), text("kind"), text("colour")
    return CardFilters(
        state=state if state in STATE_LABELS or state in SETS_OF_STATES else "",
        kind=kind if kind in KIND_LABELS else "",
        colour=colour if colour in COLOUR_LABELS else "",
        organisation=text("organisation"),
        rule=text("rule"),
        q=text("q"),
    )


def narrowed(rows: QuerySet[Card], wanted: CardFilters, at: datetime) -> QuerySet[Card]:
    """Cards as the filters leave them, newest first, with what a line shows joined."""
    if wanted.state in SETS_OF_STATES:
        rows = rows.filter(set_of(wanted.state, at))
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    for name in ("kind", "colour"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.organisation:
        rows = rows.filter(organisation__code=wanted.organisation)
    if wanted.rule:
        rows = rows.filter(rule_code=wanted.rule)
    if wanted.q:
        rows = rows.filter(Q(number__startswith=wanted.q) | Q(case__number__startswith=wanted.q))
    return rows.select_related(*JOINS).order_by("-id")


def set_of(name: str, at: datetime) -> Q:
    """A named set of states as a condition."""
    if name == "todo":
        return Q(state__in=TODO) | Q(state=CardState.ISSUED, answerable=True, due_at__lt=at)
    if name == "counted":
        return Q(state__in=COUNTED)
    if name == "reminder":
        return Q(is_open=True, answerable=False)
    return Q(is_open=True, answerable=True)


def counts(rows: QuerySet[Card], at: datetime) -> dict[str, int]:
    """How many cards are in each set, in one statement."""
    found: dict[str, int] = rows.order_by().aggregate(
        **{f"n_{name}": Count("pk", filter=set_of(name, at)) for name in SETS_OF_STATES}, n_all=Count("pk")
    )
    return {name.removeprefix("n_"): number for name, number in found.items()}


def to_answer(actor: Actor) -> QuerySet[Card]:
    """The cards that wait for the actor's organisation: to explain, or still open to appeal."""
    mine = Q(state=CardState.ISSUED, answerable=True) | Q(state=CardState.UPHELD)
    return of_own_organisation(actor).filter(mine)


def of_own_organisation(actor: Actor) -> QuerySet[Card]:
    """The cards whose organisation the actor answers for."""
    ids = [s.organisation_id for g in (ANSWER, ANSWER_READ) for s in actor.scopes(g) if s.organisation_id]
    return Card.objects.filter(organisation_id__in=ids)


def possible_acts(card: Card, actor: Actor) -> list[str]:
    """The acts open to this actor now, in table order."""
    return MACHINE.possible(CardState(card.state), actor, card)


def cards_of_case(case_id: int) -> QuerySet[Card]:
    """Every card of one case, newest first."""
    return Card.objects.filter(case_id=case_id).select_related("rule", "organisation").order_by("-id")

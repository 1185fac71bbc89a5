"""Facts about cards and scores that higher modules may react to."""

from dataclasses import dataclass

from yimen.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CardsIssued(Event):
    """Cards were issued together; their ids lie within the range."""

    first_id: int
    last_id: int


@dataclass(frozen=True, kw_only=True)
class CardActed(Event):
    """Something was done upon a card.

    Args:
        card_id, number: which card.
        act, from_state, to_state: what happened to it.
    """

    card_id: int
    number: str
    act: str
    from_state: str
    to_state: str


@dataclass(frozen=True, kw_only=True)
class ScoresPublished(Event):
    """A round of scores was published for objection, or became final."""

    round_id: int
    state: str

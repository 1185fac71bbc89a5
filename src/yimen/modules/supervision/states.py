"""The life of a card (pure): issued, stated, decided, appealed, final; withdrawn and lifted leave their trace too."""

from enum import StrEnum
from typing import Protocol

from yimen.kernel.actor import Actor
from yimen.kernel.states import Machine, Step

EVENT_KIND = "card"
STATEMENT, DECISION, APPEAL, REVIEW = "card_statement", "card_decision", "card_appeal", "card_review"
OBJECTION = "score_objection"
CLOCK_LABELS = {
    STATEMENT: "说明期限",
    DECISION: "认定期限",
    APPEAL: "申诉期限",
    REVIEW: "复核期限",
    OBJECTION: "评分异议期限",
}


class CardState(StrEnum):
    ISSUED = "issued"
    STATED = "stated"
    UPHELD = "upheld"
    APPEALED = "appealed"
    FINAL = "final"
    WITHDRAWN = "withdrawn"
    LIFTED = "lifted"


STATE_LABELS = {
    CardState.ISSUED: "等待说明",
    CardState.STATED: "已说明，待认定",
    CardState.UPHELD: "认定成立",
    CardState.APPEALED: "申诉中，待复核",
    CardState.FINAL: "生效",
    CardState.WITHDRAWN: "已撤销",
    CardState.LIFTED: "已消除",
}
TONES = {
    CardState.ISSUED: "soon",
    CardState.STATED: "info",
    CardState.UPHELD: "late",
    CardState.APPEALED: "info",
    CardState.FINAL: "late",
    CardState.WITHDRAWN: "calm",
    CardState.LIFTED: "done",
}
CLOSED = frozenset({CardState.FINAL, CardState.WITHDRAWN, CardState.LIFTED})
COUNTED = frozenset({CardState.UPHELD, CardState.APPEALED, CardState.FINAL})
"""States in which a card counts in the score; an appeal takes it out when it succeeds."""

ANSWER, WATCH, JUDGE, RULES = (
    "desk:card:state",
    "console:card:read",
    "console:card:decide",
    "console:rule:write",
)
ANSWER_READ = "desk:card:read"
SCORE = "console:score:publish"
PLATFORM_ONLY = "@platform"
S = CardState


class CardLike(Protocol):
    """What the table needs to know of a card."""

    organisation_id: int
    division: str
    state: str
    answerable: bool


def permits(grant: str, actor: Actor, card: CardLike) -> bool:
    """Does this grant of the actor reach this card?"""
    if grant == PLATFORM_ONLY:
        return actor.channel == "system" and actor.account_id is None
    return any(
        card.division.startswith(scope.division)
        and scope.organisation_id in (None, card.organisation_id)
        and scope.centre_id is None
        for scope in actor.scopes(grant)
    )


def _is_answerable(card: CardLike) -> str | None:
    return None if card.answerable else "这是提醒，不用说明；办完就自动消除。"


def _is_reminder(card: CardLike) -> str | None:
    return "只有提醒才会消除。" if card.answerable else None


MACHINE: Machine[CardState] = Machine(
    S.ISSUED,
    [
        Step(
            name="state", label="说明情况", sources=frozenset({S.ISSUED}), target=S.STATED,
            grants=frozenset({ANSWER}), guards=(_is_answerable,),
        ),
        Step(
            name="evidence", label="补充证据", sources=frozenset({S.STATED, S.APPEALED}), target=None,
            grants=frozenset({ANSWER}),
        ),
        Step(
            name="decide", label="认定", sources=frozenset({S.ISSUED, S.STATED, S.APPEALED}), target=None,
            grants=frozenset({JUDGE}), guards=(_is_answerable,),
        ),
        Step(
            name="appeal", label="申诉", sources=frozenset({S.UPHELD}), target=S.APPEALED, grants=frozenset({ANSWER}),
        ),
        Step(
            name="withdraw", label="撤销这张牌", sources=frozenset({S.ISSUED, S.STATED, S.UPHELD, S.APPEALED}),
            target=S.WITHDRAWN, grants=frozenset({JUDGE, PLATFORM_ONLY}),
        ),
        Step(
            name="settle", label="申诉期满，生效", sources=frozenset({S.UPHELD}), target=S.FINAL,
            grants=frozenset({PLATFORM_ONLY}),
        ),
        Step(
            name="lift", label="消除", sources=frozenset({S.ISSUED}), target=S.LIFTED, grants=frozenset({PLATFORM_ONLY}),
            guards=(_is_reminder,),
        ),
    ],
    permits,
)  # fmt: skip

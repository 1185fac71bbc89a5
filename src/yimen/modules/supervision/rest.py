"""REST of supervision: cards and what is done upon them; the published scores."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router
from pydantic import BaseModel

from yimen.kernel.access import actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid
from yimen.kernel.lists import AFTER, key_behind, next_key, refuse_far_page
from yimen.kernel.paging import window
from yimen.modules.supervision.models import Card
from yimen.modules.supervision.queries.cards import (
    SETS_OF_STATES,
    CardFilters,
    card_with_number,
    narrowed,
    possible_acts,
    xs_visible_to,
)
from yimen.modules.supervision.rules.spec import COLOUR_LABELS, KIND_LABELS
from yimen.modules.supervision.services.acts import act
from yimen.modules.supervision.states import STATE_LABELS

router = Router(tags=["电子监察"])


class CardRow(BaseModel):
    """One line of the list."""

    number: str
    rule: str
    rule_version: int
    label: str
    kind: str
    colour: str
    state: str
    answerable: bool = Field(description="false 是提醒，不用说明")
    case: str | None
    organisation: str
    holder: str
    post: str
    sentence: str
    clause: str
    occurred_at: datetime
    issued_at: datetime
    due_at: datetime | None
    possible: list[str]


class EvidenceOut(BaseModel):
    name: str
    digest: str
    at: datetime


class CardOut(CardRow):
    """The whole card: the facts its rule judged by, what was said and decided."""

    step: str
    remark: str
    consequence: str
    sequence: int = Field(description="办件痕迹的序号；0 表示由时限产生")
    due_on: date | None
    facts: dict[str, Any]
    statement: str
    decision: str
    appeal: str
    evidence: list[EvidenceOut]
    revision: int


class CardPage(BaseModel):
    count: int
    results: list[CardRow]
    next: str | None = Field(None, description="还有下一页时，用它作 after 接着列")


class CardActIn(BaseModel):
    """``state {text, files}``, ``evidence {files}``, ``decide {outcome, reason}``, ``appeal {text, files}``, ``withdraw {reason}``."""

    model_config = {"extra": "allow"}

    act: str = Field(max_length=40)
    revision: int | None = Field(None, ge=1, le=2**31 - 1)


@router.get("/cards", response=CardPage, summary="监察牌：辖区内的，或者发给本部门的", description=AFTER)
def list_cards(
    request: HttpRequest,
    state: str = "",
    kind: str = "",
    colour: str = "",
    organisation: str = "",
    rule: str = "",
    q: str = "",
    page: int = 1,
    size: int = 20,
    after: str = "",
) -> Any:
    actor, at = actor_of_request(request), now()
    known: dict[str, tuple[str, set[str]]] = {
        "state": (state, {*map(str, STATE_LABELS), *SETS_OF_STATES}),
        "kind": (kind, {*map(str, KIND_LABELS)}),
        "colour": (colour, {*map(str, COLOUR_LABELS)}),
    }
    for name, (value, values) in known.items():
        if value and value not in values:
            raise Invalid("没有这样的筛选值。", fields={name: f"可以是：{'、'.join(sorted(values))}。"})
    wanted = CardFilters(
        state=state,
        kind=kind,
        colour=colour,
        organisation=_clean(organisation),
        rule=_clean(rule),
        q=_clean(q),
    )
    offset, limit, _ = window(1 if after else page, size)
    seen = xs_visible_to(actor)
    rows = narrowed(seen, wanted, at)
    count = rows.count()
    refuse_far_page(offset, count)
    behind = rows.filter(pk__lt=key_behind(seen, after)) if after else rows
    found = list(behind[offset : offset + limit]) if offset < count else []
    return {"count": count, "results": [_row(card, actor) for card in found], "next": next_key(found, limit)}


@router.get("/cards/{number}", response=CardOut, summary="查看监察牌")
def read_card(request: HttpRequest, number: str) -> Any:
    return _whole(card_with_number(number, actor_of_request(request)), request)


@router.post("/cards/{number}/acts", response=CardOut, summary="说明、补充证据、认定、申诉、撤销")
def act_on_card(request: HttpRequest, number: str, payload: CardActIn) -> Any:
    taken = payload.model_extra or {}
    card = act(number, payload.act, taken, actor_of_request(request), now(), revision=payload.revision)
    return _whole(card, request)


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:60]


def _row(card: Card, actor: Any) -> dict[str, Any]:
    return {
        "number": card.number,
        "rule": card.rule_code,
        "rule_version": card.rule.version,
        "label": card.rule.label,
        "kind": card.kind,
        "colour": card.colour,
        "state": card.state,
        "answerable": card.answerable,
        "case": card.case.number if card.case else None,
        "organisation": card.organisation.code,
        "holder": card.holder,
        "post": card.post,
        "sentence": card.sentence,
        "clause": card.rule.clause,
        "occurred_at": card.occurred_at,
        "issued_at": card.issued_at,
        "due_at": card.due_at,
        "possible": possible_acts(card, actor),
    }


def _whole(card: Card, request: HttpRequest) -> dict[str, Any]:
    files = card.evidence.select_related("file").order_by("pk")
    return _row(card, actor_of_request(request)) | {
        "step": card.step,
        "remark": card.remark,
        "consequence": card.rule.consequence,
        "sequence": card.sequence,
        "due_on": card.due_on,
        "facts": card.facts,
        "statement": card.statement,
        "decision": card.decision,
        "appeal": card.appeal,
        "evidence": [{"name": one.name, "digest": one.file.digest, "at": one.at} for one in files],
        "revision": card.revision,
    }

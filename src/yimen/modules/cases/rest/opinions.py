"""REST of joint opinions (征求意见): what is asked of one's organisation, and its answer."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Status
from pydantic import BaseModel

from yimen.kernel.access import actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid, NotAllowed, NotPossible
from yimen.kernel.paging import window
from yimen.modules.cases import queries
from yimen.modules.cases.models import Case, OpinionRequest
from yimen.modules.cases.permissions import OPINE
from yimen.modules.cases.services.acts.opinions import give_opinion

router = Router(tags=["办件"])
SHORTEST_OBJECTION = 4


class OpinionIn(BaseModel):
    """The answer of one's organisation; an objection says why and by which clause."""

    answer: Literal["agree", "object"]
    text: str = Field("", max_length=4000)
    step: str = Field("", max_length=31, description="同一办件有几个环节征求意见时，说明答复哪一个")


class OpinionOut(BaseModel):
    case: str
    item_name: str
    step: str
    organisation: str
    asked_at: datetime
    due_at: datetime | None
    silence_means: str
    answer: str
    text: str
    answered_at: datetime | None


class OpinionPage(BaseModel):
    count: int
    results: list[OpinionOut]


@router.get("/opinions", response=OpinionPage, summary="等本部门答复的征求意见")
def list_opinions(request: HttpRequest, page: int = 1, size: int = 20) -> Any:
    rows = queries.opinions_waiting_for(actor_of_request(request))
    offset, limit, _ = window(page, size)
    return {"count": rows.count(), "results": [_opinion(row) for row in rows[offset : offset + limit]]}


@router.post("/cases/{number}/opinions", response={201: OpinionOut}, summary="答复征求意见")
def answer_opinion(request: HttpRequest, number: str, payload: OpinionIn) -> Status[Any]:
    actor = actor_of_request(request)
    case = queries.case_with_number(number, actor)
    if payload.answer == "object" and len(payload.text.strip()) < SHORTEST_OBJECTION:
        raise Invalid("不同意的，请写明理由和依据。", fields={"text": "写明理由和依据，至少4个字。"})
    asked = _asked(case, payload.step, actor)
    return Status(201, _opinion(give_opinion(asked.pk, payload.answer, payload.text.strip(), actor, now())))


def _asked(case: Case, step: str, actor: Actor) -> OpinionRequest:
    """The one request of this case that waits for the actor's organisation."""
    rows = queries.opinions_waiting_for(actor).filter(case=case)
    waiting = list(rows.filter(step=step) if step else rows)
    if len(waiting) > 1:
        steps = "、".join(dict.fromkeys(row.step for row in waiting))
        raise Invalid("这个办件有几个环节在征求您部门的意见。", fields={"step": f"请说明是哪一个：{steps}"})
    if waiting:
        return waiting[0]
    offices = [s.organisation_id for s in actor.scopes(OPINE) if s.organisation_id]
    if OpinionRequest.objects.filter(case=case, organisation_id__in=offices).exists():
        raise NotPossible("您部门的意见已经答复过，或者不再需要。", code="opinion_not_waiting")
    raise NotAllowed("这个办件没有征求您部门的意见，您不能答复。")


def _opinion(row: OpinionRequest) -> dict[str, Any]:
    return {
        "case": row.case.number,
        "item_name": row.case.published.content.name,
        "step": row.step,
        "organisation": row.organisation.code,
        "asked_at": row.asked_at,
        "due_at": row.due_at,
        "silence_means": row.silence_means,
        "answer": row.answer,
        "text": row.text,
        "answered_at": row.answered_at,
    }

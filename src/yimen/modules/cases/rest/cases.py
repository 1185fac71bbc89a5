"""REST of cases: read, act, trace, ledger."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router

from yimen.foundation.trace import api as trace
from yimen.kernel.access import actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid
from yimen.kernel.lists import AFTER, next_key
from yimen.modules.cases import ledger as ledgers
from yimen.modules.cases import listing, queries
from yimen.modules.cases.models import Case
from yimen.modules.cases.rest.shapes import ActIn, CaseOut, CasePage, EventOut, LedgerRow
from yimen.modules.cases.services import clocks
from yimen.modules.cases.services.perform import ACTS, act
from yimen.modules.deadlines import api as deadlines
from yimen.modules.flows import api as flows

router = Router(tags=["办件"])


@router.get("/cases", response=CasePage, summary="我的或本部门的办件", description=AFTER)
def list_cases(
    request: HttpRequest,
    state: str = "",
    organisation: str = "",
    overdue: bool | None = None,
    page: int = 1,
    size: int = 20,
    after: str = "",
) -> Any:
    at = now()
    found = listing.list_cases(
        actor_of_request(request),
        at,
        state=state,
        organisation=organisation,
        overdue=overdue,
        page=page,
        size=size,
        after=after,
    )
    results = [_row(line, at) for line in found.results]
    return {"count": found.count, "results": results, "next": next_key(found.results, found.size)}


@router.get("/cases/{number}", response=CaseOut, summary="查看办件")
def read_case(request: HttpRequest, number: str) -> Any:
    actor = actor_of_request(request)
    return _case(queries.case_in_brief(number, actor), actor)


@router.post("/cases/{number}/acts", response=CaseOut, summary="办理一步")
def act_on_case(request: HttpRequest, number: str, payload: ActIn) -> Any:
    if payload.act not in ACTS:
        raise Invalid(
            f"没有“{payload.act}”这个办理动作。",
            code="unknown_act",
            fields={"act": "可用：" + "、".join(ACTS)},
        )
    actor = actor_of_request(request)
    taken = payload.model_extra or {}
    return _case(act(number, payload.act, taken, actor, now(), revision=payload.revision), actor)


@router.get("/cases/{number}/trace", response=list[EventOut], summary="办理痕迹", by_alias=True)
def read_trace(request: HttpRequest, number: str) -> Any:
    case = queries.case_with_number(number, actor_of_request(request))
    return [
        {
            "sequence": e.sequence,
            "at": e.at,
            "actor": e.actor_name,
            "act": e.act,
            "from_": e.from_state,
            "to": e.to_state,
            "clause": e.clause,
            "note": e.note,
            "data": json.loads(e.data) if e.data else {},
            "previous": e.previous,
            "hash": e.hash,
        }
        for e in trace.events_of("case", case.number)
    ]


@router.get("/cases/{number}/ledger", response=list[LedgerRow], summary="时间账：每一天在谁手里")
def read_ledger(request: HttpRequest, number: str) -> Any:
    case = queries.case_with_number(number, actor_of_request(request))
    return ledgers.ledger_of(case, now())


def _case(case: Case, actor: Actor) -> dict[str, Any]:
    [own] = deadlines.clocks_of(clocks.SUBJECT, [case.number]).values()
    opened = flows.open_steps(case.flow) if case.is_open else []
    return {
        "number": case.number,
        "application": case.application.number,
        "item": case.item.code,
        "item_name": case.published.content.name,
        "standard_version": case.published.version,
        "state": case.state,
        "step": opened[0] if opened else None,
        "steps": opened,
        "organisation": case.organisation.code,
        "revision": case.revision,
        "due_at": case.due_at,
        "outcome": case.outcome,
        "clocks": [_clock(clock) for clock in own],
        "possible": queries.possible_acts(case, actor),
    }


def _clock(clock: deadlines.Clock) -> dict[str, Any]:
    return {
        "kind": clock.kind,
        "limit": {"amount": clock.amount, "unit": clock.unit},
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "state": clock.state,
        "holder": clock.holder,
        "clause": clock.clause,
    }


def _row(line: listing.ListedCase, at: datetime) -> dict[str, Any]:
    return {
        "number": line.number,
        "application": line.application,
        "item": line.item,
        "item_name": line.item_name,
        "state": line.state,
        "organisation": line.organisation,
        "applicant": line.applicant,
        "received_at": line.received_at,
        "due_at": line.due_at,
        "overdue": line.is_overdue(at),
    }

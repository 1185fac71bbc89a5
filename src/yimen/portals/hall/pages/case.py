"""One case: where it is and until when, what happened, in whose hands, papers, what I can do now."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yimen.foundation.calendar.api import YearNotAnnounced
from yimen.foundation.files.rest import file_response
from yimen.foundation.trace import api as trace
from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import now
from yimen.kernel.errors import NotFound
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.issuing import api as issuing
from yimen.modules.supervision import api as supervision
from yimen.portals.hall.own import NOT_THERE, application_of, case_of, reaches_whole
from yimen.portals.hall.standing import standing_of
from yimen.portals.hall.timeline import timeline_of

OWN_ACTS = {"correct": "hall:correct", "supply": "hall:supply", "withdraw": "hall:withdraw"}
SHOWN_CLOCKS = ("telling", "correction", "promised", "legal", "tolerance", "procedure", "delivery")


@require_GET
@access(SIGNED_IN)
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The page of one case."""
    actor, at = actor_of_request(request), now()
    found = case_of(number, actor)
    [clocks] = deadlines.clocks_of("case", [found.number]).values()
    possible = cases.possible_acts(found, actor)
    shared = {None, found.pk} if reaches_whole(found.application_id, actor) else {found.pk}
    documents = [d for d in issuing.documents_of([found.application_id]) if d.case_id in shared]
    materials = cases.Material.objects.filter(case=found).exclude(state="replaced").select_related("file")
    context: dict[str, Any] = {
        "case": found,
        "content": found.published.content,
        "standing": standing_of(found, clocks, at),
        "watched": supervision.words_for(found, at),
        "steps": road_of(found),
        "events": timeline_of(found, trace.events_of("case", found.number), actor.account_id),
        "clocks": [_clock(c, at) for c in clocks if c.kind in SHOWN_CLOCKS and c.state != "cancelled"],
        "documents": documents,
        "materials": materials.order_by("id"),
        "notice": cases.last_notice(found) if "correct" in possible else {},
        "acts": {
            name: reverse(url, args=[found.number]) for name, url in OWN_ACTS.items() if name in possible
        },
        "nav_current": "hall:my",
    }
    return render(request, "hall/case.html", context | _time(found, at))


def road_of(found: cases.Case) -> list[dict[str, str]]:
    """The road of a case in five words: done, here, ahead."""
    S = cases.CaseState
    state = S(found.state)
    ended = {S.NOT_ACCEPTED: "不予受理", S.WITHDRAWN: "已撤回", S.TERMINATED: "已终止", S.REVOKED: "已撤销"}
    if state in ended:
        return [
            {"label": "提交申请", "state": "done", "note": ""},
            {"label": ended[state], "state": "current", "note": ""},
        ]
    place = {
        S.DRAFT: 0, S.WAITING: 1, S.SUBMITTED: 1, S.CORRECTION_REQUESTED: 1, S.ACCEPTED: 2, S.IN_REVIEW: 2, S.SUSPENDED: 2,
        S.GRANTED: 4, S.REFUSED: 4, S.DELIVERED: 5,
    }[state]  # fmt: skip
    labels = ["提交申请", "受理", "审查", "决定", "拿到结果"]
    if state is S.WAITING:
        labels[1] = "等前一事项"
    if state is S.CORRECTION_REQUESTED:
        labels[1] = "补正材料"
    return [
        {"label": label, "state": "done" if n < place else "current" if n == place else "todo", "note": ""}
        for n, label in enumerate(labels)
    ]


def _clock(clock: deadlines.Clock, at: Any) -> dict[str, Any]:
    """A clock as its line shows it; overdue is told, never hidden."""
    return {
        "clock": clock,
        "late": clock.is_overdue(at),
        "left": deadlines.days_left(clock, at) if clock.is_open and not clock.is_paused else None,
    }


def _time(found: cases.Case, at: Any) -> dict[str, Any]:
    """The time account; nothing where a year is not announced yet."""
    try:
        ledger = cases.ledger_of(found, at)
    except YearNotAnnounced:
        return {"ledger": [], "hands": []}
    return {"ledger": ledger, "hands": deadlines.hands(ledger) if ledger else []}


@require_GET
@access(SIGNED_IN)
def paper(request: HttpRequest, code: str) -> FileResponse:
    """A paper as PDF, for whoever applied."""
    actor = actor_of_request(request)
    document = issuing.readable_document(code[:20], actor)
    application_of(document.application.number, actor)
    if document.case_id is None and not reaches_whole(document.application_id, actor):
        raise NotFound(NOT_THERE)
    name = f"{document.title}-{document.number}.pdf"
    return file_response(document.file, inline="download" not in request.GET, name=name)


@require_GET
@access(SIGNED_IN)
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt of an application; made at once when the worker has not done so yet."""
    actor = actor_of_request(request)
    found = application_of(number, actor)
    if not reaches_whole(found.pk, actor):
        raise NotFound("这份收件凭证里还有对方没有委托您办的事项，请对方本人查看。")
    if found.state == "draft":
        raise NotFound("申请还没有提交，没有收件凭证。")
    document = issuing.issue_receipt(found.pk)
    return redirect("hall:paper", code=document.verification_code)


def _may_open(material: cases.Material, actor: Actor) -> bool:
    if material.case_id is not None:
        return cases.own_cases(actor).filter(pk=material.case_id).exists()
    return reaches_whole(material.application_id, actor)


@require_GET
@access(SIGNED_IN)
def handed_in_file(request: HttpRequest, key: int) -> FileResponse:
    """A file of one's own application, as it was handed in."""
    actor = actor_of_request(request)
    material = cases.Material.objects.select_related("file").filter(pk=min(key, 2**63 - 1)).first()
    if material is None or material.file is None or not _may_open(material, actor):
        raise NotFound(NOT_THERE)
    return file_response(material.file, inline=True)

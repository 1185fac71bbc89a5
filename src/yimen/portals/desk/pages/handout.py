"""Handing out results at this centre: found by number, receipt or identity number; delivered with who received it."""

import re
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid, Refusal
from yimen.kernel.paging import Page, window
from yimen.modules.cases import api as cases
from yimen.modules.issuing import api as issuing
from yimen.portals.desk.grants import DELIVER
from yimen.portals.desk.lists.filters import matching, read_filters
from yimen.portals.desk.lists.results import as_lines, waiting_for
from yimen.portals.desk.work.delivering import deliver_together, shown_revisions
from yimen.portals.desk.work.payloads import payload_of

CODE = re.compile(r"/verify/([A-Za-z0-9-]{8,20})")


@access(DELIVER)
@require_http_methods(["GET", "POST"])
def handout(request: HttpRequest) -> HttpResponseBase:
    """What waits to be handed over; POST hands one over and leads to its delivery paper."""
    actor = actor_of_request(request)
    q = str(request.GET.get("q") or "").strip()[:200]
    context: dict[str, Any] = {
        "q": q,
        "errors": {},
        "typed": {"case": ""},
        "said": "",
        "nav_current": "desk:handout",
    }
    if request.method == "POST":
        outcome = _deliver(request, actor)
        if not isinstance(outcome, dict):
            return outcome
        context |= outcome
    at = now()
    rows = found_by(q, actor, at)
    offset, limit, number = window(read_filters(request.GET).page, 10)
    lines = as_lines(rows[offset : offset + limit], actor, at)
    context["page"] = Page(count=rows.count(), results=lines, number=number, size=limit)
    printed = _number(request.GET.get("printed"))
    papers = _papers_of(printed, actor) if printed else []
    context |= {"printed": papers[0] if papers else None, "printed_too": papers[1:]}
    context["ways"] = [("window", "窗口领取"), ("courier", "邮寄"), ("electronic", "电子送达")]
    return render(request, "desk/handout.html", context)


def found_by(q: str, actor: Actor, at: datetime) -> QuerySet[cases.Case]:
    """Cases that stand for what is to be handed over and that the words mean; all of them when nothing is said."""
    return waiting_for(actor, meant(q) if q else Q(), at)


def meant(q: str) -> Q:
    """The code on a receipt (scanned as its address, or typed), else what the inbox's search means."""
    scanned = CODE.search(q)
    compact = re.sub(r"[\s-]", "", q)
    if scanned or (len(compact) == 12 and compact.isalnum() and not compact.isdigit()):
        try:
            document = issuing.verified(scanned[1] if scanned else compact)
        except Invalid:
            document = None
        if document is not None:
            return Q(application_id=document.application_id)
    return matching(q[:60])


def _deliver(request: HttpRequest, actor: Actor) -> HttpResponseBase | dict[str, Any]:
    """Hand over one result, or all of an application; what is refused comes back with everything still typed."""
    number = _number(request.POST.get("together") or request.POST.get("case"))
    typed = {"case": number, **{k: request.POST.get(k, "") for k in ("way", "receiver", "reference")}}
    try:
        done = _all(request, number, actor) if "together" in request.POST else [_one(request, number, actor)]
    except Invalid as wrong:
        return {"typed": typed, "errors": wrong.fields, "said": "" if wrong.fields else wrong.message}
    except Refusal as refusal:
        return {"typed": typed, "said": refusal.message}
    for case in done:
        issuing.issue_for_act(case.pk, case.trace_length)
    messages.success(request, _("已送达。请打印送达回证，请领取人签字。"))
    return redirect(f"{reverse('desk:handout')}?printed={number}")


def _number(text: str | None) -> str:
    return str(text or "").replace("\x00", "")[:28]


def _one(request: HttpRequest, number: str, actor: Actor) -> cases.Case:
    said = str(request.POST.get("revision") or "")
    revision = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else None
    case = cases.case_with_number(number, actor)
    payload = payload_of("deliver", case, request.POST)
    return cases.act(number, "deliver", payload, actor, now(), revision=revision)


def _all(request: HttpRequest, number: str, actor: Actor) -> list[cases.Case]:
    return deliver_together(number, shown_revisions(request.POST), request.POST, actor, now())


def _papers_of(number: str, actor: Actor) -> list[issuing.Document]:
    """The delivery papers of a case, or of the cases of an application that the actor may see."""
    try:
        handed = [cases.case_with_number(number, actor)]
    except Refusal:
        handed = list(cases.cases_in_scope(actor).filter(application__number=number))
    wanted = {case.pk for case in handed}
    papers = issuing.documents_of([case.application_id for case in handed[:1]])
    newest = {
        paper.case_id: paper for paper in papers if paper.kind == "delivery" and paper.case_id in wanted
    }
    return list(newest.values())

"""Handing out results at this centre: found by number, receipt or identity number; delivered with who received it."""

import re
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
from yimen.kernel.errors import Conflict, Invalid, Refusal
from yimen.kernel.paging import Page, window
from yimen.modules.cases import api as cases
from yimen.modules.issuing import api as issuing
from yimen.portals.desk.grants import DELIVER
from yimen.portals.desk.lists.filters import matching, read_filters
from yimen.portals.desk.lists.inbox import JOINS, left_of
from yimen.portals.desk.lists.tabs import BY_KEY
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
    rows = found_by(q, actor)
    at = now()
    offset, limit, number = window(read_filters(request.GET).page, 10)
    listed = list(rows.select_related(*JOINS, "application__agent")[offset : offset + limit])
    left = left_of(listed, at)
    context["page"] = Page(
        count=rows.count(),
        results=[
            {"case": case, "left": left[case.number], "may": "deliver" in cases.possible_acts(case, actor)}
            for case in listed
        ],
        number=number,
        size=limit,
    )
    printed = str(request.GET.get("printed") or "")
    if printed:
        context["printed"] = _paper_of(printed, actor)
    context["ways"] = [("window", "窗口领取"), ("courier", "邮寄"), ("electronic", "电子送达")]
    return render(request, "desk/handout.html", context)


def found_by(q: str, actor: Actor) -> QuerySet[cases.Case]:
    """Cases to be handed over that the words mean; all of them when nothing is said."""
    rows = cases.cases_in_scope(actor).filter(BY_KEY["to_deliver"].condition(now()))
    if q:
        rows = rows.filter(meant(q))
    return rows.order_by("due_at", "id")


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
    number = str(request.POST.get("case") or "")[:28]
    said = str(request.POST.get("revision") or "")
    revision = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else None
    typed = {"case": number, **{k: request.POST.get(k, "") for k in ("way", "receiver", "reference")}}
    try:
        case = cases.case_with_number(number, actor)
        done = cases.act(
            number, "deliver", payload_of("deliver", case, request.POST), actor, now(), revision=revision
        )
    except Invalid as wrong:
        return {"typed": typed, "errors": wrong.fields, "said": "" if wrong.fields else wrong.message}
    except Conflict as clash:
        return {"typed": typed, "said": clash.message}
    except Refusal as refusal:
        return {"typed": typed, "said": refusal.message}
    issuing.issue_for_act(done.pk, done.trace_length)
    messages.success(request, _("已送达。请打印送达回证，请领取人签字。"))
    return redirect(f"{reverse('desk:handout')}?printed={done.number}")


def _paper_of(number: str, actor: Actor) -> Any:
    try:
        case = cases.case_with_number(number, actor)
    except Refusal:
        return None
    papers = issuing.documents_of([case.application_id])
    return next((p for p in reversed(papers) if p.kind == "delivery" and p.case_id == case.pk), None)

"""What was just handed in: receipt to print, what may be done on the spot, and the next person."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import now
from yimen.kernel.errors import Refusal
from yimen.modules.cases import api as cases
from yimen.modules.issuing import api as issuing
from yimen.portals.desk.grants import CREATE
from yimen.portals.desk.window import handing
from yimen.portals.desk.window.jointly import Jointly, jointly, tell_all


@access(CREATE)
@require_http_methods(["GET", "POST"])
def received(request: HttpRequest, number: str) -> HttpResponseBase:
    """GET shows the application with its papers; POST does one act on the spot and comes back."""
    actor = actor_of_request(request)
    application = cases.application_with_number(number, actor)
    if request.method == "POST":
        _act(request, application, actor)
        return redirect("desk:received", number)
    rows = handing.received(application, actor, now())
    joint = jointly(application, rows, actor)
    papers = issuing.documents_of([application.pk])
    context = {
        "application": application,
        "rows": rows,
        "first": _first(rows, joint),
        "receipt": next((p for p in papers if p.kind == "receipt"), None),
        "papers": [p for p in papers if p.kind != "receipt"],
        "print": "1" if request.GET.get("print") == "1" else "",
        "jointly": joint,
        "acceptable": 0
        if joint and joint.accept
        else sum("accept" in row.possible and not row.missing for row in rows),
        "nav_current": "desk:window",
    }
    return render(request, "desk/window/received.html", context)


def _first(rows: list[handing.Received], joint: Jointly | None) -> dict[str, str]:
    """The case that a shortcut means: the first one that offers the act; for all at once no single one is meant."""
    told_alone = [] if joint else rows
    offers = {
        "tell": [row for row in told_alone if row.missing and "request_correction" in row.possible],
        "decide": [row for row in rows if "decide" in row.possible],
        "accept": [row for row in rows if "accept" in row.possible and not row.missing],
    }
    if joint and joint.accept:
        del offers["accept"]
    return {name: found[0].case.number for name, found in offers.items() if found}


def _act(request: HttpRequest, application: cases.Application, actor: Actor) -> None:
    pressed, number = str(request.POST.get("do") or ""), str(request.POST.get("case") or "")
    own = {case.number for case in application.cases.all()}
    if pressed in JOINT:
        JOINT[pressed](request, application, actor)
    elif pressed == "accept_all":
        ready = [r for r in handing.received(application, actor, now()) if not r.missing]
        chosen = [row.case.number for row in ready if "accept" in row.possible]
        for each in chosen:
            _one(request, each, "accept", actor)
    elif pressed == "tell" and application.joint:
        _tell_all(request, application, actor)
    elif number in own and pressed == "tell":
        try:
            case = handing.tell_once(application, number, actor, now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return
        issuing.issue_for_act(case.pk, case.trace_length)
        messages.success(request, _("已一次告知，请打印告知书交给来人。"))
    elif number in own and pressed in ("accept", "decide"):
        _one(request, number, pressed, actor)


def _tell_all(request: HttpRequest, application: cases.Application, actor: Actor) -> None:
    try:
        told = tell_all(application, actor, now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return
    for case in told:
        issuing.issue_for_act(case.pk, case.trace_length)
    if told:
        messages.success(request, _("几个事项要补的已一次告知，请打印告知书交给来人。"))
    else:
        messages.success(request, _("要补的已记下。各部门都看过后，汇总成一份通知，一次告知申请人。"))


def _accept_together(request: HttpRequest, application: cases.Application, actor: Actor) -> None:
    joint = jointly(application, handing.received(application, actor, now()), actor)
    if joint and joint.lacking:
        messages.error(request, _("还有事项缺材料，请先一次告知，再统一受理其余的。"))
        return
    try:
        done = cases.accept_together(application.number, actor, now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return
    for case in done:
        issuing.issue_for_act(case.pk, case.trace_length)
    messages.success(request, _("已统一受理 %(n)s 件。") % {"n": len(done)})


JOINT = {"tell_all": _tell_all, "accept_together": _accept_together}


def _one(request: HttpRequest, number: str, name: str, actor: Actor) -> None:
    case, said = handing.on_the_spot(number, name, actor, now())
    if case is None:
        messages.error(request, said)
        return
    issuing.issue_for_act(case.pk, case.trace_length)
    messages.success(request, _("已当场受理。") if name == "accept" else _("已当场准予。"))

"""The workspace of one case: materials and form on one side, the acts possible now on the other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yimen.foundation.trace import api as trace
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import now
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotPossible, Refusal
from yimen.modules.cases import api as cases
from yimen.portals.desk.grants import READ, READ_PERSON
from yimen.portals.desk.lists.filters import read_filters
from yimen.portals.desk.lists.inbox import next_after
from yimen.portals.desk.work import acts
from yimen.portals.desk.work.payloads import payload_of
from yimen.portals.desk.work.workspace import VIEWS, WITH_PAPER, context_of

PURPOSES = (
    ("审查材料，核对身份", "审查材料，核对身份"),
    ("联系申请人", "联系申请人"),
    ("制作文书、证照", "制作文书、证照"),
    ("答复申请人询问", "答复申请人询问"),
)
NONE_TYPED = QueryDict()


@access(READ)
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The workspace; ``?act=`` opens the form of an act, ``?view=`` another side of the file."""
    actor, at = actor_of_request(request), now()
    found = cases.case_with_number(number, actor)
    return shown(request, found, actor, at, act=request.GET.get("act", ""))


@access(READ)
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, number: str, name: str) -> HttpResponseBase:
    """Do one act; whatever is refused comes back beside the fields with everything still typed."""
    if request.method == "GET":
        return _to_case(request, number, act=request.GET.get("act", name))
    actor, at = actor_of_request(request), now()
    found = cases.case_with_number(number, actor)
    errors: Mapping[str, str] = {}
    try:
        payload = payload_of(name, found, request.POST)
        done = cases.act(number, name, payload, actor, at, revision=_revision(request))
    except Invalid as wrong:
        errors, refusal = fields_of(wrong), wrong
    except (NotPossible, NotAllowed) as said:
        refusal = said  # type: ignore[assignment]
    else:
        messages.success(request, _said(name, done))
        return redirect(
            f"{reverse('desk:case', args=[number])}?{_kept(request, done='1', paper=_paper(name, done))}"
        )
    found = cases.case_with_number(number, actor)
    status = 409 if isinstance(refusal, Conflict) else 200
    return shown(
        request, found, actor, at, act=name, typed=request.POST, errors=errors, refusal=refusal, status=status
    )


@access(READ_PERSON)
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, number: str) -> HttpResponseBase:
    """The file with personal data in full; the reading is recorded with its purpose."""
    if request.method == "GET":
        return _to_case(request, number, act=request.GET.get("act", ""))
    actor, at = actor_of_request(request), now()
    found = cases.case_with_number(number, actor)
    purpose = " ".join(str(request.POST.get("purpose") or "").split())[:200]
    if len(purpose) < 2:
        messages.error(request, _("请选择查看的目的，目的会记入留痕。"))
        return shown(request, found, actor, at)
    trace.record_reading(actor, "case", found.number, purpose, at)
    return shown(request, found, actor, at, full=True)


@access(READ)
@require_GET
def ledger_rows(request: HttpRequest, number: str) -> HttpResponse:
    """Day by day in whose hands the case was, whether the day counted, and why."""
    actor = actor_of_request(request)
    found = cases.case_with_number(number, actor)
    rows = cases.ledger_of(found, now())
    return render(request, "desk/case/_ledger.html", {"days": rows, "case": found})


@access(READ)
@require_GET
def following(request: HttpRequest, number: str) -> HttpResponseBase:
    """Go to the next case of the list that the reviewer came from."""
    actor = actor_of_request(request)
    query = listed_query(request.GET.get("list", ""))
    upcoming = next_after(number, read_filters(dict(parse_qsl(query))), actor, now())
    if not upcoming:
        messages.success(request, _("这个列表里没有别的办件了。"))
        return redirect(f"{reverse('desk:inbox')}?{query}")
    return redirect(f"{reverse('desk:case', args=[upcoming])}?{_list(query)}")


def shown(
    request: HttpRequest,
    found: cases.Case,
    actor: Actor,
    at: datetime,
    *,
    act: str = "",
    typed: QueryDict = NONE_TYPED,
    errors: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    full: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Render the workspace."""
    view = request.GET.get("view", "file")
    view = view if view in dict(VIEWS) else "file"
    possible = cases.possible_acts(found, actor)
    buttons = acts.buttons_of(possible, found, actor)
    first = next((b["name"] for b in buttons[:1] if b["name"] in acts.USUAL), "")
    opened = act if act in possible else (first if not act else "")
    query = listed_query(request.GET.get("list", ""))
    context: dict[str, Any] = {
        **context_of(found, actor, at, view, full=full),
        "buttons": buttons,
        "opened": opened,
        "lost_act": act if act and act not in possible and typed else "",
        "typed": typed,
        "kept_text": [
            v for k, v in typed.items() if (k in KEPT or k.startswith("reason-")) and str(v).strip()
        ],
        "errors": errors or {},
        "refusal": refusal,
        "may_reveal": actor.may(READ_PERSON),
        "purposes": PURPOSES,
        "just_done": request.GET.get("done") == "1",
        "paper": just_made
        if (just_made := request.GET.get("paper", "")).isdigit() and len(just_made) < 6
        else "",
        "list_query": _list(query),
        "back_query": query,
    }
    if view == "time":
        context["days"] = cases.ledger_of(found, at)
    if opened:
        context |= acts.shown_for(opened, found, actor, typed, at)
        context["act"] = next(b for b in buttons if b["name"] == opened)
        context["act_template"] = f"desk/acts/{opened}.html"
    return render(request, "desk/case/page.html", context, status=status)


KEPT = ("opinion", "reason", "clause", "would_pass", "note", "receiver", "reference", "document")


def fields_of(wrong: Invalid) -> dict[str, str]:
    """Sentences by control; one without a field of the form stands on top."""
    return {name.replace("materials.0.", ""): said for name, said in wrong.fields.items()}


def _revision(request: HttpRequest) -> int | None:
    said = str(request.POST.get("revision") or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else None


def _said(name: str, done: cases.Case) -> str:
    if name == "request_correction" and done.state == cases.CaseState.SUBMITTED:
        return _("补正意见已记下。各部门都看过后，汇总成一份通知，一次告知申请人。")
    label = cases.MACHINE.steps[name].label
    state = cases.STATE_LABELS[cases.CaseState(done.state)]
    return _("已办理“%(label)s”，现在是：%(state)s。") % {"label": label, "state": state}


def _paper(name: str, done: cases.Case) -> str:
    """The trace event whose paper may be printed now, "" when the act needs none."""
    if name not in WITH_PAPER:
        return ""
    if name == "request_correction" and done.application.joint:
        told = done.state == cases.CaseState.CORRECTION_REQUESTED and not cases.last_notice(done).get(
            "told_in"
        )
        return str(done.trace_length) if told else ""
    return str(done.trace_length)


def _to_case(request: HttpRequest, number: str, act: str) -> HttpResponseBase:
    """A link or a reload on a page that a refused act left: back to the workspace."""
    kept = request.GET.copy()
    kept["act"] = act
    return redirect(f"{reverse('desk:case', args=[number])}?{kept.urlencode()}")


def listed_query(text: str) -> str:
    """The query of the list the reviewer came from, with nothing in it that a list does not know."""
    return read_filters(dict(parse_qsl(text[:600]))).query()


def _list(query: str) -> str:
    kept = QueryDict(mutable=True)
    if query:
        kept["list"] = query
    return kept.urlencode()


def _kept(request: HttpRequest, **more: str) -> str:
    kept = QueryDict(mutable=True)
    query = listed_query(request.GET.get("list", ""))
    if query:
        kept["list"] = query
    kept.update({name: value for name, value in more.items() if value})
    return kept.urlencode()

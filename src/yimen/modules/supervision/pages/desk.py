"""The department's side: cards to answer, statement with evidence, appeal; its own scores and objections to them."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid, NotFound, Refusal
from yimen.modules.supervision.models import Card, Score
from yimen.modules.supervision.pages.reading import (
    card_context,
    errors_of,
    evidence_file,
    files_of,
    kept_files,
    page_of,
    paper,
    text_of,
    whole,
)
from yimen.modules.supervision.pages.scores import score_context
from yimen.modules.supervision.permissions import ANSWER, ANSWER_READ
from yimen.modules.supervision.queries import cards as queries
from yimen.modules.supervision.queries import scores
from yimen.modules.supervision.services.acts import act
from yimen.modules.supervision.services.scoring import object_to

NAV = "supervision_desk:cards"
ACTS = ("state", "appeal", "evidence")


@access(ANSWER_READ)
@require_GET
def card_list(request: HttpRequest) -> HttpResponse:
    """The cards of the department: what waits for it first."""
    actor, at = actor_of_request(request), now()
    mine, waiting = queries.of_own_organisation(actor), queries.to_answer(actor)
    everything = request.GET.get("all") == "1"
    rows = mine if everything else waiting
    order = ("-id",) if everything else ("due_at", "id")
    context = {
        "page": page_of(rows.select_related(*queries.JOINS).order_by(*order), request),
        "everything": everything, "waiting": waiting.count(), "all_count": mine.count(), "at": at, "nav_current": NAV,
    }  # fmt: skip
    return render(request, "supervision/desk_cards.html", context)


@access(ANSWER_READ)
@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, number: str) -> HttpResponse:
    """One card: say what happened, hand in evidence, appeal; refused, all that was typed comes back."""
    actor = actor_of_request(request)
    found = _own(number, request)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            _act(request, found)
        except NotFound:
            raise
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            messages.success(request, _("已提交，记入痕迹。"))
            return redirect("supervision_desk:card", number=found.number)
    possible = [name for name in queries.possible_acts(found, actor) if name in ACTS]
    context = {
        **card_context(found), "possible": possible, "errors": errors, "typed": text_of(request.POST.get("text"), 4000),
        "kept": kept_files(request, actor) if errors else [], "at": now(), "nav_current": NAV,
    }  # fmt: skip
    return render(request, "supervision/desk_card.html", context, status=422 if errors else 200)


def _act(request: HttpRequest, found: Card) -> None:
    actor, name = actor_of_request(request), text_of(request.POST.get("act"), 20)
    if name not in ACTS or not actor.may(ANSWER):
        raise NotFound("没有这个办理动作，或者您不能办。")
    given: dict[str, Any] = {"files": files_of(request, actor)}
    if name != "evidence":
        given["text"] = text_of(request.POST.get("text"), 4000)
        if len(given["text"]) < 4:
            raise Invalid("请写明情况。", fields={"text": "写明发生了什么、怎样整改，至少4个字。"})
    elif not given["files"]:
        raise Invalid("请选择文件。", fields={"files": "请选择要补充的证据文件。"})
    act(found.number, name, given, actor, now(), revision=whole(request.POST.get("revision")) or None)


def _own(number: str, request: HttpRequest) -> Card:
    found = queries.card_with_number(number, actor_of_request(request))
    if not queries.of_own_organisation(actor_of_request(request)).filter(pk=found.pk).exists():
        raise NotFound("没有找到这张监察牌，或者它不是发给本部门的。")
    return found


@access(ANSWER_READ)
@require_GET
def card_paper(request: HttpRequest, number: str) -> HttpResponse:
    """The card as PDF."""
    return paper(_own(number, request), settings.DEMO)


@access(ANSWER_READ)
@require_GET
def evidence(request: HttpRequest, number: str, key: int) -> HttpResponseBase:
    """A file handed in with the statement."""
    found: HttpResponseBase = evidence_file(_own(number, request), key)
    return found


@access(ANSWER_READ)
@require_GET
def score_list(request: HttpRequest) -> HttpResponse:
    """The published scores of the own department."""
    rows = scores.own_scores(actor_of_request(request))
    return render(
        request, "supervision/desk_scores.html", {"page": page_of(rows, request, 24), "nav_current": NAV}
    )


@access(ANSWER_READ)
@require_http_methods(["GET", "POST"])
def score(request: HttpRequest, key: int) -> HttpResponse:
    """One own score part by part, and the objection to it."""
    actor, at = actor_of_request(request), now()
    found: Score | None = scores.own_scores(actor).select_related("round__formula").filter(pk=min(key, 2**63 - 1)).first()  # fmt: skip
    if found is None:
        raise NotFound("没有找到这个评分，或者它不是本部门的。")
    errors: dict[str, str] = {}
    typed = text_of(request.POST.get("text"), 4000)
    if request.method == "POST":
        try:
            object_to(found, typed, actor, at)
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            messages.success(request, _("异议已提交。"))
            return redirect("supervision_desk:score", key=found.pk)
    until = found.round.objections_until
    context = score_context(found, again=request.GET.get("again") == "1") | {
        "objections": found.objections.order_by("pk"), "errors": errors, "typed": typed, "nav_current": NAV,
        "may_object": actor.may(ANSWER) and found.round.state == "published" and until is not None and until >= at,
    }  # fmt: skip
    return render(request, "supervision/desk_score.html", context, status=422 if errors else 200)

"""The supervisor's cards: list with filters in the address, one card with what can be done."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yimen.foundation.orgs import api as orgs
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import NotFound, Refusal
from yimen.modules.supervision.pages.reading import (
    card_context,
    errors_of,
    evidence_file,
    page_of,
    paper,
    text_of,
    whole,
)
from yimen.modules.supervision.permissions import JUDGE, WATCH
from yimen.modules.supervision.queries import cards as queries
from yimen.modules.supervision.queries.rules import latest_rules
from yimen.modules.supervision.rules.spec import COLOUR_LABELS, KIND_LABELS
from yimen.modules.supervision.services.acts import act
from yimen.modules.supervision.states import STATE_LABELS

NAV = "supervision_console:cards"
ACTS = {"decide", "withdraw"}
OUTCOMES = [("upheld", "认定成立"), ("withdrawn", "不成立，撤销")]


@access(WATCH)
@require_GET
def card_list(request: HttpRequest) -> HttpResponse:
    """Cards of the area, newest first; what waits for the supervisor first."""
    actor, at = actor_of_request(request), now()
    wanted = queries.card_filters(request.GET)
    visible = queries.xs_visible_to(actor)
    counts = queries.counts(visible, at)
    tabs = [("", "全部", counts["all"])] + [(k, w, counts[k]) for k, w in queries.SETS_OF_STATES.items()]
    rows = queries.narrowed(visible, wanted, at)
    context = {
        "page": page_of(rows, request),
        "wanted": wanted,
        "tabs": tabs,
        "states": list(STATE_LABELS.items()),
        "kinds": list(KIND_LABELS.items()),
        "colours": list(COLOUR_LABELS.items()),
        "rules": [(r.code, r.label) for r in latest_rules()],
        "organisations": _organisations(actor),
        "at": at,
        "nav_current": NAV,
    }
    return render(request, "supervision/cards.html", context)


def _organisations(actor: Any) -> list[tuple[str, str]]:
    with_cards = queries.xs_visible_to(actor).order_by().values("organisation_id").distinct()
    return [
        (o.code, o.label) for o in orgs.Organisation.objects.filter(pk__in=with_cards).order_by("code")[:500]
    ]


@access(WATCH)
@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, number: str) -> HttpResponse:
    """One card; a refused act comes back with all that was typed."""
    actor, at = actor_of_request(request), now()
    found = queries.card_with_number(number, actor)
    errors: dict[str, str] = {}
    typed: dict[str, str] = {}
    if request.method == "POST":
        name = text_of(request.POST.get("act"), 20)
        if name not in ACTS or not actor.may(JUDGE):
            raise NotFound("没有这个办理动作，或者您不能办。")
        typed = {
            "reason": text_of(request.POST.get("reason"), 4000),
            "outcome": text_of(request.POST.get("outcome"), 20),
        }
        given = typed if name == "decide" else {"reason": typed["reason"]}
        try:
            act(number, name, given, actor, at, revision=whole(request.POST.get("revision")) or None)
        except NotFound:
            raise
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            messages.success(request, _("已办理，记入痕迹。"))
            return redirect("supervision_console:card", number=found.number)
    possible = queries.possible_acts(found, actor)
    waits = found.state == "issued" and found.due_at is not None and found.due_at >= at
    context = {
        **card_context(found), "possible": possible, "errors": errors, "typed": typed, "outcomes": OUTCOMES,
        "waits": waits, "may_decide": "decide" in possible, "nav_current": NAV, "at": at,
    }  # fmt: skip
    return render(request, "supervision/card.html", context, status=422 if errors else 200)


@access(WATCH)
@require_GET
def card_paper(request: HttpRequest, number: str) -> HttpResponse:
    """The card as PDF."""
    return paper(queries.card_with_number(number, actor_of_request(request)), settings.DEMO)


@access(WATCH)
@require_GET
def evidence(request: HttpRequest, number: str, key: int) -> HttpResponseBase:
    """A file the department handed in."""
    found: HttpResponseBase = evidence_file(queries.card_with_number(number, actor_of_request(request)), key)
    return found

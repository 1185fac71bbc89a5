"""The front door: one question, what waits for me, what people often need."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yimen.foundation.orgs import api as orgs
from yimen.kernel.access import PUBLIC, access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA, now
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.forms import api as forms
from yimen.modules.items import api as items
from yimen.modules.themes import api as themes
from yimen.portals.hall.filling import SUBJECT_PREFIX
from yimen.portals.hall.own import waiting_for
from yimen.portals.hall.pages.reading import text_of
from yimen.portals.hall.standing import standing_of

AUDIENCES = (("person", "个人办事"), ("enterprise", "企业办事"))
OFTEN, WAITING, DRAFTS, CENTRES, THINGS = 8, 5, 3, 3, 6


@require_GET
@access(PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    """One question, then what concerns this person, then what people often need."""
    actor, at = actor_of_request(request), now()
    audience = text_of(request, "for", 20)
    if audience not in dict(AUDIENCES):
        audience = "enterprise" if _acts_for_entity(request) else "person"
    today = at.astimezone(CHINA).date()
    context: dict[str, Any] = {
        "audience": audience,
        "audiences": AUDIENCES,
        "often": items.search(audience=audience, size=OFTEN, on=today).results,
        "things": themes.published_themes(today, audience=audience, size=THINGS),
        "centres": orgs.centres(on=today)[:CENTRES],
        "nav_current": "hall:home",
    }
    if actor.signed_in:
        context |= _mine(actor, at)
    return render(request, "hall/home.html", context)


def _acts_for_entity(request: HttpRequest) -> bool:
    acting = getattr(request, "acting_for", None)
    return bool(acting and acting.kind == "entity")


def _mine(actor: Actor, at: Any) -> dict[str, Any]:
    waiting = list(waiting_for(actor)[: WAITING + 1])
    clocks = deadlines.clocks_of("case", [case.number for case in waiting]) if waiting else {}
    drafts = forms.drafts_visible_to(actor).filter(subject__startswith=SUBJECT_PREFIX)[:DRAFTS]
    running = cases.own_cases(actor).filter(is_open=True).count()
    return {
        "waiting": [
            {
                "case": case,
                "standing": standing_of(case, clocks[case.number], at),
                "action": action_of(case),
            }
            for case in waiting[:WAITING]
        ],
        "more_waiting": len(waiting) > WAITING,
        "drafts": drafts,
        "running": running,
    }


def action_of(case: cases.Case) -> dict[str, str]:
    """What the applicant can do next about a case, as a link's words and address."""
    if case.state == cases.CaseState.CORRECTION_REQUESTED:
        return {"label": "去补正", "url": reverse("hall:correct", args=[case.number])}
    if case.owed:
        return {"label": "去补交材料", "url": reverse("hall:supply", args=[case.number])}
    return {"label": "去看结果", "url": reverse("hall:case", args=[case.number])}


@require_GET
@access(PUBLIC)
def search(request: HttpRequest) -> HttpResponse:
    """The search of the frame: the items' own page answers it."""
    query = request.GET.urlencode()
    return redirect(reverse("items:list") + (f"?{query}" if query else ""))

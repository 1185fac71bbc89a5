"""Taking an application back, after one question."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid, NotAllowed, NotPossible
from yimen.modules.cases import api as cases
from yimen.portals.hall.own import case_of
from yimen.portals.hall.pages.reading import text_of


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Ask once what withdrawing means, then withdraw."""
    actor = actor_of_request(request)
    case = case_of(number, actor)
    if "withdraw" not in cases.possible_acts(case, actor):
        messages.info(request, _("这个办件现在不能撤回：已经作出决定，或者已经办结。"))
        return redirect("hall:case", number=case.number)
    if request.method == "GET":
        effects = cases.effects_of_ending(case) if case.application.joint else []
        return render(
            request, "hall/withdraw.html", {"case": case, "effects": effects, "nav_current": "hall:my"}
        )
    try:
        cases.act(case.number, "withdraw", {"note": text_of(request, "note", 500)}, actor, now())
    except (NotPossible, NotAllowed, Invalid) as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("已撤回。已经交的材料不会再用；需要时可以重新申请。"))
    return redirect("hall:case", number=case.number)

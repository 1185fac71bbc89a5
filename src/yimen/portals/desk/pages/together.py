"""What the lead department does for all cases of one thing at once: accept, tell."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import now
from yimen.kernel.errors import NotFound, NotPossible
from yimen.modules.cases import api as cases
from yimen.portals.desk.grants import READ
from yimen.portals.desk.work.thing import TOGETHER, thing_of


@access(READ)
@require_http_methods(["GET", "POST"])
def together(request: HttpRequest, number: str, name: str) -> HttpResponseBase:
    """Accept or tell for every department, as listed on the page; a list that changed meanwhile is shown again first."""
    actor = actor_of_request(request)
    case = cases.case_with_number(number, actor)
    thing = thing_of(case, actor)
    if thing is None or name not in TOGETHER:
        raise NotFound("这个办件没有这样的办法。")
    if request.method == "POST":
        shown, now_included = sorted(request.POST.getlist("included")), thing.included(name)
        if now_included and shown != now_included:
            messages.error(request, _("情况刚刚有变化，没有办理。请核对最新的名单后再办。"))
        else:
            _do(request, name, case, actor)
    kept = request.GET.urlencode()
    return redirect(reverse("desk:case", args=[number]) + (f"?{kept}" if kept else ""))


def _do(request: HttpRequest, name: str, case: cases.Case, actor: Actor) -> None:
    act = cases.accept_together if name == "accept" else cases.tell_together
    try:
        n = len(act(case.application.number, actor, now()))
    except NotPossible as refusal:
        messages.error(request, refusal.message)
        return
    said = _("已统一受理 %(n)s 件。") if name == "accept" else _("已把 %(n)s 件的补正内容一次告知申请人。")
    messages.success(request, said % {"n": n})

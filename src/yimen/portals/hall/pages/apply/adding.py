"""Taking another matter along, or leaving one out: what was typed goes with it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yimen.kernel.access import SIGNED_IN, access
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Refusal
from yimen.modules.forms import api as forms
from yimen.modules.items import api as items
from yimen.portals.hall import filling
from yimen.portals.hall.filling import Filling
from yimen.portals.hall.pages.apply import showing
from yimen.portals.hall.pages.reading import CODE, MOST_ITEMS, filling_of, text_of

FOUND = 12


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def add(request: HttpRequest) -> HttpResponse:
    """Look for what to do together with these items; POST ``add`` or ``remove`` changes the set."""
    here = filling_of(request)
    if not here.standards or here.theme:
        return redirect("hall:search")
    if request.method == "POST":
        return _changed(request, here)
    q = text_of(request, "q", 60)
    found = items.search(q, size=FOUND, on=here.at.astimezone(CHINA).date()).results if q else []
    context = {
        "here": here,
        "q": q,
        "found": [line for line in found if line.code not in here.codes],
        "back": showing.address(here),
        "nav_current": "hall:my",
    }
    return render(request, "hall/apply/add.html", context)


def _changed(request: HttpRequest, here: Filling) -> HttpResponse:
    added, removed = text_of(request, "add", 64), text_of(request, "remove", 64)
    codes = [code for code in here.codes if code != removed]
    if CODE.fullmatch(added) and added not in codes:
        codes.append(added)
    if codes == here.codes or not codes or len(codes) > MOST_ITEMS:
        return redirect(showing.address(here))
    try:
        other = filling.load(codes, here.actor, here.at)
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return redirect(showing.address(here))
    carry_over(here, other)
    messages.success(request, _("已改好，填过的内容都带过来了。"))
    return redirect(showing.address(other, filling.WHO))


def carry_over(here: Filling, other: Filling) -> None:
    """What was typed for one set of items goes to another set; what that one already holds stays."""
    if here.draft is None:
        return
    read = here.values.get(filling.STANDARDS)
    known = read if isinstance(read, dict) else {}
    values = {**here.values, **other.values}
    values[filling.STANDARDS] = {code: known.get(code, pair) for code, pair in other.read_now.items()}
    filling.save(other, values, step=filling.WHO)
    forms.discard_drafts_about(here.subject, here.actor)

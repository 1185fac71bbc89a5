"""A shorter promise: which open clocks would move, then let it hold for the cases already running."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import NotAllowed
from yimen.modules.cases import api as cases
from yimen.modules.items import api as items
from yimen.portals.console.permissions import PUBLISH


@access(PUBLISH)
@require_GET
def promises(request: HttpRequest) -> HttpResponse:
    """The items whose running cases hold a longer promise than the standard in force gives."""
    context = {"lines": cases.longer_promises(actor_of_request(request)), "nav_current": "console:promises"}
    return render(request, "console/promises.html", context)


@access(PUBLISH)
@require_http_methods(["GET", "POST"])
def promise(request: HttpRequest, code: str) -> HttpResponse:
    """What would move for one item; doing it."""
    actor, at = actor_of_request(request), now()
    item = items.item_with_code(code)
    if not items.reaches(PUBLISH, actor, item):
        raise NotAllowed(_("这个事项不在您的发布范围内。"))
    if request.method == "POST":
        moved = cases.extend_promise_to_running(item.code, actor, at)
        messages.success(request, _("已把新的承诺时限用到 %(n)s 个在办时限上。") % {"n": moved})
        return redirect("console:promises")
    context = {
        "item": item,
        "preview": cases.preview_promise(item.code, at),
        "nav_current": "console:promises",
    }
    return render(request, "console/promise.html", context)

"""Search for items while the clerk types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.portals.desk.grants import CREATE
from yimen.portals.desk.pages.window_matter import found_items, found_things
from yimen.portals.desk.window import sitting as sittings


@access(CREATE)
@require_GET
def window_items(request: HttpRequest) -> HttpResponse:
    """The lines under the search field: by name, everyday word, pinyin initials or code."""
    q = request.GET.get("q", "")[:60]
    key = request.GET.get("s", "")[:40]
    sitting = sittings.load(key, actor_of_request(request), now())
    context = {
        "found": found_items(sitting, q),
        "found_things": found_things(sitting, q),
        "q_typed": q.strip(),
    }
    return render(request, "desk/window/_found.html", context)

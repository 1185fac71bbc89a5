"""Two sets of standards side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.kernel.access import actor_of_request
from yimen.modules.authoring.pages.guards import working
from yimen.modules.items.api.authors import items_visible_to
from yimen.modules.items.api.contents import Pair, compare_sets

MOST_COMPARED = 2_000
NAV = "items_console:list"


@working
@require_GET
def compare_divisions(request: HttpRequest) -> HttpResponse:
    """The published standards of two divisions side by side (a province's and a city's): ``?left=&right=``."""
    left, right = (request.GET.get(name, "").strip()[:12] for name in ("left", "right"))
    pairs: list[Pair] = []
    if left.isdigit() and right.isdigit():
        pairs = compare_sets(_set_of(request, left), _set_of(request, right))
    counts = {
        kind: sum(pair.kind == kind for pair in pairs)
        for kind in ("same", "different", "only_left", "only_right")
    }
    context = {
        "left": left,
        "right": right,
        "pairs": [pair for pair in pairs if pair.kind != "same"],
        "counts": counts,
        "asked": bool(left and right),
        "nav_current": NAV,
    }
    return render(request, "authoring/compare.html", context)


def _set_of(request: HttpRequest, division: str) -> dict[str, Any]:
    """By base code where there is one, else by name: the same matter in two places."""
    rows = (
        items_visible_to(actor_of_request(request))
        .filter(division__code=division.ljust(12, "0"), current__isnull=False)
        .order_by("code")[:MOST_COMPARED]
    )
    return {item.base_code or item.name: item.current.parsed for item in rows if item.current}

"""The inbox, and today's start page: the same figures from the same rows."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.modules.cases import api as cases
from yimen.modules.supervision import api as supervision
from yimen.modules.supervision.permissions import ANSWER_READ
from yimen.portals.desk.grants import CREATE, OPINE, READ
from yimen.portals.desk.lists import inbox as lists
from yimen.portals.desk.lists.filters import Filters, read_filters
from yimen.portals.desk.window import sitting as sittings

FIRST = 8


@access(READ)
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What is due first; tabs, filters and page stand in the address."""
    actor, at = actor_of_request(request), now()
    filters = read_filters(request.GET)
    found = lists.inbox(filters, actor, at)
    by_item, by_centre = lists.choices_of(filters, actor)
    tabs = [
        {
            "tab": tab,
            "count": count,
            "more": more,
            "query": filters.query(tab=tab.key, page=1),
            "here": tab.key == filters.tab,
        }
        for tab, count, more in found.tabs
    ]
    context = {
        "found": found,
        "filters": filters,
        "tabs": tabs,
        "by_item": by_item,
        "by_centre": by_centre,
        "list_query": filters.query(page=1),
        "one_organisation": actor.organisation_id is not None,
        "nav_current": "desk:inbox",
    }
    return render(request, "desk/inbox.html", context)


@access(READ)
@require_GET
def start(request: HttpRequest) -> HttpResponseBase:
    """Today: where to begin, and figures that lead to their lists."""
    actor, at = actor_of_request(request), now()
    figures = lists.figures(actor, at)
    today = at.astimezone(CHINA).date()
    clerk = actor.may(CREATE)
    first = lists.listed(lists.rows_of(Filters(), actor), Filters().chosen, at)
    rows = list(first.select_related(*lists.JOINS)[:FIRST])
    context = {
        "figures": figures,
        "today": today,
        "clerk": clerk,
        "sittings": sittings.open_tabs(actor) if clerk else [],
        "rows": lists.as_rows(rows, at),
        "asked": cases.opinions_waiting_for(actor).count() if actor.may(OPINE) else None,
        "cards": supervision.to_answer(actor).count() if actor.may(ANSWER_READ) else None,
        "received_query": Filters(received=today, mine=clerk).query(),
        "nav_current": "desk:start",
    }
    return render(request, "desk/start.html", context)

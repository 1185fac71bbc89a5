"""Where the time goes, by organisation and by step."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.portals.console import oversight, spending
from yimen.portals.console.permissions import CASE_READ
from yimen.portals.console.reading import day_of, text_of

USUAL_DAYS = 90
MOST_STEPS = 40


@access(CASE_READ)
@require_GET
def time(request: HttpRequest) -> HttpResponse:
    """Cases received in a period (the last ninety days unless said otherwise)."""
    actor, at = actor_of_request(request), now()
    today = at.astimezone(CHINA).date()
    until = day_of(request.GET, "to") or today
    since = day_of(request.GET, "from") or until - timedelta(days=USUAL_DAYS - 1)
    organisation = text_of(request.GET, "organisation")
    wanted = oversight.Filters(received_from=min(since, until), received_to=until, organisation=organisation)
    rows = oversight.cases_seen(actor, at, wanted)
    lines = spending.by_organisation(rows, at)
    steps = spending.by_step(rows, at, {line.pk: line for line in lines})
    context = {
        "lines": lines,
        "whole": spending.summed(lines),
        "steps": steps[:MOST_STEPS],
        "more_steps": max(0, len(steps) - MOST_STEPS),
        "since": wanted.received_from,
        "until": until,
        "organisation": organisation,
        "organisations": oversight.organisation_choices(actor),
        "hands": spending.ORDER,
        "nav_current": "console:time",
    }
    return render(request, "console/time.html", context)

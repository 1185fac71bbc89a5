"""What happened, by when the answer comes, what happens next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.clock import now
from yimen.portals.hall import changes
from yimen.portals.hall.own import application_of
from yimen.portals.hall.standing import standing_of


@require_GET
@access(SIGNED_IN)
def done(request: HttpRequest, number: str) -> HttpResponse:
    """The page after handing in; it stays readable afterwards."""
    at = now()
    application = application_of(number, actor_of_request(request))
    found = list(application.cases.all())
    rows = [
        {
            "case": case,
            "standing": standing_of(case, [], at),
            "promised": changes.limit_words(case.published.content.promised_limit),
        }
        for case in found
    ]
    due = min((case.due_at for case in found if case.due_at), default=None)
    context = {"application": application, "rows": rows, "due": due, "nav_current": "hall:my"}
    return render(request, "hall/apply/done.html", context)

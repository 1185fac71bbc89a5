"""The list of cases for those who watch: filters in the address, columns remembered, export of what is seen."""

from datetime import datetime

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yimen.foundation.trace import api as trace
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.modules.cases import api as cases
from yimen.portals.console import columns as table
from yimen.portals.console import exporting, oversight
from yimen.portals.console.permissions import CASE_READ
from yimen.portals.console.words import CHANNELS

YEAR_IN_SECONDS = 365 * 24 * 3600
CSV, XLSX = "csv", "xlsx"
STATES = [
    ("open", "在办"),
    ("closed", "已办结"),
    *[(s.value, label) for s, label in cases.STATE_LABELS.items() if s != cases.CaseState.DRAFT],
]
TIMES = [("overdue", "已逾期"), ("soon", "三个工作日内到期")]


@access(CASE_READ)
@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """Cases of the actor's scope."""
    actor, at = actor_of_request(request), now()
    wanted = oversight.filters_of(request.GET)
    rows = oversight.cases_seen(actor, at, wanted)
    page = oversight.page_of_cases(rows, wanted.sort, request.GET, 50)
    context = {
        "page": page,
        "lines": [(case, oversight.days_left(case, at)) for case in page.results],
        "wanted": wanted,
        "columns": table.chosen(request.COOKIES.get(table.COOKIE, "")),
        "all_columns": table.COLUMNS.values(),
        "organisations": oversight.organisation_choices(actor),
        "centres": oversight.centre_choices(actor),
        "states": STATES,
        "times": TIMES,
        "channels": list(CHANNELS.items()),
        "channel_words": CHANNELS,
        "nav_current": "console:cases",
    }
    return render(request, "console/cases.html", context)


@access(CASE_READ)
@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Remember the chosen columns in a cookie and go back to the same list."""
    query = request.POST.get("query", "")
    back = f"{reverse('console:cases')}?{query}" if query else reverse("console:cases")
    response = redirect(back)
    chosen = table.cookie_of(request.POST.getlist("columns"))
    response.set_cookie(
        table.COOKIE,
        chosen,
        max_age=YEAR_IN_SECONDS,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
    return response


@access(CASE_READ)
@require_GET
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """All rows of the list as it is filtered, sorted and columned; that somebody took it along is in the trace."""
    if form not in (CSV, XLSX):
        raise Http404
    actor, at = actor_of_request(request), now()
    wanted = oversight.filters_of(request.GET)
    rows = oversight.cases_seen(actor, at, wanted)
    chosen = table.chosen(request.COOKIES.get(table.COOKIE, ""))
    count, ordered = rows.count(), oversight.sorted_cases(rows, wanted.sort)
    name = f"办件清单{at.astimezone(CHINA):%Y%m%d-%H%M}.{form}"
    response: HttpResponseBase
    if form == XLSX:
        response = FileResponse(
            exporting.xlsx_file(ordered, chosen, at, count), as_attachment=True, filename=name
        )
    else:
        lines = exporting.csv_lines(ordered, chosen, at)
        response = StreamingHttpResponse(
            (line.encode() for line in lines), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{_quoted(name)}"
    response["Cache-Control"] = "no-store"
    _remember(request, count, [column.label for column in chosen], at)
    return response


def _remember(request: HttpRequest, count: int, labels: list[str], at: datetime) -> None:
    actor = actor_of_request(request)
    purpose = f"导出办件清单{count}条，列：{'、'.join(labels)}"
    trace.record_reading(actor, "export", str(actor.account_id), purpose, at)


def _quoted(name: str) -> str:
    return "".join(f"%{byte:02X}" for byte in name.encode())

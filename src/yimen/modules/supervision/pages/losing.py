"""Lost time of any set of cases, and how items are implemented: filters in the address, export of what is seen."""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET
from openpyxl import Workbook
from openpyxl.writer.excel import save_workbook

from yimen.foundation.orgs import api as orgs
from yimen.foundation.trace import api as trace
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import NotPossible
from yimen.kernel.spreadsheets import neutral
from yimen.modules.cases import api as cases
from yimen.modules.supervision.pages.reading import opening, page_of, span_of, text_of
from yimen.modules.supervision.permissions import WATCH
from yimen.modules.supervision.queries import implementing, losing

NAV = "supervision_console:losing"
MOST_XLSX = 200_000
SHOWN_ITEMS = 100
DAY = 86400
"""Seconds."""


@access(WATCH)
@require_GET
def lost(request: HttpRequest) -> HttpResponse:
    """In whose hands the time of a set of cases was, by which clause; the parts sum to the time elapsed."""
    at = now()
    rows, wanted = _cases(request)
    found = losing.lost_of(rows, at)
    page = page_of(rows.select_related("item", "organisation").order_by("due_at", "pk"), request, 30)
    spent = losing.by_case(rows, [case.number for case in page.results], at)
    context = {
        "lost": found, "lines": found.lines, "page": page, "wanted": wanted,
        "spent": [(case, _in_days(spent.get(case.number, {}))) for case in page.results],
        "elapsed_days": round(found.elapsed / DAY, 1), "late_days": round(found.late / DAY, 1),
        "organisations": _organisations(rows), "nav_current": NAV,
    }  # fmt: skip
    return render(request, "supervision/losing.html", context)


def _in_days(seconds: dict[str, float]) -> dict[str, float]:
    days = {hand: spent / DAY for hand, spent in seconds.items()}
    return days | {"total": sum(days.values())}


@access(WATCH)
@require_GET
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """One line a case, all of the set; that somebody took it along is in the trace."""
    if form not in ("csv", "xlsx"):
        raise Http404
    actor, at = actor_of_request(request), now()
    rows, _ = _cases(request)
    count = rows.count()
    lines = losing.export_lines(rows, at)
    response: HttpResponseBase
    if form == "xlsx":
        if count > MOST_XLSX:
            raise NotPossible(f"一共{count:,}条，表格放不下。", would_pass="请缩小筛选范围，或者导出 CSV。")
        response = FileResponse(_workbook(lines), as_attachment=True, filename="失时账.xlsx")
    else:
        response = StreamingHttpResponse(_csv(lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="lost-time.csv"'
    response["Cache-Control"] = "no-store"
    trace.record_reading(actor, "export", str(actor.account_id), f"导出失时账{count}条", at)
    return response


def _csv(lines: Iterable[list[str]]) -> Iterator[bytes]:
    class Line:
        def write(self, text: str) -> str:
            return text

    writer = csv.writer(Line())
    yield b"\xef\xbb\xbf" + str(writer.writerow(losing.EXPORT_HEADS)).encode()
    for line in lines:
        yield str(writer.writerow([neutral(cell) for cell in line])).encode()


def _workbook(lines: Iterable[list[str]]) -> Any:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("失时账")
    sheet.append(losing.EXPORT_HEADS)
    for line in lines:
        sheet.append([*map(neutral, line[:3]), *map(float, line[3:])])
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    save_workbook(book, file)
    file.seek(0)
    return file


def _cases(request: HttpRequest) -> "tuple[QuerySet[cases.Case], dict[str, Any]]":
    """The actor's cases as the address filters them."""
    since, until = span_of(request)
    wanted: dict[str, Any] = {
        "organisation": text_of(request.GET.get("organisation"), 60), "item": text_of(request.GET.get("item"), 60),
        "late": request.GET.get("late") == "1", "from": since, "to": until,
    }  # fmt: skip
    rows = _within(request, since, until)
    if wanted["organisation"]:
        rows = rows.filter(organisation__code=wanted["organisation"])
    if wanted["item"]:
        rows = rows.filter(item__name__contains=wanted["item"])
    if wanted["late"]:
        rows = rows.filter(is_open=True, due_at__lt=now())
    return rows, wanted


def _within(request: HttpRequest, since: date, until: date) -> "QuerySet[cases.Case]":
    rows = cases.cases_in_scope(actor_of_request(request))
    begun, ended = opening(since), opening(until + timedelta(days=1))
    return rows.filter(application__received_at__gte=begun, application__received_at__lt=ended)


def _organisations(rows: "QuerySet[cases.Case]") -> list[tuple[str, str]]:
    with_cases = rows.order_by().values("organisation_id").distinct()
    return [
        (o.code, o.label) for o in orgs.Organisation.objects.filter(pk__in=with_cases).order_by("code")[:500]
    ]


@access(WATCH)
@require_GET
def evaluation(request: HttpRequest) -> HttpResponse:
    """How items are implemented over a period: which standards to mend first."""
    since, until = span_of(request, 365)
    rows = cases.cases_in_scope(actor_of_request(request))
    lines = implementing.lines_of(rows, opening(since), opening(until + timedelta(days=1)))
    context = {
        "lines": lines[:SHOWN_ITEMS], "more": max(0, len(lines) - SHOWN_ITEMS), "wanted": {"from": since, "to": until},
        "nav_current": "supervision_console:evaluation",
    }  # fmt: skip
    return render(request, "supervision/evaluation.html", context)

"""Import a catalogue: choose a file, watch it, read the report row by row."""

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid
from yimen.kernel.spreadsheets import neutral
from yimen.modules.authoring.intake.reading import MOST_BYTES
from yimen.modules.authoring.models import ImportRun
from yimen.modules.authoring.pages.guards import page_number
from yimen.modules.authoring.queries.imports import import_notes, import_run, import_runs
from yimen.modules.authoring.services.runs import queue_import
from yimen.modules.authoring.worker import carry_out_import
from yimen.modules.items.permissions import WRITE

NAV = "items_console:import"
SEVERITIES = (("", "全部"), ("error", "未导入"), ("warning", "存疑"), ("info", "说明"))


@access(WRITE)
@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Choose a file; a trial run writes nothing."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            run = _take(request)
            carry_out_import.enqueue(run.pk)
            return redirect("items_console:import_run", run.pk)
        except Invalid as refusal:
            errors = refusal.fields
    context = {"errors": errors, "runs": import_runs(actor_of_request(request)), "nav_current": NAV}
    return render(request, "authoring/import.html", context, status=422 if errors else 200)


def _take(request: HttpRequest) -> ImportRun:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("请选择文件。", fields={"file": "请选择要导入的文件。"})
    if (file.size or 0) > MOST_BYTES:
        raise Invalid("文件太大。", fields={"file": "文件超过 50 MB，请分成几个文件导入。"})
    return queue_import(
        file.name or "",
        file.read(),
        actor_of_request(request),
        now(),
        dry_run=request.POST.get("dry_run") == "yes",
    )


@access(WRITE)
@require_GET
def run_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress while it runs (htmx asks again), the report afterwards: ``?severity=&page=``."""
    run = import_run(actor_of_request(request), pk)
    severity = request.GET.get("severity", "")
    severity = severity if severity in dict(SEVERITIES) else ""
    context = {
        "run": run,
        "working": run.state in (ImportRun.State.QUEUED, ImportRun.State.RUNNING),
        "severity": severity,
        "severities": SEVERITIES,
        "page": import_notes(run, severity, page_number(request)),
        "nav_current": NAV,
    }
    template = (
        "authoring/_import_progress.html" if getattr(request, "htmx", False) else "authoring/import_run.html"
    )
    response = render(request, template, context)
    if getattr(request, "htmx", False) and not context["working"]:
        response.headers["HX-Refresh"] = "true"
    return response


@access(WRITE)
@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole report as csv, to be worked through in a spreadsheet."""
    run = import_run(actor_of_request(request), pk)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["行号", "事项编码", "事项名称", "字段", "程度", "问题", "怎样才对"])
    words = dict(SEVERITIES)
    for note in run.notes.iterator(chunk_size=2000):
        line = (
            note.row,
            note.item_code,
            note.name,
            note.field,
            words[note.severity],
            note.problem,
            note.right,
        )
        writer.writerow([neutral(str(cell)) for cell in line])
    response = HttpResponse(
        b"\xef\xbb\xbf" + text.getvalue().encode(), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="import-{run.pk}.csv"'
    return response

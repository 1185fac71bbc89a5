"""The weekly and the yearly report: read, printed, taken along as Word."""

from datetime import date, timedelta
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Invalid
from yimen.modules.insight.permissions import READ
from yimen.modules.insight.queries.choosing import centre_choices, organisation_choices
from yimen.modules.insight.queries.looking import Look, look_of
from yimen.modules.insight.reporting import as_pdf, as_word, figures_of, paper_of, period_of_report
from yimen.modules.insight.rules.sentences import KINDS, sections

MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def _asked(request: HttpRequest, today: date) -> tuple[str, date, Look, str]:
    """Kind, day and look of the address; with a note when the day could not be meant."""
    kind = request.GET.get("kind", "week")
    kind = kind if kind in KINDS else "week"
    note = ""
    usual = today - timedelta(days=7) if kind == "week" else today
    try:
        on = (
            date.fromisoformat(request.GET.get("on", "").replace("\x00", ""))
            if request.GET.get("on")
            else usual
        )
        period = period_of_report(kind, on, today)
    except (ValueError, Invalid) as wrong:
        note = wrong.message if isinstance(wrong, Invalid) else "日期写得不对，现在显示最近一期。"
        on = usual
        period = period_of_report(kind, on, today)
    look = look_of(request.GET, actor_of_request(request), today).during(period)
    codes = {**look.codes, "from": "", "to": "", "kind": kind, "on": on.isoformat()}
    return (
        kind,
        on,
        Look(
            period=period, where=look.where, reach=look.reach, codes=codes, place=look.place, notes=look.notes
        ),
        note,
    )


@access(READ)
@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """A report as it will be printed."""
    actor, today = actor_of_request(request), now().astimezone(CHINA).date()
    kind, on, look, note = _asked(request, today)
    figures = figures_of(kind, look)
    context = {
        "kind": kind,
        "kinds": list(KINDS.items()),
        "on": on,
        "look": look,
        "codes": look.codes,
        "note": note,
        "figures": figures,
        "parts": sections(figures),
        "query": look.address(),
        "organisations": organisation_choices(actor, READ),
        "centres": centre_choices(actor, READ),
        "nav_current": "insight_console:dashboard",
    }
    return render(request, "insight/report.html", context)


@access(READ)
@require_GET
def report_file(request: HttpRequest, form: str) -> HttpResponse:
    """The same report as PDF or Word."""
    if form not in MEDIA:
        raise Http404
    today = now().astimezone(CHINA).date()
    kind, _, look, _ = _asked(request, today)
    figures = figures_of(kind, look)
    paper = paper_of(figures, today, demo=bool(getattr(settings, "DEMO", False)))
    body = as_pdf(paper) if form == "pdf" else as_word(paper)
    response = HttpResponse(body, content_type=MEDIA[form])
    name = f"{figures.title}{figures.period.since:%Y%m%d}.{form}"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response

"""One case as proof: who had it when, by which clause, and that nothing was changed since."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.foundation.calendar.api import YearNotAnnounced
from yimen.foundation.files import api as files
from yimen.foundation.trace import api as trace
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import NotFound
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.issuing import api as issuing
from yimen.portals.console import ledgers, trails
from yimen.portals.console.bars import bar, duration
from yimen.portals.console.oversight import days_left
from yimen.portals.console.permissions import CASE_READ
from yimen.portals.console.words import channel_word

TONES = {
    "request_correction": "soon", "refuse_acceptance": "late", "suspend": "soon", "extend": "soon",
    "terminate": "late", "decide": "done", "deliver": "done",
}  # fmt: skip


def _found(number: str, actor: Actor) -> cases.Case:
    case = (
        cases.cases_in_scope(actor)
        .select_related(
            "application__person",
            "application__entity",
            "application__agent",
            "item",
            "organisation",
            "centre",
        )
        .filter(number=number)
        .first()
    )
    if case is None:
        raise NotFound(f"没有找到办件“{number[:40]}”，或者它不在您的监督范围内。")
    return case


@access(CASE_READ)
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The whole case, read only; with ``?verify=1`` its chain is recomputed."""
    actor, at = actor_of_request(request), now()
    found = _found(number, actor)
    events = list(trace.events_of("case", found.number))
    rows = cases.ledger_of(found, at)
    shares, elapsed = ledgers.shares_of(found, events, rows, at)
    clocks = _clocks(found, at)
    toned = [(share, _tone(share.holder, found)) for share in shares]
    context = {
        "case": found,
        "content": found.published.content,
        "left": days_left(found, at),
        "channel": channel_word(found.application.channel),
        "lines": trails.told(events),
        "tones": TONES,
        "ledger": rows,
        "shares": [(share, tone, duration(share.seconds)) for share, tone in toned],
        "bar": bar((share.holder, tone, share.seconds) for share, tone in toned),
        "elapsed": duration(elapsed),
        "counted": sum(day.counted for day in rows),
        "clocks": clocks,
        **_promise(clocks, at),
        "papers": [d for d in issuing.documents_of([found.application_id]) if d.case_id in (None, found.pk)],
        "materials": found.materials.order_by("id"),
        "opinions": found.opinions.select_related("organisation").order_by("id"),
        "verified": request.GET.get("verify") == "1",
        "breaks": _breaks(request, found),
        "head": events[-1] if events else None,
        "at": at,
        "nav_current": "console:cases",
    }
    return render(request, "console/case.html", context)


def _tone(holder: str, found: cases.Case) -> str:
    """Office, applicant, or a special procedure: the same tones as where the time goes."""
    if holder == ledgers.APPLICANT:
        return "2"
    return "0" if holder == found.published.organisation_name else "1"


def _breaks(request: HttpRequest, found: cases.Case) -> list[trace.Break]:
    if request.GET.get("verify") != "1":
        return []
    return list(trace.verify_chain("case", found.number))


def _clocks(found: cases.Case, at: datetime) -> list[dict[str, Any]]:
    """Every clock of the case and of its steps, with its day-by-day explanation."""
    own = deadlines.clocks_of("case", [found.number])[found.number]
    steps = deadlines.clocks_of("case_step", [f"{found.number}:{code}" for code in found.flow])
    names = {step.code: step.name for step in found.published.content.steps}
    lines = [_clock(clock, clock.kind_label, at) for clock in own]
    for key, clocks in steps.items():
        label = names.get(key.rpartition(":")[2], key)
        lines += [_clock(clock, f"环节：{label}", at) for clock in clocks]
    return lines


def _clock(clock: deadlines.Clock, label: str, at: datetime) -> dict[str, Any]:
    days: Sequence[deadlines.DayCount] = ()
    why = ""
    try:
        explained = deadlines.explained(clock, at)
        days = explained.days if explained else ()
    except YearNotAnnounced as missing:
        why = missing.message
    return {
        "clock": clock,
        "label": label,
        "overdue": clock.is_overdue(at),
        "days": days,
        "why": why,
        "counted": sum(day.counted for day in days),
    }


def _promise(lines: list[dict[str, Any]], at: datetime) -> dict[str, date | None]:
    """From which day to which the case lay beyond its promised limit."""
    for line in lines:
        clock: deadlines.Clock = line["clock"]
        if clock.kind == "promised" and line["overdue"] and clock.due_on:
            end = (clock.stopped_at or at).astimezone(CHINA).date()
            return {"promised_until": clock.due_on, "promised_late_until": end}
    return {"promised_until": None, "promised_late_until": None}


@access(CASE_READ)
@require_GET
def paper(request: HttpRequest, code: str) -> HttpResponseBase:
    """A paper of a case in scope; it names the applicant, so the reading is recorded."""
    actor, at = actor_of_request(request), now()
    document = issuing.readable_document(code, actor)
    number = document.case.number if document.case else document.application.number
    trace.record_reading(actor, "case", number, f"监督查阅文书：{document.title}", at)
    stored = document.file
    response = FileResponse(files.open_file(stored.digest))
    for name, value in files.response_headers(
        f"{document.title}.pdf", stored.media_type, inline=True
    ).items():
        response[name] = value
    return response

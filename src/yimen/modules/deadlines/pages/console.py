"""The working calendar in the console: a year at a glance, drafting, what would move, publishing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yimen.foundation.calendar.api import (
    MANAGE,
    CalendarVersion,
    WorkCalendar,
    calendar_of,
    check_draft,
    current_calendar,
    discard_draft,
    draft_of,
    draft_version,
    publish_version,
    put_notice,
    put_years,
    read_days,
    read_file,
    version_numbered,
    versions,
)
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid, NotFound, NotPossible
from yimen.kernel.lists import page_of
from yimen.modules.deadlines.models import Recount
from yimen.modules.deadlines.pages.year import WEEK, months_of
from yimen.modules.deadlines.queries import moves_of, recounts
from yimen.modules.deadlines.rules.values import local_day
from yimen.modules.deadlines.services.moves import preview_moves

LARGEST_FILE = 1_000_000
RECENT = 5


@access(MANAGE)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The calendar in force (or ``?version=``), one year of it (``?year=``), all versions, recent recounts."""
    number = _number(request.GET.get("version", ""))
    calendar = calendar_of(version_numbered(number)) if number else current_calendar()
    context = _year_context(calendar, request.GET.get("year", ""))
    context |= {
        "versions": versions(),
        "draft": draft_of(),
        "shown": number,
        "recounts": recounts()[:RECENT],
        "next_year": calendar.last_year + 1,
    }
    return render(request, "deadlines/console_calendar.html", context)


@access(MANAGE)
@require_POST
def new_draft(request: HttpRequest) -> HttpResponse:
    """Begin a draft, or go on with the one there is."""
    if not draft_of():
        draft_version(actor_of_request(request), now(), note=request.POST.get("note", "").strip()[:400])
    return redirect("calendar:draft")


@access(MANAGE)
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """Fill in one year of the draft: paste the days of the notice, or read a file."""
    version = _draft()
    calendar = calendar_of(version)
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in ("year", "source", "off_days", "working_days")}
        try:
            years = _store(request, version, typed)
        except Invalid as refusal:
            errors = refusal.fields or {"off_days": refusal.message}
            return _draft_page(
                request, version, calendar, typed["year"], typed=typed, errors=errors, status=422
            )
        messages.success(request, f"已保存{'、'.join(map(str, years))}年的放假安排。")
        return redirect(f"{request.path}?year={years[-1]}")
    return _draft_page(request, version, calendar, request.GET.get("year", "") or str(calendar.last_year + 1))


def _store(request: HttpRequest, version: CalendarVersion, typed: dict[str, str]) -> list[int]:
    actor = actor_of_request(request)
    source = typed["source"].strip()[:200]
    if upload := request.FILES.get("file"):
        if (upload.size or 0) > LARGEST_FILE:
            raise Invalid("文件过大。", fields={"file": "文件应小于 1 MB。"})
        return put_years(version, read_file(_text(upload.read()), source), actor)
    year = _number(typed["year"])
    if not 1990 <= year <= 2100:
        raise Invalid("请填写年份。", fields={"year": "请填写四位年份，例如 2027。"})
    off = read_days(typed["off_days"], "off_days")
    worked = read_days(typed["working_days"], "working_days")
    return put_notice(version, year, off, worked, source, actor)


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("文件不是文本。", fields={"file": "请选择 CSV 或 JSON 文件（UTF-8 或 GB18030 编码）。"})


def _draft_page(
    request: HttpRequest,
    version: CalendarVersion,
    calendar: WorkCalendar,
    year: str,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    number = _number(year)
    held = next((y for y in calendar.years if y.year == number), None)
    values = typed or {
        "year": year,
        "source": held.source if held else "",
        "off_days": _lines(held.off_days) if held else "",
        "working_days": _lines(held.working_weekend_days) if held else "",
    }
    findings = check_draft(version)
    context = _year_context(calendar, year) | {
        "version": version,
        "values": values,
        "errors": errors or {},
        "held": held,
        "findings": findings,
        "blocked": any(f.blocking for f in findings),
    }
    return render(request, "deadlines/console_draft.html", context, status=status)


def _lines(days: Any) -> str:
    return "\n".join(f"{day.isoformat()} {name}" for day, name in sorted(days.items()))


@access(MANAGE)
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    discard_draft(_draft(), actor_of_request(request))
    messages.success(request, "已放弃草稿，现行日历没有变化。")
    return redirect("calendar:home")


@access(MANAGE)
@require_GET
def moves(request: HttpRequest) -> HttpResponse:
    """What publishing the draft would move, before it is done."""
    version = _draft()
    findings = check_draft(version)
    calendar = calendar_of(version)
    context = {
        "version": version,
        "findings": findings,
        "blocked": any(f.blocking for f in findings),
        "preview": preview_moves(calendar),
        "added": [y for y in calendar.years if not current_calendar().has_year(y.year)],
    }
    return render(request, "deadlines/console_moves.html", context)


@access(MANAGE)
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publish the draft; open clocks are recounted after the transaction is safe."""
    version = _draft()
    try:
        publish_version(version, actor_of_request(request), now())
    except NotPossible as refusal:
        messages.error(request, refusal.message)
        return redirect("calendar:draft")
    messages.success(request, f"第{version.number}版工作日历已发布，未办结的期限正在按新日历重算。")
    return redirect("calendar:home")


@access(MANAGE)
@require_GET
def recount(request: HttpRequest, pk: int) -> HttpResponse:
    """The trace of one recount: every clock it moved."""
    found = get_object_or_404(Recount, pk=pk)
    page = page_of(moves_of(found.pk), _number(request.GET.get("page", "")) or 1, 50)
    return render(request, "deadlines/console_recount.html", {"recount": found, "page": page})


def _draft() -> CalendarVersion:
    found = draft_of()
    if found is None:
        raise NotFound("现在没有草稿。请先在工作日历页起草新版。")
    return found


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _year_context(calendar: WorkCalendar, year: str) -> dict[str, Any]:
    chosen = _number(year) or local_day(now()).year
    if not calendar.has_year(chosen):
        chosen = calendar.last_year
    days = next(y for y in calendar.years if y.year == chosen)
    return {
        "calendar": calendar,
        "year": chosen,
        "year_days": days,
        "years": [y.year for y in reversed(calendar.years)],
        "months": months_of(calendar, chosen),
        "week": WEEK,
        "working_days": calendar.working_days_in(chosen),
    }

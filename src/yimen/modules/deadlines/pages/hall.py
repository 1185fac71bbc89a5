"""The public calculator: try a date and see it explained day by day (办理期限计算器)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.foundation.calendar.api import WorkCalendar, current_calendar
from yimen.kernel.access import PUBLIC, access
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid
from yimen.modules.deadlines.rules import Deadline, Unit, due_of, due_text, limit_from
from yimen.modules.deadlines.rules.values import local_day

UNITS = [
    {"value": Unit.WORKING_DAY.value, "label": "工作日"},
    {"value": Unit.CALENDAR_DAY.value, "label": "自然日"},
    {"value": Unit.MONTH.value, "label": "个月"},
    {"value": Unit.YEAR.value, "label": "年"},
    {"value": Unit.WORKING_HOUR.value, "label": "工作小时"},
    {"value": Unit.HOUR.value, "label": "小时"},
]
FIRST_DAYS = [
    {"value": "next", "label": "从第二天算起", "hint": "通常这样算：收到材料当天不计入"},
    {"value": "same", "label": "从当天算起", "hint": "少数指南这样写"},
]
SHOWN_DAYS = 400
PAUSES = 3


@access(PUBLIC)
@require_GET
def calculator(request: HttpRequest) -> HttpResponse:
    """A form whose answer is in its own address: it can be kept, printed and sent."""
    calendar = current_calendar()
    asked = "start" in request.GET
    values = _values(request.GET, calendar)
    context: dict[str, Any] = {
        "values": values,
        "units": UNITS,
        "first_days": FIRST_DAYS,
        "errors": {},
        "first_year": calendar.first_year,
        "last_year": calendar.last_year,
    }
    if asked:
        try:
            context |= _answer(due_of(limit_from(_given(values)), calendar))
        except Invalid as refusal:
            context["errors"] = _errors(refusal)
    return render(
        request, "deadlines/hall_calculator.html", context, status=422 if context["errors"] else 200
    )


def _values(query: QueryDict, calendar: WorkCalendar) -> dict[str, Any]:
    """What stands in the form: as typed, or a first proposal."""
    pauses = list(zip(*(query.getlist(n)[:PAUSES] for n in ("from", "to", "reason")), strict=False))
    return {
        "start": query.get("start", local_day(now()).isoformat()).strip(),
        "amount": query.get("amount", "20").strip(),
        "unit": query.get("unit", Unit.WORKING_DAY.value),
        "first_day": query.get("first_day", "next"),
        "extension": query.get("extension", "").strip(),
        "roll": query.get("roll", ""),
        "pauses": [{"from": f, "to": t, "reason": r} for f, t, r in pauses if f or t] + [{}],
    }


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "start": values["start"],
        "amount": _number(values["amount"], "amount"),
        "unit": values["unit"],
        "first_day": values["first_day"],
        "roll": bool(values["roll"]),
        "exclusions": [p for p in values["pauses"] if p],
        "extensions": [{"amount": _number(values["extension"], "extension")}] if values["extension"] else [],
    }


def _number(text: str, field: str) -> int:
    if text.isdecimal() and len(text) <= 6:
        return int(text)
    raise Invalid("请填写 0 或正整数。", fields={field: "请填写 0 或正整数，例如 20。"})


def _errors(refusal: Invalid) -> dict[str, str]:
    names = {"exclusions": "from", "extensions": "extension"}
    return {names.get(f, f): sentence for f, sentence in refusal.fields.items()} or {"start": refusal.message}


def _answer(answer: Deadline) -> dict[str, Any]:
    return {
        "answer": answer,
        "due": answer.due_at if answer.limit.unit.in_hours else answer.due_on,
        "due_text": due_text(answer),
        "total": answer.limit.total,
        "days": answer.days[:SHOWN_DAYS],
        "more": max(0, len(answer.days) - SHOWN_DAYS),
        "counted": sum(d.counted for d in answer.days),
    }

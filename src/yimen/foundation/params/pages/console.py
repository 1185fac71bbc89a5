"""Console: parameters, their values by place and day, and setting a new one. For the system administrator."""

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yimen.foundation.params import queries
from yimen.foundation.params.permissions import PARAM_MANAGE
from yimen.foundation.params.registry import Declared, declaration_of, declared
from yimen.foundation.params.services import set_value
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Invalid, Refusal

FIELDS = ("value", "division", "valid_from", "clause")
WORDS = {"true": True, "是": True, "false": False, "否": False}


def shown(value: Any) -> str:
    """A value as an administrator reads and types it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@require_GET
@access(PARAM_MANAGE)
def param_list(request: HttpRequest) -> HttpResponse:
    """Every declared parameter with its present value for the whole platform."""
    today = now().astimezone(CHINA).date()
    rows = [
        {"entry": entry, "default": shown(entry.default), "value": shown(queries.value(entry.code, on=today))}
        for entry in declared()
    ]
    return render(
        request, "params/console/params.html", {"rows": rows, "nav_current": "params_console:params"}
    )


@require_http_methods(["GET", "POST"])
@access(PARAM_MANAGE)
def param(request: HttpRequest, code: str) -> HttpResponse:
    """One parameter: everything ever set, and a form for a new value."""
    entry, today = declaration_of(code), now().astimezone(CHINA).date()
    values, errors = {"valid_from": today.isoformat()}, {}
    if request.method == "POST":
        values = {field: request.POST.get(field, "").replace("\x00", "").strip()[:500] for field in FIELDS}
        try:
            _set(request, entry, values)
        except Refusal as refusal:
            errors = refusal.fields or {"": refusal.message}
        else:
            messages.success(request, _("参数已设定。"))
            return redirect("params_console:param", code=code)
    history = [{"row": row, "value": shown(row.value)} for row in queries.history_of(code)[:200]]
    context = {
        "entry": entry,
        "default": shown(entry.default),
        "history": history,
        "values": values,
        "errors": errors,
        "nav_current": "params_console:params",
    }
    return render(request, "params/console/param.html", context, status=422 if errors else 200)


def _set(request: HttpRequest, entry: Declared, values: dict[str, str]) -> None:
    try:
        since = date.fromisoformat(values["valid_from"])
    except ValueError:
        raise Invalid(fields={"valid_from": "请填写日期，如“2026-02-25”。"}) from None
    set_value(
        entry.code,
        _typed(entry, values["value"]),
        valid_from=since,
        division=values["division"].ljust(12, "0") if values["division"] else "",
        clause=values["clause"][:200],
        actor=actor_of_request(request),
        at=now(),
    )


def _typed(entry: Declared, text: str) -> Any:
    if isinstance(entry.default, str):
        return text
    if isinstance(entry.default, bool):
        if text.lower() not in WORDS:
            raise Invalid(fields={"value": "请填写“是”或“否”。"})
        return WORDS[text.lower()]
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Invalid(fields={"value": f"值应与默认值“{shown(entry.default)}”同类，请改填。"}) from None


def _refuse_constant(text: str) -> Any:
    raise ValueError(text)

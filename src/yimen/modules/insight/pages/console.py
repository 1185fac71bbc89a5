"""The dashboards of the console: filters in the address, drilling down to the case, export of what is seen."""

from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA, now
from yimen.modules.insight.exporting import csv_text, xlsx_bytes
from yimen.modules.insight.permissions import READ, SIMULATE
from yimen.modules.insight.queries import panels
from yimen.modules.insight.queries.choosing import centre_choices, organisation_choices
from yimen.modules.insight.queries.looking import Look, crumbs, look_of
from yimen.modules.insight.queries.names import CHANNELS

VIEWS = {"": "总览", "time": "时限", "pressure": "压力", "effort": "跑动和材料"}
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@access(READ)
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """One of the four views over the same filters."""
    actor, today = actor_of_request(request), now().astimezone(CHINA).date()
    look = look_of(request.GET, actor, today)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else ""
    context = _frame(look, actor, view) | _contents(look, view, today)
    return render(request, "insight/dashboard.html", context)


def _frame(look: Look, actor: Actor, view: str) -> dict[str, Any]:
    return {
        "look": look,
        "codes": look.codes,
        "view": view,
        "tabs": [(code, label, look.address(view=code)) for code, label in VIEWS.items()],
        "crumbs": crumbs(look, actor),
        "organisations": organisation_choices(actor, READ),
        "centres": centre_choices(actor, READ),
        "channels": list(CHANNELS.items()),
        "may_simulate": actor.may(SIMULATE),
        "query": look.address(),
        "case_list": panels.case_list(look),
        "nav_current": "insight_console:dashboard",
    }


def _contents(look: Look, view: str, today: date) -> dict[str, Any]:
    whole = panels.summary(look)
    context: dict[str, Any] = {"whole": whole, "before": panels.summary(look.during(look.period.before()))}
    if view == "time":
        lines = [("承诺期限内", "promised_met"), ("超过承诺期限", "promised_missed")]
        standing = panels.standing(look, today)
        return context | {
            "trend": panels.trend(look, lines),
            "places": panels.below(look),
            "standing": standing,
        }
    if view == "pressure":
        return context | {
            "by_centre": panels.pressure_by_centre(look),
            "by_weekday": panels.pressure_by_weekday(look),
            "trend": panels.trend(look, [("收件", "received"), ("作出决定", "decided")]),
        }
    if view == "effort":
        return context | {"channels_used": panels.by_channel(look), "places": panels.below(look)}
    return context | {
        "trend": panels.trend(look, [("收件", "received"), ("作出决定", "decided"), ("办结", "ended")]),
        "places": panels.below(look),
        "standing": panels.standing(look, today),
        "in_hand": panels.in_hand(look),
    }


@access(READ)
@require_GET
def export(request: HttpRequest, form: str) -> HttpResponse:
    """What the dashboard shows, as a table: sums only, nothing personal."""
    if form not in MEDIA:
        raise Http404
    actor, today = actor_of_request(request), now().astimezone(CHINA).date()
    look = look_of(request.GET, actor, today)
    places, whole = panels.below(look), panels.summary(look)
    trend = panels.trend(look, [("收件", "received")])
    if form == "csv":
        body = csv_text(look.period, places, whole).encode()
    else:
        body = xlsx_bytes(look.period, places, whole, trend)
    response = HttpResponse(body, content_type=MEDIA[form])
    name = f"统计{look.period.since:%Y%m%d}-{look.period.until:%Y%m%d}.{form}"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response

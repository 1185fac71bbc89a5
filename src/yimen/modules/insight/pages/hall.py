"""What anybody may see: the public figures, and the board that hangs in the hall."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.kernel.access import PUBLIC, access
from yimen.kernel.clock import CHINA, now
from yimen.modules.insight.queries.board import board_of, centres_of_board
from yimen.modules.insight.queries.names import names_of
from yimen.modules.insight.queries.public import MEASURES, least_told, public_period, public_table
from yimen.modules.insight.rules.charts import line_chart
from yimen.modules.insight.rules.disclosure import REASON
from yimen.modules.insight.rules.periods import Period, month_before
from yimen.modules.insight.rules.ratios import Line, percent

MONTHS = 12
PAIRS = (("promised_met", "promised_missed"), ("online", "received"))


@access(PUBLIC)
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """The last twelve months for everybody: sums, with small counts kept back and the reason told."""
    today = now().astimezone(CHINA).date()
    period = public_period(Period(month_before(today.replace(day=1), MONTHS - 1), today))
    months = _months(public_table(("month",), period, today))
    organisations = _lines("organisation", public_table(("organisation",), period, today))
    channels = _lines("channel", public_table(("channel",), period, today))
    names = [line.label for line in months]
    context = {
        "period": period,
        "months": months,
        "chart": line_chart(
            names, [("收件", [m.received for m in months]), ("作出决定", [m.decided for m in months])]
        ),
        "organisations": organisations,
        "channels": channels,
        "whole": (whole := _whole(months)),
        "on_time": percent(
            whole.n("promised_met_of"), whole.n("promised_met_of") + whole.n("promised_missed_of")
        ),
        "online": percent(whole.n("online_of"), whole.n("received_of")),
        "least": least_told(today),
        "reason": REASON,
        "nav_current": "insight:figures",
    }
    return render(request, "insight/public.html", context)


def _months(rows: list[dict[str, Any]]) -> list[Line]:
    return [Line(f"{row['month'].year}年{row['month'].month}月", row) for row in rows]


def _lines(cut: str, rows: list[dict[str, Any]]) -> list[Line]:
    names = names_of(cut, (row[cut] for row in rows))
    lines = [Line(names[row[cut]][1], row) for row in rows]
    return sorted(lines, key=lambda line: (-line.received, line.label))


def _whole(months: list[Line]) -> Line:
    """Totals of what is told only; a share only over the months of which both sides are told."""
    sums = {name: sum(m.n(name) for m in months) for name in MEASURES}
    for part, beside in PAIRS:
        both = [m for m in months if m.sums[part] is not None and m.sums[beside] is not None]
        sums |= {f"{part}_of": sum(m.n(part) for m in both), f"{beside}_of": sum(m.n(beside) for m in both)}
    return Line("合计", sums)


@access(PUBLIC)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The big screen: big type, no personal data, renewed every minute."""
    at = now()
    code = request.GET.get("centre", "").replace("\x00", "")[:60]
    context = {"board": board_of(code, at), "query": f"?centre={code}" if code else ""}
    if request.headers.get("HX-Request"):
        return render(request, "insight/_board.html", context)
    return render(request, "insight/board.html", context | {"centres": centres_of_board()})

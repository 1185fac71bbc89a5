"""What the big screen of a hall shows: today, this month, the hours. Sums only, and no count that could be somebody."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yimen.foundation.orgs import api as orgs
from yimen.kernel.clock import CHINA
from yimen.modules.insight.queries.asking import Where, table, totals
from yimen.modules.insight.queries.public import least_told
from yimen.modules.insight.rules.charts import BarChart, bar_chart
from yimen.modules.insight.rules.cubes import CASES, PRESSURE
from yimen.modules.insight.rules.periods import Period
from yimen.modules.insight.rules.ratios import Line

OPEN_HOURS = range(8, 19)


@dataclass(frozen=True)
class Board:
    """The screen of one centre, or of all."""

    name: str
    at: datetime
    today: Line
    month: Line
    online: float | None
    hours: BarChart
    least: int


def board_of(code: str, at: datetime) -> Board:
    """The screen of a centre; of everything for an empty or unknown code."""
    today = at.astimezone(CHINA).date()
    centre = orgs.centres().filter(code=code).first() if code else None
    where = Where(centre=centre.pk) if centre else Where()
    day, month = Period(today, today), Period(today.replace(day=1), today)
    least = least_told(today)
    sums = Line("本月", _told(totals(CASES, Q(), month, where), least))
    rows = table(PRESSURE, ("hour",), Q(), day, where, ("received",))
    by_hour = {row["hour"]: row["received"] for row in rows if row["received"] >= least}
    hours = list(OPEN_HOURS)
    return Board(
        name=centre.name if centre else "",
        at=at,
        today=Line("今天", _told(totals(CASES, Q(), day, where), least)),
        month=sums,
        online=_share(sums, least),
        hours=bar_chart([f"{h}时" for h in hours], [by_hour.get(h, 0) for h in hours], ["calm"] * len(hours)),
        least=least,
    )


def _told(sums: dict[str, int], least: int) -> dict[str, int]:
    """The sums that may be told; a share of which one side is small is not told either."""
    told = {name: n if n >= least else 0 for name, n in sums.items()}
    if 0 < sums["promised_missed"] < least:
        told["promised_met"] = told["promised_missed"] = 0
    return told


def _share(line: Line, least: int) -> float | None:
    """Percent handed in away from the windows, where both sides are large enough."""
    away, there = line.n("online"), line.received - line.n("online")
    return line.online if line.received and away >= least and (there == 0 or there >= least) else None


def centres_of_board() -> list[tuple[str, str]]:
    """The centres that may have a screen."""
    return [(c.code, c.name) for c in orgs.centres()[:200]]

"""What anybody may see: sums without places so small that a person could be found behind them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from yimen.foundation.params import api as params
from yimen.kernel.errors import NotAllowed
from yimen.modules.insight.params import LEAST_TOLD
from yimen.modules.insight.queries.asking import EVERYWHERE, Where, table
from yimen.modules.insight.rules.cubes import CASES
from yimen.modules.insight.rules.disclosure import public_rows
from yimen.modules.insight.rules.periods import Period, month_before

CUTS = ("week", "month", "quarter", "year", "province", "city", "county", "organisation", "channel")
"""By these the public may cut, one at a time: two at once would undo the keeping back."""
MEASURES = (
    "received", "accepted", "decided", "granted", "delivered", "ended", "promised_met", "promised_missed", "online",
    "visits", "asked", "spared_licence", "spared_shared", "spared_promise", "spared_result",
)  # fmt: skip


def public_table(
    by: Sequence[str], period: Period, on: date, where: Where = EVERYWHERE
) -> list[dict[str, Any]]:
    """Rows for the public over whole months; a count kept back is ``None``.

    Args:
        period: widened to whole months (``public_period``): two periods a day apart would tell that day.
        on: the day whose rule holds.
        where: only its division counts.

    Raises:
        NotAllowed: cut finer than the public may.
    """
    if len(by) > 1 or not set(by) <= set(CUTS):
        raise NotAllowed(
            "公开的统计一次按一个方面看，不分到事项、日、时。",
            would_pass=f"by 请用其中一个：{'、'.join(CUTS)}；工作人员请用有统计权限的账户。",
        )
    rows = table(CASES, by, Q(), public_period(period), Where(division=where.division), MEASURES)
    return public_rows(rows, least_told(on), MEASURES)


def public_period(period: Period) -> Period:
    """The whole months that a period touches."""
    return Period(month_before(period.since, 0), month_before(period.until, -1) - timedelta(days=1))


def least_told(on: date) -> int:
    """The smallest count that may be told on a day."""
    return max(1, int(params.value(LEAST_TOLD.code, on=on)))

"""Promises in other units as working days: never more than the item itself promises (pure)."""

import math

from yimen.modules.items.api.words import limit_words
from yimen.modules.items.content import Limit

HOURS_A_DAY = 7
"""Working hours of a working day, as the calendar counts them."""
_CALENDAR_DAYS = {"calendar_day": 1, "month": 28, "year": 365}


def working_days(limit: Limit) -> int:
    """The working days that a limit surely holds in weeks without long holidays.

    A joint promise made of them is never later than the items' own promises. Hours count as begun days.

    Args:
        limit: in any unit.
    """
    if limit.unit == "working_day":
        return limit.amount
    if limit.unit == "working_hour":
        return math.ceil(limit.amount / HOURS_A_DAY)
    if limit.unit == "hour":
        return fewest_working_days(math.ceil(limit.amount / 24))
    return fewest_working_days(limit.amount * _CALENDAR_DAYS[limit.unit])


def fewest_working_days(calendar_days: int) -> int:
    """Fewest working days before a limit of calendar days ends, whatever weekday it starts on.

    A limit that would end on a Saturday or Sunday ends on the Monday (民法典第二百零三条第一款).
    """
    weeks, rest = divmod(calendar_days, 7)
    return 5 * weeks + (max(1, rest - 2) if rest else 0)


def conversion_note(name: str, limit: Limit) -> str:
    """How an item's limit became working days, "" when it is in working days already."""
    if limit.unit == "working_day":
        return ""
    return f"“{name}”承诺{limit_words(limit.amount, limit.unit)}，按没有长假的普通周从短折算为{working_days(limit)}个工作日。"

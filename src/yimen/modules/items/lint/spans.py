"""Limits in different units compared: each becomes the fewest and the most calendar days it can take."""

from yimen.modules.items.content import Limit, ReviewStep, StandardContent

HOURS_A_DAY = 7
LONGEST_HOLIDAY = 10


def span(amount: float, unit: str) -> tuple[float, float]:
    """Fewest and most calendar days; working days may fall around the longest holiday."""
    if unit == "working_hour":
        return span(amount / HOURS_A_DAY, "working_day")
    if unit == "working_day":
        weeks = int(max(0, amount - 1) // 5)
        return amount + 2 * weeks, amount + 2 * (weeks + 1) + (LONGEST_HOLIDAY if amount else 0)
    return {
        "hour": (amount / 24, amount / 24),
        "calendar_day": (amount, amount),
        "month": (28 * amount, 31 * amount),
        "year": (365 * amount, 366 * amount),
    }[unit]


def working(limit: Limit) -> float | None:
    """In working days where the unit allows it exactly."""
    if limit.unit == "working_day":
        return float(limit.amount)
    return limit.amount / HOURS_A_DAY if limit.unit == "working_hour" else None


def longer(one: Limit, other: Limit) -> str:
    """Is one limit longer than another: ``surely``, ``perhaps`` or "" (no)."""
    if one.amount == 0:
        return ""
    if one.unit == other.unit:
        return "surely" if one.amount > other.amount else ""
    exact_one, exact_other = working(one), working(other)
    if exact_one is not None and exact_other is not None:
        return "surely" if exact_one > exact_other else ""
    fewest, most = span(one.amount, one.unit)
    other_fewest, other_most = span(other.amount, other.unit)
    if fewest > other_most:
        return "surely"
    return "perhaps" if most > other_most and fewest > other_fewest else ""


def steps_total(content: StandardContent) -> float:
    """Longest path through the steps that always apply, in working days (calendar units count as their fewest)."""
    finish: dict[str, float] = {"start": 0.0}
    previous = "start"
    for step in content.steps:
        before = step.after or (previous,)
        begins = max((finish.get(code, 0.0) for code in before), default=0.0)
        finish[step.code] = begins + (0.0 if step.when else step_days(step))
        previous = step.code
    return max(finish.values())


def step_days(step: ReviewStep) -> float:
    """Working days a step may take by itself."""
    if step.limit is None:
        return 0.0
    exact = working(step.limit)
    return exact if exact is not None else span(step.limit.amount, step.limit.unit)[0] * 5 / 7

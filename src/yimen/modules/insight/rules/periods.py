"""Which days are asked for, cut how finely, and how much may be asked at once."""

from dataclasses import dataclass
from datetime import date, timedelta

from yimen.kernel.errors import Invalid

GRAINS = {"hour": "时", "day": "日", "week": "周", "month": "月", "quarter": "季", "year": "年"}
MOST_DAYS = {"hour": 92, "day": 1100, "week": 3700, "month": 7400, "quarter": 11_000, "year": 11_000}
"""The longest period for each cut, in days: what a chart can still show and a person still read."""
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class Period:
    """Days from ``since`` through ``until``, both included."""

    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def label(self) -> str:
        one, other = self.since, self.until
        return f"{one.year}年{one.month}月{one.day}日至{other.year}年{other.month}月{other.day}日"

    def before(self) -> "Period":
        """The period of the same length that ends the day before; the month or year before for whole ones."""
        if self.since.day == 1 and (self.until + timedelta(days=1)).day == 1:
            months = (self.until.year - self.since.year) * 12 + self.until.month - self.since.month + 1
            return Period(month_before(self.since, months), self.since - timedelta(days=1))
        return Period(self.since - timedelta(days=self.days), self.since - timedelta(days=1))


def month_before(first: date, months: int) -> date:
    """The first day of the month so many months before."""
    count = first.year * 12 + first.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def period_of(since: date | None, until: date | None, today: date, usual_days: int = 90) -> Period:
    """The days asked for, or the usual ones up to today.

    Raises:
        Invalid: the end lies before the beginning, or outside what can be counted.
    """
    last = until or today
    first = since or last - timedelta(days=usual_days - 1)
    if not (FIRST <= first <= LAST and FIRST <= last <= LAST):
        raise Invalid(
            "日期超出了可以统计的范围。",
            fields={"from": f"请填写{FIRST.year}年至{LAST.year}年之间的日期。"},
        )
    if last < first:
        raise Invalid(
            "结束日期早于开始日期。",
            fields={"to": "结束日期应当不早于开始日期。"},
            would_pass="把两个日期对调即可。",
        )
    return Period(first, last)


def check_size(period: Period, grain: str) -> None:
    """Refuse what nobody could read: ten years by the hour.

    Raises:
        Invalid: the period is too long for this cut.
    """
    most = MOST_DAYS.get(grain)
    if most is None or period.days <= most:
        return
    coarser = [g for g, days in MOST_DAYS.items() if days >= period.days]
    instead = f"或者改为按{GRAINS[coarser[0]]}统计" if coarser else "请缩短时间段"
    raise Invalid(
        f"按{GRAINS[grain]}统计一次最多{most}天，您要的是{period.days}天。",
        code="too_long",
        fields={"by": f"按{GRAINS[grain]}统计最多{most}天。"},
        would_pass=f"请把时间段缩短到{most}天以内，{instead}。",
    )


def grain_for(period: Period) -> str:
    """The cut that makes a readable line of a period."""
    if period.days <= 45:
        return "day"
    return "week" if period.days <= 190 else "month"

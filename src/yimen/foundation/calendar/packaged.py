"""The calendar that comes with the program: State Council notices 2004 to 2026, from chinesecalendar (MIT)."""

from functools import lru_cache

from chinese_calendar.constants import Holiday, holidays, workdays

from yimen.foundation.calendar.rules import SATURDAY, WorkCalendar, YearDays

CHINESE = {h.value: h.chinese for h in Holiday}
# Numbers of the yearly notices 国务院办公厅关于部分节假日安排的通知, where they were read.
NOTICES = {2020: "国务院办公厅2020年放假通知、国办发明电〔2020〕1号（延长春节假期）"}


def _name(value: str) -> str:
    return str(CHINESE.get(value, value))


def packaged_years() -> tuple[YearDays, ...]:
    """Every announced year of the package. Only announced years: nothing is guessed."""
    years = range(min(holidays).year, max(holidays).year + 1)
    return tuple(
        YearDays(
            year=year,
            off_days={d: _name(n) for d, n in holidays.items() if d.year == year},
            working_weekend_days={
                d: _name(n) for d, n in workdays.items() if d.year == year and d.weekday() >= SATURDAY
            },
            source=NOTICES.get(year, f"国务院办公厅{year}年放假通知"),
        )
        for year in years
    )


@lru_cache(maxsize=1)
def packaged_calendar() -> WorkCalendar:
    """The calendar of version 0: used where the store holds none yet, and as the seed of version 1."""
    return WorkCalendar(packaged_years())

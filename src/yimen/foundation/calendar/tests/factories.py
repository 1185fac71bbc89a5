"""Makers of calendars, and what tests of time stand on, here and elsewhere (a ``conftest`` imports the fixtures)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from yimen.foundation.calendar.api import YearDays, forget_calendars
from yimen.kernel import events


@pytest.fixture(autouse=True)
def no_calendar_from_another_test() -> Iterator[None]:
    forget_calendars()
    yield
    forget_calendars()


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Collects after-commit deliveries instead of storing them."""
    sent: list[Any] = []
    monkeypatch.setattr(events, "_outbox", [lambda event, names: sent.append((event, names))])
    return sent


def days(first: str, count: int, name: str) -> dict[date, str]:
    start = date.fromisoformat(first)
    return {start + timedelta(n): name for n in range(count)}


def year_2027() -> YearDays:
    """An invented notice for 2027 in the usual shape (the real one is not announced): 249 working days."""
    return YearDays(
        year=2027,
        off_days={
            **days("2027-01-01", 3, "元旦"),
            **days("2027-02-05", 8, "春节"),
            **days("2027-04-03", 3, "清明节"),
            **days("2027-05-01", 5, "劳动节"),
            **days("2027-06-09", 1, "端午节"),
            **days("2027-09-15", 1, "中秋节"),
            **days("2027-10-01", 7, "国庆节"),
        },
        working_weekend_days={
            **days("2027-01-31", 1, "春节"),
            **days("2027-02-20", 1, "春节"),
            **days("2027-05-08", 1, "劳动节"),
            **days("2027-09-26", 1, "国庆节"),
            **days("2027-10-09", 1, "国庆节"),
        },
        source="测试用放假安排",
    )

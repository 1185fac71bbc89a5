"""Makers of clocks for tests here and elsewhere."""

from datetime import UTC, date, datetime

from yimen.kernel.clock import CHINA
from yimen.modules.deadlines.api import Clock, ClockSpec, start_clocks


def local(text: str) -> datetime:
    """``2026-02-11 09:30`` local time, as a UTC moment."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


def clock(key: str = "YM-1", start: str = "2026-02-11 09:30", amount: int = 5, **more: object) -> Clock:
    """A started clock, by default the promised five working days of a case accepted on 11 February 2026."""
    fields = {"subject_kind": "case", "kind": "promised", "holder": "市场监管局", **more}
    spec = ClockSpec(subject_key=key, amount=amount, **fields)
    return start_clocks([spec], local(start))[0]


def day(text: str) -> date:
    return date.fromisoformat(text)

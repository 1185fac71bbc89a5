"""The only door to the system clock; only interfaces (portals, pages, rest, jobs, commands) may open it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")

_travel: ContextVar[datetime | None] = ContextVar("travel", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC; inside ``travel_to`` the moment travelled to."""
    return _travel.get() or datetime.now(UTC)


@contextmanager
def travel_to(moment: datetime) -> Iterator[None]:
    """Make ``now()`` answer ``moment`` (aware) inside the block: for tests and for trying another date."""
    if moment.tzinfo is None:
        raise ValueError("travel_to needs an aware moment")
    token = _travel.set(moment)
    try:
        yield
    finally:
        _travel.reset(token)

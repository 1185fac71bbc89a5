"""The only door to the system clock; only interfaces (portals, pages, rest, jobs, commands) may open it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")

_travel: ContextVar[datetime | None] = ContextVar("travel", default=None)
_shift = [timedelta(0)]


def now() -> datetime:
    """Return the present moment, aware, in UTC; inside ``travel_to`` the moment travelled to."""
    return _travel.get() or datetime.now(UTC) + _shift[0]


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


@contextmanager
def shifted_to(moment: datetime) -> Iterator[None]:
    """Let the whole process, every thread of it, live from ``moment`` on: for journeys that take days."""
    before = _shift[0]
    _shift[0] = moment - datetime.now(UTC)
    try:
        yield
    finally:
        _shift[0] = before

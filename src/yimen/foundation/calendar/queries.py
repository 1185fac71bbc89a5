"""Reads of the calendar."""

import time

from django.db.models import QuerySet

from yimen.foundation.calendar.models import CalendarVersion, calendar_of
from yimen.foundation.calendar.packaged import packaged_calendar
from yimen.foundation.calendar.rules import WorkCalendar
from yimen.foundation.calendar.states import VersionState
from yimen.kernel.errors import NotFound

FRESH_FOR = 5.0
"""Seconds a process trusts its copy before asking the store (one tiny row) whether a newer version is in force.

A clock computed in that window with the version before carries the old number; ``modules.deadlines`` looks for such
stragglers every few minutes and recounts them.
"""

_cache: dict[str, tuple[float, str, WorkCalendar]] = {}


def current_calendar(region: str = "CN") -> WorkCalendar:
    """The calendar in force; the packaged one (version 0) where the store has none yet.

    Costs nothing most of the time, one statement every ``FRESH_FOR`` seconds in each process, two after a publication.
    """
    held = _cache.get(region)
    ticks = time.monotonic()
    if held and ticks - held[0] < FRESH_FOR:
        return held[2]
    version = CalendarVersion.objects.filter(region=region, state=VersionState.PUBLISHED).first()
    mark = f"{version.number}:{version.digest}" if version else "packaged"
    if held and held[1] == mark:
        calendar = held[2]
    else:
        calendar = calendar_of(version) if version else packaged_calendar()
    _cache[region] = (ticks, mark, calendar)
    return calendar


def forget_calendars() -> None:
    """Drop this process's copies (after publishing, and between tests)."""
    _cache.clear()


def versions(region: str = "CN") -> QuerySet[CalendarVersion]:
    """All versions, newest first."""
    return CalendarVersion.objects.filter(region=region).order_by("-number")


def version_numbered(number: int, region: str = "CN") -> CalendarVersion:
    """One version.

    Raises:
        NotFound: no such version.
    """
    version = CalendarVersion.objects.filter(region=region, number=number).first()
    if version is None:
        raise NotFound(f"没有第{number}版工作日历。")
    return version


def draft_of(region: str = "CN") -> CalendarVersion | None:
    """The draft under work, if there is one."""
    return CalendarVersion.objects.filter(region=region, state=VersionState.DRAFT).first()

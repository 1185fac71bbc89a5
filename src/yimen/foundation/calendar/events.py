"""What happened to calendars."""

from dataclasses import dataclass

from yimen.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CalendarPublished(Event):
    """A new version is in force; open clocks are to be recounted.

    Args:
        region: the calendar's region.
        version: its number.
        by: name of who published it.
    """

    region: str
    version: int
    by: str

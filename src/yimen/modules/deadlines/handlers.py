"""Reactions to events of lower folders."""

from yimen.foundation.calendar.api import current_calendar, forget_calendars
from yimen.foundation.calendar.events import CalendarPublished
from yimen.kernel.events import When, on
from yimen.modules.deadlines.services.moves import apply_in_parts


@on(CalendarPublished, when=When.AFTER_COMMIT)
def recount_open_clocks(event: CalendarPublished) -> None:
    """Recount open clocks by the calendar in force (a later version than the event's, if one came since)."""
    forget_calendars()
    calendar = current_calendar(event.region)
    apply_in_parts(calendar, event.at, by=event.by, why=f"发布第{calendar.version}版工作日历")

"""The door of the calendar."""

from yimen.foundation.calendar.models import CalendarVersion, calendar_of
from yimen.foundation.calendar.notices import Finding, read_days, read_file, split_by_year
from yimen.foundation.calendar.packaged import packaged_calendar
from yimen.foundation.calendar.permissions import MANAGE
from yimen.foundation.calendar.queries import (
    current_calendar,
    draft_of,
    forget_calendars,
    version_numbered,
    versions,
)
from yimen.foundation.calendar.rules import DayTables, WorkCalendar, YearDays, YearNotAnnounced
from yimen.foundation.calendar.services import (
    check_draft,
    discard_draft,
    draft_version,
    publish_version,
    put_notice,
    put_years,
    seed_calendar,
)

__all__ = [
    "MANAGE",
    "CalendarVersion",
    "DayTables",
    "Finding",
    "WorkCalendar",
    "YearDays",
    "YearNotAnnounced",
    "calendar_of",
    "check_draft",
    "current_calendar",
    "discard_draft",
    "draft_of",
    "draft_version",
    "forget_calendars",
    "packaged_calendar",
    "publish_version",
    "put_notice",
    "put_years",
    "read_days",
    "read_file",
    "seed_calendar",
    "split_by_year",
    "version_numbered",
    "versions",
]

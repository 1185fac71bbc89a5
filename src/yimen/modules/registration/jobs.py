"""Duties: notices that nobody made use of end."""

from datetime import timedelta

from yimen.foundation.outbox.api import repeat
from yimen.modules.registration.services.notices import end_lapsed_notices

repeat("registration.end_lapsed_notices", timedelta(hours=6), end_lapsed_notices)

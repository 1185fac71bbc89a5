"""Duties: versions that become valid."""

from datetime import timedelta

from yimen.foundation.outbox.api import repeat
from yimen.modules.items.services.publishing import activate_due

repeat("items.activate_due", timedelta(minutes=10), activate_due)

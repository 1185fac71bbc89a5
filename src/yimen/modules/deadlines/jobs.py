"""Repeated duties of clocks."""

from datetime import timedelta

from yimen.foundation.outbox.api import repeat
from yimen.modules.deadlines.services.moves import recount_stragglers

repeat("deadlines.recount_stragglers", timedelta(minutes=10), recount_stragglers)

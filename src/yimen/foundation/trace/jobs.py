"""The trace's repeated duty: seal what is new."""

from datetime import timedelta

from yimen.foundation.outbox.api import repeat
from yimen.foundation.trace.services import seal

repeat("trace.seal", timedelta(minutes=15), seal)

"""The door of the trace."""

from yimen.foundation.trace.models import Event, Seal
from yimen.foundation.trace.queries import (
    Break,
    check_states_with,
    events_of,
    recent_events,
    verify_all,
    verify_chain,
    verify_seals,
)
from yimen.foundation.trace.rules import Head, moment_text
from yimen.foundation.trace.services import append, prepare, record_reading, save, seal

__all__ = [
    "Break", "Event", "Head", "Seal", "append", "check_states_with", "events_of", "moment_text", "prepare",
    "recent_events", "record_reading", "save", "seal", "verify_all", "verify_chain", "verify_seals",
]  # fmt: skip

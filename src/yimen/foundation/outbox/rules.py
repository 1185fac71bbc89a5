"""Events as text and back, and how long to wait before trying again (pure)."""

import json
from dataclasses import asdict, fields
from datetime import date, datetime, timedelta
from typing import Any, get_args, get_type_hints

from yimen.kernel.events import Event

MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=2)
"""How long a worker may take over one delivery before another makes it."""

SKEW = timedelta(minutes=1)
"""How far the clocks of two machines may lie apart; what lies further in the future was written by a clock since set back."""


def furthest(attempts: int) -> timedelta:
    """No delivery tried so often waits longer than this, unless the clock was set back meanwhile."""
    return max(LEASE, backoff(attempts)) + SKEW


def pack(event: Event) -> str:
    """An event as JSON; moments and days in ISO form."""
    return json.dumps(asdict(event), ensure_ascii=False, default=lambda v: v.isoformat())


def unpack(event_type: type[Event], payload: str) -> Event:
    """The event again. Fields that the class no longer has are dropped; new ones take their default."""
    values: dict[str, Any] = json.loads(payload)
    hints = get_type_hints(event_type)
    known = {f.name for f in fields(event_type)}
    return event_type(**{k: _typed(hints[k], v) for k, v in values.items() if k in known})


def backoff(attempts: int) -> timedelta:
    """2 s, 8 s, 32 s … at most one hour."""
    return timedelta(seconds=min(2 * 4 ** max(attempts - 1, 0), 3600))


def _typed(hint: Any, value: Any) -> Any:
    kinds = get_args(hint) or (hint,)
    if isinstance(value, str) and datetime in kinds:
        return datetime.fromisoformat(value)
    if isinstance(value, str) and date in kinds:
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value

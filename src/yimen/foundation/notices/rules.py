"""How often a delivery is tried, and what may leave the platform (pure)."""

from datetime import timedelta

MAX_ATTEMPTS = 6
LEASE = timedelta(minutes=5)
"""How long one worker has for one sending; when it dies, the next one takes over after this."""
LONGEST_TEXT = 300


def backoff(attempts: int) -> timedelta:
    """30 s, 2 min, 8 min … at most six hours."""
    return timedelta(seconds=min(30 * 4 ** max(attempts - 1, 0), 6 * 3600))


SKEW = timedelta(minutes=1)
"""How far the clocks of two machines may lie apart."""


def furthest(attempts: int) -> timedelta:
    """No sending tried so often waits longer than this, unless the clock was set back meanwhile."""
    return max(LEASE, backoff(attempts)) + SKEW


def plain(text: str) -> str:
    """One line of text for channels outside the platform."""
    return " ".join(text.split())[:LONGEST_TEXT]

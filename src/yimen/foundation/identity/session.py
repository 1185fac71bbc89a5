"""How long a session lasts: it ends after half an hour without a page, and at the end of a working day in any case.

The moments are those of the machine, like the sessions' own end, so that they mean what they say whatever day it is for
the matters handled.
"""

from collections.abc import MutableMapping
from typing import Any

BEGUN, SEEN = "begun_at", "seen_at"
STEP = 120
"""Seconds between two notes of the last page: a session is not written with every page."""


def begin(session: MutableMapping[str, Any], moment: float) -> None:
    """Note when somebody signed in."""
    session[BEGUN] = session[SEEN] = int(moment)


def has_ended(session: MutableMapping[str, Any], moment: float, idle: int, longest: int) -> bool:
    """Is the session of somebody signed in too old? If not, the page now asked for is noted.

    Args:
        idle: seconds without a page after which it ends.
        longest: seconds after which it ends in any case.
    """
    if BEGUN not in session:
        begin(session, moment)
        return False
    if moment - session[SEEN] > idle or moment - session[BEGUN] > longest:
        return True
    if moment - session[SEEN] > STEP:
        session[SEEN] = int(moment)
    return False

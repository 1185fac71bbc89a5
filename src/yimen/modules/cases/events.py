"""Facts about cases that higher modules may react to."""

from dataclasses import dataclass

from yimen.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ApplicationHandedIn(Event):
    """An application was received with all its cases (收件).

    Args:
        items: ids of its items, joined by a space, so that who reacts to a few items need not read.
    """

    application_id: int
    number: str
    items: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseActed(Event):
    """A legal act was done upon a case.

    Args:
        case_id, number, item_id: which case, of which item.
        act: the act's name in the table.
        sequence: the trace event that records it, so that what reacts can be found again.
        from_state, to_state: states before and after.
    """

    case_id: int
    number: str
    item_id: int = 0
    act: str
    sequence: int
    from_state: str
    to_state: str

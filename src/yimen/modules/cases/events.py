"""Facts about cases that higher modules may react to."""

from dataclasses import dataclass

from yimen.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ApplicationHandedIn(Event):
    """An application was received with all its cases (收件)."""

    application_id: int
    number: str


@dataclass(frozen=True, kw_only=True)
class CaseActed(Event):
    """A legal act was done upon a case.

    Args:
        case_id, number: which case.
        act: the act's name in the table.
        sequence: the trace event that records it, so that what reacts can be found again.
        from_state, to_state: states before and after.
    """

    case_id: int
    number: str
    act: str
    sequence: int
    from_state: str
    to_state: str

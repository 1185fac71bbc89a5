"""Events: facts a lower module announces so that higher modules may react without being known.

A handler registered ``AT_ONCE`` runs in the announcing transaction and holds or falls with it. A handler
registered ``AFTER_COMMIT`` is written to the outbox in the same transaction and run later by a worker:
retried, idempotent, never swallowed.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

E = TypeVar("E", bound="Event")


class When(StrEnum):
    AT_ONCE = "in the same transaction"
    AFTER_COMMIT = "after the transaction is safe"


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of every event; fields must be plain values (str, int, bool, datetime, date, None)."""

    at: datetime


Handler = Callable[[Any], None]
Outbox = Callable[[Event, list[str]], None]

_handlers: defaultdict[type[Event], list[tuple[When, Handler]]] = defaultdict(list)
_outbox: list[Outbox] = []


def name_of(handler: Handler) -> str:
    """The stable name under which an outbox row finds its handler again."""
    return f"{handler.__module__}.{handler.__qualname__}"


def on(event_type: type[E], *, when: When) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a reaction to an event of a lower module."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        _handlers[event_type].append((when, handler))
        return handler

    return register


def use_outbox(outbox: Outbox) -> None:
    """Name the store of after-commit deliveries; called once by ``foundation.outbox``."""
    _outbox[:] = [outbox]


def announce(event: Event) -> None:
    """Tell every handler of this event type, in the order of registration."""
    later = []
    for when, handler in _handlers[type(event)]:
        if when is When.AT_ONCE:
            handler(event)
        else:
            later.append(name_of(handler))
    if later:
        _outbox[0](event, later)


def handler_named(name: str) -> tuple[type[Event], Handler]:
    """Find a registered handler by its name; ``LookupError`` when the code no longer has it."""
    for event_type, rows in _handlers.items():
        for _, handler in rows:
            if name_of(handler) == name:
                return event_type, handler
    raise LookupError(name)


def wiring() -> list[tuple[str, str, str]]:
    """Every (event, when, handler), sorted: for documentation and tests."""
    return sorted((e.__name__, w.value, name_of(h)) for e, rows in _handlers.items() for w, h in rows)

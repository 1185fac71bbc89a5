"""Reads that may be some seconds old: whoever starts a page says so, whatever writes does not ask.

Nothing is read from a replica unless an interface says so for a whole page (``may_be_old``) and the table is one of those
that may be read there (``site/replica.py``). What guards a write is never read inside such a block.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connections, models, router

T = TypeVar("T")
_old: ContextVar[bool] = ContextVar("reads_may_be_old", default=False)


def reads_may_be_old() -> bool:
    """May what is being read now be some seconds old?"""
    return _old.get()


@contextmanager
def may_be_old(old: bool = True) -> Iterator[None]:
    """Inside the block, reads may be some seconds old (or, with false, may not)."""
    token = _old.set(old)
    try:
        yield
    finally:
        _old.reset(token)


def begin() -> None:
    """From here to the end of the surrounding ``may_be_old`` block, reads may be old."""
    _old.set(True)


def old_while_read(pieces: "Iterable[T]") -> "Iterator[T]":
    """The same for an answer that is made piece by piece after its page has returned."""
    iterator = iter(pieces)
    while True:
        with may_be_old():
            try:
                piece = next(iterator)
            except StopIteration:
                return
        yield piece


def connection_of(model: type[models.Model]) -> Any:
    """The connection on which written SQL over a model's table is to be asked."""
    return connections[router.db_for_read(model)]

"""Lists are paged: one shape for pages and REST."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
MAX_SIZE = 100
MOST_COUNTED = 10_000
"""Pages of people count and turn so far and no further: counting what is closed costs more every year."""
MAX_NUMBER = 10**15
"""Beyond it there is no list, and the database could not count so far."""


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list.

    Args:
        count: number of rows in the whole list; exact unless there are ``more``.
        results: the rows of this page.
        number: page number, from 1.
        size: rows a page, at most ``MAX_SIZE``.
        more: there are more rows than ``count`` says, which stopped at ``MOST_COUNTED``.
    """

    count: int
    results: Sequence[T]
    number: int = 1
    size: int = 20
    more: bool = False

    @property
    def pages(self) -> int:
        return max(1, -(-min(self.count, MOST_COUNTED) // self.size))

    @property
    def is_long(self) -> bool:
        """There are rows that nobody reaches by turning pages."""
        return self.more or self.count > MOST_COUNTED

    @property
    def has_next(self) -> bool:
        return self.number < self.pages

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def window(number: int, size: int) -> tuple[int, int, int]:
    """Clamp a requested page to ``(offset, limit, number)``."""
    size = min(max(size, 1), MAX_SIZE)
    number = min(max(number, 1), MAX_NUMBER)
    return (number - 1) * size, size, number

"""What a process keeps of rows that seldom change and that every call asks for.

Kept values are true until something changes: each caller's own statement tells how often that has happened (``seen``), so the
next call of any process notices. Where no caller is known (background work, the public) a value is kept for half a minute.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Generic, TypeVar

from django.db import connection, transaction

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
KEEP_SECONDS = 30.0
MOST = 20_000
"""Values of one kind; beyond it they are dropped together and read anew."""
UNCOMMITTED_APART = True
"""Whoever is changing something reads its own rows and keeps none of them: it may yet be rolled back."""


class _Process:
    changes: int | None = None
    forgotten = 0


def seen(changes: int) -> None:
    """Take note of how often what is kept has changed in the store; another number than before drops everything kept."""
    if changes != _Process.changes:
        _Process.changes = changes
        forget()


def forget() -> None:
    """Drop everything that this process keeps."""
    _Process.forgotten += 1


def changing(tell: Callable[[], None]) -> None:
    """Say that the running transaction changes what processes keep.

    Args:
        tell: tells the others, once it is committed.
    """
    forget()
    if not _is_changing():
        transaction.on_commit(_Telling(tell))


@dataclass(frozen=True)
class _Telling:
    tell: Callable[[], None]

    def __call__(self) -> None:
        forget()
        self.tell()


def _is_changing() -> bool:
    return any(isinstance(function, _Telling) for _, function, *_ in connection.run_on_commit)


class Kept(Generic[K, V]):
    """Values of one kind, by key."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, K], tuple[int, float, V]] = {}

    def many(self, keys: Iterable[K], read: Callable[[list[K]], Mapping[K, V]]) -> dict[K, V]:
        """The values of some keys; those not kept are read together, and keys not found are asked for again next time.

        Args:
            keys: which.
            read: takes keys, gives the values found; must read from the primary store.
        """
        if UNCOMMITTED_APART and _is_changing():
            return dict(read(list(keys)))
        store, mark, at = str(connection.settings_dict["NAME"]), _Process.forgotten, monotonic()
        found: dict[K, V] = {}
        wanted = []
        for key in keys:
            held = self._values.get((store, key))
            if held is not None and held[0] == mark and at - held[1] < KEEP_SECONDS:
                found[key] = held[2]
            else:
                wanted.append(key)
        if wanted:
            fresh = read(wanted)
            if len(self._values) + len(fresh) > MOST:
                self._values.clear()
            # with the mark of before the reading: what changed meanwhile makes these values old at once
            self._values.update({(store, key): (mark, at, value) for key, value in fresh.items()})
            found.update(fresh)
        return found

    def one(self, key: K, read: Callable[[], V]) -> V:
        """The value of one key."""
        return self.many((key,), lambda _: {key: read()})[key]

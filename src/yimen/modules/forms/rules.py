"""Merging what two devices type into one draft, field by field: pure."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

KEPT_PER_FIELD = 10

History = Mapping[str, Sequence[tuple[int, Any]]]
"""Field to its last values, oldest first, each with the revision that wrote it; ``None`` = emptied."""


@dataclass(frozen=True, kw_only=True)
class Merged:
    """The outcome of a saving.

    Args:
        values: what the draft holds now.
        history: the last values of each field.
        changed: fields that this saving changed.
        clashes: fields that another device had changed meanwhile; the newest was kept, the other is in the history.
    """

    values: dict[str, Any]
    history: dict[str, list[tuple[int, Any]]]
    changed: tuple[str, ...]
    clashes: tuple[str, ...]


def merged(
    history: History,
    given: Mapping[str, Any],
    *,
    based_on: int,
    revision: int,
    cleared: Set[str] = frozenset(),
) -> Merged:
    """Lay what one device sends over what is stored: the newest wins, field by field.

    A field that the device sends just as it had loaded it does not undo what another device wrote since. A field that it
    leaves out stays, unless it is named in ``cleared``.

    Args:
        history: what is stored.
        given: what the device sends.
        based_on: revision that the device had loaded or last saved.
        revision: number of this saving.
        cleared: fields that the device emptied.
    """
    kept = {name: list(entries) for name, entries in history.items()}
    changed, clashes = [], []
    for name in dict.fromkeys((*given, *sorted(cleared))):
        new = None if name in cleared or given.get(name) in ("", None) else given[name]
        entries = kept.setdefault(name, [])
        stored = entries[-1][1] if entries else None
        stale = bool(entries) and entries[-1][0] > based_on
        if new == stored or (stale and _had_loaded(entries, based_on, new)):
            continue
        if stale:
            clashes.append(name)
        changed.append(name)
        kept[name] = [*entries, (revision, new)][-KEPT_PER_FIELD:]
    kept = {name: entries for name, entries in kept.items() if entries}
    values = {name: entries[-1][1] for name, entries in kept.items() if entries[-1][1] is not None}
    return Merged(values=values, history=kept, changed=tuple(changed), clashes=tuple(clashes))


def _had_loaded(entries: Sequence[tuple[int, Any]], based_on: int, value: Any) -> bool:
    """Is this the value that the device saw when it loaded the draft?"""
    seen = [old for revision, old in entries if revision <= based_on]
    if not seen and len(entries) >= KEPT_PER_FIELD:
        return False
    return bool(value == (seen[-1] if seen else None))

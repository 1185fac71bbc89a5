"""What stands in the navigation of each room: data that portals register when they load.

``register("desk", "收件", "desk:window", "desk:case:accept", shortcut="g w", order=10, icon="inbox")``.
An entry whose address does not resolve, or whose grant the actor lacks, is not shown.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from django.urls import NoReverseMatch, reverse
from pypinyin import Style, lazy_pinyin

from yimen.kernel.access import PUBLIC, SIGNED_IN
from yimen.kernel.actor import Actor

ROOMS = ("hall", "desk", "console")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One registered entry; ``key`` is what a page puts in ``nav_current``."""

    room: str
    label: str
    url_name: str
    grants: tuple[str, ...]
    shortcut: str = ""
    order: int = 100
    icon: str = "circle"
    section: str = ""
    waiting: Callable[[Actor], int] | None = None

    @property
    def key(self) -> str:
        return self.url_name


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An entry the actor may open, with its address."""

    actor: Actor = field(repr=False)
    counted: Callable[[Actor], int] | None = field(default=None, repr=False)

    key: str
    label: str
    url: str
    shortcut: str
    icon: str
    section: str
    current: bool
    words: str

    @property
    def waiting(self) -> int:
        """How much waits for the actor behind the entry; asked only where a frame shows it."""
        return self.counted(self.actor) if self.counted else 0


FOOTER = "footer"
"""Section of the hall's entries that stand at the foot of the page."""
_entries: dict[tuple[str, str], Entry] = {}


def register(
    room: str,
    label: str,
    url_name: str,
    grant: str | tuple[str, ...] = PUBLIC,
    shortcut: str = "",
    order: int = 100,
    *,
    icon: str = "circle",
    section: str = "",
    waiting: Callable[[Actor], int] | None = None,
) -> None:
    """Put an entry in a room's navigation; the same room and address again replaces it.

    Args:
        room: hall, desk or console.
        label: Chinese words of the link.
        url_name: name of the address, which also is its key for ``nav_current``.
        grant: PUBLIC, SIGNED_IN, a grant name or several of which one is enough: the same as the page's ``@access``.
        shortcut: keys such as "g w" (one after the other) or "" for none.
        order: smaller stands first.
        icon: name of a vendored icon.
        section: heading of a group (console), or ``FOOTER`` (hall).
        waiting: how much waits for an actor behind the entry, counted as the page behind it counts (desk).

    Raises:
        ValueError: the room does not exist.
    """
    if room not in ROOMS:
        raise ValueError(f"no such room: {room}")
    _entries[(room, url_name)] = Entry(
        room=room,
        label=label,
        url_name=url_name,
        grants=(grant,) if isinstance(grant, str) else grant,
        shortcut=shortcut,
        order=order,
        icon=icon,
        section=section,
        waiting=waiting,
    )


@lru_cache(maxsize=512)
def pinyin_of(label: str) -> str:
    """收件 → "shoujian sj": the command palette finds a place by its spelling and its first letters."""
    letters = lazy_pinyin(label, style=Style.FIRST_LETTER)
    return f"{''.join(lazy_pinyin(label))} {''.join(letters)}"


def _may_open(entry: Entry, actor: Actor) -> bool:
    if PUBLIC in entry.grants:
        return True
    return actor.signed_in and (SIGNED_IN in entry.grants or actor.may_any(entry.grants))


def entries(room: str, actor: Actor, current: str = "", path: str = "") -> list[Shown]:
    """The entries of a room that resolve and that this actor may open, in order.

    Args:
        room: hall, desk or console.
        actor: who looks.
        current: key of the entry of this page, if the page says it.
        path: address of this page, used when ``current`` is empty: the longest matching entry is marked.
    """
    found: list[tuple[Entry, str]] = []
    for entry in sorted(_entries.values(), key=lambda e: (e.order, e.label)):
        if entry.room != room or not _may_open(entry, actor):
            continue
        try:
            found.append((entry, reverse(entry.url_name)))
        except NoReverseMatch:
            continue
    if not current and path:
        fitting = [
            (len(url), entry.key)
            for entry, url in found
            if path == url or (len(url) > 1 and path.startswith(url))
        ]
        current = max(fitting, default=(0, ""))[1]
    return [
        Shown(
            key=entry.key,
            label=entry.label,
            url=url,
            shortcut=entry.shortcut,
            icon=entry.icon,
            section=entry.section,
            current=entry.key == current,
            words=pinyin_of(entry.label),
            actor=actor,
            counted=entry.waiting,
        )
        for entry, url in found
    ]

"""What happened to items and standards; plain values only."""

from dataclasses import dataclass
from datetime import date

from yimen.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ItemEvent(Event):
    """Something happened to one item.

    Args:
        item_code: official code of the item.
        item_id: its row.
    """

    item_code: str
    item_id: int


@dataclass(frozen=True, kw_only=True)
class ItemCreated(ItemEvent):
    """A new item is on the list (新增)."""


@dataclass(frozen=True, kw_only=True)
class StandardSubmitted(ItemEvent):
    """A draft went to legal review."""

    version: int


@dataclass(frozen=True, kw_only=True)
class StandardReturned(ItemEvent):
    """Legal review sent a draft back."""

    version: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class StandardPublished(ItemEvent):
    """A version was published; it is valid from ``valid_from``, perhaps a day to come."""

    standard_id: int
    version: int
    valid_from: date


@dataclass(frozen=True, kw_only=True)
class StandardActivated(ItemEvent):
    """A published version became the current one."""

    standard_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class ItemSuspended(ItemEvent):
    """The item may not be applied for until it is resumed (暂停)."""

    reason: str
    clause: str


@dataclass(frozen=True, kw_only=True)
class ItemResumed(ItemEvent):
    """The item may be applied for again (恢复)."""


@dataclass(frozen=True, kw_only=True)
class ItemCancelled(ItemEvent):
    """The item is gone for good (取消)."""

    reason: str
    clause: str


@dataclass(frozen=True, kw_only=True)
class ItemSplit(ItemEvent):
    """One item became several (拆分); ``into`` holds their codes."""

    into: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ItemMerged(ItemEvent):
    """This item went into another (合并)."""

    into: str


@dataclass(frozen=True, kw_only=True)
class ItemAdjusted(ItemEvent):
    """Level or authority changed (调整); the item goes on under ``new_code``."""

    new_code: str


@dataclass(frozen=True, kw_only=True)
class ItemTransferred(ItemEvent):
    """Another organisation decides from now on (划转)."""

    from_organisation: str
    to_organisation: str

"""The door of items for other modules."""

from yimen.modules.items.published import PublishedStandard
from yimen.modules.items.queries.published import current, open_items, pinned

__all__ = [
    "PublishedStandard",
    "current",
    "open_items",
    "pinned",
]

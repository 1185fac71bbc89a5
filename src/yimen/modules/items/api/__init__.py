"""The door of items for other modules.

Those who write standards find more behind it: ``authors`` (acts, states, reads), ``contents`` (what is pure: checks, comparison,
codes) and ``words``.

Args of most reads: ``code`` is the official code or the slug, ``on`` a day in China.
"""

from yimen.modules.items.compare import Change, Effect, compare, compare_sets, verdict
from yimen.modules.items.impact import Impact, register_impact
from yimen.modules.items.lint import Finding, Severity, lint
from yimen.modules.items.models import Item, Standard
from yimen.modules.items.permissions import PUBLISH, REVIEW, WRITE
from yimen.modules.items.published import PublishedStandard
from yimen.modules.items.queries.items import item_with_code, items_visible_to, shown
from yimen.modules.items.queries.published import current, open_items, pinned, remember
from yimen.modules.items.queries.search import ItemLine, Suggestion, search, suggest
from yimen.modules.items.services.adopting import adopt_many
from yimen.modules.items.services.indexing import reindex
from yimen.modules.items.services.items import NewItem, create_item
from yimen.modules.items.services.life import record_popularity
from yimen.modules.items.services.publishing import activate_due, adopt
from yimen.modules.items.states import reaches

__all__ = [
    "PUBLISH",
    "REVIEW",
    "WRITE",
    "Change",
    "Effect",
    "Finding",
    "Impact",
    "Item",
    "ItemLine",
    "NewItem",
    "PublishedStandard",
    "Severity",
    "Standard",
    "Suggestion",
    "activate_due",
    "adopt",
    "adopt_many",
    "compare",
    "compare_sets",
    "create_item",
    "current",
    "item_with_code",
    "items_visible_to",
    "lint",
    "open_items",
    "pinned",
    "reaches",
    "record_popularity",
    "register_impact",
    "reindex",
    "remember",
    "search",
    "shown",
    "suggest",
    "verdict",
]

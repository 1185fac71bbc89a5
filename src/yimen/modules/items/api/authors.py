"""For those who write standards: the acts on items and versions, their states, and what a workbench reads."""

from yimen.modules.items.impact import impact_of
from yimen.modules.items.models import CODE_LENGTH, Item, Lineage, Standard
from yimen.modules.items.queries.items import (
    item_with_code,
    items_visible_to,
    previous_of,
    versions_of,
)
from yimen.modules.items.services.drafting import (
    approve_standard,
    discard_draft,
    return_standard,
    save_draft,
    start_version,
    submit_for_review,
    wrote,
)
from yimen.modules.items.services.indexing import optimise
from yimen.modules.items.services.items import NewItem, create_item
from yimen.modules.items.services.life import (
    adjust_item,
    cancel_item,
    merge_items,
    resume_item,
    split_item,
    suspend_item,
    transfer_item,
)
from yimen.modules.items.services.loading import load_drafts, renew_draft
from yimen.modules.items.services.publishing import publish
from yimen.modules.items.states import (
    EDITABLE,
    ITEM_STATE_LABELS,
    MACHINE,
    OPEN,
    STANDARD_STATE_LABELS,
    ItemState,
    StandardState,
    reaches,
)

__all__ = [
    "CODE_LENGTH", "EDITABLE", "ITEM_STATE_LABELS", "MACHINE", "OPEN", "STANDARD_STATE_LABELS", "Item", "ItemState", "Lineage",
    "NewItem", "Standard", "StandardState", "adjust_item", "approve_standard", "cancel_item", "create_item", "discard_draft",
    "impact_of", "item_with_code", "items_visible_to", "load_drafts", "merge_items", "optimise", "previous_of", "publish",
    "reaches", "renew_draft", "resume_item", "return_standard", "save_draft", "split_item", "start_version", "submit_for_review",
    "suspend_item", "transfer_item", "versions_of", "wrote",
]  # fmt: skip

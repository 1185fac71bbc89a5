"""Which items the register reacts to: nearly every case is of another item, and must not cost a statement."""

from yimen.foundation.params.api import Kept
from yimen.modules.registration.models import Binding

_kept: Kept[str, frozenset[int]] = Kept()


def bound_items() -> frozenset[int]:
    """Ids of the items that mean an act upon the register."""
    rows = Binding.objects.using("default").values_list("item_id", flat=True)
    return _kept.one("", lambda: frozenset(rows))

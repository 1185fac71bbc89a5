"""Which items the register reacts to, kept for a moment: nearly every case is of another item, and must not cost a statement."""

from time import monotonic

from django.db import connection

from yimen.modules.registration.models import Binding

KEEP_SECONDS = 30.0
_kept: dict[str, tuple[float, frozenset[int]]] = {}


def forget() -> None:
    """Drop what is kept, after a change; other processes follow within ``KEEP_SECONDS``."""
    _kept.clear()


def bound_items() -> frozenset[int]:
    """Ids of the items that mean an act upon the register."""
    store = str(connection.settings_dict["NAME"])
    kept = _kept.get(store)
    if kept is None or monotonic() - kept[0] >= KEEP_SECONDS:
        kept = _kept[store] = monotonic(), frozenset(Binding.objects.values_list("item_id", flat=True))
    return kept[1]

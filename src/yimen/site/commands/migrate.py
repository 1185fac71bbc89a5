"""``yimen migrate``: bring the store's tables and reference data up to this version."""

from collections.abc import Sequence

from yimen.site import store


def run(arguments: Sequence[str]) -> int:
    store.open_store()
    with store.by_one_at_a_time():
        store.migrate()
        store.load_reference_data()
    return 0

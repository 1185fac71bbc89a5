"""``yimen items``: the catalogue in and out."""

import sys
from collections.abc import Sequence

from yimen.kernel.clock import now
from yimen.site import store


def run(arguments: Sequence[str]) -> int:
    store.open_store()
    store.migrate()
    store.load_reference_data()
    from yimen.modules.authoring.commands import items_command

    return items_command(list(arguments), sys.stdin, sys.stdout, now())

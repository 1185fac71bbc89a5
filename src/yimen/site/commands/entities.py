"""``yimen entities``: registrations of market entities taken over from another register."""

import sys
from collections.abc import Sequence

from yimen.kernel.clock import now
from yimen.site import store


def run(arguments: Sequence[str]) -> int:
    store.open_store()
    store.migrate()
    store.load_reference_data()
    from yimen.modules.registration.commands import entities_command

    return entities_command(list(arguments), sys.stdout, now())

"""``yimen deadline``: due day of a limit, explained."""

import sys
from collections.abc import Sequence

from yimen.kernel.clock import now
from yimen.site import store


def run(arguments: Sequence[str]) -> int:
    store.open_store()
    from yimen.modules.deadlines.commands import deadline

    return deadline(list(arguments), sys.stdin, sys.stdout, now())

"""``yimen figures recount``: count the raw events again and compare with the cubes; exit 1 when they differ."""

import sys
from collections.abc import Sequence

from yimen.kernel.clock import now
from yimen.site import store


def run(arguments: Sequence[str]) -> int:
    store.open_store()
    store.migrate()
    from yimen.modules.insight.commands import figures_command

    return figures_command(list(arguments), sys.stdout, now())

"""``yimen trace verify [CASE]``: recompute chains, seals and states; exit 1 at the first broken link."""

import argparse
from collections.abc import Sequence

from yimen.site import store


def run(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="yimen trace")
    parser.add_argument("action", choices=["verify"])
    parser.add_argument("case", nargs="?", help="one case; default every chain and seal")
    options = parser.parse_args(arguments)
    store.open_store()
    from yimen.foundation.trace import api as trace

    breaks = trace.verify_chain("case", options.case) if options.case else trace.verify_all()
    first = next(iter(breaks), None)
    if first:
        print(f"BROKEN  {first.subject}  #{first.sequence}  {first.why}")
        return 1
    count = trace.events_of("case", options.case).count() if options.case else trace.recent_events().count()
    print(
        f"OK  {count} events, every chain, seal and state agrees."
        if not options.case
        else f"OK  {count} events."
    )
    return 0

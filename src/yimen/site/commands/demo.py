"""``yimen demo token CAST``: a bearer token for a member of the cast; refused outside demo mode."""

import argparse
import sys
from collections.abc import Sequence
from datetime import timedelta

from yimen.kernel.clock import now
from yimen.site import store


def run(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="yimen demo")
    parser.add_argument("action", choices=["token"])
    parser.add_argument("cast")
    parser.add_argument("--hours", type=int, default=12)
    options = parser.parse_args(arguments)
    store.open_store()
    from yimen.foundation.identity.api import issue_token
    from yimen.foundation.identity.models import Account
    from yimen.site.demo.cast import CAST, is_demo_store

    if not is_demo_store():
        print("This store is not a demonstration; tokens of the cast exist only there.", file=sys.stderr)
        return 1
    if options.cast not in {member.username for member in CAST}:
        print(
            f"No such member of the cast; there are: {', '.join(m.username for m in CAST)}.", file=sys.stderr
        )
        return 2
    account = Account.objects.get(username=options.cast)
    print(issue_token(account, now(), timedelta(hours=options.hours)))
    return 0

"""``yimen account add NAME --role ROLE``: the first administrators of an empty store, who then appoint everybody else.

The password is asked for, or read as one line from standard input; it is never an argument.
"""

import argparse
import getpass
import sys
from collections.abc import Sequence

from yimen.kernel.actor import PLATFORM
from yimen.kernel.clock import now
from yimen.kernel.errors import Refusal
from yimen.site import store

ROLES = ("system_admin", "security_admin", "audit_admin")


def run(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="yimen account")
    parser.add_argument("action", choices=["add"])
    parser.add_argument("username")
    parser.add_argument("--role", choices=ROLES, required=True, help="one of the three administrators")
    parser.add_argument("--name", default="", help="name shown in the trace")
    options = parser.parse_args(arguments)
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    store.open_store()
    from django.db import transaction

    from yimen.foundation.identity.api import create_account, grant_role

    try:
        with transaction.atomic():
            account = create_account(
                username=options.username,
                display_name=options.name or options.username,
                password=password,
                actor=PLATFORM,
                at=now(),
            )
            grant_role(account, options.role, actor=PLATFORM, at=now())
    except Refusal as refusal:
        print(refusal.message, *refusal.fields.values(), sep="\n", file=sys.stderr)
        return 1
    print(f"{account.username} is {options.role}.")
    return 0

"""``yimen account add NAME --role ROLE``: the first administrators of an empty store, who then appoint everybody else.
``yimen account password NAME``: a new password for an administrator whose password no other administrator may set;
``--forget-second-factor`` as well, for one who lost the device.

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
    parser.add_argument("action", choices=["add", "password"])
    parser.add_argument("username")
    parser.add_argument("--role", choices=ROLES, help="one of the three administrators")
    parser.add_argument("--name", default="", help="name shown in the trace")
    parser.add_argument("--forget-second-factor", action="store_true")
    options = parser.parse_args(arguments)
    if options.action == "add" and not options.role:
        parser.error("add wants --role")
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    store.open_store()
    return _reset(options, password) if options.action == "password" else _add(options, password)


def _reset(options: argparse.Namespace, password: str) -> int:
    from django.db import transaction

    from yimen.foundation.identity.models import Account
    from yimen.foundation.identity.services.accounts import forget_second_factor, reset_password

    account = Account.objects.filter(username=options.username.lower()).first()
    if account is None:
        print("No such account.", file=sys.stderr)
        return 1
    try:
        with transaction.atomic():
            reset_password(account, password, actor=PLATFORM, at=now())
            if options.forget_second_factor:
                forget_second_factor(account, actor=PLATFORM, at=now())
    except Refusal as refusal:
        print(refusal.message, *refusal.fields.values(), sep="\n", file=sys.stderr)
        return 1
    print(f"{account.username} has a new password.")
    return 0


def _add(options: argparse.Namespace, password: str) -> int:
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

"""Making a store ready: tables, reference data, and what kind of store it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from yimen.kernel.clock import now
from yimen.site import template

WAIT_FOR_ANOTHER = 600.0


def open_store() -> None:
    """Load the product against the configured store."""
    django.setup()


@contextmanager
def by_one_at_a_time() -> Iterator[None]:
    """Of several machines that start together, one makes the store ready and the others wait for it."""
    from yimen.foundation.outbox.holding import held

    with held("store", WAIT_FOR_ANOTHER):
        yield


def migrate() -> None:
    """Bring the tables up to this version; safe to run again."""
    if connection.vendor == "sqlite" and template.copy_to(Path(str(connection.settings_dict["NAME"]))):
        return
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def is_new() -> bool:
    """Has nothing been put into this store yet?"""
    from yimen.foundation.identity.models import Account

    return not Account.objects.exists()


def load_reference_data() -> None:
    """Divisions, calendars, roles: what every installation needs; idempotent."""
    from yimen.foundation.calendar.api import seed_calendar
    from yimen.foundation.identity.api import seed_roles
    from yimen.foundation.orgs.api import load_divisions
    from yimen.modules.supervision.api import seed_formula, seed_rules

    at = now()
    load_divisions(at)
    seed_calendar(at)
    seed_roles()
    seed_rules(at)
    seed_formula(at)


def describe() -> str:
    """One line that says which store this is."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"SQLite {settings['NAME']}"
    return f"PostgreSQL {settings['NAME']} at {settings['HOST'] or 'local socket'}"

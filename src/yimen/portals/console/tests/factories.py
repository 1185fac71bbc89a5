"""Test doors of the console: the cast as accounts with their roles, signed in."""

from typing import Any

from django.test import Client

from yimen.foundation.identity.api import Account, Role, RoleGrant, seed_roles
from yimen.foundation.identity.tests.factories import AT, account, person
from yimen.modules.cases.tests.factories import make_centre
from yimen.modules.items.tests.factories import make_organisation

CAST = {
    "lin": "",
    "chen": "window_clerk",
    "zhao": "reviewer",
    "sun": "department_head",
    "qian": "supervisor",
    "he": "centre_manager",
    "root": "system_admin",
    "anquan": "security_admin",
    "shenji": "audit_admin",
    "wen": "author",
    "fang": "legal_reviewer",
}


def member(name: str, **scope: Any) -> Account:
    """An account of the cast with its role; unless said otherwise the scope of the test district."""
    seed_roles()
    if name == "lin":
        return account("lin", kind="resident", person=person())
    made = account(name, display_name=name)
    organisation = make_organisation()
    given = scope or {
        "qian": {"division": organisation.division},
        "he": {"centre": make_centre()},
        "sun": {"organisation": organisation},
    }.get(name, {})
    RoleGrant.objects.create(
        account=made, role=Role.objects.get(code=CAST[name]), valid_from=AT.date(), granted_at=AT, **given
    )
    return made


def signed_in(name: str, **scope: Any) -> Client:
    """A browser in which this member of the cast is signed in."""
    client = Client()
    client.force_login(member(name, **scope), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client

"""Test doors of the desk: signed-in clients of a clerk, a reviewer and a head, with the very grants of the roles."""

from datetime import UTC, datetime
from typing import Any

from django.test import Client

from yimen.foundation.identity import api as identity
from yimen.foundation.orgs.models import Centre, Organisation
from yimen.kernel.actor import PLATFORM
from yimen.modules.cases.tests.factories import make_centre
from yimen.modules.items.tests.factories import make_organisation

AT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def staff(username: str, role: str, **scope: Any) -> identity.Account:
    """An account with one built-in role."""
    identity.seed_roles()
    account = identity.Account.objects.create(username=username, display_name=username, kind="staff")
    identity.grant_role(account, role, actor=PLATFORM, at=AT, **scope)
    return account


def signed_in(account: identity.Account) -> Client:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def clerk_client(centre: Centre | None = None, username: str = "chen") -> Client:
    return signed_in(staff(username, "window_clerk", centre=centre or make_centre()))


def office_client(
    role: str = "reviewer", organisation: Organisation | None = None, username: str = "zhao"
) -> Client:
    return signed_in(staff(username, role, organisation=organisation or make_organisation()))

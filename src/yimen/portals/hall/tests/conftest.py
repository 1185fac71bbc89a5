"""What every test of the hall stands on: a day, a folder for files, no memory of rolled-back standards."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from yimen.foundation.identity import api as identity
from yimen.kernel.actor import Actor
from yimen.kernel.clock import travel_to
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, resident

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def on_a_monday_in_march(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.FILES_ROOT = tmp_path / "files"
    cases.merged_form.cache_clear()
    with travel_to(AT):
        yield
    cases.merged_form.cache_clear()


@pytest.fixture(autouse=True)
def no_counts_from_another_test(db: None) -> None:
    cache.clear()


def client_of(actor: Actor) -> Client:
    """A browser in which this actor is signed in."""
    client = Client()
    client.force_login(identity.Account.objects.get(pk=actor.account_id), backend=BACKEND)
    return client


@pytest.fixture
def lin() -> Actor:
    return resident()


@pytest.fixture
def browser(lin: Actor) -> Client:
    return client_of(lin)

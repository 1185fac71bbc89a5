"""What every test of the hall stands on: a day, a folder for files, no memory of rolled-back standards."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from yimen.kernel.actor import Actor
from yimen.kernel.clock import travel_to
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, resident
from yimen.portals.hall.tests.factories import client_of


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


@pytest.fixture
def lin() -> Actor:
    return resident()


@pytest.fixture
def browser(lin: Actor) -> Client:
    return client_of(lin)

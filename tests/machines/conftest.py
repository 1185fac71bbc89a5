"""A PostgreSQL database that several processes share. Several machines need PostgreSQL: on SQLite these tests do not run."""

import os
from collections.abc import Iterator

import pytest

from tests.machines.processes import copy_of_the_test_database

POSTGRESQL = os.environ.get("YIMEN_DATABASE", "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if POSTGRESQL:
        return
    here = os.path.dirname(__file__)
    for item in items:
        if str(item.path).startswith(here) and "database" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip("several machines need PostgreSQL"))


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    with django_db_blocker.unblock(), copy_of_the_test_database(POSTGRESQL) as address:  # type: ignore[attr-defined]
        yield address

"""The district of the tests of the whole: made once a module, rolled back at its end; the clock stands at a Monday morning."""

from collections.abc import Iterator

import pytest

from tests.district import AT, District, forget, standing_district
from yimen.kernel.clock import travel_to


@pytest.fixture(scope="module")
def _standing(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[District]:
    with django_db_blocker.unblock(), standing_district() as district:  # type: ignore[attr-defined]
        yield district


@pytest.fixture
def district(_standing: District, db: None) -> Iterator[District]:
    forget()
    with travel_to(AT):
        yield _standing

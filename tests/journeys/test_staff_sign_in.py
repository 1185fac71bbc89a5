"""The doors open for those who work here."""

import pytest

from tests.journeys.conftest import Journey

pytestmark = pytest.mark.journey


def test_a_clerk_signs_in_and_reaches_the_desk(journey: Journey) -> None:
    page = journey.signed_in("chen")
    page.goto("/desk/")
    assert "陈窗口" in page.inner_text("body")

"""The doors open for those who work here."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Journey

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(
    ("who", "name", "room"),
    [
        ("chen", "陈窗口", "/desk/"),
        ("zhao", "赵审查", "/desk/"),
        ("qian", "钱督查", "/console/"),
        ("wen", "文编制", "/console/"),
    ],
)
def test_who_works_here_signs_in_and_reaches_the_own_room(
    journey: Journey, who: str, name: str, room: str
) -> None:
    page = journey.signed_in(who)
    answer = page.goto(room)
    assert answer is not None and answer.status == 200
    assert page.url.endswith(room)
    expect(page.get_by_role("banner").or_(page.get_by_role("region", name="工具栏")).first).to_be_visible()
    assert name in page.locator("body").inner_text()

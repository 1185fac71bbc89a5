"""Journeys: whole stories in a real browser against the real server, with the demonstration district and days that pass."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Browser, Page, sync_playwright

from yimen.foundation.outbox.api import deliver_due
from yimen.kernel import clock
from yimen.site import store
from yimen.site.demo import seed

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver keeps an event loop in this thread
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
FIRST_MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    program = shutil.which("chromium")
    assert program, "Chromium is missing; the test command installs it"
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


class Journey:
    """One story: who is at which browser, what day it is, what the background worker has done."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self._time = ExitStack()
        self._pages: dict[tuple[str, bool], Page] = {}

    def day(self, moment: str) -> None:
        """Let it be this local moment, such as ``2026-03-02 09:30``, for the whole server."""
        self._time.close()
        local = datetime.fromisoformat(moment).replace(tzinfo=clock.CHINA)
        self._time.enter_context(clock.shifted_to(local.astimezone(UTC)))

    def work(self) -> None:
        """Let the background worker deliver what waits."""
        deliver_due(clock.now(), limit=500)

    def signed_in(self, username: str, *, narrow: bool = False) -> Page:
        """The browser of a member of the cast; signed in at first use. ``""`` is a stranger."""
        key = (username, narrow)
        if key not in self._pages:
            context = self.browser.new_context(
                viewport=NARROW if narrow else WIDE, locale="zh-CN", base_url=self.address
            )
            context.set_default_timeout(15_000)
            page = context.new_page()
            if username:
                page.goto("/accounts/login/")
                page.fill("input[name=login]", username)
                page.fill("input[name=password]", "yimen")
                page.locator("form:has(input[name=password]) button[type=submit]").first.click()
                page.wait_for_load_state()
            self._pages[key] = page
        return self._pages[key]

    def picture(self, page: Page, name: str) -> None:
        """Take a picture for the handbooks (only by ``./yimen pictures``)."""
        if os.environ.get("YIMEN_PICTURES"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURES / f"{name}.png")

    def check_access(self, page: Page) -> None:
        """axe finds nothing serious on this page."""
        found = [v for v in Axe().run(page).response["violations"] if v["impact"] in SERIOUS]
        assert found == [], [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found]

    def close(self) -> None:
        self._time.close()
        for page in self._pages.values():
            page.context.close()


@pytest.fixture
def district(transactional_db: None) -> None:
    """The whole demonstration district, as it stood on the Monday morning when stories begin."""
    with clock.shifted_to(FIRST_MORNING):
        call_command("createcachetable", verbosity=0)
        store.load_reference_data()
        seed.make_district()
        deliver_due(clock.now(), limit=50)


@pytest.fixture
def journey(browser: Browser, live_server: Any, district: Any) -> Iterator[Journey]:
    """A journey through a freshly made district."""
    made = Journey(browser, live_server.url)
    made.day("2026-03-02 09:00")
    yield made
    made.close()

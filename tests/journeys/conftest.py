"""Journeys: whole stories in a real browser against the real server, with the demonstration district and days that pass."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, ConsoleMessage, Page

from yimen.foundation.outbox.api import deliver_due
from yimen.foundation.outbox.models import Delivery
from yimen.kernel import clock
from yimen.modules.cases import api as cases
from yimen.site import store
from yimen.site.demo import seed

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
FIRST_MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SERIOUS = {"serious", "critical"}
PASSWORD = "yimen"
TAKES_PICTURES = bool(os.environ.get("YIMEN_PICTURES"))
ANSWERS_ON_PURPOSE = ("status of 404", "status of 409", "status of 403", "status of 422", "status of 400",
                      "ERR_INTERNET_DISCONNECTED")  # fmt: skip
"""What a browser logs by itself when a page rightly says no, or when the line is cut."""


class Journey:
    """One story: who is at which browser, what day it is, what the background worker has done.

    Everything a browser complains of (scripts, content security policy) is kept in ``complaints``.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.complaints: list[str] = []
        self._time = ExitStack()
        self._pages: dict[tuple[str, bool], Page] = {}

    def day(self, moment: str) -> None:
        """Let it be this local moment, such as ``2026-03-02 09:30``, for the whole server."""
        self._time.close()
        local = datetime.fromisoformat(moment).replace(tzinfo=clock.CHINA)
        self._time.enter_context(clock.shifted_to(local.astimezone(UTC)))

    def work(self) -> None:
        """Let the background worker deliver what waits."""
        while deliver_due(clock.now(), limit=500):
            pass

    def opened(self, *, narrow: bool = False, **more: Any) -> Page:
        """A new browser that nobody is signed in to."""
        context = self.browser.new_context(
            viewport=NARROW if narrow else WIDE, locale="zh-CN", base_url=self.address, **more
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        if TAKES_PICTURES and "inline style" in message.text:
            return  # the camera itself sets a style
        if message.type == "error" and not any(part in message.text for part in ANSWERS_ON_PURPOSE):
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")

    def sign_in(self, page: Page, username: str) -> None:
        """Type name and password where the page asks for them."""
        if "/accounts/login/" not in page.url:
            page.goto("/accounts/login/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", PASSWORD)
        page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        page.wait_for_url(lambda address: "/accounts/login/" not in address)

    def signed_in(self, username: str, *, narrow: bool = False) -> Page:
        """The browser of a member of the cast; signed in at first use. ``""`` is a stranger."""
        key = (username, narrow)
        if key not in self._pages:
            page = self.opened(narrow=narrow)
            if username:
                self.sign_in(page, username)
            self._pages[key] = page
        return self._pages[key]

    def picture(self, page: Page, name: str) -> None:
        """Take a picture for the handbooks (only by ``./yimen pictures``)."""
        if TAKES_PICTURES:
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURES / f"{name}.png", animations="disabled", caret="hide")

    def check_access(self, page: Page) -> None:
        """axe finds nothing serious on this page."""
        found = [v for v in Axe().run(page).response["violations"] if v["impact"] in SERIOUS]
        assert found == [], [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found]

    def show_last(self, folder: Path) -> None:
        """Keep what everybody sees now, and say where."""
        for context in self.browser.contexts:
            for number, page in enumerate(context.pages):
                path = folder / f"{len(list(folder.iterdir()))}-{number}.png"
                page.screenshot(path=path, full_page=True)
                print(f"{page.url}\n  {path}\n{page.locator('body').aria_snapshot()[:4000]}")  # noqa: T201
        print(*self.complaints, sep="\n")  # noqa: T201

    def close(self) -> None:
        self._time.close()
        for context in self.browser.contexts:
            context.close()


class Keepsake:
    """The district as it was made once: copied back before each story instead of being made again (SQLite only)."""

    def __init__(self) -> None:
        self._kept: sqlite3.Connection | None = None

    def bring_back(self) -> bool:
        """Put the district into the test database; False when it was never kept."""
        if self._kept is None:
            return False
        connection.ensure_connection()
        self._kept.backup(connection.connection)
        return True

    def keep(self) -> None:
        if connection.vendor == "sqlite":
            self._kept = sqlite3.connect(":memory:", check_same_thread=False)
            connection.connection.backup(self._kept)

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()


@pytest.fixture(scope="session")
def keepsake() -> Iterator[Keepsake]:
    made = Keepsake()
    yield made
    made.close()


@pytest.fixture
def district(transactional_db: None, keepsake: Keepsake, settings: Any) -> None:
    """The whole demonstration district, as it stood on the Monday morning when stories begin.

    What its making left to the background worker is no part of any story: delivering it anew in each would cost more than the
    story itself.
    """
    settings.DEMO, settings.DISTRICT_NAME = True, "澜江区"  # as ``yimen up`` serves it
    cases.merged_form.cache_clear()
    if keepsake.bring_back():
        return
    with clock.shifted_to(FIRST_MORNING):
        call_command("createcachetable", verbosity=0)
        store.load_reference_data()
        seed.make_district()
    Delivery.objects.all().delete()
    keepsake.keep()


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def journey(
    browser: Browser, live_server: Any, district: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Journey]:
    """A journey through a freshly made district; when it fails, what everybody saw last is kept."""
    made = Journey(browser, live_server.url)
    made.day("2026-03-02 09:00")
    yield made
    failed = request.node.stash.get(FAILED, False)
    if failed:
        made.show_last(tmp_path)
    made.close()
    assert failed or made.complaints == []

"""What every test stands on: no network but loopback, memory of published standards emptied between tests, one browser."""

import os
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from pytest_socket import socket_allow_hosts

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--lang=zh-CN"]  # fmt: skip

settings.register_profile("yimen", deadline=None)
settings.load_profile("yimen")
"""No test is timed: speed is measured by ``yimen bench``."""


@pytest.fixture(autouse=True)
def _only_loopback() -> None:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _forget_process_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tests roll back, so what a process keeps of the store must go; within a test it does not age, or statements
    counted on a slow machine would differ from those counted on a fast one."""
    from yimen.foundation.calendar import queries as calendars  # noqa: PLC0415 (needs Django loaded)
    from yimen.foundation.params import kept  # noqa: PLC0415
    from yimen.modules.cases.api import merged_form  # noqa: PLC0415
    from yimen.modules.items.published import MEMORY  # noqa: PLC0415
    from yimen.modules.themes.queries.remembering import MEMORY as THINGS  # noqa: PLC0415
    from yimen.portals.desk.window.taking import LOOKED_UP  # noqa: PLC0415
    from yimen.site.pacing import BUCKETS  # noqa: PLC0415

    monkeypatch.setattr(calendars, "FRESH_FOR", 3600.0)
    monkeypatch.setattr(kept, "KEEP_SECONDS", 3600.0)
    monkeypatch.setattr(kept, "UNCOMMITTED_APART", False)  # a test is one transaction that never commits
    calendars.forget_calendars()
    kept.forget()
    MEMORY.forget()
    THINGS.forget()
    BUCKETS.forget()
    LOOKED_UP.forget()
    merged_form.cache_clear()
    yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium: one for the whole run, because its driver allows one at a time in a thread."""
    program = shutil.which("chromium")
    assert program, "Chromium is missing; the test command installs it"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the driver keeps an event loop in this thread
    with sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=program, args=FLAGS, env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        yield opened
        opened.close()

"""The style guide in a real browser: no serious finding of axe in any theme, no refused script or style."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser

THEMES = (("light", "normal", 1440), ("contrast", "normal", 1024), ("light", "large", 390))

pytestmark = pytest.mark.journey


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address(settings: Any, tmp_path: Path) -> Iterator[str]:
    settings.STATIC_ROOT = tmp_path
    settings.DEMO = True
    settings.ROOT_URLCONF = "yimen.portals.ui.tests.urls"
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet, ipv6=False, allow_reuse_address=True)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(("theme", "size", "width"), THEMES)
@pytest.mark.parametrize("room", ["hall", "desk", "console"])
def test_every_theme_of_every_room_is_open_to_everybody(
    browser: Browser, address: str, room: str, theme: str, size: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=False)
    context.add_cookies(
        [
            {"name": "yimen_theme", "value": theme, "url": address},
            {"name": "yimen_size", "value": size, "url": address},
        ]
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/ui/?room={room}", wait_until="networkidle")
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (
        "the page scrolls sideways"
    )
    found = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert found == [], [(v["id"], v["nodes"][0]["html"]) for v in found]
    context.close()

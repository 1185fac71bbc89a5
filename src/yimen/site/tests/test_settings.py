"""What the environment switches on: read in a process of its own, as the platform reads it."""

import json
import subprocess
import sys
from pathlib import Path

WANTED = (
    "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY",
    "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER", "CSRF_TRUSTED_ORIGINS", "DEBUG", "API_RATE", "IDENTITY_IDLE_SECONDS",
)  # fmt: skip
READ = f"""
import json
from yimen.site import settings
print(json.dumps({{name: getattr(settings, name, None) for name in {WANTED!r}}}))
"""


def read(data: Path, **environment: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", READ],
        env={"YIMEN_DATA": str(data), "PATH": "/usr/bin", **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_behind_https_cookies_are_bound_to_the_host_and_the_proxy_is_believed(tmp_path: Path) -> None:
    store = tmp_path / "store"
    told = read(
        store, YIMEN_SECURE="1", YIMEN_PROXIES="1", YIMEN_URL="https://yimen.example/", YIMEN_API_RATE="0"
    )
    assert (
        told["SESSION_COOKIE_NAME"] == "__Host-yimen_session"
        and told["CSRF_COOKIE_NAME"] == "__Host-yimen_csrf"
    )
    assert (
        told["SESSION_COOKIE_SECURE"]
        and told["CSRF_COOKIE_SECURE"]
        and told["SECURE_HSTS_SECONDS"] == 31_536_000
    )
    assert told["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert told["CSRF_TRUSTED_ORIGINS"] == ["https://yimen.example"] and told["API_RATE"] == 0
    assert store.stat().st_mode & 0o077 == 0, "the data folder is for the account that serves alone"


def test_without_a_proxy_nobody_tells_that_a_request_came_over_https(tmp_path: Path) -> None:
    told = read(tmp_path / "store", YIMEN_SECURE="1")
    assert told["SECURE_PROXY_SSL_HEADER"] is None and told["CSRF_TRUSTED_ORIGINS"] == []
    plain = read(tmp_path / "store")
    assert (plain["DEBUG"], plain["CSRF_COOKIE_HTTPONLY"]) == (False, True)
    assert (plain["IDENTITY_IDLE_SECONDS"], plain["API_RATE"]) == (1800, 500)

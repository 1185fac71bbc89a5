"""``./yimen test``: every check of this checkout, in the order in which they fail fastest.

``./yimen test fast`` leaves out PostgreSQL and the browser. Anything after ``--`` goes to pytest. ``./yimen pictures`` runs
the journeys and lets them take the pictures of the documentation anew.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tools import postgres, rabbitmq

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
SOURCES = ("src", "tests", "tools")
IN_TWO = ("-n", "2", "--dist", "worksteal")
"""Two workers, each with its own store, server and browser; whoever is done first takes over stories of the other."""
SYSTEM_PACKAGES = {
    "postgresql": lambda: postgres.programs() is not None,
    "rabbitmq-server": rabbitmq.is_installed,
    "chromium": lambda: shutil.which("chromium") is not None,
    "fonts-noto-cjk": lambda: any(Path("/usr/share/fonts").rglob("NotoSansCJK*")),
}


def run(*command: str, **environment: str) -> bool:
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode == 0


def tool(name: str, *arguments: str) -> Callable[[], bool]:
    return lambda: run(PYTHON, "-m", name, *arguments)


def install_system_packages() -> bool:
    """What the tests need of the system: a database server, a broker, a browser, Chinese type."""
    missing = [name for name, is_there in SYSTEM_PACKAGES.items() if not is_there()]
    if not missing:
        return True
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"Please install {' '.join(missing)} (this needs apt and root).", file=sys.stderr)
        return False
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    install = ("apt-get", "install", "-y", "-q", "--no-install-recommends", *missing)
    return (run("apt-get", "update", "-q", **quiet) and run(*install, **quiet)) or run(*install, **quiet)


def pytest(*arguments: str, **environment: str) -> bool:
    with tempfile.TemporaryDirectory(prefix="yimen-test-") as data:
        return run(PYTHON, "-m", "pytest", *arguments, **{"YIMEN_DATA": data, **environment})


def on_sqlite(extra: list[str]) -> bool:
    return pytest("-m", "not journey", "-n", "2", "--create-db", *extra)


def on_postgresql(extra: list[str]) -> bool:
    with postgres.server() as address:
        return pytest("-m", "not journey", "-n", "2", "--create-db", *extra, YIMEN_DATABASE=address)


def journeys(extra: list[str], **environment: str) -> bool:
    """In a database file of each worker: the server's threads share it as they do in life."""
    with tempfile.TemporaryDirectory(prefix="yimen-journey-") as folder:
        store = str(Path(folder) / "journey.sqlite3")
        return pytest("-m", "journey", *IN_TWO, "--create-db", *extra, YIMEN_TEST_FILE=store, **environment)


def lint_imports() -> bool:
    return run(str(Path(PYTHON).parent / "lint-imports"))


def no_missing_migrations() -> bool:
    with tempfile.TemporaryDirectory(prefix="yimen-test-") as data:
        return run(
            PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run",
            "--settings", "yimen.site.settings", YIMEN_DATA=data,
        )  # fmt: skip


def checks(fast: bool, extra: list[str]) -> dict[str, Callable[[], bool]]:
    quick = {
        "format": tool("ruff", "format", "--check", "-q", *SOURCES),
        "lint": tool("ruff", "check", "-q", *SOURCES),
        "types": tool("mypy"),
        "imports": lint_imports,
        "migrations": no_missing_migrations,
        "tests on SQLite": lambda: on_sqlite(extra),
    }
    if fast:
        return quick
    slow = {"tests on PostgreSQL": lambda: on_postgresql(extra), "journeys": lambda: journeys(extra)}
    return {"system packages": install_system_packages, **quick, **slow}


def main(command: str, arguments: list[str]) -> int:
    if command == "pictures":
        return 0 if install_system_packages() and journeys(arguments, YIMEN_PICTURES="1") else 1
    extra = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    for name, check in checks("fast" in arguments, extra).items():
        began = time.monotonic()
        print(f"── {name}", flush=True)
        if not check():
            print(f"── {name}: FAILED", flush=True)
            return 1
        print(f"── {name}: {time.monotonic() - began:.0f} s", flush=True)
    print("── all checks passed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

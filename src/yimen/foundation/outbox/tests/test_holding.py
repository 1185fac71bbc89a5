"""The lock of a task belongs to a living process: another one does not get it, and a dead one has let go."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from yimen.foundation.outbox.holding import held

SRC = Path(__file__).resolve().parents[4]
HOLD = """
import sys
from django.conf import settings
from pathlib import Path
settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}, DATA=Path(sys.argv[1]))
from yimen.foundation.outbox.holding import held
with held("task 1") as mine:
    print(mine, flush=True)
    sys.stdin.read()
"""


@pytest.mark.django_db
def test_who_is_alive_holds_it_and_who_was_killed_does_not(tmp_path: Path, settings) -> None:
    settings.DATA = tmp_path
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        pytest.skip("there the database holds it: tests/machines/test_broker.py")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(SRC)},
    ) as other:  # fmt: skip
        assert other.stdout is not None and other.stdout.readline() == "True\n"
        with held("task 1") as mine:
            assert not mine
        with held("task 2") as mine:
            assert mine
        other.kill()
        with held("task 1", wait=30) as mine:
            assert mine

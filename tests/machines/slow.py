"""Work for the workers of the tests: a task that waits for a file, and a duty that writes down when it ran."""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from django_tasks import task

from yimen.foundation.outbox.api import repeat

EVERY = timedelta(seconds=3)
FOLDER = Path(os.environ.get("YIMEN_TEST_FOLDER", "."))


def note(name: str, line: object) -> None:
    with (FOLDER / name).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


@task()
def wait_for_the_sign() -> None:
    note("begun", os.getpgid(0))
    for _ in range(1200):
        if (FOLDER / "sign").exists():
            note("done", os.getpgid(0))
            return
        time.sleep(0.05)
    raise TimeoutError("no sign came")


def duty(at: datetime) -> None:
    note("duty", at.isoformat())


if "YIMEN_TEST_FOLDER" in os.environ:
    repeat("tests.machines", EVERY, duty)

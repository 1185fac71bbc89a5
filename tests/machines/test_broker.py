"""Work on two worker processes with the real broker: nothing is lost when the broker is away or a worker is killed."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from tests.machines import processes
from tests.machines.processes import eventually, rows, script
from tests.machines.slow import EVERY
from tools import rabbitmq

WORKER = """
import sys
from yimen.site import store
store.open_store()
import tests.machines.slow
from yimen.site.commands import worker
sys.exit(worker.run(["--processes", "1"]))
"""
AN_ACT = """
import json
from yimen.site import store
store.open_store()
from django.test import Client
from yimen.modules.cases.tests.factories import handed_in, resident
from yimen.modules.items.tests.factories import make_standard
handed_in(resident(), items=[make_standard().code])
answer = Client(HTTP_HOST="127.0.0.1").get("/health/ready")
print(json.dumps([answer.status_code, answer.json()]))
"""
A_TASK = """
import time
from yimen.site import store
store.open_store()
from tests.machines.slow import wait_for_the_sign
result = wait_for_the_sign.enqueue()
time.sleep(2)  # the message goes out by a thread, and a process of a moment would be gone before it
print(result.id)
"""


pytestmark = pytest.mark.django_db


@dataclass
class Ground:
    database: str
    broker: rabbitmq.Broker
    given: dict[str, str]
    folder: Path
    stack: ExitStack

    def start_two_workers(self) -> None:
        for number in range(2):
            log = self.folder / f"worker{number}.log"
            self.stack.enter_context(processes.running(["-c", WORKER], self.given, log))

    def noted(self, name: str) -> list[str]:
        path = self.folder / name
        return path.read_text(encoding="utf-8").split() if path.exists() else []

    def ended(self, task: str) -> tuple[object, list[str]]:
        statement = "SELECT status, worker_ids FROM django_tasks_database_dbtaskresult WHERE id = %s"
        [(status, workers)] = rows(self.database, statement, task)
        return status, workers  # type: ignore[return-value]

    def waiting(self) -> int:
        [(number,)] = rows(self.database, "SELECT count(*) FROM outbox_delivery WHERE done_at IS NULL")
        assert isinstance(number, int)
        return number


@pytest.fixture(scope="module")
def ground(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A broker that is not there yet, and the means to start two workers."""
    folder = tmp_path_factory.mktemp("broker")
    with ExitStack() as stack:
        broker = stack.enter_context(rabbitmq.prepared())
        given = processes.environment(
            folder / "data",
            YIMEN_DATABASE=database,
            YIMEN_BROKER=broker.address,
            YIMEN_TEST_FOLDER=str(folder),
        )
        yield Ground(database, broker, given, folder, stack)


def test_with_the_broker_away_an_act_succeeds_and_its_work_is_done_when_it_is_back(ground: Ground) -> None:
    status, told = json.loads(script(AN_ACT, ground.given))
    assert (status, told) == (200, {"status": "degraded", "failing": [], "degraded": ["broker"]})
    assert ground.waiting() > 0
    ground.start_two_workers()
    ground.broker.start()
    assert eventually(lambda: ground.waiting() == 0)


def test_a_task_whose_worker_is_killed_is_brought_to_another_and_done_once(ground: Ground) -> None:
    task = script(A_TASK, ground.given)
    assert eventually(lambda: ground.noted("begun"))
    [group] = ground.noted("begun")
    os.killpg(int(group), 9)
    assert eventually(lambda: len(ground.noted("begun")) == 2)
    (ground.folder / "sign").touch()
    assert eventually(lambda: ground.ended(task)[0] == "SUCCESSFUL")
    assert len(set(ground.ended(task)[1])) == 2 and len(ground.noted("done")) == 1


def test_a_duty_ran_once_in_its_time_however_many_workers_there_are(ground: Ground) -> None:
    assert eventually(lambda: len(ground.noted("duty")) >= 3)
    ran = [datetime.fromisoformat(line) for line in ground.noted("duty")]
    assert all(later - earlier >= EVERY for earlier, later in pairwise(ran))

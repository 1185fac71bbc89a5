"""Reads on a real streaming replica: what may be old, what may not, and what happens when it falls behind or is gone."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.machines import processes
from tools import postgres

pytestmark = pytest.mark.django_db

STORY = """
import json, subprocess, sys, time
from yimen.site import store
store.open_store()
import psycopg
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from yimen.foundation.identity.tests.factories import staff
from yimen.modules.cases.permissions import READ_ALL
from yimen.modules.cases.tests.factories import handed_in, only_case
from yimen.site import health, replica

hot = psycopg.connect(sys.argv[1], autocommit=True)
browser = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)
browser.force_login(staff("ye", (READ_ALL,)), backend="allauth.account.auth_backends.AuthenticationBackend")
told = {}

def caught_up():
    for _ in range(600):
        if replica.seconds_behind() == 0:
            break
        time.sleep(0.05)
    replica.WATCH.__init__()

def look(path="/console/cases/"):
    with CaptureQueriesContext(connections["replica"]) as asked:
        page = browser.get(path)
    own = [q for q in asked.captured_queries if "pg_is_in_recovery" not in q["sql"]]
    return page.status_code, page.content.decode(), len(own)

def ready():
    health._told.clear()
    return browser.get("/health/ready").json()

first = only_case(handed_in()).number
caught_up()
status, page, asked = look()
told["a list is read there"] = (status, first in page, asked > 0)
status, page, asked = look(f"/console/cases/{first}/")
told["a case is not"] = (status, asked)
told["search is read there"] = look("/entities/?q=%E9%A4%90%E9%A5%AE")[2] > 0
told["all is well"] = ready()["degraded"]

hot.execute("SELECT pg_wal_replay_pause()")
second = only_case(handed_in()).number
replica.WATCH._asked_at, replica.WATCH._behind = time.monotonic(), 0.0  # a slow machine must not make it a minute
status, page, asked = look()
told["others may see it a moment later"] = (first in page, second in page, asked > 0)
browser.post("/console/cases/columns/", {})
status, page, asked = look()
told["who has just written reads what is"] = (second in page, asked)
browser.cookies.pop(replica.PIN)
replica.WATCH._asked_at = -100.0
time.sleep(replica.MOST_BEHIND + 0.5)
status, page, asked = look()
told["a replica too far behind is left alone"] = (second in page, asked, ready()["degraded"])

hot.execute("SELECT pg_wal_replay_resume()")
caught_up()
told["it is used again"] = look()[2] > 0
subprocess.run(json.loads(sys.argv[2]), check=True, capture_output=True)
status, page, asked = look()
told["gone in the middle of everything"] = (status, second in page)
told["health names it"] = ready()
print(json.dumps(told))
"""


@contextmanager
def _primary(database: str) -> Iterator[str]:
    """A server of our own with the same tables: a replica of the tests' server could not start while another test keeps a
    transaction of many parts open there."""
    programs = postgres.programs()
    assert programs is not None
    with postgres.server() as address:
        dump = subprocess.Popen([programs / "pg_dump", "--no-owner", database], stdout=subprocess.PIPE)
        subprocess.run(
            [programs / "psql", "-q", address], stdin=dump.stdout, stdout=subprocess.DEVNULL, check=True
        )
        assert dump.wait() == 0
        yield address


def test_reads_that_may_be_old_go_to_the_replica_and_nothing_else_does(database: str, tmp_path: Path) -> None:
    with _primary(database) as primary, postgres.replica(primary) as replica:
        given = processes.environment(
            tmp_path / "data", YIMEN_DATABASE=primary, YIMEN_REPLICA=replica.address, YIMEN_SECOND_FACTOR="0"
        )
        told = json.loads(processes.script(STORY, given, replica.address, json.dumps(replica.stopping())))
    assert told == {
        "a list is read there": [200, True, True],
        "a case is not": [200, 0],
        "search is read there": True,
        "all is well": [],
        "others may see it a moment later": [True, False, True],
        "who has just written reads what is": [True, 0],
        "a replica too far behind is left alone": [True, 0, ["replica"]],
        "it is used again": True,
        "gone in the middle of everything": [200, True],
        "health names it": {"status": "degraded", "failing": [], "degraded": ["replica"]},
    }


def test_every_page_named_for_the_replica_exists() -> None:
    from django.apps import apps
    from django.urls import get_resolver

    from yimen.site.replica import PAGES, TABLES

    def names(resolver, space=()):
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                yield from names(entry, (*space, entry.namespace) if entry.namespace else space)
            else:
                yield ":".join((*space, entry.name or ""))

    assert set(names(get_resolver())) >= PAGES
    assert {model._meta.label_lower for model in apps.get_models()} >= TABLES

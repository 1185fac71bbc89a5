"""Killed at random, the store holds; and the proof that says so finds each kind of damage."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

import pytest
from django.db import connection, connections

from tests.district import AT, standing_district
from yimen.foundation.trace.models import Event
from yimen.kernel.clock import travel_to
from yimen.modules.cases.models import Application, Case, Material
from yimen.modules.deadlines.models import Clock
from yimen.modules.insight.models import CaseCell
from yimen.modules.issuing.models import Document
from yimen.portals.openapi.models import IdempotencyRecord
from yimen.site.soak import proof
from yimen.site.soak.doors import Inside
from yimen.site.soak.notes import Notes, Sent
from yimen.site.soak.visits import Crowd, Visitor, gather

SOAK = [sys.executable, "-m", "yimen.site.cli", "soak", "--kills", "24", "--seed", "20261201", "--json"]


def test_after_kills_in_the_middle_of_everything_the_store_holds() -> None:
    command, environment = list(SOAK), {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    if connection.vendor == "postgresql":
        connections.close_all()
        command += ["--postgresql", "--here", "--template", str(connection.settings_dict["NAME"])]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = json.loads(ran.stdout)
    assert found["violations"] == 0 and found["database"] == connection.vendor
    assert found["kills"] >= 24 and {"caller", "worker"} <= found["killed"].keys()
    assert found["acknowledged_applications"] and found["acknowledged_acts"]


@pytest.fixture(scope="module")
def soaked(django_db_setup: None, django_db_blocker) -> Iterator[tuple[Crowd, Notes]]:
    """Some dozen writes of the run's own callers, everything that follows them done."""
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        standing_district(),
        travel_to(AT),
    ):
        # the worker would close the connection, and with it the transaction that is rolled back at the end
        patch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
        crowd, notes = gather(AT), Notes()
        visitor = Visitor(Inside(), crowd, "t", Random(4), [], notes.begin, notes.answered)
        while len([sent for sent in notes.acts() if sent.done]) < 25:
            visitor.step()
        _, left = proof.drain()
        assert list(left) == []
        yield crowd, notes


def faults(soaked: tuple[Crowd, Notes]) -> list[str]:
    with travel_to(AT):
        return list(proof.faults(*soaked, AT + timedelta(hours=1)))


def _open_clock() -> Clock:
    found = Clock.objects.filter(subject_kind="case", state="running").exclude(kind="correction").first()
    assert found is not None
    return found


def _double_clock() -> None:
    one = _open_clock()
    one.pk = None
    one.save()


def _half_act() -> None:
    case = Case.objects.filter(state="submitted").first()
    Case.objects.filter(pk=case.pk).update(state="accepted")


def _lost_event() -> None:
    Event.objects.filter(subject_kind="case", act="accept").order_by("-id")[0].delete()


def _lost_application() -> None:
    application = Application.objects.order_by("-id")[0]
    Application.objects.filter(pk=application.pk).update(number="0000000000")


DAMAGES: list[tuple[Callable[[], object], str]] = [
    (lambda: _open_clock().delete(), "the law gives"),
    (_double_clock, "the law gives"),
    (lambda: Case.objects.exclude(due_at=None).update(due_at=AT), "is due"),
    (_half_act, "办件状态为"),
    (_lost_event, "缺少第|实际留存"),
    (_lost_application, "was told"),
    (lambda: Material.objects.order_by("-id")[0].delete(), "half there"),
    (lambda: Document.objects.filter(kind="receipt").first().delete(), "receipts"),
    (lambda: Document.objects.exclude(kind="receipt").first().delete(), "papers of kind"),
    (lambda: IdempotencyRecord.objects.first().delete(), "its key forgotten"),
    (lambda: CaseCell.objects.update(received=7), "figures"),
]


def test_what_was_not_killed_holds(soaked: tuple[Crowd, Notes], db: None) -> None:
    assert faults(soaked) == []
    assert {"submit", "accept"} <= set(Event.objects.values_list("act", flat=True))


@pytest.mark.parametrize(("damage", "said"), DAMAGES)
def test_the_proof_finds_each_damage(
    soaked: tuple[Crowd, Notes], db: None, damage: Callable[[], object], said: str
) -> None:
    import re

    damage()
    found = faults(soaked)
    assert any(re.search(said, one) for one in found), found[:5]


def test_an_answer_that_changed_or_broke_is_told() -> None:
    notes = Notes()
    for key in ("a", "b"):
        notes.begin(Sent(key, "chen", "/api/v1/applications", "{}"))
    notes.answered("a", 503, {})
    assert notes.sent["a"].status == 0 and not notes.wrong, "to be asked again"
    notes.answered("a", 201, {"number": "1", "cases": [{"number": "1-1"}]})
    notes.answered("a", 201, {"number": "2", "cases": [{"number": "2-1"}]})
    notes.answered("b", 500, {"text": "oops"})
    assert len(notes.wrong) == 2

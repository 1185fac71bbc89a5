"""Disk full, database away, lock held: told as 503 with what to do, nothing half done, and the same request passes afterwards."""

import json
import resource
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory

from tests.district import AT, STREET, Answer, District, answer_of, forget, make_district
from yimen.foundation.files.tests.factories import pdf
from yimen.foundation.outbox.models import Delivery
from yimen.kernel.clock import travel_to
from yimen.modules.cases.models import Application, Case
from yimen.portals.openapi.models import IdempotencyRecord
from yimen.site.errors import server_error

SMALL = 32_768


@pytest.fixture
def district(transactional_db: None) -> Iterator[District]:
    with travel_to(AT):
        yield make_district()
    forget()


def told(answer: Answer, code: str) -> None:
    """A problem document that says what, and when to come again; no word of the program's inside."""
    assert (answer.status, answer.body["status"], answer.code) == (503, 503, code), answer.body
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0
    assert "不会重复办理" in answer.body["would_pass"]
    assert not {"sqlite", "psycopg", "Traceback", "Error"} & set(str(answer.body).split())


def shown(path: str) -> None:
    page = Client(raise_request_exception=False).get(path)
    assert page.status_code == 503, path
    assert "系统暂时不可用" in page.content.decode() and int(page.headers["Retry-After"]) > 0
    assert page.headers["Cache-Control"] == "no-store" and "Content-Security-Policy" in page.headers


def failing() -> list[str]:
    answer = Client().get("/health/ready")
    assert answer.status_code == (503 if answer.json()["failing"] else 200)
    return answer.json()["failing"]


@contextmanager
def no_room() -> Iterator[None]:
    """The database file may not grow by a single page."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        [count] = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count={count}")
        yield
        cursor.execute("PRAGMA max_page_count=1000000000")


@contextmanager
def written_by_another() -> Iterator[None]:
    with closing(sqlite3.connect(connection.settings_dict["NAME"], uri=True)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


@contextmanager
def small_files() -> Iterator[None]:
    """No file may grow beyond some kilobytes: what a full disk does to a file (EFBIG for ENOSPC)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(
    ("error", "status"), [(ValueError("oops"), 500), (OSError(28, "No space left"), 503)]
)
def test_what_no_page_caught_is_answered_in_the_callers_form(
    rf: RequestFactory, error: Exception, status: int
) -> None:
    try:
        raise error
    except Exception:
        for_system, page = server_error(rf.get("/api/v1/cases")), server_error(rf.get("/guide/"))
    assert for_system.status_code == page.status_code == status
    assert json.loads(for_system.content)["status"] == status
    assert page.headers["Content-Type"].startswith("text/html")
    for answer in (for_system, page):
        assert ("Retry-After" in answer.headers) is (status == 503)
        assert str(error) not in answer.content.decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the faults of a file")
def test_a_full_or_locked_store_is_told_and_recovers_alone(district: District) -> None:
    lin, zhang = district.caller("lin"), district.caller("cgj-shen")
    number = district.case("lin", STREET)
    body = district.application("lin", STREET, delivery_way="courier")
    before = (Application.objects.count(), IdempotencyRecord.objects.count(), Delivery.objects.count())
    with no_room():
        answers = [lin.post("/applications", body, f"full-{n}") for n in range(12)]
        refused = [answer for answer in answers if answer.status != 201]
        assert refused, "the pages left were enough"
        for answer in refused:
            if answer.code != "duplicate_application":
                told(answer, "no_room")
        assert zhang.get(f"/cases/{number}").status == 200, "what needs no room goes on"
    stored = (Application.objects.count(), IdempotencyRecord.objects.count(), Delivery.objects.count())
    done = sum(answer.status == 201 for answer in answers)
    assert stored[:2] == (before[0] + done, before[1] + done)
    with written_by_another():
        told(zhang.act(number, "accept", "locked"), "busy")
    assert Case.objects.get(number=number).state == "submitted"
    assert zhang.act(number, "accept", "locked").status == 200
    assert failing() == []


def test_a_disk_without_room_for_files_is_told_and_leaves_nothing(district: District) -> None:
    lin = district.caller("lin")
    scan = pdf(b"x" * 300_000)

    def upload() -> Answer:
        file = SimpleUploadedFile("scan.pdf", scan, "application/pdf")
        headers = {"Authorization": f"Bearer {lin.token}"}
        return answer_of(lin.client.post("/api/v1/files", {"file": file}, headers=headers))

    waiting = settings.FILES_ROOT / "incoming"
    before = set(waiting.glob("*"))
    with small_files():
        told(upload(), "no_room")
        assert "files" in failing()
    assert set(waiting.glob("*")) == before
    assert upload().status == 201
    assert failing() == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the faults of a server")
def test_a_database_that_is_away_is_told_and_found_again(district: District) -> None:
    lin, body = district.caller("lin"), district.application("lin", STREET)
    port = connection.settings_dict["PORT"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = probe.getsockname()[1]
    connection.close()
    connection.settings_dict["PORT"] = str(nobody)
    try:
        told(lin.post("/applications", body, "away"), "database_away")
        told(lin.get("/cases"), "database_away")
        shown("/")
        assert failing() == ["database", "tables"]
    finally:
        connection.settings_dict["PORT"] = port
    assert failing() == []
    assert lin.post("/applications", body, "away").status == 201
    assert Application.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the faults of a server")
def test_a_connection_that_died_between_two_requests_is_not_noticed_by_anybody(district: District) -> None:
    from django.core.signals import request_started

    lin, body = district.caller("lin"), district.application("lin", STREET)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    parts = connection.settings_dict
    address = f"postgresql://{parts['USER']}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
    with psycopg.connect(address, password=parts["PASSWORD"], autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    request_started.send(sender=None)  # the test client leaves Django's own signals out, not ours
    assert lin.post("/applications", body, "died").status == 201

"""Imports in the background: each is carried out once, also when its worker dies on the way."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model

from yimen.kernel.actor import PLATFORM
from yimen.kernel.clock import travel_to
from yimen.modules.authoring import jobs, worker
from yimen.modules.authoring.intake import reading
from yimen.modules.authoring.models import ImportRun
from yimen.modules.authoring.services import importing, runs
from yimen.modules.items.models import Item
from yimen.modules.items.tests.factories import AT, make_organisation

pytestmark = pytest.mark.django_db
HEAD = "事项名称,实施编码,事项类型,实施主体,行政区划代码\n"
ROWS = "".join(f"测试事项{n},R-{n:04d},公共服务,测试区test-org局,449901000000\n" for n in range(6))
LATER = AT + timedelta(minutes=10)


class Killed(BaseException):
    """The worker's process ends in the middle."""


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> ImportRun:
    make_organisation()
    monkeypatch.setattr(importing, "CHUNK", 2)
    return runs.queue_import("a.csv", (HEAD + ROWS).encode(), PLATFORM, AT, dry_run=False)


def die_after(rows: int, monkeypatch: pytest.MonkeyPatch, run: ImportRun) -> None:
    """Carry the import out until so many rows are done, and die."""
    write = importing._Run.take

    def take(self: importing._Run, drafts: list) -> None:
        if self.report.created >= rows:
            raise Killed
        write(self, drafts)

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(importing._Run, "take", take)
        runs.run_import(run.pk, PLATFORM, AT, lambda: AT)


def test_an_import_whose_worker_died_is_finished_by_the_next(queued, monkeypatch) -> None:
    die_after(4, monkeypatch, queued)
    half = ImportRun.objects.get()
    assert (half.state, half.done, Item.objects.count()) == ("running", 4, 4)
    assert runs.stuck_imports(LATER) == [queued.pk]
    done = runs.run_import(queued.pk, PLATFORM, LATER, lambda: LATER)
    assert (done.state, done.attempts, done.percent) == ("done", 2, 100)
    assert (done.created, done.unchanged, done.refused) == (2, 4, 0)
    assert Item.objects.count() == 6 and done.payload is None


def test_an_import_that_another_worker_is_busy_with_is_left_alone(queued, monkeypatch) -> None:
    die_after(4, monkeypatch, queued)
    soon = AT + timedelta(minutes=1)
    assert runs.stuck_imports(soon) == []
    assert runs.run_import(queued.pk, PLATFORM, soon, lambda: soon).state == "running"
    assert Item.objects.count() == 4


def test_the_duty_queues_what_fell_silent(queued, monkeypatch) -> None:
    die_after(2, monkeypatch, queued)
    asked: list[int] = []
    monkeypatch.setattr(jobs, "carry_out_import", SimpleNamespace(enqueue=asked.append))
    assert (jobs.resume_imports(AT), jobs.resume_imports(LATER), asked) == (0, 1, [queued.pk])


def test_an_import_that_breaks_off_again_and_again_is_given_up(queued, monkeypatch) -> None:
    die_after(2, monkeypatch, queued)
    ImportRun.objects.update(attempts=runs.MOST_ATTEMPTS)
    assert runs.stuck_imports(LATER) == []
    run = ImportRun.objects.get()
    assert (run.state, run.payload) == ("failed", None) and "文件分小" in run.problem
    assert runs.run_import(run.pk, PLATFORM, LATER, lambda: LATER).state == "failed"


def test_a_finished_import_is_never_done_twice(queued) -> None:
    first = runs.run_import(queued.pk, PLATFORM, AT, lambda: AT)
    again = runs.run_import(queued.pk, PLATFORM, LATER, lambda: LATER)
    assert (first.created, again.created, again.attempts, again.finished_at) == (6, 6, 1, AT)


def test_a_file_that_turns_out_unreadable_fails_with_a_sentence(queued, monkeypatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    run = runs.run_import(queued.pk, PLATFORM, AT, lambda: AT)
    assert run.state == "failed" and "超过 3 行" in run.problem


def test_the_worker_acts_with_the_grants_of_whoever_asked(monkeypatch) -> None:
    make_organisation()
    account = get_user_model().objects.create(username="nobody")
    owner = SimpleNamespace(account_id=account.pk, name="无权限者")
    run = runs.queue_import("a.csv", (HEAD + ROWS).encode(), owner, AT, dry_run=False)
    with travel_to(AT):
        worker.carry_out_import.call(run.pk)
    run.refresh_from_db()
    assert (run.state, run.created, run.refused) == ("done", 0, 6)
    assert run.notes.filter(code="department", severity="error").count() == 6

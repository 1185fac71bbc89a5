"""Imports as background work: queued by a page, carried out by a worker, taken up again when the worker died."""

import gzip
import io
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F, Q

from yimen.kernel.actor import Actor
from yimen.kernel.errors import Refusal
from yimen.modules.authoring.intake.reading import read_rows
from yimen.modules.authoring.models import ImportNote, ImportRun
from yimen.modules.authoring.services.importing import Report, import_items

SILENCE = timedelta(minutes=5)
"""A worker tells of itself after every chunk of rows, which takes seconds; silent so long, it is dead."""
MOST_ATTEMPTS = 3
State = ImportRun.State


def queue_import(name: str, data: bytes, actor: Actor, at: datetime, *, dry_run: bool) -> ImportRun:
    """Keep a file for the worker.

    Raises:
        Invalid: the file cannot be read at all (told at once, not from the worker).
    """
    read_rows(name, data)
    return ImportRun.objects.create(
        file_name=name[:255],
        size=len(data),
        payload=gzip.compress(data, 5),
        dry_run=dry_run,
        actor_id=actor.account_id,
        actor_name=actor.name[:100],
        created_at=at,
    )


def run_import(run_id: int, actor: Actor, at: datetime, now: Callable[[], datetime]) -> ImportRun:
    """Carry a queued import out, or one whose worker died: rows already taken over are found unchanged.

    One that is finished, or that another worker is busy with, is left alone.

    Args:
        now: the interface's clock, for signs of life and the moment it ends.
    """
    claimed = _claim(run_id, at)
    run = ImportRun.objects.get(pk=run_id)
    if not claimed or run.payload is None:
        return run

    def progress(done: int, total: int) -> None:
        ImportRun.objects.filter(pk=run.pk).update(done=done, total=total, seen_at=now())

    data = io.BytesIO(gzip.decompress(bytes(run.payload)))
    try:
        report = import_items(data, actor, at, name=run.file_name, dry_run=run.dry_run, progress=progress)
    except Refusal as refusal:
        run.state, run.problem = State.FAILED, refusal.message[:500]
    else:
        keep_report(run, report)
    run.payload = None
    run.seen_at = run.finished_at = now()
    run.save()
    return run


def _claim(run_id: int, at: datetime) -> bool:
    """Only one worker gets it, by one conditional statement."""
    mine = ImportRun.objects.filter(_free(at), pk=run_id, payload__isnull=False)
    return bool(mine.update(state=State.RUNNING, started_at=at, seen_at=at, attempts=F("attempts") + 1))


def _free(at: datetime) -> Q:
    return Q(state=State.QUEUED) | Q(state=State.RUNNING, seen_at__lt=at - SILENCE)


def stuck_imports(at: datetime) -> list[int]:
    """Imports whose worker died, to be queued again; one that broke off too often is given up, and says so."""
    silent = ImportRun.objects.filter(state=State.RUNNING, seen_at__lt=at - SILENCE)
    silent.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=State.FAILED,
        problem=f"导入{MOST_ATTEMPTS}次都中途断开，已停止。已经存上的行仍然有效，请把文件分小后再导入。",
        payload=None,
        finished_at=at,
    )
    return list(silent.filter(attempts__lt=MOST_ATTEMPTS).values_list("pk", flat=True))


def keep_report(run: ImportRun, report: Report) -> None:
    """Store counts and remarks of a finished import."""
    run.state = ImportRun.State.DONE
    run.total = run.done = report.total
    run.created, run.updated, run.unchanged = report.created, report.updated, report.unchanged
    run.refused, run.doubtful = report.refused, report.doubtful
    run.summary = report.summary
    rows = (
        ImportNote(
            run=run,
            row=note.row,
            item_code=report.names.get(note.row, ("", ""))[0][:64],
            name=report.names.get(note.row, ("", ""))[1][:300],
            field=note.field[:40],
            severity=note.severity,
            code=note.code,
            problem=note.problem[:500],
            right=note.right[:500],
        )
        for note in report.notes
    )
    ImportNote.objects.bulk_create(rows, batch_size=1000)

"""Imports as their owner sees them."""

from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotFound
from yimen.kernel.paging import Page, window
from yimen.modules.authoring.models import ImportNote, ImportRun


def import_runs(actor: Actor, limit: int = 20) -> list[ImportRun]:
    """Recent imports of this person."""
    return list(ImportRun.objects.defer("payload").filter(actor_id=actor.account_id)[:limit])


def import_run(actor: Actor, run_id: int) -> ImportRun:
    found = ImportRun.objects.defer("payload").filter(pk=run_id, actor_id=actor.account_id).first()
    if found is None:
        raise NotFound()
    return found


def import_notes(run: ImportRun, severity: str, page: int, size: int = 50) -> Page[ImportNote]:
    """Remarks of a run, by row."""
    offset, limit, number = window(page, size)
    rows = ImportNote.objects.filter(run=run)
    if severity:
        rows = rows.filter(severity=severity)
    return Page(count=rows.count(), results=list(rows[offset : offset + limit]), number=number, size=limit)

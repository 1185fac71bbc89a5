"""Import a catalogue: every good row is taken, every bad row is reported, in chunks, each in a transaction of its own."""

import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import Error as DatabaseError
from django.db import transaction

from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.errors import Refusal
from yimen.kernel.events import announce
from yimen.modules.items.canonical import columns_of, digest_of
from yimen.modules.items.events import ItemCreated
from yimen.modules.items.intake.columns import fields_of, mapping_of, unmapped
from yimen.modules.items.intake.reading import MOST_BYTES, read_rows
from yimen.modules.items.intake.rows import DOUBT, ERROR, INFO, Draft, Note, draft_of
from yimen.modules.items.models import ImportNote, ImportRun, Item, Lineage, Standard
from yimen.modules.items.services.acting import SUBJECT, day_of
from yimen.modules.items.services.indexing import entry_of, optimise, write_entries
from yimen.modules.items.services.items import new_draft
from yimen.modules.items.services.owners import Owners
from yimen.modules.items.states import StandardState

CHUNK = 500
Progress = Callable[[int, int], None]


@dataclass(kw_only=True)
class Report:
    """What an import did.

    Args:
        notes: every remark, by row.
    """

    total: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    doubtful: int = 0
    dry_run: bool = False
    notes: list[Note] = field(default_factory=list)
    names: dict[int, tuple[str, str]] = field(default_factory=dict)

    @property
    def summary(self) -> dict[str, int]:
        """How often each kind of remark was made."""
        return dict(Counter(note.code for note in self.notes).most_common())


def import_items(
    source: str | Path | IO[bytes],
    actor: Actor,
    at: datetime,
    *,
    name: str = "",
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Take over a file of items as drafts that wait for the missing parts and for legal review.

    A row whose code is new makes an item; a row whose item still has nothing but an untouched imported draft renews that draft;
    an item that people have worked on is never overwritten. Departments are found by code, by name within the division, or by
    USCC; one that is unknown is registered, and the report says so.

    Args:
        source: path, or stream of bytes (then ``name`` tells the kind by its ending).
        dry_run: report only.
        progress: called with (rows done, rows in all).

    Raises:
        Invalid: the file cannot be read at all.
    """
    file_name, data = _data(source, name)
    rows = read_rows(file_name, data)
    headers = list(dict.fromkeys(header for row in rows[:1000] for header in row))
    mapping = mapping_of(headers)
    report = Report(total=len(rows), dry_run=dry_run)
    for header in unmapped(headers):
        report.notes.append(
            Note(
                row=1,
                field=header[:40],
                severity=INFO,
                code="column_unused",
                problem=f"“{header[:60]}”这一列没有用到。",
            )
        )
    run = _Run(report=report, actor=actor, at=at, owners=Owners(actor, at, dry_run=dry_run))
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        run.take([draft_of(start + n + 2, fields_of(row, mapping)) for n, row in enumerate(part)])
        if progress:
            progress(start + len(part), len(rows))
    if not dry_run and len(rows) > CHUNK:
        optimise()
    return report


def _data(source: str | Path | IO[bytes], name: str) -> tuple[str, bytes]:
    if isinstance(source, str | Path):
        path = Path(source)
        with path.open("rb") as stream:
            return path.name, stream.read(MOST_BYTES + 1)
    return name or str(getattr(source, "name", "")), source.read(MOST_BYTES + 1)


@dataclass(kw_only=True)
class _Run:
    """One import while it goes on."""

    report: Report
    actor: Actor
    at: datetime
    owners: Owners
    seen: dict[str, int] = field(default_factory=dict)

    def take(self, drafts: Sequence[Draft]) -> None:
        """One chunk: check, then write all at once; if that fails, row by row."""
        for draft in drafts:
            self._check(draft)
        known = _known(draft.code for draft in drafts if not draft.refused)
        good = [draft for draft in drafts if not draft.refused]
        if not self.report.dry_run:
            try:
                with transaction.atomic():
                    counts = self._write(good, known)
            except (DatabaseError, Refusal):
                counts = self._one_by_one(good, known)
        else:
            counts = self._count(good, known)
        self._tell(drafts, counts)

    def _check(self, draft: Draft) -> None:
        if draft.code and draft.code in self.seen:
            first = self.seen[draft.code]
            draft.say(
                ERROR,
                "code",
                "code_duplicate",
                f"事项编码与第{first}行重复。",
                "同一事项只留一行，或者更正编码。",
            )
        elif draft.code:
            self.seen[draft.code] = draft.row
        if not draft.refused:
            try:
                with transaction.atomic():
                    self.owners.find(draft)
            except Refusal as refusal:
                draft.say(ERROR, "department", "department", refusal.message)

    def _write(self, drafts: Sequence[Draft], known: dict[str, Standard | None]) -> Counter[str]:
        counts: Counter[str] = Counter()
        fresh = [draft for draft in drafts if draft.code not in known]
        for draft in drafts:
            if draft.code in known:
                counts[self._renew(draft, known[draft.code])] += 1
        if fresh:
            self._create(fresh)
            counts["created"] += len(fresh)
        return counts

    def _one_by_one(self, drafts: Sequence[Draft], known: dict[str, Standard | None]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for draft in drafts:
            try:
                with transaction.atomic():
                    counts += self._write([draft], known)
            except (DatabaseError, Refusal):
                draft.say(
                    ERROR,
                    "",
                    "not_stored",
                    "这一行没有存上，通常是编码或者简称与已有事项冲突。",
                    "请核对编码和简称。",
                )
        return counts

    def _count(self, drafts: Sequence[Draft], known: dict[str, Standard | None]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for draft in drafts:
            counts["created" if draft.code not in known else self._outcome(draft, known[draft.code])] += 1
        return counts

    def _outcome(self, draft: Draft, standard: Standard | None) -> str:
        if standard is None:
            draft.say(
                ERROR,
                "code",
                "item_worked_on",
                "该事项已有人工编制或者发布的标准，导入不会覆盖。",
                "请在事项编制页面修改。",
            )
            return "kept"
        assert draft.content is not None
        return "unchanged" if standard.digest == digest_of(draft.content) else "updated"

    def _renew(self, draft: Draft, standard: Standard | None) -> str:
        outcome = self._outcome(draft, standard)
        if outcome == "updated" and standard is not None and draft.content is not None:
            for name, value in columns_of(draft.content).items():
                setattr(standard, name, value)
            standard.revision += 1
            standard.updated_at = self.at
            standard.save()
            item = standard.item
            item.name, item.type = standard.name, standard.type
            item.save(update_fields=["name", "type"])
            write_entries([entry_of(item, standard.content)])
        return outcome

    def _create(self, drafts: Sequence[Draft]) -> None:
        items = Item.objects.bulk_create([self._item(draft) for draft in drafts])
        standards = []
        for item, draft in zip(items, drafts, strict=True):
            assert draft.content is not None
            standard = new_draft(item, draft.content, 1, self.actor, self.at)
            standard.imported = True
            standards.append(standard)
        Standard.objects.bulk_create(standards)
        Lineage.objects.bulk_create(
            Lineage(
                kind=Lineage.Kind.ADD,
                to_item=item,
                on=day_of(self.at),
                at=self.at,
                note="导入",
                actor_id=self.actor.account_id,
                actor_name=self.actor.name[:100],
            )
            for item in items
        )
        write_entries([entry_of(i, s.content) for i, s in zip(items, standards, strict=True)])
        trace.save([self._event(item) for item in items])
        for item in items:
            announce(ItemCreated(at=self.at, item_code=item.code, item_id=item.pk))

    def _item(self, draft: Draft) -> Item:
        assert draft.content is not None
        organisation = self.owners.find(draft)
        return Item(
            code=draft.code,
            base_code=draft.base_code,
            slug=draft.slug or None,
            name=draft.content.name,
            type=draft.content.type.value,
            organisation=organisation,
            division=self.owners.division_of(draft, organisation),
            created_at=self.at,
        )

    def _event(self, item: Item) -> trace.Event:
        event, _ = trace.prepare(
            SUBJECT, item.code, "import_item", self.actor, self.at, trace.Head(), to_state=item.state
        )
        return event

    def _tell(self, drafts: Sequence[Draft], counts: Counter[str]) -> None:
        report = self.report
        report.created += counts["created"]
        report.updated += counts["updated"]
        report.unchanged += counts["unchanged"]
        for draft in drafts:
            report.notes += draft.notes
            report.refused += draft.refused
            report.doubtful += not draft.refused and any(note.severity == DOUBT for note in draft.notes)
            if draft.notes:
                report.names[draft.row] = (draft.code, draft.name)


def _known(codes: Iterator[str]) -> dict[str, Standard | None]:
    """Items that exist: the untouched imported draft that may be renewed, else None."""
    wanted = list(codes)
    known: dict[str, Standard | None] = {
        code: None for code in Item.objects.filter(code__in=wanted).values_list("code", flat=True)
    }
    if known:
        drafts = Standard.objects.filter(
            item__code__in=list(known), imported=True, state=StandardState.DRAFT, version=1
        ).select_related("item", "item__organisation", "item__division", "item__current")
        known |= {draft.item.code: draft for draft in drafts}
    return known


# ---- as background work -------------------------------------------------------------------------------------------


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
    """Carry a queued import out; repeating it is harmless.

    Args:
        now: the interface's clock, for the moment it ends.
    """
    run = ImportRun.objects.get(pk=run_id)
    if run.state in (ImportRun.State.DONE, ImportRun.State.FAILED) or run.payload is None:
        return run
    run.state, run.started_at = ImportRun.State.RUNNING, at
    run.save(update_fields=["state", "started_at"])

    def progress(done: int, total: int) -> None:
        ImportRun.objects.filter(pk=run.pk).update(done=done, total=total)

    data = io.BytesIO(gzip.decompress(bytes(run.payload)))
    try:
        report = import_items(data, actor, at, name=run.file_name, dry_run=run.dry_run, progress=progress)
    except Refusal as refusal:
        run.state, run.problem = ImportRun.State.FAILED, refusal.message[:500]
    else:
        keep_report(run, report)
    run.payload = None
    run.finished_at = now()
    run.save()
    return run


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

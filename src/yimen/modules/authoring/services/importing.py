"""Import a catalogue: every good row is taken, every bad row is reported, in chunks, each in a transaction of its own."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import Error as DatabaseError
from django.db import transaction

from yimen.kernel.actor import Actor
from yimen.kernel.errors import Refusal
from yimen.modules.authoring.intake.columns import fields_of, mapping_of, unmapped
from yimen.modules.authoring.intake.reading import MOST_BYTES, read_rows
from yimen.modules.authoring.intake.rows import DOUBT, ERROR, INFO, Draft, Note, draft_of
from yimen.modules.authoring.services.owners import Owners
from yimen.modules.items.api.authors import (
    Item,
    Standard,
    StandardState,
    load_drafts,
    optimise,
    renew_draft,
)
from yimen.modules.items.api.contents import digest_of

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
            renew_draft(standard, draft.content, self.actor, self.at)
        return outcome

    def _create(self, drafts: Sequence[Draft]) -> None:
        rows = [(self._item(draft), draft.content) for draft in drafts if draft.content is not None]
        load_drafts(rows, self.actor, self.at, note="导入")

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

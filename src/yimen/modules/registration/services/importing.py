"""Registrations taken over from another register: in sets, row by row reported, good rows never spoilt by bad ones.

Columns: name, uscc, reg_date; and where there are any type, capital_raw, address, division_code, uscc_shared_by_names. Division
codes since abolished lead to their successors; a code carried by two names is entered once, for the first, and marked as disputed.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path

from django.db import transaction

from yimen.foundation.identity.api import check_uscc
from yimen.foundation.orgs import api as orgs
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, Refusal
from yimen.modules.registration.models import EntityEvent, HeldName, MarketEntity, SearchEntry
from yimen.modules.registration.queries.names import bare, registry_of
from yimen.modules.registration.queries.register import search_words
from yimen.modules.registration.rules import rows as cells
from yimen.modules.registration.rules.names import NameParts, plain_name, take_apart
from yimen.modules.registration.rules.trades import industry_of_division
from yimen.modules.registration.services.naming import fields_of

BATCH = 2000
COLUMNS = ("name", "uscc", "reg_date")
ProgressTold = Callable[[int], None]


@dataclass(frozen=True, kw_only=True)
class Line:
    """What is said of one row: refused (not entered), or doubtful (marked, or not entered for its twin)."""

    row: int
    refused: bool
    field: str
    sentence: str
    name: str = ""
    uscc: str = ""


@dataclass
class Report:
    """The outcome of an import; ``shared_codes`` are codes that more than one name carries."""

    total: int = 0
    created: int = 0
    unchanged: int = 0
    historical_divisions: int = 0
    lines: list[Line] = field(default_factory=list)
    dry_run: bool = False

    @property
    def refused(self) -> int:
        return sum(line.refused for line in self.lines)

    @property
    def shared_codes(self) -> int:
        return len({line.uscc for line in self.lines if not line.refused})


@dataclass(frozen=True)
class Row:
    """A good row."""

    number: int
    name: str
    uscc: str
    on: date
    kind: str
    capital: Decimal | None
    capital_note: str
    address: str
    division: str
    shared: bool


def import_entities(
    path: Path, at: datetime, *, dry_run: bool = False, progress: ProgressTold = lambda done: None
) -> Report:
    """Read a CSV file (UTF-8) of registrations into the register.

    Args:
        dry_run: check everything, write nothing.
        progress: told the number of rows done.

    Raises:
        Invalid: it is no such file; says which column is missing.
    """
    on = at.astimezone(CHINA).date()
    work = _Import(Report(dry_run=dry_run), on, at)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [c for c in COLUMNS if c not in (reader.fieldnames or ())]:
            told = f"第一行应有 {'、'.join(COLUMNS)} 等列名。"
            raise Invalid(f"文件缺少列：{'、'.join(missing)}。", fields={"file": told})
        with transaction.atomic():
            numbered = enumerate(reader, start=2)
            while raws := list(islice(numbered, BATCH)):
                work.take(raws)
                progress(work.report.total)
            work.mark_disputed()
            if dry_run:
                transaction.set_rollback(True)
    return work.report


class _Import:
    """One import on its way: what was seen so far, division codes each asked once."""

    def __init__(self, report: Report, on: date, at: datetime) -> None:
        self.report, self.on, self.at = report, on, at
        self.seen: dict[str, str] = {}
        self.disputed: dict[str, str] = {}
        self._now: dict[str, str] = {}
        self._names: dict[str, tuple[str, ...]] = {}

    def take(self, raws: Sequence[tuple[int, dict[str, str]]]) -> None:
        """Check a batch of rows and store the good ones."""
        rows = [row for number, raw in raws if (row := self._read(number, raw)) is not None]
        self._store(self._once(rows))

    def _read(self, number: int, raw: dict[str, str]) -> Row | None:
        self.report.total += 1
        name, code = plain_name(raw.get("name") or "")[:200], (raw.get("uscc") or "").strip()
        try:
            return Row(
                number, cells.name_in(name), check_uscc(code), cells.day_in(raw.get("reg_date") or ""),
                cells.kind_in(raw.get("type") or "", name, code), *cells.capital_in(raw.get("capital_raw") or ""),
                cells.clean(raw.get("address") or "")[:300],
                self._resolve(cells.division_in(raw.get("division_code") or code[2:8])),
                (raw.get("uscc_shared_by_names") or "1").strip() not in ("", "0", "1"),
            )  # fmt: skip
        except Refusal as wrong:
            where, told = next(iter(wrong.fields.items()), ("division_code", wrong.message))
            self._tell(number, where, told, name, code, refused=True)
            return None

    def _tell(self, number: int, where: str, told: str, name: str, code: str, *, refused: bool) -> None:
        line = Line(
            row=number,
            refused=refused,
            field=where,
            sentence=told,
            name=cells.clean(name),
            uscc=cells.clean(code),
        )
        self.report.lines.append(line)

    def _resolve(self, code: str) -> str:
        """Today's code of a division that may be long abolished."""
        if code not in self._now:
            self._now[code] = orgs.resolve_division(code, self.on).code
        self.report.historical_divisions += self._now[code] != orgs.full_code(code)
        return self._now[code]

    def _places(self, registry: str) -> tuple[str, ...]:
        """Names that may stand in names registered there."""
        if registry not in self._names:
            codes = [orgs.full_code(registry[:n]) for n in (2, 4, 6)]
            found = orgs.Division.objects.filter(code__in=codes)
            self._names[registry] = tuple(n for d in found for n in (d.name, bare(d.name)) if len(n) > 1)
        return self._names[registry]

    def _once(self, rows: Sequence[Row]) -> list[Row]:
        """One row a code, and none that is there already; a second name under a code is told, the first is marked."""
        known = MarketEntity.objects.filter(uscc__in=[row.uscc for row in rows]).values_list("uscc", "name")
        self.seen |= dict(known)
        kept: dict[str, Row] = {}
        for row in rows:
            fresh = row.uscc not in self.seen
            first = self.seen.setdefault(row.uscc, row.name)
            if fresh:
                kept[row.uscc] = row
            elif first == row.name:
                self.report.unchanged += 1
            if first != row.name or (fresh and row.shared):
                self._dispute(row, first)
        return list(kept.values())

    def _dispute(self, row: Row, first: str) -> None:
        other = f"已经属于“{first}”" if first != row.name else "在原系统里还属于另一个名称"
        told = f"代码 {row.uscc} {other}，一个代码只能有一个名称，标为存疑，请向原登记机关核实。"
        self._tell(row.number, "uscc", told, row.name, row.uscc, refused=False)
        self.disputed[row.uscc] = row.name if first != row.name else self.disputed.get(row.uscc, "")

    def _store(self, rows: Sequence[Row]) -> None:
        parts = [take_apart(row.name, self._places(registry_of(row.division))) for row in rows]
        made = [_entity(row, named) for row, named in zip(rows, parts, strict=True)]
        entities = MarketEntity.objects.bulk_create(made, batch_size=BATCH)
        self.report.created += len(entities)
        entries = [SearchEntry(entity_id=e.pk, words=search_words(e.name)) for e in entities]
        SearchEntry.objects.bulk_create(entries, batch_size=BATCH)
        names = [
            HeldName(
                registry=e.registry,
                kind=HeldName.ENTITY,
                entity_id=e.pk,
                held_from=e.established_on,
                **fields_of(named),
            )
            for e, named in zip(entities, parts, strict=True)
        ]
        HeldName.objects.bulk_create(names, batch_size=BATCH, ignore_conflicts=True)
        EntityEvent.objects.bulk_create([_event(e) for e in entities], batch_size=BATCH)

    def mark_disputed(self) -> None:
        """Mark the entities whose code somebody else carries too."""
        rows = MarketEntity.objects.filter(uscc__in=list(self.disputed), code_disputed=False)
        marked = list(rows) if self.disputed else []
        MarketEntity.objects.filter(pk__in=[e.pk for e in marked]).update(code_disputed=True)
        EntityEvent.objects.bulk_create([self._disputed_event(e) for e in marked])

    def _disputed_event(self, entity: MarketEntity) -> EntityEvent:
        other = self.disputed[entity.uscc]
        note = f"“{other}”带着同一个代码，待核实。" if other else "原系统记载另有名称使用同一个代码，待核实。"
        return EntityEvent(entity=entity, kind="dispute", at=self.at, by="历史登记导入", note=note)


def _entity(row: Row, parts: NameParts) -> MarketEntity:
    return MarketEntity(
        uscc=row.uscc, name=row.name, kind=row.kind, registry=registry_of(row.division), division=row.division,
        address=row.address, capital=row.capital, capital_note=row.capital_note,
        industry=industry_of_division(parts.trade_code), established_on=row.on, approved_on=row.on,
    )  # fmt: skip


def _event(entity: MarketEntity) -> EntityEvent:
    then = datetime.combine(entity.established_on, time(), CHINA)
    return EntityEvent(entity_id=entity.pk, kind="set_up", at=then, by="原登记机关", note="据原登记系统导入")

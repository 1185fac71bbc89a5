"""Loading the reference divisions, and recording what changes."""

import csv
import gzip
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from yimen.foundation.orgs.events import DivisionReplaced
from yimen.foundation.orgs.models import Division, DivisionChange
from yimen.foundation.orgs.rules import BEFORE_RECORDS, ancestor_codes, full_code, level_of
from yimen.foundation.orgs.services.organisations import require_reach
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.events import announce

DATA = Path(__file__).resolve().parent.parent / "data"
BATCH = 500


@dataclass(frozen=True, kw_only=True)
class DivisionRow:
    """One division to be stored: code of any length, name, and the days it exists."""

    code: str
    name: str
    valid_from: date = BEFORE_RECORDS
    valid_to: date | None = None


def _read(name: str) -> list[dict[str, str]]:
    with gzip.open(DATA / name, "rb") as packed:
        return list(csv.DictReader(io.TextIOWrapper(packed, encoding="utf-8", newline="")))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@transaction.atomic
def load_divisions(at: datetime) -> int:
    """Store the reference divisions (provinces, cities, counties; towns of Guangdong; known abolished codes).

    Idempotent; what is stored already stays as it is. Returns how many divisions were added.

    Args:
        at: the moment of loading (kept for the caller's log; the data carries its own edition).
    """
    rows = [
        DivisionRow(
            code=row["code"],
            name=row["name"],
            valid_from=_day(row["valid_from"]) or BEFORE_RECORDS,
            valid_to=_day(row["valid_to"]),
        )
        for row in _read("divisions.csv.gz")
    ]
    added = save_divisions(rows)
    changes = (
        DivisionChange(
            old_code=full_code(row["old_code"]),
            new_code=full_code(row["new_code"]),
            on=date.fromisoformat(row["on"]),
            kind=row["kind"],
            note=row["note"],
        )
        for row in _read("changes.csv.gz")
    )
    DivisionChange.objects.bulk_create(changes, ignore_conflicts=True)
    return added


@transaction.atomic
def save_divisions(rows: Iterable[DivisionRow]) -> int:
    """Store divisions that are not there yet, with their parents and full names; returns how many were added."""
    wanted = {full_code(row.code): row for row in rows}
    above = {code for row in wanted for code in ancestor_codes(row)}
    known = _known(set(wanted) | above)
    names = {code: name for code, (_, name) in known.items()}
    names |= {code: row.name for code, row in wanted.items() if code not in names}
    ids = {code: key for code, (key, _) in known.items()}
    added = 0
    for level in Division.Level.values:
        fresh = [
            _division(code, row, level, names, ids)
            for code, row in wanted.items()
            if code not in known and level_of(code) == level
        ]
        for division in Division.objects.bulk_create(fresh, batch_size=BATCH):
            ids[division.code] = division.pk
        added += len(fresh)
    return added


def _known(codes: set[str]) -> dict[str, tuple[int, str]]:
    found = Division.objects.order_by().values_list("code", "pk", "name")
    if len(codes) <= BATCH:
        found = found.filter(code__in=codes)
    return {code: (key, name) for code, key, name in found.iterator() if code in codes}


def _division(
    code: str, row: DivisionRow, level: int, names: dict[str, str], ids: dict[str, int]
) -> Division:
    above = ancestor_codes(code)
    parent = next((ids[step] for step in above if step in ids), None)
    # 直辖市的"市辖区"层没有自己的名字: it would read 北京市市辖区东城区
    chain = [names[step] for step in reversed(above) if step in names and names[step] not in _LEVEL_FILLERS]
    return Division(
        code=code,
        name=row.name,
        full_name="".join([*chain, row.name]),
        level=level,
        parent_id=parent,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


_LEVEL_FILLERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@transaction.atomic
def record_change(
    old_code: str, new_code: str, *, on: date, kind: str, actor: Actor, at: datetime, note: str = ""
) -> DivisionChange:
    """Record that a code went over into another on a day, and abolish the old one.

    Raises:
        NotAllowed: the actor's grant does not reach the division.
    """
    old = Division.objects.filter(code=full_code(old_code)).first()
    if old is not None:
        require_reach(actor, old)
        old.valid_to = on
        old.save(update_fields=["valid_to"])
    change, _ = DivisionChange.objects.get_or_create(
        old_code=full_code(old_code),
        new_code=full_code(new_code),
        on=on,
        defaults={"kind": kind, "note": note},
    )
    trace.append(
        "division", change.old_code, "replace_division", actor, at, note=f"→ {change.new_code} {note}"
    )
    announce(
        DivisionReplaced(
            at=at,
            old_code=change.old_code,
            new_code=change.new_code,
            kind=change.kind,
            actor_id=actor.account_id,
        )
    )
    return change

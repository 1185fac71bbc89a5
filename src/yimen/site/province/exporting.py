"""The province as plain files, for whoever wants to use it without the platform; and the answer key."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from yimen.foundation.calendar.api import packaged_calendar
from yimen.site.province import catalogue
from yimen.site.province.courses import Courses
from yimen.site.province.days import DAY, WorkTime, day_texts
from yimen.site.province.drawing import Drawing
from yimen.site.province.places import Places
from yimen.site.province.plan import DEPARTMENTS, Plan
from yimen.site.province.records import APPLICANT, Case
from yimen.site.province.rows import SECONDS

Say = Callable[[str], None]
SCHEMA: dict[str, tuple[str, ...]] = {
    "divisions": ("code", "name"),
    "organisations": ("code", "name", "division"),
    "items": ("code", "name", "kind", "organisation", "legal_days", "promised_days", "steps", "fee"),
    "cases": (
        "case", "item", "organisation", "division", "channel", "applicant", "state", "received_at", "renewed_at", "accepted_at",
        "decided_at", "finished_at", "outcome", "corrections",
    ),
    "events": ("case", "sequence", "at", "act", "from_state", "to_state", "actor", "clause", "note", "data"),
    "clocks": (
        "case", "kind", "part", "working_days", "first_day", "started_at", "due_on", "state", "stopped_at", "organisation",
        "excluded",
    ),
    "materials": ("case", "requirement", "source", "state", "handed_in_at"),
    "opinions": ("case", "step", "organisation", "asked_at", "due_on", "answered_at"),
    "faults": ("rule", "subject"),
}  # fmt: skip
"""The files and their columns; docs/how-to/synthetic-province.md says what each means."""


def export(plan: Plan, folder: Path, *, say: Say = lambda text: None) -> dict[str, int]:
    """Write every file into a folder; the same plan gives the same bytes.

    Returns:
        Rows of each file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    places, work = Places(plan), WorkTime(packaged_calendar())
    counts = dict.fromkeys(SCHEMA, 0)
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(_file(folder / f"{name}.csv.gz", SCHEMA[name])) for name in SCHEMA
        }

        def put(name: str, rows: Iterable[tuple[Any, ...]]) -> None:
            held = list(rows)
            writers[name].writerows(held)
            counts[name] += len(held)

        put("divisions", places.divisions())
        put("organisations", ((o.code, o.name, o.division) for o in places.offices))
        put("items", _items(plan, places))
        spell = _Spelling(plan, places)
        drawing, courses = Drawing(plan, work), Courses(plan, work, places)
        for number in plan.batches:
            made = list(courses.cases(drawing.batch(number)))
            put("cases", (spell.case(c) for c in made))
            put("events", (row for c in made for row in spell.events(c)))
            put("clocks", (row for c in made for row in spell.clocks(c)))
            put(
                "materials",
                ((c.number, r, s, state, spell.moment(at)) for c in made for r, s, state, at in c.materials),
            )
            put("opinions", (row for c in made for row in spell.opinions(c)))
            put("faults", sorted({fault for c in made for fault in c.faults}))
            say(f"{counts['cases']:,} cases")
    (folder / "plan.json").write_text(json.dumps(plan.told(), indent=2) + "\n", encoding="utf-8")
    return counts


@contextmanager
def _file(path: Path, header: tuple[str, ...]) -> Iterator[Any]:
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=5, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        yield writer


def _items(plan: Plan, places: Places) -> Iterator[tuple[Any, ...]]:
    each = plan.items_a_county
    for number, code in enumerate(catalogue.item_codes(plan)):
        county, base = divmod(number, each)
        if county >= plan.counties:
            county, base = plan.counties, number - plan.counties * each
        kind = catalogue.kind_of(base)
        shape = catalogue.SHAPES[kind]
        office = places.offices[county * DEPARTMENTS + catalogue.department_of(base)]
        fee = catalogue.FEE_AMOUNT if kind == catalogue.FEE else 0
        yield (
            code,
            catalogue.base_name(base),
            kind,
            office.code,
            shape.legal,
            shape.promised,
            " ".join(shape.steps),
            fee,
        )


class _Spelling:
    """How numbers of the plan read in the files."""

    def __init__(self, plan: Plan, places: Places) -> None:
        self._items = catalogue.item_codes(plan)
        self._offices, self._workers = places.offices, places.workers
        self._days: dict[int, str] = {}

    def moment(self, at: int) -> str:
        if not at:
            return ""
        day = at // DAY
        if day not in self._days:
            self._days[day] = day_texts([day + 719_163])[0]
        return f"{self._days[day]}T{SECONDS[at % DAY]}Z"

    def case(self, c: Case) -> tuple[Any, ...]:
        office = self._offices[c.office]
        return (
            c.number, self._items[c.item], office.code, office.division, c.channel, c.person, c.state, self.moment(c.received),
            self.moment(c.renewed), self.moment(c.accepted), self.moment(c.decided), self.moment(c.finished), c.outcome,
            c.corrections,
        )  # fmt: skip

    def events(self, c: Case) -> Iterator[tuple[Any, ...]]:
        for n, e in enumerate(c.events, 1):
            actor = "applicant" if e.worker == APPLICANT else self._workers[e.worker].username
            yield c.number, n, self.moment(e.at), e.act, e.before, e.after, actor, e.clause, e.note, e.data

    def clocks(self, c: Case) -> Iterator[tuple[Any, ...]]:
        for k in c.clocks:
            excluded = " ".join(f"{_day(first)}/{_day(last)}" for first, last, _ in k.pauses)
            office = self._offices[k.office].code if k.office >= 0 else ""
            part = k.suffix.lstrip(":").split(":", 1)[0]
            yield (
                c.number, k.kind, part, k.amount, k.first_day, self.moment(k.started), _day(k.due), k.state,
                self.moment(k.stopped), office, excluded,
            )  # fmt: skip

    def opinions(self, c: Case) -> Iterator[tuple[Any, ...]]:
        for o in c.opinions:
            yield (
                c.number,
                o.step,
                self._offices[o.office].code,
                self.moment(o.asked),
                _day(o.due),
                self.moment(o.answered),
            )


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat() if ordinal else ""


def write_key(path: Path, faults: Iterable[tuple[str, str]]) -> None:
    """The answer key: rule and subject (number of a case, or ``organisation:month`` of a burst)."""
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(SCHEMA["faults"])
        writer.writerows(faults)


def read_key(path: Path) -> set[tuple[str, str]]:
    """The answer key that ``write_key`` or ``export`` wrote."""
    packed = path.suffix == ".gz"
    with (gzip.open if packed else open)(path, "rt", encoding="utf-8", newline="") as text:
        return {(row["rule"], row["subject"]) for row in csv.DictReader(text)}

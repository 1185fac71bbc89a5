"""From cases to the rows of the platform's tables, hash chains included; the same for COPY and for SQLite."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from yimen.foundation.identity.api import seal_json
from yimen.kernel.clock import CHINA
from yimen.modules.cases import rules as case_rules
from yimen.modules.flows import api as flows
from yimen.modules.items.content import ReviewStep
from yimen.site.province import catalogue
from yimen.site.province.counting import CLAUSES
from yimen.site.province.days import DAY, EPOCH, day_texts, texts
from yimen.site.province.places import Places
from yimen.site.province.records import APPLICANT, Case, Clock, Event

CLOCKS_OF_TIME = texts(range(DAY))
SECONDS = [text[11:] for text in CLOCKS_OF_TIME]
STEPPED = ("accepted", "in_review", "suspended")
SUBJECTS = {"step": "case_step", "opinion": "case_opinion"}
DUE_KINDS = frozenset({"telling", "legal", "promised", "delivery"})
FORMS = 64

COLUMNS: dict[str, tuple[str, ...]] = {
    "cases.Application": (
        "id", "number", "state", "person_id", "entity_id", "channel", "centre_id", "division", "form_sealed", "delivery_way",
        "created_at", "received_at", "closed_at",
    ),
    "cases.Case": (
        "id", "number", "application_id", "item_id", "standard_id", "organisation_id", "centre_id", "division", "state", "is_open",
        "flow", "resume_state", "received_at", "accepted_at", "decided_at", "finished_at", "due_at", "outcome", "corrections",
        "revision", "trace_length", "trace_head", "tallied",
    ),
    "trace.Event": (
        "id", "subject_kind", "subject_key", "sequence", "at", "actor_id", "actor_name", "on_behalf", "channel", "act",
        "from_state", "to_state", "clause", "note", "data", "previous", "hash",
    ),
    "deadlines.Clock": (
        "id", "subject_kind", "subject_key", "kind", "amount", "unit", "first_day", "roll", "started_at", "due_on", "due_at",
        "awaits_year", "state", "stopped_at", "holder", "organisation_id", "division", "clause", "exclusions", "extensions",
        "region", "calendar_version",
    ),
    "cases.Material": (
        "id", "application_id", "case_id", "requirement", "name", "source", "trust", "state", "handed_in_at",
    ),
    "cases.OpinionRequest": (
        "id", "case_id", "step", "organisation_id", "asked_at", "due_at", "silence_means", "answer", "answered_at",
    ),
}  # fmt: skip
MATERIAL_NAMES = {"application": "申请书", "identity": "主体资格证明", "proof": "符合条件的证明材料"}
TRUST = {"application": "D", "identity": "A", "proof": "B"}


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a database's bulk loading spells nothing, truth, moments and bytes."""

    null: Any
    true: Any
    false: Any
    moment: Callable[[str, str], Any]
    binary: Callable[[bytes], Any]


COPY = Dialect(
    null="\\N",
    true="t",
    false="f",
    moment=lambda day, clock: f"{day}T{clock}Z",
    binary=lambda b: "\\\\x" + b.hex(),
)
SQLITE = Dialect(null=None, true=1, false=0, moment=lambda day, clock: f"{day} {clock}", binary=lambda b: b)


@dataclass(frozen=True, kw_only=True)
class Refs:
    """Numbers of rows that cases point to; each list is indexed as the plan counts.

    Args:
        first: the next free id of each table, by label of the model.
        people, entities: ids by number of applicant; one of the two is 0.
        accounts: id of the first account of staff; the others follow.
    """

    first: dict[str, int]
    people: list[int]
    entities: list[int]
    items: list[int]
    standards: list[int]
    organisations: list[int]
    centres: list[int]
    accounts: int
    calendar_version: int = 0


@dataclass
class Tables:
    """Rows by label of the model."""

    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {name: [] for name in COLUMNS})


class RowMaker:
    """Turns cases into rows; counts ids on from batch to batch."""

    def __init__(self, dialect: Dialect, refs: Refs, places: Places, following_year: int) -> None:
        self.dialect, self.refs, self.places = dialect, refs, places
        self._next = dict(refs.first)
        self._days: dict[int, str] = {}
        self._acts: dict[tuple[str, ...], str] = {}
        self._actors: dict[tuple[int, str], tuple[Any, str, str]] = {}
        self._steps: dict[str, tuple[ReviewStep, ...]] = {}
        self._forms = [
            dialect.binary(seal_json({"remarks": f"虚构申请内容第{n}种"}, "form")) for n in range(FORMS)
        ]
        self.division = [o.division for o in places.offices]
        self._names = [o.name for o in places.offices]
        self._following = following_year

    def rows_of(self, cases: list[Case]) -> Tables:
        """All rows of these cases."""
        tables = Tables()
        for case in cases:
            self._add(case, tables.rows)
        return tables

    def id_of(self, case: Case) -> int:
        return self.refs.first["cases.Case"] + case.serial

    def day(self, number: int) -> str:
        """``2026-11-30`` of a day since 1970 (UTC)."""
        found = self._days.get(number)
        if found is None:
            found = self._days[number] = day_texts([number + EPOCH])[0]
        return found

    def moment(self, at: int) -> Any:
        return self.dialect.moment(self.day(at // DAY), SECONDS[at % DAY]) if at else self.dialect.null

    def _add(self, case: Case, rows: dict[str, list[tuple[Any, ...]]]) -> None:
        d, refs, moment = self.dialect, self.refs, self.moment
        key = self.id_of(case)
        application = refs.first["cases.Application"] + case.serial
        number = case.number[:-2]
        person, entity = refs.people[case.person], refs.entities[case.person]
        centre = refs.centres[case.county] if case.channel == "window" else d.null
        division = self.division[case.office]
        received, finished = moment(case.received), moment(case.finished)
        rows["cases.Application"].append(
            (
                application, number, "submitted" if case.is_open else "closed", person or d.null, entity or d.null,
                case.channel, centre, division, self._forms[case.serial % FORMS],
                "window" if case.channel == "window" else "electronic", received, received, finished,
            )
        )  # fmt: skip
        head = self._events(case, rows["trace.Event"])
        due = self._clocks(case, division, rows["deadlines.Clock"])
        rows["cases.Case"].append(
            (
                key, case.number, application, refs.items[case.item], refs.standards[case.item],
                refs.organisations[case.office], centre, division, case.state, d.true if case.is_open else d.false,
                self._flow(case), case.resume, moment(case.renewed), moment(case.accepted), moment(case.decided), finished,
                due if case.is_open else d.null, case.outcome, case.corrections, len(case.events), len(case.events), head,
                d.false if case.is_open else d.true,
            )
        )  # fmt: skip
        number_of_row = self._next["cases.Material"]
        for code, source, state, at in case.materials:
            rows["cases.Material"].append(
                (
                    number_of_row,
                    application,
                    key,
                    code,
                    MATERIAL_NAMES[code],
                    source,
                    TRUST[code],
                    state,
                    moment(at),
                )
            )
            number_of_row += 1
        self._next["cases.Material"] = number_of_row
        for asked in case.opinions:
            rows["cases.OpinionRequest"].append(
                (
                    self._take("cases.OpinionRequest"), key, asked.step, refs.organisations[asked.office], moment(asked.asked),
                    self._closing(asked.due), "wait", "agree" if asked.answered else "", moment(asked.answered),
                )
            )  # fmt: skip

    def _take(self, table: str) -> int:
        found = self._next[table]
        self._next[table] = found + 1
        return found

    # -- chains -----------------------------------------------------------------------------------------------------

    def _events(self, case: Case, rows: list[tuple[Any, ...]]) -> str:
        number, previous = case.number, ""
        row_id = self._next["trace.Event"]
        for sequence, event in enumerate(case.events, 1):
            actor, name, told = self._actor(event)
            day, clock = self.day(event.at // DAY), SECONDS[event.at % DAY]
            # exactly what trace.rules.event_hash covers; put together by hand because JSON costs six times as much
            body = f'["{day}T{clock}.000000Z","case","{number}",{sequence},{told},{self._act(event)},"{previous}"]'
            digest = sha256(body.encode()).hexdigest()
            rows.append(
                (
                    row_id, "case", number, sequence, self.dialect.moment(day, clock), actor, name, "", event.channel,
                    event.act, event.before, event.after, event.clause, event.note, event.data, previous, digest,
                )
            )  # fmt: skip
            previous = digest
            row_id += 1
        self._next["trace.Event"] = row_id
        return previous

    def _act(self, event: Event) -> str:
        key = event[1:4] + event[6:]
        found = self._acts.get(key)
        if found is None:
            found = json.dumps(list(key), ensure_ascii=False, separators=(",", ":"))[1:-1]
            if event.act != "suspend":
                self._acts[key] = found
        return found

    def _actor(self, event: Event) -> tuple[Any, str, str]:
        key = (event.worker, event.channel)
        found = self._actors.get(key)
        if found is None:
            if event.worker == APPLICANT:
                account, name = None, "申请人"
            else:
                account, name = self.refs.accounts + event.worker, self.places.workers[event.worker].name
            told = json.dumps([account, name, "", event.channel], ensure_ascii=False, separators=(",", ":"))[
                1:-1
            ]
            found = self._actors[key] = (self.dialect.null if account is None else account, name, told)
        return found

    # -- clocks -----------------------------------------------------------------------------------------------------

    def _clocks(self, case: Case, division: str, rows: list[tuple[Any, ...]]) -> Any:
        """The rows of its clocks; what the case's own due moment follows."""
        d, null = self.dialect, self.dialect.null
        first = 0
        for clock in case.clocks:
            due_on = self.day(clock.due - EPOCH) if clock.due else null

            awaits = self._following if not clock.due and clock.state == "running" else null
            office = clock.office
            holder, organisation = self._held(case, clock)
            suffix = clock.suffix
            if office >= 0 and "@" in suffix:
                suffix = suffix.replace(f"@{office}", str(self.refs.organisations[office]))
            rows.append(
                (
                    self._take("deadlines.Clock"), SUBJECTS.get(clock.kind, "case"), case.number + suffix, clock.kind,
                    clock.amount, "working_day", clock.first_day, d.false, self.moment(clock.started), due_on,
                    self._closing(clock.due), awaits, clock.state, self.moment(clock.stopped), holder, organisation,
                    division, CLAUSES[clock.kind], self._exclusions(clock), "[]", "CN", self.refs.calendar_version,
                )
            )  # fmt: skip
            if clock.state == "running" and clock.due and clock.kind in DUE_KINDS:
                first = min(first or clock.due, clock.due)
        return self._closing(first)

    def _held(self, case: Case, clock: Clock) -> tuple[str, Any]:
        if clock.office < 0:
            return ("检测" if clock.kind == "procedure" else "申请人"), self.dialect.null
        name = self._names[clock.office]
        return (f"{name} 审查" if clock.kind == "step" else name), self.refs.organisations[clock.office]

    def _closing(self, day: int) -> Any:
        """The last moment of a local day, to the microsecond."""
        return self.dialect.moment(self.day(day - EPOCH), "15:59:59.999999") if day else self.dialect.null

    def _exclusions(self, clock: Clock) -> str:
        if not clock.pauses:
            return "[]"
        return json.dumps(
            [
                {
                    "from": self.day(first - EPOCH), "to": self.day(last - EPOCH) if last else None, "reason": "检测",
                    "clause": "行政许可法第四十五条", "document": document, "holder": "检测",
                }
                for first, last, document in clock.pauses
            ],
            ensure_ascii=False,
        )  # fmt: skip

    # -- flows ------------------------------------------------------------------------------------------------------

    def _flow(self, case: Case) -> str:
        """The state of the review steps, for cases still under review; nobody asks for that of the others."""
        if case.state not in STEPPED:
            return "{}"
        steps = self._steps.get(case.kind)
        if steps is None:
            base = catalogue.CLASSES * catalogue.PATTERN.index(case.kind)
            steps = self._steps[case.kind] = catalogue.content_of(base).steps
        since = _aware(case.accepted)
        flow = flows.pass_all_of(flows.begin(steps, {}, since), steps, case_rules.RECEIVING_POSTS, 0, since)
        for event in case.events:
            if event.act == "pass_step":
                code = json.loads(event.data)["step"]
                if code in flows.open_steps(flow):
                    flow, _ = flows.pass_step(
                        flow, steps, code, self.refs.accounts + event.worker, _aware(event.at)
                    )
        return json.dumps(flow)


def _aware(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(CHINA)

"""What compiling gives: immutable values, the same for pages, REST, bench and proof."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from yimen.modules.cases.api import Alike, AskedPaper
from yimen.modules.forms.definition import FormDefinition
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import Condition, Fee, Limit, Situation

Answers = Mapping[str, Any]
FACTS_ALONE = frozenset({"applicant_kind", "licences", "today"})
"""Names in rules that only the platform fills in: no answer may claim them."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the platform knows of the applicant before asking.

    Args:
        values: facts and form values by code, such as ``applicant_kind``, ``today`` or ``person_name``.
        licences: names of valid licences that the applicant holds; rules read them as ``licences``.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    licences: frozenset[str] = frozenset()

    def scope(self, answers: Answers) -> dict[str, Any]:
        """Everything that rules may read."""
        held: dict[str, Any] = {"licences": sorted(self.licences)} if self.licences else {}
        said = {name: answer for name, answer in answers.items() if name not in FACTS_ALONE}
        return {**held, **self.values, **said}


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Something in which the items differ; never silently dropped.

    Args:
        kind: field, element, situation, material or producer.
        subject: code of the data element, situation or requirement.
        items: codes of those concerned.
        blocking: true when one thing cannot be made of them.
    """

    kind: Literal["field", "element", "situation", "material", "producer"]
    subject: str
    sentence: str
    items: tuple[str, ...] = ()
    blocking: bool = False


@dataclass(frozen=True, kw_only=True)
class CompiledField:
    """One data element of the one form.

    Args:
        asked_by: item codes.
        when, required_when: rules that remain; "" with ``required`` = always required.
        known: the platform knows the value: shown to confirm, not asked.
        met_by: code of the item of this application whose result carries it; "" = none, and it is asked.
    """

    element: str
    label: str
    asked_by: tuple[str, ...]
    required: bool
    required_when: str
    when: str
    known: bool = False
    met_by: str = ""

    @property
    def to_fill(self) -> bool:
        """Has the applicant to fill it in?"""
        return not self.met_by


@dataclass(frozen=True, kw_only=True)
class CompiledRequirement:
    """One paper of the one set, as strict as the strictest of its parts.

    Args:
        key: unique in the set; stable while items and their standards are.
        parts: the requirements of items that it stands for.
        met_by: code of the item of this application whose result it is; "" = none, and the applicant is asked unless spared.
        why: why it is met or why its parts are one paper.
        spared: ``form`` (the filled form stands for it), ``shared_data``, ``licence`` (one that the applicant holds) or "".
        media: the media that parts insist on, empty = any.
        required_when: joined by OR; "" = always.
    """

    key: str
    name: str
    parts: tuple[AskedPaper, ...]
    asked_by: tuple[str, ...]
    met_by: str = ""
    why: str = ""
    spared: Literal["", "form", "shared_data", "licence"] = ""
    trust: str = "C"
    originals: int = 0
    copies: int = 0
    media: tuple[str, ...] = ()
    main: bool = True
    required_when: str = ""
    accept: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()

    @property
    def to_hand_in(self) -> bool:
        """Has the applicant to bring it?"""
        return not self.met_by and not self.spared


@dataclass(frozen=True, kw_only=True)
class CompiledQuestion:
    """A situation question of the items, asked once.

    Args:
        answer: the answer given, by the theme or by the applicant; "" = still open.
    """

    situation: Situation
    asked_by: tuple[str, ...]
    answer: str = ""


@dataclass(frozen=True, kw_only=True)
class CompiledCondition:
    """One acceptance condition with the items that set it."""

    condition: Condition
    asked_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """A field or material that these answers make unnecessary, and the rule that says so."""

    item: str
    kind: Literal["field", "material"]
    code: str
    name: str
    rule: str


@dataclass(frozen=True, kw_only=True)
class Edge:
    """One item waits for another.

    Args:
        supplies: codes of the later item's requirements that the earlier one's result meets.
        brings: data elements of the later item that the earlier one's result carries.
        kind: ``result`` (follows from the standards) or ``order`` (set by the author).
    """

    earlier: str
    later: str
    supplies: tuple[str, ...] = ()
    brings: tuple[str, ...] = ()
    kind: Literal["result", "order"] = "result"
    why: str = ""
    clause: str = ""
    when_failed: Literal["ask", "terminate"] = "ask"


@dataclass(frozen=True, kw_only=True)
class PlannedItem:
    """When an item is worked on, in working days after acceptance of the whole.

    Args:
        starts: the end of the latest of those it waits for; 0 = at once.
        ends: ``starts`` and its own promised days.
        slack: by how many days it may start later without moving the joint date.
        note: how its limit became working days, where it is in another unit.
    """

    item: str
    name: str
    organisation_code: str
    organisation_name: str
    starts: int
    ends: int
    slack: int
    limit: Limit
    note: str = ""

    @property
    def days(self) -> int:
        return self.ends - self.starts


@dataclass(frozen=True, kw_only=True)
class FeeLine:
    """One fee of one item."""

    item: str
    fee: Fee


@dataclass(frozen=True, kw_only=True)
class Fees:
    """Fees kept apart by item and basis, and added up by unit."""

    lines: tuple[FeeLine, ...] = ()
    totals: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Saving:
    """One figure both ways: item after item, and as one thing."""

    one_by_one: int
    together: int

    @property
    def saved(self) -> int:
        return self.one_by_one - self.together


@dataclass(frozen=True, kw_only=True)
class Savings:
    """What one thing saves.

    Args:
        materials: things to bring (without filled forms and what departments check themselves).
        fields: data elements to fill.
        visits: trips; those on one day to one place count once.
        days: working days; item after item, each begun when the one before is done.
    """

    materials: Saving
    fields: Saving
    visits: Saving
    days: Saving


@dataclass(frozen=True, kw_only=True)
class ProofRow:
    """Where one thing of one item went.

    Args:
        kind: field, material, condition, question, fee, edge or limit.
        went_to: what stands for it in the one thing.
        how: ``kept``, ``merged``, ``met``, ``spared``, ``answered`` or ``not_needed``.
        demanded: the rule under which the item wants it; "" = always.
        holds: checked, and nothing was lost.
        why: in words; what is missing when it does not hold.
    """

    item: str
    kind: str
    code: str
    name: str
    went_to: str
    how: str
    demanded: str = ""
    holds: bool = True
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """That no field, material or condition of any item was lost: a table that anybody can check row by row."""

    rows: tuple[ProofRow, ...]

    @property
    def complete(self) -> bool:
        return all(row.holds for row in self.rows)

    @property
    def lost(self) -> tuple[ProofRow, ...]:
        return tuple(row for row in self.rows if not row.holds)


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """Many items as one thing.

    Args:
        items: the standards, in the order of the catalogue.
        form: the one form of all, whole; ``fields`` says what these answers leave of it.
        questions: situation questions of the items, open and answered.
        requirements: the one set of materials, met and spared ones included.
        dropped: what these answers make unnecessary.
        suggestions: papers that look alike and were kept apart.
        schedule: one row an item, in the order of ``items``.
        critical_path: item codes, first to last, that set the joint date.
        promised_limit: the joint promise, in working days from acceptance.
        notes: how limits were converted, and what else a reader should know.
    """

    items: tuple[PublishedStandard, ...]
    form: FormDefinition
    fields: tuple[CompiledField, ...]
    questions: tuple[CompiledQuestion, ...]
    requirements: tuple[CompiledRequirement, ...]
    conditions: tuple[CompiledCondition, ...]
    dropped: tuple[Dropped, ...]
    conflicts: tuple[Conflict, ...]
    suggestions: tuple[Alike, ...]
    edges: tuple[Edge, ...]
    schedule: tuple[PlannedItem, ...]
    critical_path: tuple[str, ...]
    promised_limit: Limit
    fees: Fees
    saved: Savings
    proof: Proof
    notes: tuple[str, ...] = ()

    @property
    def awaited(self) -> frozenset[str]:
        """Data elements that results bring: not asked."""
        return frozenset(field.element for field in self.fields if field.met_by)

    @property
    def form_to_fill(self) -> FormDefinition:
        """The one form without what results bring."""
        if not self.awaited:
            return self.form
        sections = (
            section.model_copy(
                update={"fields": tuple(f for f in section.fields if f.element not in self.awaited)}
            )
            for section in self.form.sections
        )
        return self.form.model_copy(update={"sections": tuple(s for s in sections if s.fields)})

    @property
    def met(self) -> dict[tuple[str, str], str]:
        """(item, requirement) to the name of the item of this application whose result stands for it."""
        names = {standard.code: standard.content.name for standard in self.items}
        return {
            part.reference: names[one.met_by] for one in self.requirements if one.met_by for part in one.parts
        }

    @property
    def blocking(self) -> tuple[Conflict, ...]:
        """Conflicts that keep the theme from being published."""
        return tuple(conflict for conflict in self.conflicts if conflict.blocking)

"""A case as part of one thing: its companions, what waits for what, and what the lead department may do for all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yimen.kernel.actor import Actor
from yimen.modules.cases import api as cases
from yimen.modules.themes import api as themes
from yimen.portals.desk.grants import ACCEPT, CORRECT, CREATE

FORM = "申请表填写内容"
TOGETHER = {"accept": ACCEPT, "tell": CORRECT}
"""What the lead department does for all, and the grant it takes."""


@dataclass(frozen=True, kw_only=True)
class Companion:
    """One case of the thing. Item, organisation and state are no personal data and are shown to every department of it.

    Args:
        here: it is the case that is being looked at.
        openable: the actor may open it.
        waits: names of the items whose decision it still waits for.
    """

    case: cases.Case
    here: bool
    openable: bool
    waits: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one department found to be corrected, not told yet."""

    case: cases.Case
    lines: list[dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Thing:
    """The joint application of a case.

    Args:
        name: of the theme, "" where items were simply applied for together.
        lead: the department that leads, "" = none.
        due_at: until when all results are promised, once that clock runs.
        waits_for, waited_by: names of items before and after the case that is looked at.
        own: what this case's department found, waiting to be told once.
        acceptable: what the lead would accept now; empty for anybody else.
        tellable: what the lead would tell now; empty for anybody else.
    """

    name: str
    lead: str
    due_at: datetime | None
    together: bool
    rows: list[Companion]
    waits_for: tuple[str, ...] = ()
    waited_by: tuple[str, ...] = ()
    own: Finding | None = None
    acceptable: list[cases.Case] = field(default_factory=list)
    tellable: list[Finding] = field(default_factory=list)

    @property
    def decided(self) -> int:
        """How many of its cases have their decision or another end."""
        return sum(row.case.state in cases.DECIDED for row in self.rows)

    def included(self, name: str) -> list[str]:
        """Numbers of the cases that this act of the lead would reach."""
        found = self.acceptable if name == "accept" else [finding.case for finding in self.tellable]
        return sorted(case.number for case in found)


def thing_of(case: cases.Case, actor: Actor) -> Thing | None:
    """The thing that a case belongs to, ``None`` for a case on its own; a handful of statements however many cases."""
    application = case.application
    if not application.joint:
        return None
    every = list(application.cases.select_related("item", "organisation").order_by("id"))
    before, after = _links(application, every)
    proposed = [finding_of(one) for one in every if one.proposed and one.state == cases.CaseState.SUBMITTED]
    openable = openable_of(application, actor)
    return Thing(
        name=themes.names_of_applications([application.pk]).get(application.pk, ""),
        lead=application.lead.label if application.lead else "",
        due_at=cases.joint_due(application),
        together=application.together,
        rows=[
            Companion(
                case=one,
                here=one.pk == case.pk,
                openable=one.pk in openable,
                waits=before.get(one.pk, ()),
            )
            for one in every
        ],
        waits_for=before.get(case.pk, ()),
        waited_by=after.get(case.pk, ()),
        own=next((found for found in proposed if found.case.pk == case.pk), None),
        acceptable=acceptable_of(every) if leads(every, actor, ACCEPT) else [],
        tellable=proposed if leads(every, actor, CORRECT) else [],
    )


def leads(every: Iterable[cases.Case], actor: Actor, grant: str) -> bool:
    """Does this grant of the actor reach the lead department's case of the application?"""
    return any(
        case.organisation_id == case.application.lead_id and cases.permits(grant, actor, case)
        for case in every
    )


def acceptable_of(every: Iterable[cases.Case]) -> list[cases.Case]:
    """What one acceptance for all would accept: handed in, and nothing found to be corrected."""
    return [case for case in every if case.state == cases.CaseState.SUBMITTED and case.proposed is None]


def openable_of(application: cases.Application, actor: Actor) -> set[int]:
    """Which cases of an application the actor may open, in one statement."""
    if (
        actor.may(CREATE)
        and application.account_id is not None
        and application.account_id == actor.account_id
    ):
        return set(application.cases.values_list("pk", flat=True))
    rows = cases.cases_visible_to(actor).filter(application=application)
    return set(rows.values_list("pk", flat=True))


def finding_of(case: cases.Case) -> Finding:
    """What a department put forward, with the names people know."""
    names = {"form": FORM} | {m.code: m.name for m in case.published.content.materials}
    lines: list[Mapping[str, Any]] = case.proposed or []
    return Finding(
        case=case,
        lines=[
            {
                "name": names.get(str(line["requirement"]), str(line["requirement"])),
                "reason": str(line["reason"]),
            }
            for line in lines
        ],
    )


Names = dict[int, tuple[str, ...]]


def _links(application: cases.Application, every: Iterable[cases.Case]) -> tuple[Names, Names]:
    """Case id to the names of what it waits for, and of what waits for it, in one statement."""
    names = {case.pk: case.item.name for case in every}
    pending = cases.CaseLink.objects.filter(later__application=application, state="pending").order_by("id")
    before: Names = {}
    after: Names = {}
    for earlier, later in pending.values_list("earlier_id", "later_id"):
        before[later] = (*before.get(later, ()), names[earlier])
        after[earlier] = (*after.get(earlier, ()), names[later])
    return before, after

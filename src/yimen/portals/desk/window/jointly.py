"""A joint application at the window: one acceptance and one notice for all departments, where the clerk acts for the lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yimen.kernel.actor import Actor
from yimen.kernel.errors import Invalid
from yimen.modules.cases import api as cases
from yimen.modules.themes import api as themes
from yimen.portals.desk.grants import ACCEPT, CORRECT
from yimen.portals.desk.window.handing import Received, received
from yimen.portals.desk.work.thing import acceptable_of, leads


@dataclass(frozen=True, kw_only=True)
class Jointly:
    """What the page of a joint application offers for all of its cases.

    Args:
        name: of the theme, "" where items were simply applied for together.
        accept: how many cases one acceptance would reach; 0 = not now, or not by this clerk.
        lacking: how many cases miss something that has not been put forward yet.
        tells: the clerk may send the one notice; otherwise what is missing is put forward to the departments.
        proposed: how many findings wait to be told.
    """

    name: str
    lead: str
    accept: int
    lacking: int
    tells: bool
    proposed: int


def jointly(application: cases.Application, rows: Sequence[Received], actor: Actor) -> Jointly | None:
    """``None`` for an application whose cases run on their own.

    What still misses something is not accepted at one stroke: first it is told.
    """
    if not application.joint:
        return None
    every = [row.case for row in rows]
    lacking = len(_lacking(rows))
    may_accept = leads(every, actor, ACCEPT) and not lacking
    return Jointly(
        name=themes.names_of_applications([application.pk]).get(application.pk, ""),
        lead=application.lead.label if application.lead else "",
        accept=len(acceptable_of(every)) if may_accept else 0,
        lacking=lacking,
        tells=leads(every, actor, CORRECT),
        proposed=sum(c.state == cases.CaseState.SUBMITTED and c.proposed is not None for c in every),
    )


def _lacking(rows: Sequence[Received]) -> list[Received]:
    return [r for r in rows if r.lines and "request_correction" in r.possible and r.case.proposed is None]


def tell_all(application: cases.Application, actor: Actor, at: datetime) -> list[cases.Case]:
    """Put forward whatever is missing from every case; for the lead department, tell it all in one notice now.

    Returns:
        The cases that were told; empty when what is missing now waits for the departments.

    Raises:
        Invalid: nothing is missing.
        NotAllowed, NotPossible: the table says no.
    """
    with transaction.atomic():
        rows = received(application, actor, at)
        lacking = _lacking(rows)
        if not lacking and not any(row.case.proposed for row in rows):
            raise Invalid("这次申请不缺材料，可以直接受理。")
        for row in lacking:
            cases.act(row.case.number, "request_correction", {"missing": row.lines}, actor, at)
        held = application.cases.filter(state=cases.CaseState.SUBMITTED, proposed__isnull=False)
        if held.exists() and leads([row.case for row in rows], actor, CORRECT):
            cases.tell_together(application.number, actor, at)
    wanted = [row.case.number for row in rows]
    told = application.cases.filter(number__in=wanted, state=cases.CaseState.CORRECTION_REQUESTED)
    return list(told.order_by("id"))

"""The rows of the hall: only what one applied for, or may act for, whatever post one holds elsewhere."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotFound
from yimen.modules.cases import api as cases

NOT_THERE = "没有找到这个办件，可能是编号输错了，也可能它不是您的。"
LONGEST_NUMBER = 40


def own_cases_of(actor: Actor, *joins: str) -> Prefetch[Any]:
    """The cases of an application that the actor may know of: an agent for some matters is not shown the others."""
    return Prefetch("cases", cases.own_cases(actor).select_related(*joins).order_by("id"))


def reaches_whole(application_id: int, actor: Actor) -> bool:
    """May the actor know of every case of an application? Only then is a paper about all of them for the actor's eyes."""
    rows = cases.Case.objects.filter(application_id=application_id)
    own = cases.own_cases(actor).filter(application_id=application_id)
    return own.exists() and not rows.exclude(pk__in=own.values("pk")).exists()


def application_of(number: str, actor: Actor) -> cases.Application:
    """One's own application with its cases.

    Raises:
        NotFound: unknown or somebody else's; the two look the same from outside.
    """
    found = (
        cases.own_applications(actor)
        .select_related("person", "entity", "agent", "centre")
        .prefetch_related(own_cases_of(actor, "item", "organisation", "standard"))
        .filter(number=number[:LONGEST_NUMBER])
        .first()
    )
    if found is None:
        raise NotFound(NOT_THERE)
    for case in found.cases.all():
        case.application = found
    return found


def case_of(number: str, actor: Actor) -> cases.Case:
    """One's own case.

    Raises:
        NotFound: unknown or somebody else's.
    """
    joins = (
        "application__person",
        "application__entity",
        "application__agent",
        "item",
        "organisation",
        "centre",
    )
    found = cases.own_cases(actor).select_related(*joins).filter(number=number[:LONGEST_NUMBER]).first()
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def waiting_for(actor: Actor) -> QuerySet[cases.Case]:
    """Cases in which the applicant has something to do: correct, bring what is owed, fetch the result."""
    S = cases.CaseState
    asks = Q(state=S.CORRECTION_REQUESTED) | Q(owed__gt=0) | Q(state__in=[S.GRANTED, S.REFUSED])
    rows = cases.own_cases(actor).filter(asks, is_open=True).exclude(state=S.DRAFT)
    return rows.select_related("item", "organisation", "application__person", "application__entity").order_by(
        "due_at", "-id"
    )

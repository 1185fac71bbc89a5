"""What the platform already knows of an applicant, before anything is asked."""

from collections.abc import Callable
from datetime import date

from yimen.kernel.actor import ENTITY, PERSON, Actor
from yimen.modules.cases import api as cases
from yimen.modules.themes.compiling.values import Known

MOST_RESULTS = 200
Holdings = Callable[[int, date], frozenset[str]]
_registers: list[Holdings] = []


def register_holdings(holdings: Holdings) -> None:
    """Let a register say which licences an enterprise holds: ``holdings(id of the legal entity, day)`` gives their names."""
    if holdings not in _registers:
        _registers.append(holdings)


def known_of(actor: Actor, on: date, *, kind: str = PERSON, key: int | None = None) -> Known:
    """Facts about the applicant, and the licences that this platform's own decisions and registers gave them.

    Of an enterprise, or of another person, only whoever represents it in every matter learns what it holds.

    Args:
        actor: a stranger is known by nothing but the kind of applicant.
        on: the day, in China.
        kind: ``person`` or ``entity``: as whom the actor applies.
        key: id of that person or entity; ``None`` = the actor's own person.
    """
    values = {"today": on, "applicant_kind": kind}
    key = actor.person_id if kind == PERSON and key is None else key
    if key is None or not _may_know(actor, kind, key):
        return Known(values=values)
    licences = _granted(kind, key, on)
    if kind == ENTITY:
        licences = licences.union(*(holdings(key, on) for holdings in _registers))
    return Known(values=values, licences=licences)


def _may_know(actor: Actor, kind: str, key: int) -> bool:
    if kind == PERSON and key == actor.person_id:
        return True
    represented = actor.principal_ids if kind == PERSON else actor.entity_ids
    return key in represented and actor.items_for(kind, key) is None


def _granted(kind: str, key: int, on: date) -> frozenset[str]:
    """Names of the licences that were granted here and are valid without a term; one with a term may have run out and is asked for."""
    rows = cases.Case.objects.filter(outcome="granted").exclude(state="revoked")
    if kind == ENTITY:
        rows = rows.filter(application__entity_id=key)
    else:
        rows = rows.filter(application__person_id=key, application__entity__isnull=True)
    return frozenset(
        result.name
        for case in rows.only("standard_id", "decided_at").order_by("-id")[:MOST_RESULTS]
        for result in case.published.content.results
        if result.kind == "licence" and result.validity is None
    )

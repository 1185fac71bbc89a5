"""What the platform already knows of an applicant, before anything is asked."""

from datetime import date

from yimen.kernel.actor import Actor
from yimen.modules.cases import api as cases
from yimen.modules.themes.compiling.values import Known

MOST_RESULTS = 200


def known_of(actor: Actor, on: date, *, kind: str = "person") -> Known:
    """Facts about the actor's own person, and the licences that this platform's own decisions gave them.

    Args:
        actor: a stranger is known by nothing but the kind of applicant.
        on: the day, in China.
        kind: ``person`` or ``entity``: as whom the actor applies.
    """
    values = {"today": on, "applicant_kind": kind}
    if kind != "person" or actor.person_id is None:
        return Known(values=values)
    return Known(values=values, licences=_granted(actor.person_id, on))


def _granted(person_id: int, on: date) -> frozenset[str]:
    """Names of the licences that the person was granted here that are valid without a term; one with a term may have run out and is asked for."""
    rows = (
        cases.Case.objects.filter(application__person_id=person_id, outcome="granted")
        .exclude(application__entity__isnull=False)
        .only("standard_id", "decided_at")
        .order_by("-id")[:MOST_RESULTS]
    )
    return frozenset(
        result.name
        for case in rows
        for result in case.published.content.results
        if result.kind == "licence" and result.validity is None
    )

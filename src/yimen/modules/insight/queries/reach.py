"""Which rows of the cubes an actor may see: the same places as the grant was given for."""

from collections.abc import Iterable

from django.db.models import Q

from yimen.foundation.orgs import api as orgs
from yimen.kernel.actor import Actor, Scope
from yimen.modules.insight.permissions import READ


def cells_visible_to(actor: Actor, grant: str = READ) -> Q:
    """The rows within the actor's scopes; none without the grant."""
    return within(actor.scopes(grant))


def within(scopes: Iterable[Scope]) -> Q:
    """The rows that any of these scopes reaches."""
    wanted = Q(pk__in=[])
    for scope in scopes:
        part = in_division(scope.division)
        if scope.organisation_id is not None:
            part &= Q(organisation=scope.organisation_id)
        if scope.centre_id is not None:
            part &= Q(centre=scope.centre_id)
        if not part:
            return Q()
        wanted = part if wanted == Q(pk__in=[]) else wanted | part
    return wanted


def in_division(prefix: str) -> Q:
    """A division and all below it, as a range of codes that an index can walk; "" = everywhere."""
    if not prefix:
        return Q()
    return Q(division__gte=prefix.ljust(12, "0"), division__lte=prefix.ljust(12, "9"))


def top_division(actor: Actor, grant: str = READ) -> str:
    """The prefix of the division that holds all the actor may see: where drilling begins."""
    prefixes = []
    for scope in actor.scopes(grant):
        code = scope.division
        if scope.organisation_id is not None:
            code = _division_of(orgs.Organisation, scope.organisation_id)
        elif scope.centre_id is not None:
            code = _division_of(orgs.Centre, scope.centre_id)
        prefixes.append(orgs.prefix_of(code) if len(code) == 12 else code)
    if not prefixes:
        return ""
    first, last = min(prefixes), max(prefixes)
    shared = next(
        (n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last))
    )
    return first[: max((n for n in (0, 2, 4, 6, 9, 12) if n <= shared), default=0)]


def _division_of(model: "type[orgs.Organisation] | type[orgs.Centre]", key: int) -> str:
    found = model.objects.filter(pk=key).values_list("division__code", flat=True).first()
    return str(found or "")

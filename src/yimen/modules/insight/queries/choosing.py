"""The organisations and centres that an actor may choose among."""

from django.db.models import Q

from yimen.foundation.orgs import api as orgs
from yimen.kernel.actor import Actor

MOST = 500


def organisation_choices(actor: Actor, grant: str) -> list[tuple[str, str]]:
    """(code, name) of the organisations within the scopes of a grant."""
    reach = Q(pk__in=[])
    for scope in actor.scopes(grant):
        if scope.organisation_id is not None:
            reach |= Q(pk=scope.organisation_id)
        elif scope.division:
            reach |= Q(division__code__startswith=scope.division)
        else:
            return [(o.code, o.label) for o in orgs.organisations()[:MOST]]
    return [(o.code, o.label) for o in orgs.organisations().filter(reach)[:MOST]]


def centre_choices(actor: Actor, grant: str) -> list[tuple[str, str]]:
    """(code, name) of the centres within the scopes of a grant."""
    reach = Q(pk__in=[])
    for scope in actor.scopes(grant):
        if scope.centre_id is not None:
            reach |= Q(pk=scope.centre_id)
        elif scope.organisation_id is not None:
            continue
        elif scope.division:
            reach |= Q(division__code__startswith=scope.division)
        else:
            return [(c.code, c.name) for c in orgs.centres()[:MOST]]
    return [(c.code, c.name) for c in orgs.centres().filter(reach)[:MOST]]

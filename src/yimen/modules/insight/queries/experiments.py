"""Experiments: whose, which."""

from django.db.models import Q, QuerySet

from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotFound
from yimen.modules.insight.models import Experiment
from yimen.modules.insight.permissions import SIMULATE
from yimen.modules.insight.queries.reach import in_division, top_division


def experiments_visible_to(actor: Actor) -> "QuerySet[Experiment]":
    """The experiments over places within the actor's scopes, newest first."""
    wanted = Q(pk__in=[])
    for scope in actor.scopes(SIMULATE):
        if scope.centre_id is not None:
            continue
        part = in_division(scope.division)
        if scope.organisation_id is not None:
            part &= Q(organisation=scope.organisation_id)
        wanted = wanted | part if part else Q(pk__gt=0)
    return Experiment.objects.filter(wanted)


def experiment_with_key(key: int, actor: Actor) -> Experiment:
    """One experiment.

    Raises:
        NotFound: unknown, or not the actor's to see.
    """
    found = experiments_visible_to(actor).filter(pk=key).first()
    if found is None:
        raise NotFound("没有找到这次推演，或者您无权查看。")
    return found


def home_division(actor: Actor) -> str:
    """The twelve-digit division under which an experiment over everything in scope is kept."""
    return top_division(actor, SIMULATE).ljust(12, "0")

"""Reading messages: one's own and those of the enterprises one acts for."""

from django.db.models import Q, QuerySet

from yimen.foundation.notices.models import Notice, Sending
from yimen.foundation.notices.states import OPEN, SendingState
from yimen.kernel.actor import ENTITY, Actor


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """The actor's messages, newest first.

    Those of an enterprise only whoever acts for it in every matter reads: a message does not say of which item it speaks.
    """
    mine = Q(pk__in=[])
    if actor.person_id is not None:
        mine |= Q(person_id=actor.person_id)
    if entities := {key for key in actor.entity_ids if actor.items_for(ENTITY, key) is None}:
        mine |= Q(entity_id__in=entities)
    return Notice.objects.filter(mine).select_related("entity").order_by("-id")


def unread_count(actor: Actor) -> int:
    """How many of the actor's messages are not read yet."""
    if actor.person_id is None and not actor.entity_ids:
        return 0
    return notices_of(actor).filter(read_at=None).count()


def sendings_failed() -> QuerySet[Sending]:
    """What could not be delivered for good, latest first: for the operator."""
    return Sending.objects.filter(state=SendingState.FAILED).select_related("notice").order_by("-failed_at")


def sendings_waiting() -> QuerySet[Sending]:
    """What is still to be sent, soonest first."""
    return Sending.objects.filter(state__in=OPEN).select_related("notice").order_by("available_at", "id")

"""What the console itself does: verify the whole trace piece by piece, put failed background work back in line."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet

from yimen.foundation.notices import api as notices
from yimen.foundation.outbox import api as outbox
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotPossible
from yimen.portals.console.models import Verification

STEP = 100
MOST_TOLD = 100


def runs() -> "QuerySet[Verification]":
    """Latest first."""
    return Verification.objects.order_by("-pk")


def ask(actor: Actor, at: datetime) -> Verification:
    """Put a run in line.

    Raises:
        NotPossible: one is under way.
    """
    under_way = Verification.objects.filter(finished_at=None, error="").first()
    if under_way is not None:
        raise NotPossible(
            "正在验证，还没有结束。", code="under_way", would_pass="请等这一次结束以后再开始下一次。"
        )
    return Verification.objects.create(asked_by_id=actor.account_id, asked_by_name=actor.name, asked_at=at)


def carry_out(run_id: int, clock: Callable[[], datetime]) -> None:
    """Recompute every chain, then every seal, and keep what does not hold."""
    run = Verification.objects.get(pk=run_id)
    chains = list(
        trace.Event.objects.order_by("subject_kind", "subject_key")
        .values_list("subject_kind", "subject_key")
        .annotate(n=Count("pk"))
    )
    run.started_at, run.chains, run.checked, run.events = clock(), len(chains), 0, 0
    run.faults, run.breaks = 0, []
    run.save()
    for number, (kind, key, count) in enumerate(chains, 1):
        _note(run, trace.verify_chain(kind, key))
        run.checked, run.events = number, run.events + count
        if number % STEP == 0:
            run.save()
    _note(run, trace.verify_seals())
    run.finished_at = clock()
    run.save()


def _note(run: Verification, found: Iterator[trace.Break]) -> None:
    for broken in found:
        run.faults += 1
        if len(run.breaks) < MOST_TOLD:
            run.breaks.append({"subject": broken.subject, "sequence": broken.sequence, "why": broken.why})


@transaction.atomic
def retry_delivery(delivery_id: int, actor: Actor, at: datetime) -> bool:
    """Put a delivery that was given up back in line and note who did; false when there is none to put back."""
    done = outbox.try_again(delivery_id, at)
    if done:
        trace.append("delivery", str(delivery_id), "retry_delivery", actor, at)
    return done


@transaction.atomic
def retry_sending(sending_id: int, actor: Actor, at: datetime) -> bool:
    """Send a message that failed once more and note who asked for it; false when none failed under this number."""
    done = notices.send_again(sending_id, at)
    if done:
        trace.append("sending", str(sending_id), "retry_sending", actor, at)
    return done

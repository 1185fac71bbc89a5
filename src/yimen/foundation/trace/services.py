"""The only writer of the trace."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from yimen.foundation.trace import rules
from yimen.foundation.trace.models import Event, Seal
from yimen.kernel import frozen
from yimen.kernel.actor import Actor
from yimen.kernel.secrets import derive

NAME_LENGTH = 80
CLAUSE_LENGTH = 300
ATTEMPTS = 8
"""Two people who read the same file at the same moment follow the same event; the second tries the next place."""
SEAL_DELAY = timedelta(seconds=60)
"""A seal leaves out the last minute: a transaction still open may hold a smaller event id than one committed."""


def prepare(
    subject_kind: str,
    subject_key: str,
    act: str,
    actor: Actor,
    at: datetime,
    head: rules.Head,
    *,
    from_state: str = "",
    to_state: str = "",
    clause: str = "",
    note: str = "",
    on_behalf: str = "",
    data: Mapping[str, Any] | None = None,
) -> tuple[Event, rules.Head]:
    """Make an unsaved event that follows ``head``, and the new head; for writers that save many in one statement."""
    event = Event(
        subject_kind=subject_kind,
        subject_key=subject_key,
        sequence=head.length + 1,
        at=at,
        actor_id=actor.account_id,
        actor_name=actor.name[:NAME_LENGTH],
        on_behalf=on_behalf[:NAME_LENGTH],
        channel=actor.channel,
        act=act,
        from_state=from_state,
        to_state=to_state,
        clause=clause[:CLAUSE_LENGTH],
        note=note,
        data=rules.canonical(data),
        previous=head.hash,
    )
    event.hash = rules.event_hash(event.__dict__, at)
    return event, rules.Head(event.sequence, event.hash)


def save(events: list[Event]) -> None:
    """Store prepared events in one statement."""
    frozen.insert(events)


def append(
    subject_kind: str,
    subject_key: str,
    act: str,
    actor: Actor,
    at: datetime,
    *,
    head: rules.Head | None = None,
    from_state: str = "",
    to_state: str = "",
    clause: str = "",
    note: str = "",
    on_behalf: str = "",
    data: Mapping[str, Any] | None = None,
) -> rules.Head:
    """Append one event to a subject's chain and return the chain's new head.

    Args:
        subject_kind: what kind of thing: case, item, account, param …
        subject_key: its public number or key.
        act: stable English name of what was done.
        actor: who did it.
        at: when, aware.
        head: the chain's head if the caller keeps it (and holds the subject's lock); otherwise it is looked up.
        clause: the legal basis of the act.
        data: plain values worth keeping; never personal data.

    Returns:
        The new head.
    """
    for tried in range(ATTEMPTS):
        try:
            with transaction.atomic():
                event, new_head = prepare(
                    subject_kind,
                    subject_key,
                    act,
                    actor,
                    at,
                    head if head is not None else _head_of(subject_kind, subject_key),
                    from_state=from_state,
                    to_state=to_state,
                    clause=clause,
                    note=note,
                    on_behalf=on_behalf,
                    data=data,
                )
                frozen.insert([event])
                return new_head
        except IntegrityError:
            # Somebody took the same place a moment ago; whoever holds the lock has no such rival.
            if head is not None or tried == ATTEMPTS - 1:
                raise
    raise AssertionError("the last attempt answers or raises")


def record_reading(actor: Actor, subject_kind: str, subject_key: str, purpose: str, at: datetime) -> None:
    """Record that somebody saw personal data unmasked (个人信息保护法第五十一条; reading is an act).

    Args:
        subject_kind: person, application …
        subject_key: whose data.
        purpose: why, in the reader's words or the page's name.
    """
    append(f"reading:{subject_kind}"[:30], subject_key, "read", actor, at, note=purpose)


def seal(at: datetime, *, delay: timedelta = SEAL_DELAY) -> Seal | None:
    """Seal every event stored since the last seal and older than ``delay``; ``None`` when there is nothing new."""
    with transaction.atomic():
        last = Seal.objects.select_for_update().order_by("-number").first()
        start = last.last_event if last else 0
        rows = Event.objects.filter(id__gt=start, at__lte=at - delay).order_by("id").values_list("id", "hash")
        newest = rows.values_list("id", flat=True).last()
        if newest is None:
            return None
        rows = Event.objects.filter(id__gt=start, id__lte=newest).order_by("id").values_list("id", "hash")
        root, count = rules.seal_root(rows.iterator(chunk_size=5000))
        made = Seal(
            number=last.number + 1 if last else 1,
            at=at,
            first_event=start + 1,
            last_event=newest,
            count=count,
            root=root,
            previous=last.signature if last else "",
        )
        made.signature = rules.seal_signature(_key(), made.__dict__, at)
        made.save(force_insert=True)
        return made


def _key() -> bytes:
    return derive(settings.DATA, "trace-seal")


def _head_of(subject_kind: str, subject_key: str) -> rules.Head:
    row = (
        Event.objects.filter(subject_kind=subject_kind, subject_key=subject_key)
        .order_by("-sequence")
        .values_list("sequence", "hash")
        .first()
    )
    return rules.Head(*row) if row else rules.Head()

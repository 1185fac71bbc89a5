"""Tell people: write the message, queue its way out, send what is due."""

from collections.abc import Iterable
from datetime import datetime

import structlog
from django.db import connection, transaction
from django.db.models import Q

from yimen.foundation.identity import api as identity
from yimen.foundation.notices import rules
from yimen.foundation.notices.channels import FailedForGood, FailedForNow, Message, channels, installed
from yimen.foundation.notices.models import Notice, Sending
from yimen.foundation.notices.queries import notices_of
from yimen.foundation.notices.states import OPEN, SendingState
from yimen.kernel.actor import Actor

log = structlog.get_logger()
ADDRESS = "notice-address"
__all__ = ["installed", "mark_read", "notify", "send_again", "send_due"]


def notify(
    *,
    person: identity.Person | None = None,
    entity: identity.LegalEntity | None = None,
    title: str,
    body: str = "",
    link: str = "",
    kind: str = "",
    text: str = "",
    mail: str = "",
    key: str = "",
    at: datetime,
) -> Notice:
    """Tell a person or an enterprise something, in the platform and by every channel that is set up.

    Args:
        person, entity: the recipient, exactly one.
        title, body: what is read in the platform.
        link: address inside the platform that the message leads to.
        kind: stable English name of the occasion.
        text: the plain sentence for channels outside (default: the title); never personal data.
        mail: mail address, where one is known.
        key: the occasion; the same key again answers the message already there.
        at: when.

    Returns:
        The message, new or told before.

    Raises:
        ValueError: not exactly one recipient.
    """
    recipient = person or entity
    if recipient is None or (person is not None and entity is not None):
        raise ValueError("a notice has exactly one recipient")
    values = {
        "person": person, "entity": entity, "title": title[:120], "body": body, "link": link[:300],
        "kind": kind[:40], "created_at": at,
    }  # fmt: skip
    with transaction.atomic():
        if key:
            notice, fresh = Notice.objects.get_or_create(key=key[:120], defaults=values)
        else:
            notice, fresh = Notice.objects.create(**values), True
        if fresh:
            _queue(notice, recipient, rules.plain(text or title), mail, at)
    return notice


def _queue(
    notice: Notice, recipient: identity.Person | identity.LegalEntity, text: str, mail: str, at: datetime
) -> None:
    rows = []
    for code, channel in channels().items():
        address = channel.address_of(recipient, mail) if channel.is_set_up() else ""
        if address:
            sealed = identity.seal_text(address, ADDRESS)
            rows.append(
                Sending(notice=notice, channel=code, address_sealed=sealed, text=text, available_at=at)
            )
    Sending.objects.bulk_create(rows)


def bring_forward(at: datetime) -> int:
    """Make due what waits for a moment that only a clock since set back can have named; how many."""
    late = Q(attempts=0, available_at__gt=at + rules.SKEW)
    for attempts in range(1, rules.MAX_ATTEMPTS + 1):
        late |= Q(attempts=attempts, available_at__gt=at + rules.furthest(attempts))
    return Sending.objects.filter(late, state__in=OPEN).update(available_at=at)


def mark_read(actor: Actor, at: datetime, ids: Iterable[int] | None = None) -> int:
    """Mark the actor's messages as read: those named, or all.

    Returns:
        How many were unread.
    """
    rows = notices_of(actor).filter(read_at=None)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    return rows.order_by().update(read_at=at)


def send_due(at: datetime, limit: int = 100) -> int:
    """Send what is due, one at a time; no transaction is open while a gateway is asked.

    Returns:
        How many were tried.
    """
    tried = 0
    while tried < limit and (sending := _claim(at)) is not None:
        _send(sending, at)
        tried += 1
    return tried


def _claim(at: datetime) -> Sending | None:
    """Take the next one for a while; a worker that dies gives it back when the lease ends."""
    with transaction.atomic():
        rows = Sending.objects.filter(state__in=OPEN, available_at__lte=at).order_by("available_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        sending = rows.first()
        if sending is None:
            return None
        sending.attempts += 1
        sending.available_at = at + rules.LEASE
        sending.save(update_fields=["attempts", "available_at"])
        return sending


def _send(sending: Sending, at: datetime) -> None:
    try:
        channel = channels().get(sending.channel)
        if channel is None:
            raise FailedForGood("这个发送渠道已经停用")
        channel.send(
            Message(
                reference=str(sending.pk),
                address=identity.unseal_text(bytes(sending.address_sealed), ADDRESS),
                title=sending.notice.title,
                text=sending.text,
            )
        )
    except FailedForGood as failure:
        _fail(sending, str(failure), at)
    except FailedForNow as failure:
        _later(sending, str(failure), at)
    except Exception:
        log.exception("sending failed", sending=sending.pk, channel=sending.channel)
        _later(sending, "发送程序出错，详见运行日志", at)
    else:
        sending.state, sending.sent_at, sending.reason = SendingState.SENT, at, ""
        sending.save()


def _later(sending: Sending, reason: str, at: datetime) -> None:
    if sending.attempts >= rules.MAX_ATTEMPTS:
        _fail(sending, f"{reason}；试了{sending.attempts}次", at)
        return
    sending.state, sending.reason = SendingState.RETRYING, reason[:300]
    sending.available_at = at + rules.backoff(sending.attempts)
    sending.save()


def _fail(sending: Sending, reason: str, at: datetime) -> None:
    sending.state, sending.reason, sending.failed_at = SendingState.FAILED, reason[:300], at
    sending.save()


def send_again(sending_id: int, at: datetime) -> bool:
    """Put a sending that failed for good back in line."""
    return bool(
        Sending.objects.filter(pk=sending_id, state=SendingState.FAILED).update(
            state=SendingState.QUEUED, attempts=0, available_at=at, failed_at=None, reason=""
        )
    )

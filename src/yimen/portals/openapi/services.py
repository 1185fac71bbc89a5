"""``Idempotency-Key``: the same key and body get the same answer for a day; another body is refused.

The answer is stored in the transaction of the write itself: either both are there or neither. The key is taken first, so
that a twin that comes at the same moment waits for the first and then gets its answer; what fails gives the key back.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from yimen.foundation.identity.api import seal, unseal
from yimen.kernel.access import actor_of_request
from yimen.kernel.errors import Conflict, Invalid
from yimen.portals.openapi.models import IdempotencyRecord
from yimen.portals.openapi.walls import body_of

HEADER = "Idempotency-Key"
HEADER_IN_META = "HTTP_IDEMPOTENCY_KEY"
KEEP = timedelta(hours=24)
MAX_KEY = 100


def once(request: HttpRequest, work: Callable[[], HttpResponseBase], at: datetime) -> HttpResponseBase:
    """Do a write once for its key; without a key simply do it.

    Raises:
        Invalid: the key is too long.
        Conflict: the key was used for another request.
    """
    key = request.META.get(HEADER_IN_META, "")
    account = actor_of_request(request).account_id
    if not key or account is None or (request.content_type or "").startswith("multipart/"):
        return work()
    if len(key) > MAX_KEY:
        raise Invalid(f"{HEADER} 最长{MAX_KEY}个字符。", fields={HEADER: f"最长{MAX_KEY}个字符。"})
    if not (key.isascii() and key.isprintable()):
        raise Invalid(f"{HEADER} 只能用可见的 ASCII 字符。", fields={HEADER: "只能用可见的 ASCII 字符。"})
    digest = hashlib.sha256(
        f"{request.method} {request.get_full_path()}\n".encode() + body_of(request)
    ).hexdigest()
    if earlier := _stored(account, key, at):
        return _replay(earlier, digest)
    with transaction.atomic():
        taken = _take(account, key, digest, at)
        if taken is not None:
            response = work()
            _keep(taken, response)
            return response
    if (twin := _stored(account, key, at)) is None:
        raise Conflict("同一个 Idempotency-Key 的请求正在处理，请稍后重试。", code="idempotency_key_in_use")
    return _replay(twin, digest)


def _stored(account: int, key: str, at: datetime) -> IdempotencyRecord | None:
    return IdempotencyRecord.objects.filter(account_id=account, key=key, at__gt=at - KEEP).first()


def _take(account: int, key: str, digest: str, at: datetime) -> IdempotencyRecord | None:
    """Take the key; ``None`` when a twin took it, which by now has ended."""
    IdempotencyRecord.objects.filter(account_id=account, key=key, at__lte=at - KEEP).delete()
    try:
        with transaction.atomic():
            return IdempotencyRecord.objects.create(
                account_id=account, key=key, digest=digest, status=0, body=b"", at=at
            )
    except IntegrityError:
        return None


def _keep(taken: IdempotencyRecord, response: HttpResponseBase) -> None:
    if response.status_code < 400 and isinstance(response, HttpResponse):
        taken.status, taken.body = response.status_code, seal(response.content, "idempotency")
        taken.save(update_fields=["status", "body"])
    else:
        transaction.set_rollback(True)


def _replay(record: IdempotencyRecord, digest: str) -> HttpResponse:
    if record.digest != digest:
        raise Conflict(
            "这个 Idempotency-Key 已经用于另一个请求。",
            code="idempotency_key_reused",
            would_pass="新的请求请用新的 Idempotency-Key。",
        )
    content = unseal(bytes(record.body), "idempotency")
    response = HttpResponse(content, status=record.status, content_type="application/json; charset=utf-8")
    response.headers["Idempotent-Replayed"] = "true"
    return response


def sweep(at: datetime) -> int:
    """Forget answers older than a day."""
    return IdempotencyRecord.objects.filter(at__lte=at - KEEP).delete()[0]

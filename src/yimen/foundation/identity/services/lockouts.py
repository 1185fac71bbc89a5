"""Sign-ins locked after too many wrong passwords, and their release by the security administrator."""

from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db.models import Max, QuerySet, Sum

from yimen.foundation.identity.permissions import LOCKOUT_MANAGE
from yimen.foundation.identity.services.journal import ACCOUNT, record
from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.errors import NotAllowed, NotPossible


def cool_off() -> timedelta:
    """How long a locked user name stays locked."""
    waiting: timedelta = settings.AXES_COOLOFF_TIME
    return waiting


def failure_limit() -> int:
    """How many wrong passwords lock a user name at one address."""
    limit: int = settings.AXES_FAILURE_LIMIT
    return limit


def locked_names(at: datetime) -> "QuerySet[Any, dict[str, Any]]":
    """User names with their address that are locked now: ``username, ip_address, failures, last``."""
    rows = AccessAttempt.objects.filter(attempt_time__gt=at - cool_off()).order_by()
    counted = rows.values("username", "ip_address").annotate(
        failures=Sum("failures_since_start"), last=Max("attempt_time")
    )
    found: QuerySet[Any, dict[str, Any]] = counted.filter(failures__gte=failure_limit()).order_by("-last")
    return found


def release_lockout(username: str, *, actor: Actor, at: datetime) -> int:
    """Let a user name sign in again at once, from every address; returns how many records fell.

    Raises:
        NotAllowed: only the security administrator releases.
        NotPossible: nothing is locked.
    """
    if actor != PLATFORM and not actor.may(LOCKOUT_MANAGE):
        raise NotAllowed("登录锁定由安全管理员解除。")
    fallen = int(reset(username=username))
    if not fallen:
        raise NotPossible(f"用户名“{username}”没有被锁定。")
    record(ACCOUNT, username[:60], "release_lockout", actor=actor, at=at)
    return fallen

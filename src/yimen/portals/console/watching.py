"""Who looks at much: somebody who opens the personal data of many within an hour is told to the auditors."""

from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from yimen.foundation.identity import api as identity
from yimen.foundation.params import api as params
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM
from yimen.kernel.clock import CHINA
from yimen.portals.console.words import READING

ACT, ACCOUNT = "read_much", "account"
SPAN, SILENCE, SHOWN = timedelta(hours=1), timedelta(hours=12), timedelta(days=7)
LIMIT = params.declare(
    "console.readings_an_hour",
    60,
    "一名工作人员一小时内查看多少人（件）的个人信息，要提示审计人员",
    "个人信息保护法第五十一条、第五十四条",
)


def note_much_reading(at: datetime) -> int:
    """Tell, in the trace of their accounts, who saw the data of too many in the last hour; how many were told.

    Somebody told is not told again for twelve hours.
    """
    limit = int(params.value(LIMIT.code, on=at.astimezone(CHINA).date()))
    seen = trace.Event.objects.filter(
        subject_kind__startswith=READING, at__gt=at - SPAN, at__lte=at, actor_id__isnull=False
    )
    counted = seen.order_by().values("actor_id").annotate(n=Count("subject_key", distinct=True))
    found = {key: n for key, n in counted.filter(n__gt=limit).values_list("actor_id", "n") if key is not None}
    names = dict(identity.Account.objects.filter(pk__in=list(found)).values_list("pk", "username"))
    told = set(
        alerts(at - SILENCE).filter(subject_key__in=names.values()).values_list("subject_key", flat=True)
    )
    fresh = {name: found[key] for key, name in names.items() if name not in told}
    for name, count in sorted(fresh.items()):
        trace.append(ACCOUNT, name, ACT, PLATFORM, at, note=f"一小时内查看了{count}人（件）的个人信息")
    return len(fresh)


def alerts(since: datetime) -> "QuerySet[trace.Event]":
    """What was told since a moment, newest first."""
    return trace.Event.objects.filter(subject_kind=ACCOUNT, act=ACT, at__gt=since).order_by("-at", "-id")

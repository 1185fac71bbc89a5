"""The tabs of the inbox: each a condition, used for its count and for its list alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q

from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases

S = cases.CaseState


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab.

    Args:
        key: its name in the address.
        condition: which cases stand in it at a moment.
        is_open: only open cases; the others' list is ordered by their end.
    """

    key: str
    label: str
    condition: Callable[[datetime], Q]
    shortcut: str
    empty: str
    is_open: bool = True


def end_of_day(at: datetime) -> datetime:
    """The first moment of tomorrow in China."""
    day = at.astimezone(CHINA).date() + timedelta(days=1)
    return datetime.combine(day, time(), tzinfo=CHINA)


def _in(*states: cases.CaseState) -> Callable[[datetime], Q]:
    wanted = Q(is_open=True, state__in=[s.value for s in states])
    return lambda at: wanted


def _asked(at: datetime) -> Q:
    waiting = cases.OpinionRequest.objects.filter(case=OuterRef("pk"), answered_at=None)
    return Q(is_open=True) & Q(Exists(waiting))


TABS = (
    Tab(key="open", label="在办", condition=lambda at: Q(is_open=True), shortcut="1", empty="没有在办的办件"),
    Tab(key="to_accept", label="待受理", condition=_in(S.SUBMITTED), shortcut="2", empty="没有等待受理的办件"),
    Tab(
        key="correcting", label="待补正", condition=_in(S.CORRECTION_REQUESTED), shortcut="3",
        empty="没有等申请人补正的办件",
    ),
    Tab(
        key="in_review", label="审查中", condition=_in(S.ACCEPTED, S.IN_REVIEW), shortcut="4",
        empty="没有正在审查的办件",
    ),
    Tab(
        key="suspended", label="特别程序", condition=_in(S.SUSPENDED), shortcut="5",
        empty="没有处在听证、检验等特别程序中的办件",
    ),
    Tab(
        key="to_deliver", label="待送达", condition=_in(S.GRANTED, S.REFUSED), shortcut="6",
        empty="没有等待送达的结果",
    ),
    Tab(
        key="waiting", label="等前一事项", condition=_in(S.WAITING), shortcut="",
        empty="没有在等前一事项办结的办件",
    ),
    Tab(key="opinions", label="等意见", condition=_asked, shortcut="7", empty="没有在等其他部门意见的办件"),
    Tab(
        key="today", label="今天到期", shortcut="8", empty="今天没有到期的办件",
        condition=lambda at: Q(is_open=True, due_at__gte=at, due_at__lt=end_of_day(at)),
    ),
    Tab(
        key="overdue", label="已逾期", condition=lambda at: Q(is_open=True, due_at__lt=at), shortcut="9",
        empty="没有逾期的办件",
    ),
    Tab(
        key="done", label="已办结", condition=lambda at: Q(is_open=False, finished_at__isnull=False), shortcut="0", is_open=False,
        empty="还没有办结的办件",
    ),
)  # fmt: skip
BY_KEY = {tab.key: tab for tab in TABS}

"""The start page: what needs me, by what I may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yimen.foundation.calendar.api import current_calendar
from yimen.foundation.notices import api as notices
from yimen.foundation.outbox import api as outbox
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA, now
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items import api as items
from yimen.modules.themes import api as themes
from yimen.portals.console import oversight
from yimen.portals.console import permissions as grants
from yimen.portals.console import services as verifying

WORST = 14
ANNOUNCED_FROM_MONTH = 11
"""The State Council announces next year's holidays in autumn; from November on its absence is worth a reminder."""


@dataclass(frozen=True)
class Tile:
    """A number that leads to the list it counts."""

    label: str
    value: int
    href: str
    tone: str = ""
    note: str = ""
    unit: str = "件"


@access(*grants.ANY)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Tiles by grant; supervisors also see the worst overdue cases and where the open ones lie."""
    actor, at = actor_of_request(request), now()
    tiles = [
        *_watch(actor, at),
        *_author(actor),
        *_things(actor, at),
        *_calendar(actor, at),
        *_run(actor),
        *_audit(actor),
    ]
    context: dict[str, Any] = {"tiles": tiles, "links": [] if actor.may(grants.CASE_READ) else _links(actor)}
    if actor.may(grants.CASE_READ):
        overdue = oversight.cases_seen(actor, at, oversight.Filters(time="overdue"))
        worst = list(oversight.sorted_cases(overdue, "due")[:WORST])
        context["worst"] = [(case, oversight.days_left(case, at)) for case in worst]
        context["organisations"] = oversight.by_organisation(actor, at)
    return render(request, "console/home.html", context)


def _watch(actor: Actor, at: datetime) -> list[Tile]:
    if not actor.may(grants.CASE_READ):
        return []
    found, to = oversight.figures(actor, at), reverse("console:cases")
    return [
        Tile(_("已逾期"), found.overdue, f"{to}?time=overdue", "late" if found.overdue else "done"),
        Tile(_("三个工作日内到期"), found.soon, f"{to}?time=soon", "soon" if found.soon else ""),
        Tile(_("在办"), found.open, f"{to}?state=open"),
        Tile(_("等申请人补正"), found.correcting, f"{to}?state=correction_requested"),
        Tile(_("特别程序中"), found.suspended, f"{to}?state=suspended"),
    ]


def _author(actor: Actor) -> list[Tile]:
    tiles = []
    to = _address("items_console:list")
    for grant, state, label in (
        (grants.WRITE, "returned", _("退回修改的标准")),
        (grants.REVIEW, "in_review", _("等我审核的标准")),
        (grants.PUBLISH, "approved", _("审定待发布的标准")),
    ):
        if actor.may(grant):
            seen = items.items_visible_to(actor, (grant,)).select_related(None)
            n = items.Standard.objects.filter(item__in=seen, state=state).count()
            tiles.append(Tile(label, n, f"{to}?work={state}" if to else "", "soon" if n else "", unit="个"))
    return tiles


def _things(actor: Actor, at: datetime) -> list[Tile]:
    """What new versions of items did to themes, told to whoever writes them."""
    if not actor.may(themes.WRITE):
        return []
    n = len(themes.changed_within_reach(actor, at.astimezone(CHINA).date()))
    to = f"{reverse('themes_console:list')}?changed=1"
    note = _("打开看变化，出新版本后按新的办") if n else ""
    return [Tile(_("事项有变化的一件事"), n, to, "soon" if n else "", note)]


def _calendar(actor: Actor, at: datetime) -> list[Tile]:
    today = at.astimezone(CHINA).date()
    following = current_calendar().last_year + 1
    wanted = today.year + (1 if today.month >= ANNOUNCED_FROM_MONTH else 0)
    if not actor.may(grants.CALENDAR_MANAGE) or following > wanted:
        return []
    waiting = deadlines.awaiting(following).count()
    note = _("载入通知以后，这些期限就能算出来")
    label = _("等%(year)d年放假安排的期限") % {"year": following}
    return [Tile(label, waiting, _address("calendar:home"), "soon", note, unit="个")]


def _run(actor: Actor) -> list[Tile]:
    if not actor.may(grants.JOB_READ):
        return []
    to = reverse("console:jobs")
    lost, unsent = outbox.given_up().count(), notices.sendings_failed().count()
    failing = outbox.schedules().exclude(last_error="").count()
    return [
        Tile(_("放弃的后台作业"), lost, f"{to}#given-up", "late" if lost else "done", unit="项"),
        Tile(_("出错的定时任务"), failing, f"{to}#duties", "late" if failing else "done", unit="项"),
        Tile(_("没发出去的消息"), unsent, f"{to}#sendings", "late" if unsent else "done", unit="条"),
    ]


def _audit(actor: Actor) -> list[Tile]:
    if not actor.may(grants.TRACE_READ):
        return []
    last = verifying.runs().exclude(finished_at=None).first()
    faults = last.faults if last else 0
    tone = "late" if faults else "done" if last else "soon"
    note = "" if last else _("还没有全面验证过")
    return [Tile(_("留痕验证发现的问题"), faults, reverse("console:seals"), tone, note, unit="处")]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _links(actor: Actor) -> list[tuple[str, str, str]]:
    """Where somebody goes who has nothing to count: (address, words, what it is)."""
    wanted = (
        (
            grants.LOCKOUT_MANAGE,
            "identity_console:lockouts",
            _("登录锁定"),
            _("看谁因输错密码被锁，确认后解除"),
        ),
        (
            grants.DELEGATION_MANAGE,
            "identity_console:delegation",
            _("授权"),
            _("谁在哪里担任什么角色，任命和撤销"),
        ),
        (grants.ROLE_MANAGE, "identity_console:roles", _("角色"), _("每个角色能做什么")),
        (
            grants.AUDIT_READ,
            "identity_console:audit",
            _("管理员操作"),
            _("管理员对账户、角色、机构、参数做过什么"),
        ),
        (
            grants.TRACE_READ,
            "console:readings",
            _("查看个人信息的记录"),
            _("谁在什么时候因为什么看过谁的信息"),
        ),
        (grants.ACCOUNT_MANAGE, "identity_console:accounts", _("账户"), _("新建、停用、安排岗位")),
        (grants.PARAM_MANAGE, "params_console:params", _("参数"), _("各项期限和数量的本地规定")),
    )
    found = [(_address(name), label, what) for grant, name, label, what in wanted if actor.may(grant)]
    return [link for link in found if link[0]]


@access(grants.REVIEW)
@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """The standards that wait for legal review, in the workbench of items."""
    return redirect(f"{reverse('items_console:list')}?work=in_review")

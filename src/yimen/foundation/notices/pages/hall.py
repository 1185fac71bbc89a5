"""My messages (我的消息)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yimen.foundation.notices.queries import notices_of
from yimen.foundation.notices.services import mark_read
from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.paging import Page, window

SIZE = 20


@access(SIGNED_IN)
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """All messages, or with ``?show=unread`` those not read yet; newest first."""
    mine = notices_of(actor_of_request(request))
    unread_only = request.GET.get("show") == "unread"
    rows = mine.filter(read_at=None) if unread_only else mine
    text = request.GET.get("page", "")
    offset, size, number = window(
        int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1, SIZE
    )
    unread = mine.filter(read_at=None).count()
    total = unread if unread_only else mine.count()
    page = Page(count=total, results=list(rows[offset : offset + size]), number=number, size=size)
    return render(request, "notices/inbox.html", {"page": page, "unread": unread, "unread_only": unread_only})


@access(SIGNED_IN)
@require_GET
def follow(request: HttpRequest, key: int) -> HttpResponse:
    """Open what a message is about; by that it is read."""
    actor = actor_of_request(request)
    notice = get_object_or_404(notices_of(actor), pk=key)
    mark_read(actor, now(), [notice.pk])
    safe = url_has_allowed_host_and_scheme(notice.link, allowed_hosts={request.get_host()})
    return redirect(notice.link if notice.link and safe else "messages:inbox")


@access(SIGNED_IN)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every message as read."""
    count = mark_read(actor_of_request(request), now())
    messages.success(
        request, _("已将%(n)d条消息标为已读。") % {"n": count} if count else _("没有未读的消息。")
    )
    return redirect("messages:inbox")

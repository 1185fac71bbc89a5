"""Background work: what waits, what was given up and why, which duties run, what could not be sent."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from yimen.foundation.notices import api as notices
from yimen.foundation.outbox import api as outbox
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.portals.console import services
from yimen.portals.console.permissions import JOB_READ, JOB_RETRY
from yimen.portals.console.reading import page_of
from yimen.portals.console.words import DUTIES, handler_word

SHOWN = 20
LARGEST_KEY = 2**63 - 1


@access(JOB_READ)
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """All of it on one page; the list of given-up deliveries is paged."""
    counted = DBTaskResult.objects.order_by().values_list("status").annotate(n=Count("pk"))
    tasks = {str(status): n for status, n in counted}
    waiting, failed = outbox.waiting(), notices.sendings_failed()
    page = page_of(outbox.given_up(), request.GET, SHOWN)
    context = {
        "waiting": [(row, handler_word(row.handler)) for row in waiting[:SHOWN]],
        "waiting_count": waiting.count(),
        "page": page,
        "lines": [(row, handler_word(row.handler)) for row in page.results],
        "duties": [(row, DUTIES.get(row.name, row.name)) for row in outbox.schedules()],
        "sendings": [(row, notices.label_of(row.channel)) for row in failed[:SHOWN]],
        "sendings_count": failed.count(),
        "sendings_waiting": notices.sendings_waiting().count(),
        "tasks_ready": tasks.get(TaskResultStatus.READY.value, 0),
        "tasks_running": tasks.get(TaskResultStatus.RUNNING.value, 0),
        "tasks_failed": tasks.get(TaskResultStatus.FAILED.value, 0),
        "tasks": DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).order_by("-finished_at")[:10],
        "nav_current": "console:jobs",
    }
    return render(request, "console/jobs.html", context)


@access(JOB_RETRY)
@require_POST
def retry_delivery(request: HttpRequest, key: int) -> HttpResponse:
    """Put a delivery that was given up back in line."""
    if services.retry_delivery(min(key, LARGEST_KEY), actor_of_request(request), now()):
        messages.success(request, _("已放回队列，马上再试。"))
    else:
        messages.info(request, _("这一项已经完成，或者不存在了。"))
    return redirect("console:jobs")


@access(JOB_RETRY)
@require_POST
def retry_sending(request: HttpRequest, key: int) -> HttpResponse:
    """Send a message that failed once more."""
    if services.retry_sending(min(key, LARGEST_KEY), actor_of_request(request), now()):
        messages.success(request, _("已放回队列，马上再发。"))
    else:
        messages.info(request, _("这条消息已经发出，或者不存在了。"))
    return redirect("console:jobs")

"""The trace for auditors: acts, readings of personal data, seals and their verification."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yimen.foundation.trace import api as trace_api
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import NotAllowed, NotPossible
from yimen.portals.console import services as verifying
from yimen.portals.console import trails
from yimen.portals.console.jobs import verify_everything
from yimen.portals.console.permissions import CASE_READ, TRACE_READ
from yimen.portals.console.reading import page_of
from yimen.portals.console.watching import SHOWN, alerts
from yimen.portals.console.words import SUBJECTS

KINDS = [("admin", "管理操作（全部）"), *SUBJECTS.items()]
SIZE = 50
MOST_ALERTS = 20


@access(TRACE_READ)
@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """Acts, newest first."""
    actor = actor_of_request(request)
    wanted = trails.wanted_of(request.GET)
    page = page_of(trails.found(actor, wanted), request.GET, SIZE)
    context = {
        "page": page,
        "lines": trails.told(page.results),
        "wanted": wanted,
        "kinds": KINDS if trails.sees_everything(actor) else [("case", "办件")],
        "everything": trails.sees_everything(actor),
        "may_open": actor.may(CASE_READ),
        "nav_current": "console:trace",
    }
    return render(request, "console/trace.html", context)


@access(TRACE_READ)
@require_GET
def readings(request: HttpRequest) -> HttpResponse:
    """Who saw whose personal data."""
    actor = actor_of_request(request)
    wanted = trails.wanted_of(request.GET)
    page = page_of(trails.readings(actor, wanted), request.GET, SIZE)
    context = {
        "page": page,
        "lines": trails.told(page.results),
        "wanted": wanted,
        "may_open": actor.may(CASE_READ),
        "everything": trails.sees_everything(actor),
        "alerts": alerts(now() - SHOWN)[:MOST_ALERTS] if trails.sees_everything(actor) else [],
        "nav_current": "console:readings",
    }
    return render(request, "console/readings.html", context)


@access(TRACE_READ)
@require_GET
def seals(request: HttpRequest) -> HttpResponse:
    """Seals, newest first, and the runs of verification."""
    page = page_of(trace_api.Seal.objects.order_by("-number"), request.GET, SIZE)
    runs = list(verifying.runs()[:5])
    done = next((run for run in runs if run.state == "done"), None)
    broken = (
        {b["sequence"]: b["why"] for b in done.breaks if b["subject"].startswith("seal ")} if done else {}
    )
    lines = [
        (seal, broken.get(seal.number, ""), bool(done and done.started_at and seal.at <= done.started_at))
        for seal in page.results
    ]
    context = {
        "page": page,
        "lines": lines,
        "runs": runs,
        "under_way": any(run.state in ("waiting", "running") for run in runs),
        "may_verify": trails.sees_everything(actor_of_request(request)),
        "nav_current": "console:seals",
    }
    return render(request, "console/seals.html", context)


@access(TRACE_READ)
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Begin the verification of everything in the background."""
    actor = actor_of_request(request)
    if not trails.sees_everything(actor):
        raise NotAllowed(
            "全面验证要读全部留痕，只有不限地域的审计人员能做。",
            would_pass="您可以在单个办件页上验证那个办件。",
        )
    try:
        with transaction.atomic():
            run = verifying.ask(actor, now())
            transaction.on_commit(lambda: verify_everything.enqueue(run.pk))
    except NotPossible as refusal:
        messages.warning(request, refusal.message)
        return redirect("console:seals")
    messages.success(request, _("已经开始验证。可以离开这一页，稍后回来看结果。"))
    return redirect("console:verification", run.pk)


@access(TRACE_READ)
@require_GET
def verification(request: HttpRequest, key: int) -> HttpResponse:
    """How far one run is, and what it found; refreshes itself while it runs."""
    run = get_object_or_404(verifying.runs(), pk=min(key, 2**63 - 1))
    template = (
        "console/_verification.html" if getattr(request, "htmx", False) else "console/verification.html"
    )
    return render(request, template, {"run": run, "nav_current": "console:seals"})

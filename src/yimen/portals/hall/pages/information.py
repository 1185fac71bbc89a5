"""Pages that only tell: how it works and what rights there are, where the centres are, what this is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.foundation.orgs import api as orgs
from yimen.kernel.access import PUBLIC, access
from yimen.kernel.clock import CHINA, now


@require_GET
@access(PUBLIC)
def help_page(request: HttpRequest) -> HttpResponse:
    """How it works, and what may be asked of us, with the article."""
    on = now().astimezone(CHINA).date()
    context = {"centres": orgs.centres(on=on)[:3], "nav_current": "hall:help"}
    return render(request, "hall/help.html", context)


@require_GET
@access(PUBLIC)
def centres(request: HttpRequest) -> HttpResponse:
    """Where one can go: address, hours, telephone."""
    on = now().astimezone(CHINA).date()
    context = {"centres": list(orgs.centres(on=on)[:500]), "nav_current": "hall:centres"}
    return render(request, "hall/centres.html", context)


@require_GET
@access(PUBLIC)
def about(request: HttpRequest) -> HttpResponse:
    """What this is, and how it treats what one tells it."""
    return render(request, "hall/about.html", {"nav_current": "hall:help"})

"""Two pages: switching the appearance without JavaScript, and the living style guide."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from yimen.kernel.access import PUBLIC, access
from yimen.portals.ui import guide
from yimen.portals.ui.context import SIZE_COOKIE, SIZES, THEME_COOKIE, THEMES

YEAR_IN_SECONDS = 365 * 24 * 3600


@access(PUBLIC)
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Remember large type or high contrast in a cookie, and go back to where the person was."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = redirect(back)
    for field, cookie, allowed in (("theme", THEME_COOKIE, THEMES), ("size", SIZE_COOKIE, SIZES)):
        chosen = request.POST.get(field)
        if chosen in allowed:
            response.set_cookie(
                cookie, chosen, max_age=YEAR_IN_SECONDS, samesite="Lax", secure=request.is_secure()
            )
    return response


@access(PUBLIC)
@require_GET
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, with real-looking data; only in demo mode."""
    if not getattr(settings, "DEMO", False):
        raise Http404
    room = request.GET.get("room", "hall")
    layout = room if room in ("hall", "desk", "console") else "hall"
    return render(
        request, "ui/guide.html", {"layout": f"ui/base_{layout}.html", "room": layout, **guide.example_data()}
    )

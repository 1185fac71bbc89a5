"""The window: person, matter, form, materials, check, receipt in one flow on one address."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Conflict, Invalid, Refusal
from yimen.modules.forms import api as forms
from yimen.portals.desk.grants import CREATE
from yimen.portals.desk.pages import window_steps as steps
from yimen.portals.desk.pages.window_context import context_of, rendered_form
from yimen.portals.desk.window import sitting as sittings
from yimen.portals.desk.window import taking
from yimen.portals.desk.window.sitting import Sitting

KEY_LENGTH = 40


@access(CREATE)
@require_http_methods(["GET", "POST"])
def window(request: HttpRequest) -> HttpResponseBase:
    """The flow. GET shows a sitting; POST takes in the open step and does what the pressed button says."""
    if request.method == "POST":
        return _posted(request)
    key = _key(request)
    if not key:
        actor = actor_of_request(request)
        if "new" not in request.GET:
            waiting = next((t for t in sittings.open_tabs(actor) if not _is_held(t.key, request)), None)
            if waiting is not None:
                return redirect(address(waiting.key))
        key = sittings.new_key()
    sitting = sittings.load(key, actor_of_request(request), now())
    if sitting.step == sittings.DONE:
        return redirect("desk:received", str(sitting.values.get("number") or ""))
    if sitting.values.get("held"):
        sittings.keep(sitting, {"held": False})
    return shown(request, sitting)


@access(CREATE)
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what is being typed; answers nothing."""
    sitting = sittings.load(_key(request) or sittings.new_key(), actor_of_request(request), now())
    if sitting.step == sittings.DONE or request.POST.get("has") != sitting.step:
        return HttpResponse(status=204)
    try:
        sittings.keep(sitting, taking.typed(sitting, request.POST))
    except Refusal as refusal:
        return HttpResponse(refusal.message, status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


def _posted(request: HttpRequest) -> HttpResponseBase:
    sitting = sittings.load(_key(request) or sittings.new_key(), actor_of_request(request), now())
    pressed = str(request.POST.get("do") or "next")
    if sitting.step == sittings.DONE:
        return went(request, reverse("desk:received", args=[sitting.values.get("number") or "-"]))
    if forms.is_refresh(request.POST, taking.PREFIX):
        sittings.keep(sitting, taking.typed(sitting, request.POST))
        return _refreshed(request, sitting)
    errors: Mapping[str, str] = {}
    said = ""
    try:
        steps.take_scans(sitting, request)
        steps.take_preset(sitting, request)
        if steps.wants_typed(pressed):
            sittings.keep(sitting, taking.typed(sitting, request.POST))
        outcome = steps.do(sitting, pressed, request)
        if outcome is not None:
            return went(request, outcome)
    except Conflict as clash:
        said = clash.message
    except Invalid as wrong:
        errors, said = wrong.fields, "" if wrong.fields else wrong.message
        if wrong.code == "conditions_not_met":
            errors, said = {}, wrong.message
    except Refusal as refusal:
        said = refusal.message
    if getattr(request, "htmx", False) or errors or said:
        return shown(request, sitting, errors, said)
    return redirect(address(sitting.key))


def shown(
    request: HttpRequest, sitting: Sitting, errors: Mapping[str, str] | None = None, said: str = ""
) -> HttpResponse:
    """The whole page, or with htmx only the flow."""
    context = context_of(sitting, errors or {}, said)
    context["preset"] = _preset(request) if "new" in request.GET else ""
    partial = bool(getattr(request, "htmx", False))
    response = render(request, "desk/window/_flow.html" if partial else "desk/window/page.html", context)
    if partial:
        response["HX-Replace-Url"] = address(sitting.key)
    # the document camera of the window is used by this page alone
    response["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=(), payment=()"
    return response


def _preset(request: HttpRequest) -> str:
    """What the palette brought along: an item, or a theme."""
    theme = str(request.GET.get("theme") or "")[:64]
    return f"{steps.THEME}{theme}" if theme else str(request.GET.get("item") or "")[:64]


def _refreshed(request: HttpRequest, sitting: Sitting) -> HttpResponseBase:
    """The form redrawn with what is typed: only the fields that apply now."""
    if getattr(request, "htmx", False):
        return HttpResponse(rendered_form(sitting, {}))
    return redirect(address(sitting.key))


def went(request: HttpRequest, url: str) -> HttpResponseBase:
    """Go to another address, also out of a part of a page."""
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def address(key: str) -> str:
    return f"{reverse('desk:window')}?s={key}"


def _key(request: HttpRequest) -> str:
    key = str(request.GET.get("s") or request.POST.get("s") or "")
    return key if 0 < len(key) <= KEY_LENGTH and key.isascii() and key.isalnum() else ""


def _is_held(key: str, request: HttpRequest) -> bool:
    kept: Any = forms.load_draft(sittings.SUBJECT, actor_of_request(request), name=key)
    return bool(kept and kept.values.get("held"))

"""What the page's scripts ask for while somebody fills in: keep, redraw the form, take a file."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from yimen.foundation.files import api as files
from yimen.foundation.files.rest import check_rate, uploaded_file
from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Refusal
from yimen.modules.forms import api as forms
from yimen.portals.hall import filling
from yimen.portals.hall.devices import Elsewhere
from yimen.portals.hall.pages.apply import showing, taking, two_devices
from yimen.portals.hall.pages.reading import filling_of, text_of


@require_POST
@access(SIGNED_IN)
def save(request: HttpRequest) -> HttpResponse:
    """Keep what is typed so far; nothing is checked, nothing refused but what cannot be kept."""
    try:
        here = filling_of(request)
        step = text_of(request, "_step", 20)
        if step not in here.steps:
            return HttpResponse(status=204)
        if here.draft is None and step == filling.CHECK:
            return HttpResponse(status=204)
        taken = taking.take(request, here, step)
        kept = here.step if here.step in here.steps else step
        furthest = max((kept, step), key=here.steps.index)
        elsewhere = two_devices.keep(request, here, taken, furthest, choices=False)
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=409)
    return kept_answer(request, here.revision, elsewhere)


def kept_answer(request: HttpRequest, revision: int, elsewhere: list[Elsewhere]) -> JsonResponse:
    """What the page that saves while somebody types is told: the new revision, or what stands differently elsewhere."""
    told = render_to_string("hall/_elsewhere.html", {"elsewhere": elsewhere}, request) if elsewhere else ""
    return JsonResponse({"revision": revision, "elsewhere": told})


@require_POST
@access(SIGNED_IN)
def form(request: HttpRequest) -> HttpResponse:
    """The form's fields as they apply to what is typed now; typed values stay, also when a row was added."""
    here = filling_of(request)
    typed = forms.posted_values(here.definition, request.POST)
    cleared = forms.cleared_fields(here.definition, request.POST)
    here.values = {k: v for k, v in {**here.values, **typed}.items() if k not in cleared}
    here.values.setdefault(filling.PREFILLED, {})
    return HttpResponse(showing.form_body(here, {}))


@require_POST
@access(SIGNED_IN)
def upload(request: HttpRequest) -> HttpResponse:
    """Take one file; the page keeps its digest and names it with the material."""
    actor, at = actor_of_request(request), now()
    try:
        check_rate(actor, at)
        with uploaded_file(request) as taken:
            taken.seek(0)
            stored = files.store(taken.name or "", taken, actor, at)
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=413 if "large" in refusal.code else 422)
    name = files.name_given(stored, actor)
    return JsonResponse(
        {"digest": stored.digest, "name": name, "size": stored.size, "media_type": stored.media_type},
        status=201,
    )

"""``/apply/?item=A&item=B``: one application for one or several items, step by step on one address."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yimen.kernel.access import SIGNED_IN, access
from yimen.kernel.errors import Invalid, NotFound, NotPossible, Refusal, TooMany
from yimen.portals.hall import filling
from yimen.portals.hall.devices import device_of_page
from yimen.portals.hall.filling import CHECK, Filling
from yimen.portals.hall.pages.apply import showing, submitting, taking, two_devices
from yimen.portals.hall.pages.reading import filling_of, item_codes, text_of

TEMPLATES = {
    filling.WHO: "hall/apply/who.html",
    filling.QUESTIONS: "hall/apply/questions.html",
    filling.FORM: "hall/apply/form.html",
    filling.MATERIALS: "hall/apply/materials.html",
    filling.CHECK: "hall/apply/check.html",
}


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def apply(request: HttpRequest) -> HttpResponse:
    """Show the step where the person is, or take what a step's form brings."""
    codes = item_codes(request)
    if not codes and not request.GET.get("theme"):
        messages.info(request, _("请先选择要办的事项。"))
        return redirect("hall:search")
    try:
        here = filling_of(request)
    except (NotFound, NotPossible) as refusal:
        return stopped(request, codes, refusal)
    if request.method == "POST":
        return _post(request, here)
    return _get(request, here)


def stopped(request: HttpRequest, codes: list[str], refusal: Refusal) -> HttpResponse:
    """An item cannot be applied for: why, what to do instead, and the way on with the others."""
    rest = [code for code in codes if code not in refusal.fields]
    context = {
        "refusal": refusal,
        "sentences": list(dict.fromkeys(refusal.fields.values())) or [refusal.message],
        "rest": "&".join(f"item={code}" for code in rest),
        "count": len(rest),
    }
    status = 404 if isinstance(refusal, NotFound) else 409
    return render(request, "hall/apply/stopped.html", context, status=status)


def _get(request: HttpRequest, here: Filling) -> HttpResponse:
    wanted = text_of(request, "step", 20)
    if wanted not in here.steps:
        wanted = here.step if here.step in here.steps else here.steps[0]
    return page(request, here, wanted, {})


def page(
    request: HttpRequest, here: Filling, step: str, errors: dict[str, str], status: int = 200, **more: Any
) -> HttpResponse:
    return render(request, TEMPLATES[step], showing.show(request, here, step, errors) | more, status=status)


def _post(request: HttpRequest, here: Filling) -> HttpResponse:
    step = text_of(request, "_step", 20)
    if request.POST.get("_go") == "accept_changes":
        filling.save(here, {filling.STANDARDS: here.read_now})
        return redirect(showing.address(here, step if step in here.steps else ""))
    if step not in here.steps:
        return redirect(showing.address(here))
    if here.draft is None and step == CHECK:
        return submitting.already(request, here)
    taken = taking.take(request, here, step)
    going = request.POST.get("_go", "next")
    target = _target(here, step, going, taken)
    try:
        elsewhere = two_devices.keep(request, here, taken, target)
    except (Invalid, TooMany) as refusal:
        _as_typed(here, taken)
        return page(request, here, step, {"": refusal.message}, 422)
    if elsewhere and going not in ("leave", "back"):
        _as_typed(here, taken)
        more = {"elsewhere": elsewhere, "revision": device_of_page(request).revision}
        return page(request, here, step, {} if taken.stay else taken.errors, 409, **more)
    if taken.errors and going in ("next", "submit") and not taken.stay:
        return page(request, here, step, taken.errors, 422)
    if going == "submit" and step == CHECK:
        return submitting.submit(request, here)
    if going == "leave":
        messages.success(request, _("已保存。在“我的办件”里可以接着填，换一台手机或电脑也行。"))
        return redirect("hall:my")
    return redirect(showing.address(here, _next(request, here, step, going, taken)))


def _as_typed(here: Filling, taken: taking.Taken) -> None:
    """Let the page show what was typed on it, whatever is stored."""
    here.values = {k: v for k, v in {**here.values, **taken.values}.items() if k not in taken.cleared}


def _next(request: HttpRequest, here: Filling, step: str, going: str, taken: taking.Taken) -> str:
    if taken.stay:
        return step
    if step == filling.QUESTIONS and going == "next" and here.theme:
        here = filling_of(request)  # answers decide what joins, and what joins may ask more
        if here.undertaking.open_questions:
            return step
    if going == "back":
        return here.before(step)
    return here.after(step) if going == "next" else step


def _target(here: Filling, step: str, going: str, taken: taking.Taken) -> str:
    """The step the draft remembers: the furthest one reached."""
    steps = here.steps
    follows = step if taken.stay or taken.errors or going != "next" else here.after(step)
    kept = here.step if here.step in steps else steps[0]
    return max((follows, kept), key=steps.index)

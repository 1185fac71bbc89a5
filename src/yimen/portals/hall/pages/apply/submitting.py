"""Handing in, once: a second click, a reload or a late tab finds the application that is already there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yimen.kernel.errors import Conflict, Refusal
from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms
from yimen.modules.themes import api as themes
from yimen.portals.hall import applicants, collecting, filling
from yimen.portals.hall.filling import CHECK, Filling
from yimen.portals.hall.pages.apply import showing

HANDED_IN = "hall_handed_in"
REMEMBERED = 20


def submit(request: HttpRequest, here: Filling) -> HttpResponse:
    """Hand in what the draft holds, and go to the page that says what happens next."""
    candidates = applicants.candidates(here)
    chosen = next((c for c in candidates if c.key == here.values.get(filling.APPLICANT)), None)
    if chosen is None or chosen.refused or showing.open_points(here):
        return _again(request, here, {"": _("还有没填完的地方，补上后就可以提交。")})
    way = collecting.delivery_way(here)
    command = cases.HandIn(
        items=here.codes,
        applicant=applicants.told(chosen),
        form={**here.form_values, **here.answers},
        materials=_materials(here),
        centre=str(here.values.get(filling.CENTRE) or "") if way == "window" else "",
        delivery_way=way,
        expected=here.pinned_versions,
    )
    try:
        application = themes.hand_in_undertaking(
            here.undertaking,
            command,
            here.actor,
            here.at,
            together={"yes": True, "no": False}.get(str(here.values.get(filling.TOGETHER))),
            expected_theme=here.values.get(filling.THEME_VERSION),
        )
    except Conflict as clash:
        return _clashed(request, here, clash)
    except Refusal as refusal:
        return _again(request, here, {"": _whole(refusal)})
    forms.discard_drafts_about(here.subject, here.actor)
    _remember(request, here.subject, application.number)
    return redirect("hall:apply_done", number=application.number)


def _whole(refusal: Refusal) -> str:
    """The sentence with what it says of each field: the fields themselves stand on other pages."""
    said = [text for text in dict.fromkeys(refusal.fields.values()) if text and text not in refusal.message]
    return refusal.message + (f"（{'；'.join(said)}）" if said else "")


def already(request: HttpRequest, here: Filling) -> HttpResponse:
    """A submit without a draft: it was handed in a moment ago, or there is nothing to hand in."""
    number = request.session.get(HANDED_IN, {}).get(here.subject)
    if number:
        messages.info(request, _("这份申请已经提交过了，不用再交一次。"))
        return redirect("hall:apply_done", number=number)
    messages.info(request, _("没有找到填写的内容，请从头填写。"))
    return redirect(showing.address(here))


def _remember(request: HttpRequest, subject: str, number: str) -> None:
    held = dict(request.session.get(HANDED_IN, {}))
    held.pop(subject, None)
    kept = list(held.items())[-(REMEMBERED - 1) :]
    request.session[HANDED_IN] = dict(kept) | {subject: number}


def _clashed(request: HttpRequest, here: Filling, clash: Conflict) -> HttpResponse:
    """The same was handed in today, or the standard changed in between: both are told with the way on."""
    number = clash.fields.get("number", "")
    if clash.code == "duplicate_application" and number:
        forms.discard_drafts_about(here.subject, here.actor)
        messages.info(request, _("同样的申请您今天已经交过了，就是这一份，不用重复提交。"))
        return redirect("hall:apply_done", number=number)
    return _again(request, here, {"": clash.message}, 409)


def _again(request: HttpRequest, here: Filling, errors: dict[str, str], status: int = 422) -> HttpResponse:
    return render(request, "hall/apply/check.html", showing.show(request, here, CHECK, errors), status=status)


def _materials(here: Filling) -> list[cases.MaterialIn]:
    """What is given, for every item that asks for it; what is missing is simply not there."""
    stored = filling.uploads_of(here)
    found = []
    for one in here.asked()[0]:
        given = here.given(one.key)
        for item, requirement in one.targets:
            base = {"requirement": requirement, "item": item}
            if given.how == filling.FILE:
                found += [cases.MaterialIn(**base, file=d) for d in given.files if d in stored]
            elif given.how == filling.LICENCE and given.licence:
                found.append(cases.MaterialIn(**base, licence=given.licence))
            elif given.how == filling.PROMISE:
                found.append(cases.MaterialIn(**base, promise=True))
            elif given.how == filling.OWED:
                found.append(cases.MaterialIn(**base, owed=True))
    return found

"""What each step's form brings: values for the draft, and sentences for what does not fit."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from yimen.foundation.files import api as files
from yimen.foundation.files.rest import refused_upload
from yimen.kernel.errors import Invalid
from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms
from yimen.portals.hall import applicants, collecting, filling
from yimen.portals.hall.filling import Filling, Given, material_name
from yimen.portals.hall.pages.uploads import accept_words, taken_in, wrong_kind


@dataclass(kw_only=True)
class Taken:
    """What a post brought.

    Args:
        values: for the draft.
        cleared: fields that were emptied.
        errors: control name to sentence.
        stay: a button was pressed that only redraws this step.
    """

    values: dict[str, Any] = field(default_factory=dict)
    cleared: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    stay: bool = False


def take(request: HttpRequest, here: Filling, step: str) -> Taken:
    """Read the post of a step; nothing is refused, everything is kept."""
    return {
        filling.WHO: _who,
        filling.QUESTIONS: _questions,
        filling.FORM: _form,
        filling.MATERIALS: _materials,
        filling.CHECK: _check,
    }[step](request, here)


def _who(request: HttpRequest, here: Filling) -> Taken:
    chosen = request.POST.get("applicant", "")
    found = {c.key: c for c in applicants.candidates(here)}
    taken = Taken()
    if chosen not in found:
        taken.errors["applicant"] = "请选择为谁办。"
    elif found[chosen].refused:
        taken.errors["applicant"] = f"{found[chosen].refused}，请换一个申请人。"
    else:
        taken.values[filling.APPLICANT] = chosen
        if here.values.get(filling.APPLICANT) not in (None, chosen):
            _forget_prefilled(here, taken)
    return taken


def _forget_prefilled(here: Filling, taken: Taken) -> None:
    """Another applicant: what a register said of the former one goes, what was typed stays."""
    held = here.values.get(filling.PREFILLED)
    if isinstance(held, dict):
        taken.cleared |= {code for code, value in held.items() if here.values.get(code) == value}
        taken.cleared.add(filling.PREFILLED)


def _questions(request: HttpRequest, here: Filling) -> Taken:
    taken = Taken()
    for one in here.situations:
        answer = request.POST.get(f"q-{one.code}", "")
        if answer in one.options:
            taken.values[one.code] = answer
        else:
            taken.errors[f"q-{one.code}"] = f"请选一个：{one.question}"
    return taken


def _form(request: HttpRequest, here: Filling) -> Taken:
    typed = forms.posted_values(here.definition, request.POST)
    taken = Taken(values=dict(typed), cleared=forms.cleared_fields(here.definition, request.POST))
    taken.stay = forms.is_refresh(request.POST)
    if filling.PREFILLED not in here.values:
        taken.values[filling.PREFILLED] = {
            code: found.value for code, found in prefilled(here).items() if typed.get(code) == found.value
        }
    if not taken.stay:
        merged = {k: v for k, v in {**here.form_values, **typed}.items() if k not in taken.cleared}
        try:
            forms.check_form(here.definition, merged, known=here.known)
        except Invalid as wrong:
            taken.errors = dict(wrong.fields) or {"": wrong.message}
    return taken


def prefilled(here: Filling) -> dict[str, forms.Prefilled]:
    """What registers know of the applicant for this form."""
    chosen = here.values.get(filling.APPLICANT)
    found = next((c for c in applicants.candidates(here) if c.key == chosen), None)
    if found is None:
        return {}
    return forms.prefill(here.definition, **applicants.facts_for_form(here, found))


def _materials(request: HttpRequest, here: Filling) -> Taken:
    taken = Taken()
    asked, _ = here.asked()
    dropped = request.POST.get("_remove", "")
    taken.stay = bool(dropped)
    for one in asked:
        given = _given(request, here, one, taken)
        if dropped.startswith(f"{one.key}:"):
            gone = dropped.rpartition(":")[2]
            given = Given(
                how=given.how, files=tuple(d for d in given.files if d != gone), licence=given.licence
            )
        taken.values[material_name(one.key)] = {
            "how": given.how, "files": list(given.files), "licence": given.licence,
        }  # fmt: skip
    if refusal := refused_upload(request):
        taken.errors[""] = refusal.message
    _check_kinds(here, asked, taken)
    return taken


def _given(request: HttpRequest, here: Filling, one: cases.AskedThing, taken: Taken) -> Given:
    post = request.POST
    name = f"file-{one.key}"
    digests, sentence = taken_in(request, name, here.actor)
    if sentence:
        taken.errors[name] = f"{one.name}：{sentence}"
    how = post.get(f"how-{one.key}", "")
    if how not in (*one.ways, "none"):
        how = filling.FILE if digests else "none"
    licence = " ".join(post.get(f"licence-{one.key}", "").split())[:100]
    if how == filling.LICENCE and digests and not licence:
        how = filling.FILE
    if how == filling.LICENCE and len(licence) < 4:
        taken.errors[f"licence-{one.key}"] = f"请填写“{one.licence_name}”上的证照号码，或者改为上传文件。"
    return Given(how=how, files=tuple(digests), licence=licence)


def _check_kinds(here: Filling, asked: list[cases.AskedThing], taken: Taken) -> None:
    """A file of a kind that the item does not take is told here, not after handing in."""
    wanted = {d for one in asked for d in taken.values[material_name(one.key)]["files"]}
    stored = files.usable_files(wanted, here.actor) if wanted else {}
    for one in asked:
        held = taken.values[material_name(one.key)]
        kept = [digest for digest in held["files"] if digest in stored]
        wrong = wrong_kind(stored, kept, one.accept)
        held["files"] = kept
        if held["how"] == filling.FILE and not kept:
            held["how"] = "none"
        if wrong:
            taken.errors[f"file-{one.key}"] = (
                f"“{one.name}”不收这种文件（{wrong}），请上传{accept_words(one.accept)}。"
            )


def _check(request: HttpRequest, here: Filling) -> Taken:
    taken = Taken()
    way = request.POST.get("delivery", "")
    if way in collecting.delivery_ways(here):
        taken.values[filling.DELIVERY] = way
    elif not collecting.delivery_from_form(here):
        taken.errors["delivery"] = "请选择怎样领取结果。"
    together = request.POST.get("together", "")
    if here.undertaking.compiled is not None and together in ("yes", "no"):
        taken.values[filling.TOGETHER] = together
    if collecting.delivery_way(here, way) == "window":
        _take_centre(request, here, taken)
    return taken


def _take_centre(request: HttpRequest, here: Filling, taken: Taken) -> None:
    """Where the result is fetched; asked only where there are centres to choose from."""
    offered = {centre.code for centre in collecting.centres(here)}
    said = request.POST.get("centre", "")
    if said in offered:
        taken.values[filling.CENTRE] = said
    elif offered:
        taken.errors["centre"] = "请选择在哪个大厅领取结果。"

"""What each step's page shows."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from yimen.foundation.files import api as files
from yimen.foundation.orgs import api as orgs
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid
from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms
from yimen.modules.themes import api as themes
from yimen.portals.hall import applicants, changes, collecting, devices, filling
from yimen.portals.hall.filling import STEP_LABELS, Filling
from yimen.portals.hall.pages import uploads
from yimen.portals.hall.pages.apply import taking

Errors = dict[str, str]


def frame(here: Filling, step: str, errors: Errors) -> dict[str, Any]:
    """What every step shows: the items, the road, what a changed standard changes."""
    steps = here.steps
    reached = _reached(here)
    place = steps.index(step)
    return {
        "here": here,
        "step": step,
        "step_label": STEP_LABELS[step],
        "number": place + 1,
        "of": len(steps),
        "road": [
            {
                "key": key,
                "label": STEP_LABELS[key],
                "current": key == step,
                "done": n < reached and key != step,
                "url": address(here, key) if n <= reached and key != step else "",
            }
            for n, key in enumerate(steps)
        ],
        "errors": errors,
        "revision": here.revision,
        "page_mark": devices.new_mark(),
        "back": address(here, here.before(step)) if place else "",
        "save_url": f"{reverse('hall:apply_save')}?{here.query}",
        "changed": [
            {
                "name": after.content.name,
                "before": before.version,
                "after": after.version,
                "lines": changes.changes_for(before.content, after.content, here.values),
            }
            for before, after in here.outdated()
        ],
        "nav_current": "hall:my",
    }


def _reached(here: Filling) -> int:
    """How far the road is open: one step beyond the last one kept."""
    steps = here.steps
    return steps.index(here.step) if here.step in steps else 0


def address(here: Filling, step: str = "") -> str:
    """The address of a step."""
    return f"{reverse('hall:apply')}?{here.query}" + (f"&step={step}" if step else "")


def show(request: HttpRequest, here: Filling, step: str, errors: Errors) -> dict[str, Any]:
    """The context of a step's page."""
    context = {
        filling.WHO: _who,
        filling.QUESTIONS: _questions,
        filling.FORM: _form,
        filling.MATERIALS: _materials,
        filling.CHECK: _check,
    }[step](request, here, errors)
    return frame(here, step, errors) | context


def _who(request: HttpRequest, here: Filling, errors: Errors) -> dict[str, Any]:
    found = applicants.candidates(here)
    chosen = here.values.get(filling.APPLICANT) or _usual(request, found)
    return {"candidates": found, "chosen": chosen, "any_open": any(not c.refused for c in found)}


def _usual(request: HttpRequest, found: list[applicants.Candidate]) -> str:
    """Whom the person acts for at present, else the only one possible."""
    acting = getattr(request, "acting_for", None)
    key = f"{acting.kind}:{acting.key}" if acting else filling.ME
    fit = [c.key for c in found if not c.refused]
    return key if key in fit else fit[0] if fit else ""


def _questions(request: HttpRequest, here: Filling, errors: Errors) -> dict[str, Any]:
    return {
        "questions": [
            {
                "name": f"q-{s.code}",
                "question": s.question,
                "options": [(option, option) for option in s.options],
                "answer": here.values.get(s.code, ""),
                "error": errors.get(f"q-{s.code}", ""),
            }
            for s in here.situations
        ]
    }


def _form(request: HttpRequest, here: Filling, errors: Errors) -> dict[str, Any]:
    return {"form_body": form_body(here, errors)}


def form_body(here: Filling, errors: Errors) -> str:
    """The one form of all items; what is known stands in it to confirm."""
    known = taking.prefilled(here)
    values = here.form_values
    if filling.PREFILLED not in here.values:
        values = {code: found.value for code, found in known.items()} | values
    return forms.render_form(
        here.definition,
        values,
        errors,
        refresh_url=f"{reverse('hall:apply_form')}?{here.query}",
        known=here.known,
        sources=known,
        divisions=_divisions(here),
    )


def _divisions(here: Filling) -> tuple[forms.DivisionGroup, ...]:
    kinds = {e.type for one in here.definition.fields() if (e := here.definition.element(one.element))}
    columns = {
        column.type
        for one in here.definition.fields()
        if (e := here.definition.element(one.element)) and e.type == "table"
        for code in e.columns
        if (column := here.definition.element(code))
    }
    if not {"address", "division"} & (kinds | columns):
        return ()
    return forms.division_choices(here.standards[0].division_code, here.at.astimezone(CHINA).date())


def _materials(request: HttpRequest, here: Filling, errors: Errors) -> dict[str, Any]:
    asked, spared = here.asked()
    stored = filling.uploads_of(here)
    lines = [material_line(here, one, stored, errors) for one in asked]
    return {
        "needed": [line for line in lines if not line["asked"].spared],
        "spared": [line for line in lines if line["asked"].spared],
        "not_needed": spared,
        "several": len(here.standards) > 1,
        "upload_url": reverse("hall:apply_upload"),
        "megabytes": files.max_bytes(here.at) // 1_048_576,
    }


def material_line(
    here: Filling, one: cases.AskedThing, stored: dict[str, files.StoredFile], errors: Errors
) -> dict[str, Any]:
    given = here.given(one.key)
    licence = given.licence or known_licence(here, one)
    ways = {
        "file": {"value": "file", "label": _("上传文件或拍照")},
        "licence": {"value": "licence", "label": _("用电子证照，只填号码"), "hint": _("部门自己调取核对")},
        "promise": {
            "value": "promise", "label": _("书面承诺，不交这份材料"), "hint": one.promise_text or _("承诺内容属实，愿意接受核查"),
        },
        "owed": {
            "value": "owed", "label": _("先办，这份后补"),
            "hint": _("受理后%(days)s个工作日内补交；到期不补，会%(late)s") % {"days": one.owed_days, "late": one.owed_late},
        },
    }  # fmt: skip
    return {
        "asked": one,
        "given": given,
        "how": given.how if given.how != "none" else "licence" if licence else "file",
        "licence": licence,
        "ways": [ways[way] for way in one.ways],
        "unusual": one.accept != {"pdf", "image"},
        "files": [stored[digest] for digest in given.files if digest in stored],
        "accept": uploads.accept_attribute(one.accept),
        "accept_words": uploads.accept_words(one.accept),
        "image": "image" in one.accept,
        "file_error": errors.get(f"file-{one.key}", ""),
        "licence_error": errors.get(f"licence-{one.key}", ""),
    }


def known_licence(here: Filling, one: cases.AskedThing) -> str:
    """The number of a business licence is the enterprise's own code: known, so not asked again."""
    kind, _colon, key = str(here.values.get(filling.APPLICANT) or "").partition(":")
    if kind != "entity" or not key.isdecimal() or "licence" not in one.ways:
        return ""
    if not any(s.kind == "licence" and s.name == "营业执照" for part in one.parts for s in part.sources):
        return ""
    if int(key) not in here.actor.entity_ids:
        return ""
    return here.entity_code(int(key))


def _check(request: HttpRequest, here: Filling, errors: Errors) -> dict[str, Any]:
    asked, _spared = here.asked()
    stored = filling.uploads_of(here)
    chosen = here.values.get(filling.APPLICANT)
    found = applicants.candidates(here)
    unmet = [
        f"{s.content.name}：{sentence}"
        for s in here.standards
        for sentence in cases.unmet_conditions(s.content, here.decided)
    ]
    lines = [material_line(here, one, stored, {}) for one in asked]
    return (
        {
            "applicant": next((c for c in found if c.key == chosen and not c.refused), None),
            "answers": [(s.question, here.answers.get(s.code, "")) for s in here.situations],
            "sections": forms.present(
                here.definition, here.form_values, here.known, division_name=division_name(here)
            ),
            "open_points": open_points(here),
            "given_lines": [x for x in lines if x["given"].complete],
            "spared_lines": [x for x in lines if not x["given"].complete and x["asked"].spared],
            "missing_lines": [x for x in lines if not x["given"].complete and not x["asked"].spared],
            "unmet": unmet,
            "promised": [
                (s.content.name, changes.limit_words(s.content.promised_limit)) for s in here.standards
            ],
        }
        | _collecting(here)
        | _planned(here)
    )


def _planned(here: Filling) -> dict[str, Any]:
    """How several items go together, and whether the results come one by one or all at once."""
    compiled = here.undertaking.compiled
    if compiled is None:
        return {}
    usual = "yes" if here.theme and here.theme.content.handover == "together" else "no"
    return {
        "picture": themes.picture(compiled),
        "handovers": [("no", _("办好一件给一件")), ("yes", _("全部办好后一起给"))],
        "together": here.values.get(filling.TOGETHER) or usual,
    }


def _collecting(here: Filling) -> dict[str, Any]:
    """How the result is handed over, and at which centre when it is fetched at a window."""
    said, way = collecting.delivery_from_form(here), collecting.delivery_way(here)
    offered = collecting.centres(here) if not said or way == "window" else []
    return {
        "ways": [(way, collecting.WAYS[way]) for way in collecting.delivery_ways(here)],
        "way": way,
        "way_said": collecting.WAYS[way] if said else "",
        "centres": [(centre.code, collecting.centre_label(centre)) for centre in offered],
        "centre": collecting.usual_centre(here, offered),
    }


def division_name(here: Filling) -> Any:
    """A function that names a division by its code, with the town it lies in."""
    names: dict[str, str] = {}
    for group in _divisions(here):
        for code, name in group.choices:
            names[code] = name if name == group.name else f"{group.name}{name}"

    def named(code: str) -> str:
        if code in names:
            return names[code]
        found = orgs.Division.objects.filter(code=code).values_list("name", flat=True).first()
        return found or code

    return named


def open_points(here: Filling) -> list[dict[str, str]]:
    """What must still be filled in before it can be handed in, each with the address where."""
    points = []
    if filling.APPLICANT not in here.values:
        points.append({"text": _("还没有选为谁办"), "url": address(here, filling.WHO)})
    points += [
        {"text": one.question, "url": f"{address(here, filling.QUESTIONS)}#f-q-{one.code}"}
        for one in here.undertaking.open_questions
    ]
    try:
        forms.check_form(here.definition, here.form_values, known=here.known)
    except Invalid as wrong:
        at = address(here, filling.FORM)
        points += [
            {"text": text, "url": f"{at}#f-{code.replace('.', '-')}"} for code, text in wrong.fields.items()
        ]
    return points

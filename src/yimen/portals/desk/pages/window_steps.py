"""What each button of the window does; a button is ``do=name`` or ``do=name:argument``."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from yimen.foundation.files import api as files
from yimen.foundation.files.rest import refused_upload
from yimen.foundation.trace import api as trace
from yimen.kernel.errors import Invalid
from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms
from yimen.modules.issuing import api as issuing
from yimen.modules.items import api as items
from yimen.modules.themes import api as themes
from yimen.portals.desk.window import handing, matter, taking
from yimen.portals.desk.window import sitting as sittings
from yimen.portals.desk.window.party import facts_for_form, registered_person
from yimen.portals.desk.window.sitting import CHECK, FORM, MATERIALS, MATTER, ORDER, WHO, Sitting
from yimen.portals.desk.window.things import NONE, PAPER

THEME = "theme:"
Outcome = str | None
"""An address to go to, or ``None``: stay on the flow."""


def wants_typed(pressed: str) -> bool:
    """Does this button keep what the step holds? Only throwing a sitting away does not."""
    return not pressed.startswith("drop_sitting")


def take_scans(sitting: Sitting, request: HttpRequest) -> None:
    """Scans posted with the form itself (without scripts) join those uploaded before.

    Raises:
        FileRefused: not a file that may come in; the sentence says what may.
    """
    if not request.FILES and refused_upload(request) is None:
        return
    if refusal := refused_upload(request):
        raise refusal
    post = request.POST.copy()
    for name in request.FILES:
        for sent in request.FILES.getlist(name):
            if name.startswith("u:") and sent.size:
                with sent:
                    sent.seek(0)
                    stored = files.store(sent.name or "", sent.file, sitting.actor, sitting.at)  # type: ignore[arg-type]
                post.appendlist(f"f:{name[2:]}", stored.digest)
    request.POST = post  # type: ignore[assignment]


def take_preset(sitting: Sitting, request: HttpRequest) -> None:
    """An item or a theme chosen in the command palette before the sitting began."""
    code = str(request.POST.get("preset") or "")[:80]
    if not code or sitting.values.get("items") or sitting.values.get("theme"):
        return
    if code.startswith(THEME):
        _choose(sitting, code.removeprefix(THEME), request)
    else:
        _add(sitting, code, request)


def do(sitting: Sitting, pressed: str, request: HttpRequest) -> Outcome:
    """Do what the pressed button says.

    Raises:
        Invalid: something beside a field has to be changed first.
    """
    name, _sep, argument = pressed.partition(":")
    return BUTTONS.get(name, _next)(sitting, argument, request)


def _find(sitting: Sitting, role: str, request: HttpRequest) -> Outcome:
    sittings.keep(sitting, taking.look_up(sitting, "agent" if role == "agent" else "who"))
    return None


def _forget(sitting: Sitting, role: str, request: HttpRequest) -> Outcome:
    role, control = ("agent", "agent_number") if role == "agent" else ("who", "number")
    sittings.keep(sitting, {role: None, control: ""})
    return None


def _go(sitting: Sitting, step: str, request: HttpRequest) -> Outcome:
    if step in ORDER and _reachable(sitting, step):
        sitting.step = step
        sittings.keep(sitting, {})
    return None


def _reachable(sitting: Sitting, step: str) -> bool:
    return step in (WHO, MATTER) or bool(sitting.standards)


def _add(sitting: Sitting, code: str, request: HttpRequest) -> Outcome:
    standard = items.current(code, sitting.on)
    if sitting.theme is not None:
        raise Invalid("", fields={"q": _beside_a_theme(sitting, standard)})
    chosen = [row for row in sitting.values.get("items") or () if row[0] != standard.code]
    if len(chosen) >= sittings.MOST_ITEMS:
        raise Invalid("", fields={"q": f"一次最多同时办{sittings.MOST_ITEMS}个事项，请分次办理。"})
    chosen.append([standard.code, standard.version, standard.standard_id])
    sittings.keep(sitting, {"items": chosen, "theme": None, "q": ""})
    return None


def _beside_a_theme(sitting: Sitting, standard: items.PublishedStandard) -> str:
    thing = sitting.theme.name if sitting.theme else ""
    if standard.code in {s.code for s in sitting.standards}:
        return f"“{standard.content.name}”已经在“{thing}”里，不用另加。"
    return (
        f"按一件事办的，不能再加单个事项。请先收完“{thing}”，再给来人另收“{standard.content.name}”；"
        f"或者去掉“{thing}”，逐项选择。"
    )


def _choose(sitting: Sitting, code: str, request: HttpRequest) -> Outcome:
    """A theme: its questions are asked at once; items chosen before rest until it is taken away again."""
    theme = themes.theme_with_code(code, sitting.on)
    sittings.keep(sitting, {"theme": [theme.code, theme.version], "read": None, "q": ""})
    return None


def _unchoose(sitting: Sitting, argument: str, request: HttpRequest) -> Outcome:
    sittings.keep(sitting, {"theme": None, "read": None})
    return None


def _answer(sitting: Sitting, argument: str, request: HttpRequest) -> Outcome:
    """What was answered is kept already: show what follows from it."""
    return None


def _remove(sitting: Sitting, code: str, request: HttpRequest) -> Outcome:
    sittings.keep(sitting, {"items": [row for row in sitting.values.get("items") or () if row[0] != code]})
    return None


def _adopt(sitting: Sitting, argument: str, request: HttpRequest) -> Outcome:
    """The clerk has read what changed: go on under the version in force."""
    theme = sitting.theme
    if theme is None:
        sittings.keep(sitting, {"items": _rows(sitting)})
    else:
        sittings.keep(sitting, {"theme": [theme.code, theme.version], "read": _rows(sitting)})
    return None


def _rows(sitting: Sitting) -> list[list[Any]]:
    return [[s.code, s.version, s.standard_id] for s in sitting.standards]


def _all_paper(sitting: Sitting, argument: str, request: HttpRequest) -> Outcome:
    held: dict[str, Any] = dict(sitting.values.get("materials") or {})
    for thing in sitting.things:
        if not thing.spared and sitting.given(thing.key).how == NONE:
            held[thing.key] = {"how": PAPER}
    sittings.keep(sitting, {"materials": held})
    return None


def _next(sitting: Sitting, argument: str, request: HttpRequest) -> Outcome:
    """Enter, or the step's own button: what is next depends on what is typed."""
    return NEXT[sitting.step](sitting, request)


def _next_who(sitting: Sitting, request: HttpRequest) -> Outcome:
    for role, control in (("who", "number"), ("agent", "agent_number")):
        typed = "".join(str(sitting.values.get(control) or "").split()).upper()
        party = sitting.who if role == "who" else sitting.agent
        if typed and (party is None or typed != party.number) and (role == "who" or sitting.by_agent):
            return _find(sitting, role, request)
    checked = taking.check_who(sitting)
    sitting.step = MATTER
    sittings.keep(sitting, checked)
    return None


def _next_matter(sitting: Sitting, request: HttpRequest) -> Outcome:
    typed = str(sitting.values.get("q") or "").strip()
    if typed and request.POST.get("do") != "go_on":
        return None
    if not sitting.standards:
        raise Invalid("", fields={"q": "请先选择要办的事项：输入名称、俗称或拼音首字母。"})
    matter.check_answered(sitting.undertaking)
    if sitting.theme is not None:
        known = {row[0]: row for row in sitting.values.get("read") or ()}
        sittings.keep(sitting, {"read": [known.get(row[0], row) for row in _rows(sitting)]})
    sitting.step = FORM
    _prefill(sitting)
    return None


def _prefill(sitting: Sitting) -> None:
    """What is known already is filled in, to be confirmed, unless the clerk wrote something else."""
    agent = sitting.agent if sitting.by_agent else None
    facts = facts_for_form(sitting.who, agent)
    for party in (sitting.who, agent):
        person = registered_person(party)
        if person is not None:
            trace.record_reading(sitting.actor, "person", str(person.pk), "窗口收件，预填申请表", sitting.at)
    found = forms.prefill(sitting.definition, facts["person"], facts["entity"])
    form = dict(sitting.values.get("form") or {})
    for code, known in found.items():
        form.setdefault(code, known.value)
    sittings.keep(sitting, {"form": form, "q": ""})


def _next_form(sitting: Sitting, request: HttpRequest) -> Outcome:
    _back_to_open_questions(sitting)
    wrong = handing.check(sitting).form
    if wrong:
        raise Invalid("", fields=wrong)
    sitting.step = MATERIALS if sitting.things else CHECK
    sittings.keep(sitting, {})
    return None


def _back_to_open_questions(sitting: Sitting) -> None:
    """An answer in the form may bring up another question of the theme: it is asked where the others were."""
    try:
        matter.check_answered(sitting.undertaking)
    except Invalid:
        sitting.step = MATTER
        sittings.keep(sitting, {})
        raise


def _next_materials(sitting: Sitting, request: HttpRequest) -> Outcome:
    taking.check_materials(sitting)
    sitting.step = CHECK
    sittings.keep(sitting, {})
    return None


def _handed_in(sitting: Sitting) -> cases.Application | str:
    """Hand in; what a register refuses about a field is shown beside that field, anything else in one sentence."""
    try:
        return handing.hand_in(sitting)
    except Invalid as wrong:
        if wrong.fields.keys() & {field.element for field in sitting.definition.fields()}:
            sitting.step = FORM
            sittings.keep(sitting, {})
            raise
        said = "；".join(text for text in dict.fromkeys(wrong.fields.values()) if text not in wrong.message)
        raise Invalid(wrong.message + (f"（{said}）" if said else "")) from wrong


def _hand_in(sitting: Sitting, request: HttpRequest) -> Outcome:
    taking.check_materials(sitting)
    _back_to_open_questions(sitting)
    found = handing.check(sitting)
    if found.form:
        sitting.step = FORM
        sittings.keep(sitting, {})
        raise Invalid("", fields=found.form)
    done = _handed_in(sitting)
    if isinstance(done, str):
        messages.info(request, _("同样的申请刚才已经收下了，没有重复收件。"))
        return reverse("desk:received", args=[done])
    if sitting.told:
        messages.success(request, sitting.told)
    issuing.issue_receipt(done.pk)
    return f"{reverse('desk:received', args=[done.number])}?print=1"


NEXT: dict[str, Callable[[Sitting, HttpRequest], Outcome]] = {
    WHO: _next_who,
    MATTER: _next_matter,
    FORM: _next_form,
    MATERIALS: _next_materials,
    CHECK: _hand_in,
}


def _hold(sitting: Sitting, argument: str, request: HttpRequest) -> Outcome:
    sittings.keep(sitting, {"held": True})
    return f"{reverse('desk:window')}?new=1"


def _drop_sitting(sitting: Sitting, argument: str, request: HttpRequest) -> Outcome:
    forms.discard_drafts_about(sittings.SUBJECT, sitting.actor, name=sitting.key)
    return f"{reverse('desk:window')}?new=1"


BUTTONS: dict[str, Callable[[Sitting, str, HttpRequest], Outcome]] = {
    "find": _find,
    "forget": _forget,
    "go": _go,
    "add": _add,
    "remove": _remove,
    "theme": _choose,
    "untheme": _unchoose,
    "answer": _answer,
    "adopt": _adopt,
    "all_paper": _all_paper,
    "hold": _hold,
    "drop_sitting": _drop_sitting,
}

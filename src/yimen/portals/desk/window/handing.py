"""Handing in what was taken at the window, and what may be done on the spot afterwards."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from yimen.kernel.actor import Actor
from yimen.kernel.errors import Conflict, Invalid, Refusal
from yimen.modules.cases import api as cases
from yimen.modules.items.content import MaterialRequirement
from yimen.modules.themes import api as themes
from yimen.portals.desk.window import mandate as mandates
from yimen.portals.desk.window import matter
from yimen.portals.desk.window.party import applicant_in
from yimen.portals.desk.window.sitting import Sitting, finish
from yimen.portals.desk.window.things import Given, materials_in, missing_of

DUPLICATE = "duplicate_application"


@dataclass(kw_only=True)
class Check:
    """What the clerk is told before handing in.

    Args:
        unmet: conditions that do not hold.
        form: sentence by field of the form.
        missing: what is not given at all.
    """

    unmet: list[str] = field(default_factory=list)
    form: dict[str, str] = field(default_factory=dict)
    missing: list[cases.AskedThing] = field(default_factory=list)

    @property
    def may_go_on(self) -> bool:
        return not self.form and not self.unmet


def given_of(sitting: Sitting) -> dict[str, Given]:
    return {thing.key: sitting.given(thing.key) for thing in sitting.things}


def check(sitting: Sitting) -> Check:
    """Everything that is missing or wrong, found before anything is handed in."""
    found = Check(missing=missing_of(sitting.things, given_of(sitting)))
    typed = {**sitting.form, **sitting.situation_answers}
    try:
        cases.check_answers(
            sitting.standards, typed, sitting.on, entity=sitting.is_entity, awaited=sitting.awaited
        )
    except Invalid as wrong:
        found.form = dict(wrong.fields) or {"": wrong.message}
    found.form |= {f"a-{q.code}": f"请选择：{q.question}" for q in sitting.situations if not q.answer}
    for standard in sitting.standards:
        found.unmet += cases.unmet_conditions(standard.content, sitting.decided)
    return found


def hand_in(sitting: Sitting) -> cases.Application | str:
    """Receive the application; what was handed in already a moment ago is told by its number.

    Returns:
        The application, or the number of the same application that a first click handed in.

    Raises:
        Invalid: who applies, form or materials do not fit.
        Conflict: the standard changed since the clerk read it.
    """
    if isinstance(number := sitting.values.get("number"), str) and sitting.step == "done":
        return number
    who = sitting.who
    if who is None or not sitting.who_ready:
        raise Invalid("请先核对申请人。", fields={"number": "请先核对申请人。"})
    matter.check_answered(sitting.undertaking)
    command = cases.HandIn(
        items=[s.code for s in sitting.standards],
        applicant=applicant_in(who, sitting.agent if sitting.by_agent else None),
        form={**sitting.form, **sitting.situation_answers},
        materials=materials_in(sitting.things, given_of(sitting)),
        centre=sitting.centre.code if sitting.centre else "",
        delivery_way=str(sitting.values.get("delivery") or "window"),
        expected=sitting.expected,
    )
    try:
        application = _received(sitting, command)
    except Conflict as clash:
        if clash.code != DUPLICATE:
            raise
        number = clash.fields.get("number", "")
        finish(sitting, number)
        return number
    finish(sitting, application.number)
    return application


def _received(sitting: Sitting, command: cases.HandIn) -> cases.Application:
    """Hand in; with a letter of authority both are done or neither."""
    if mandates.mandate_of(sitting) is None:
        return _handed_in(sitting, command)
    with transaction.atomic():
        application = _handed_in(sitting, command)
        sitting.told = mandates.register(sitting, application)
    return application


def _handed_in(sitting: Sitting, command: cases.HandIn) -> cases.Application:
    if sitting.undertaking is None:
        return cases.hand_in(command, sitting.actor, sitting.at)
    return themes.hand_in_undertaking(
        sitting.undertaking,
        command,
        sitting.actor,
        sitting.at,
        together={"yes": True, "no": False}.get(str(sitting.values.get("together"))),
        expected_theme=matter.theme_version(sitting.values) if sitting.theme else None,
    )


@dataclass(frozen=True, kw_only=True)
class Received:
    """One case of what was just handed in, with what may be done with it on the spot.

    Args:
        missing: names of what nothing stands for; ``lines`` says them as a notice of correction does.
        waits: names of the items whose decision it waits for.
    """

    case: cases.Case
    missing: list[str]
    possible: list[str]
    waits: list[str] = field(default_factory=list)
    lines: list[dict[str, str]] = field(default_factory=list)


def received(application: cases.Application, actor: Actor, at: datetime) -> list[Received]:
    """The cases with what is missing and what this clerk may do now."""
    facts = application.facts(at)
    rows: dict[int, set[str]] = {}
    held = application.materials.exclude(state="replaced").values_list("case_id", "requirement")
    for case_id, requirement in held:
        rows.setdefault(case_id or 0, set()).add(requirement)
    names = {case.number: case.item.name for case in application.cases.all()}
    waits = cases.waits_of(application)
    found = []
    for case in application.cases.all():
        lacking = lacking_of(case, facts, rows.get(case.pk, set()))
        acts = cases.possible_acts(case, actor)
        if not case.is_instant or lacking:
            acts = [name for name in acts if name != "decide"]
        found.append(
            Received(
                case=case,
                missing=[m.name for m in lacking],
                possible=acts,
                waits=[names.get(number, number) for number in waits.get(case.pk, ())],
                lines=[{"requirement": m.code, "reason": f"未提交{m.name}，请补交。"} for m in lacking],
            )
        )
    return found


def lacking_of(case: cases.Case, facts: dict[str, object], present: set[str]) -> list[MaterialRequirement]:
    """Requirements of a case that nothing stands for; the filled form stands for a form."""
    content = case.published.content
    missing = cases.missing_materials(content, facts, present)
    return [
        m
        for m in missing
        if not (m.kind == "form" and content.form.sections)
        and not any(source.kind in ("shared_data", "output_of") for source in m.sources)
    ]


def tell_once(application: cases.Application, number: str, actor: Actor, at: datetime) -> cases.Case:
    """Tell at the window, once and in writing, everything that is missing from a case (一次性告知).

    Raises:
        Invalid: nothing is missing.
        NotAllowed, NotPossible: the table says no.
    """
    row = next((r for r in received(application, actor, at) if r.case.number == number), None)
    if row is None:
        raise Invalid("没有这个办件，请刷新后再试。")
    if not row.lines:
        raise Invalid("这个办件不缺材料，可以直接受理。")
    return cases.act(number, "request_correction", {"missing": row.lines}, actor, at)


def on_the_spot(number: str, name: str, actor: Actor, at: datetime) -> tuple[cases.Case | None, str]:
    """Accept, or accept and decide, at the window.

    Returns:
        The case after the act and "", or ``None`` and why it was not possible.
    """
    payload = {"outcome": "granted"} if name == "decide" else {}
    try:
        return cases.act(number, name, payload, actor, at), ""
    except Refusal as refusal:
        return None, refusal.message

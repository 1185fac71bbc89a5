"""One act for all cases of a joint application: accept at once, correct at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from yimen.foundation.params import api as params
from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotAllowed, NotPossible
from yimen.modules.cases.models import Application, Case
from yimen.modules.cases.queries import application_with_number
from yimen.modules.cases.services.acts.acceptance import accept_as_of
from yimen.modules.cases.services.acts.base import NoPayload, Work
from yimen.modules.cases.services.intake.materials import MaterialIn
from yimen.modules.cases.services.joint.following import follow
from yimen.modules.cases.services.perform import act
from yimen.modules.cases.services.settling import settle
from yimen.modules.cases.states import ACCEPT, MACHINE, CaseState, permits

UNIFIED_INTAKE = params.declare(
    "cases.unified_intake_clause",
    "浙江省保障“最多跑一次”改革规定第五条第三款",
    "统一受理视为各部门同时受理的依据",
)
"""Local law; a district names its own."""


def accept_together(number: str, actor: Actor, at: datetime) -> list[Case]:
    """The lead department accepts: every department whose case could begin has accepted at that moment.

    Cases for which a department proposed a correction stay out; the serial ones go on waiting.

    Raises:
        NotFound: unknown or invisible application.
        NotAllowed: the actor may not accept for the lead department.
        NotPossible: nothing is left to accept.
    """
    application_with_number(number, actor)
    with transaction.atomic():
        application = Application.objects.select_for_update().get(number=number)
        rows = application.cases.filter(state=CaseState.SUBMITTED, proposed__isnull=True)
        cases = list(rows.select_related("application").select_for_update(of=("self",)).order_by("id"))
        if not _accepts_for_lead(application, actor):
            raise NotAllowed("只有牵头部门可以统一受理。")
        if not cases:
            raise NotPossible("没有可以受理的事项：都已受理、在等补正，或者在等前一事项。")
        clause = str(params.value(UNIFIED_INTAKE.code, on=at.astimezone(CHINA).date()))
        for case in cases:
            own = permits(ACCEPT, actor, case)
            work = Work(case, actor if own else PLATFORM, at, NoPayload())
            note = "" if own else f"由牵头部门{application.lead.label if application.lead else ''}统一受理"
            settle(
                work, MACHINE.steps["accept"], accept_as_of(work, at, note=note, clause="" if own else clause)
            )
        follow(cases[0], at)
    return cases


def correct_together(
    number: str, materials: Sequence[MaterialIn], form: Mapping[str, Any], actor: Actor, at: datetime
) -> list[Case]:
    """Hand in one correction for all departments that asked for one; each gets what it asked.

    Args:
        materials: as in a hand-in; a requirement code without item serves every case that lists it.
        form: corrected values of the one form.

    Raises:
        Invalid: nothing given, or nothing that any of them asked for.
        NotFound, NotAllowed, NotPossible: as the single act says.
    """
    application = application_with_number(number, actor)
    waiting = [case for case in application.cases.all() if case.state == CaseState.CORRECTION_REQUESTED]
    if not waiting:
        raise NotPossible("这次申请里没有等您补正的事项。")
    done = []
    with transaction.atomic():
        for case in waiting:
            own = [given for given in materials if _serves(given, case)]
            if own or form:
                payload = {
                    "materials": [given.model_dump(exclude_none=True) for given in own],
                    "form": dict(form),
                }
                done.append(act(case.number, "correct", payload, actor, at))
    if not done:
        raise Invalid("请补交通知书里列出的材料，或者更正申请表。", fields={"materials": "至少补交一项。"})
    return done


def _serves(given: MaterialIn, case: Case) -> bool:
    standard = case.published
    listed = any(m.code == given.requirement for m in standard.content.materials)
    return listed and given.item in ("", standard.code)


def _accepts_for_lead(application: Application, actor: Actor) -> bool:
    rows = application.cases.filter(organisation_id=application.lead_id or 0).select_related("application")
    return any(permits(ACCEPT, actor, case) for case in rows)

"""Submit a draft."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from yimen.kernel.clock import CHINA
from yimen.kernel.errors import NotPossible
from yimen.modules.cases import rules
from yimen.modules.cases.services import clocks
from yimen.modules.cases.services.acts.base import Done, NoPayload, Work
from yimen.modules.cases.services.intake.guarding import guard_of, handed_in_already
from yimen.modules.cases.services.intake.hand_in import check_answers, check_conditions
from yimen.modules.cases.services.joint.planning import awaited_of
from yimen.modules.cases.states import CaseState
from yimen.modules.items import api as items


class Submit(NoPayload):
    """Submitting takes nothing: the draft holds it all."""


def submit(work: Work) -> Done:
    """Hand in one case of a draft; the application counts as received with its first case.

    Raises:
        NotPossible: the item's standard is not in force any more.
        Invalid: the form is not complete.
        Conflict: the same application was handed in today already.
    """
    case, application = work.case, work.case.application
    in_force = items.current(case.published.code, work.at.astimezone(CHINA).date())
    if in_force.standard_id != case.standard_id:
        raise NotPossible(
            "草稿保存期间办事标准已经更新，请按现行标准重新提交。", code="standard_changed",
            would_pass="重新发起申请，已填的内容会带过来。",
        )  # fmt: skip
    siblings = [c.published for c in application.cases.order_by("id")]
    awaited = awaited_of(application)
    entity = application.entity_id is not None
    on = work.at.astimezone(CHINA).date()
    answers = check_answers(siblings, application.form, on, entity=entity, awaited=awaited)
    check_conditions([case.published], rules.facts(answers, on, entity=entity))
    if application.state == "draft":
        _receive(work, answers)
    if case.application.joint and case.waits_for.filter(state="pending").exists():
        return Done(state=CaseState.WAITING, note=rules.WAITS, data=_data(work))
    case.received_at, case.is_open = work.at, True
    clocks.start(case, [clocks.telling_spec(case)], work.at)
    return Done(note="收到申请材料", data=_data(work))


def _receive(work: Work, answers: Mapping[str, Any]) -> None:
    application = work.case.application
    materials = list(application.materials.select_related("case", "file").exclude(state="replaced"))
    codes = [case.published.code for case in application.cases.all()]
    application.state, application.received_at = "submitted", work.at
    application.duplicate_guard = guard_of(application, codes, answers, materials, work.at)
    try:
        with transaction.atomic():
            application.save(update_fields=["state", "received_at", "duplicate_guard"])
    except IntegrityError as clash:
        refusal = handed_in_already(application.duplicate_guard)
        if refusal is None:
            raise
        raise refusal from clash


def _data(work: Work) -> dict[str, Any]:
    case = work.case
    return {"standard": case.standard_id, "item": case.published.code, "channel": work.actor.channel}

"""Tell once what is missing; hand in the correction (补正)."""

from pydantic import Field

from yimen.foundation.identity import api as identity
from yimen.foundation.trace import api as trace
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotPossible
from yimen.modules.cases import rules
from yimen.modules.cases.models import Material
from yimen.modules.cases.queries import told_requirements
from yimen.modules.cases.services import clocks
from yimen.modules.cases.services.acts.base import Done, Payload, Reason, Work
from yimen.modules.cases.services.intake.hand_in import check_answers
from yimen.modules.cases.services.intake.materials import MaterialIn, add_materials
from yimen.modules.cases.services.joint.planning import awaited_of
from yimen.modules.cases.states import CaseState
from yimen.modules.deadlines import api as deadlines

FORM = "form"
FORM_NAME = "申请表填写内容"


class Missing(Payload):
    """One thing that is missing or wrong; ``requirement`` is a material's code, or ``form``."""

    requirement: str = Field(max_length=41)
    reason: Reason


class RequestCorrection(Payload):
    """Everything that is missing, told once."""

    missing: tuple[Missing, ...] = Field(min_length=1, max_length=60)


class Correct(Payload):
    """What is handed in for the notice; form values replace those of the same elements."""

    materials: tuple[MaterialIn, ...] = Field(default=(), max_length=100)
    form: dict[str, object] = Field(default_factory=dict)


def request_correction(work: Work) -> Done:
    """Tell the applicant, once and in writing, everything that has to be corrected.

    In one thing of several departments the finding is only put forward: the notice goes out once, for all of them.

    Raises:
        Invalid: a requirement that the standard does not have.
        NotPossible: a second notice that names something the first did not.
    """
    if not work.case.application.joint:
        return tell_missing(work)
    lines = _lines(work)
    work.case.proposed = [{"requirement": line["requirement"], "reason": line["reason"]} for line in lines]
    note = "待汇总后一次告知：" + "；".join(f"{line['name']}：{line['reason']}" for line in lines)
    return Done(state=CaseState.SUBMITTED, act="propose_correction", note=note, data={"proposed": lines})


def tell_missing(work: Work) -> Done:
    """Send this case's notice of correction."""
    case, lines = work.case, _lines(work)
    _mark_rejected(work, {line["requirement"]: line["reason"] for line in lines})
    case.corrections += 1
    clocks.stop(case, work.at, clocks.TELLING)
    started = clocks.start(case, [_applicant_time(work)], work.at)
    until = started[0].due_on.isoformat() if started[0].due_on else ""
    note = "；".join(f"{line['name']}：{line['reason']}" for line in lines)
    return Done(note=note, data={"missing": lines, "until": until})


def _lines(work: Work) -> list[dict[str, str]]:
    """What is asked for, with the names people know."""
    case, told = work.case, work.payload.missing
    names = {FORM: FORM_NAME} | {m.code: m.name for m in case.published.content.materials}
    unknown = [m.requirement for m in told if m.requirement not in names]
    if unknown:
        raise Invalid(
            f"“{unknown[0]}”不在本事项的材料清单里，不能要求补正。",
            fields={"missing": f"可以要求的是：{'、'.join(names.values())}。"},
            clause="行政许可法第三十一条",
            would_pass="只要求办事指南列明的材料，或者请申请人更正申请表。",
        )
    if case.corrections:
        _refuse_second_telling(work)
    return [{"requirement": m.requirement, "name": names[m.requirement], "reason": m.reason} for m in told]


def correct(work: Work) -> Done:
    """Hand in the correction; the authority's five days start anew with what was handed in."""
    case, payload = work.case, work.payload
    if not payload.materials and not payload.form:
        raise Invalid("请补交通知书里列出的材料，或者更正申请表。", fields={"materials": "至少补交一项。"})
    names = add_materials(case, payload.materials, work.actor, work.at)
    changed = _change_form(work, payload.form) if payload.form else []
    clocks.stop(case, work.at, clocks.CORRECTION)
    case.received_at = work.at
    clocks.start(case, [clocks.telling_spec(case)], work.at)
    note = "补交：" + "、".join(names) if names else ""
    note += ("；" if note and changed else "") + (f"更正申请表{len(changed)}处" if changed else "")
    return Done(note=note, data={"materials": [m.requirement for m in payload.materials], "form": changed})


def _applicant_time(work: Work) -> deadlines.ClockSpec:
    return clocks.spec(
        work.case, clocks.CORRECTION, clocks.CORRECTION_DAYS, holder="申请人", organisation_id=None,
        clause="补正通知书",
    )  # fmt: skip


def _refuse_second_telling(work: Work) -> None:
    earlier = told_requirements(trace.events_of("case", work.case.number))
    faults = rules.second_notice_faults(earlier, [], [m.requirement for m in work.payload.missing])
    if faults:
        raise NotPossible(
            "补正内容应当一次告知；这次提出的内容上次没有告知，不能再要求补正。",
            code="told_once",
            clause=rules.TELLING_CLAUSE,
            would_pass="只就上次已告知、补交后仍不符合的内容再次告知，或者先受理，在审查中处理。",
        )


def _mark_rejected(work: Work, reasons: dict[str, str]) -> None:
    rows = list(
        Material.objects.filter(case=work.case, requirement__in=reasons, state__in=["handed_in", "owed"])
    )
    for row in rows:
        row.state, row.reason = "rejected", reasons[row.requirement][:500]
    Material.objects.bulk_update(rows, ["state", "reason"])


def _change_form(work: Work, values: dict[str, object]) -> list[str]:
    application = work.case.application
    before = application.form
    siblings = list(application.cases.order_by("id"))
    on, entity = work.at.astimezone(CHINA).date(), application.entity_id is not None
    awaited = awaited_of(application)
    after = check_answers(
        [case.published for case in siblings], {**before, **values}, on, entity=entity, awaited=awaited
    )
    application.form_sealed = identity.seal_json(after, "form")
    application.save(update_fields=["form_sealed"])
    return sorted(code for code in {*before, *after} if before.get(code) != after.get(code))

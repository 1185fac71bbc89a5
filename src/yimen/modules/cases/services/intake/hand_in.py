"""Hand in an application: one applicant, one form, one set of materials, one or many items, one case each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, transaction

from yimen.foundation.identity import api as identity
from yimen.foundation.orgs import api as orgs
from yimen.foundation.trace import api as trace
from yimen.kernel import frozen
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Conflict, Invalid
from yimen.kernel.events import announce
from yimen.modules.cases import rules
from yimen.modules.cases.events import ApplicationHandedIn
from yimen.modules.cases.models import Application, Case, CaseLink
from yimen.modules.cases.services import clocks
from yimen.modules.cases.services.intake.applicant import ApplicantIn, Parties, find_parties
from yimen.modules.cases.services.intake.guarding import guard_of, handed_in_already
from yimen.modules.cases.services.intake.materials import MaterialIn, build_materials, forms_filled
from yimen.modules.cases.services.intake.numbering import take_number
from yimen.modules.cases.services.joint.planning import Dependency, awaited_by, plan_links
from yimen.modules.cases.states import CaseState
from yimen.modules.deadlines import api as deadlines
from yimen.modules.forms import api as forms
from yimen.modules.items import api as items

MAX_ITEMS = 30


@dataclass(frozen=True, kw_only=True)
class HandIn:
    """What is handed in.

    Args:
        items: item codes; one case is made for each.
        applicant: who applies; ``None`` means the actor's own person.
        form: values by data element, and the answers to situation questions.
        materials: what is handed in for the requirements.
        centre: code of the centre whose window receives it.
        delivery_way: window, courier or electronic.
        draft: keep without submitting.
        expected: item code to standard version that the person read; a newer version is told, not silently used.
        joint: one thing of several departments: told once, followed as a whole.
        lead: code of the department that leads a joint application.
        dependencies: which of the items cannot begin before which.
        together: the applicant takes the results all at once when the last is decided.
        joint_days: working days promised over all items, 0 for none; ``joint_clause`` says by what.
    """

    items: Sequence[str]
    applicant: ApplicantIn | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    materials: Sequence[MaterialIn] = ()
    centre: str = ""
    delivery_way: str = "window"
    draft: bool = False
    expected: Mapping[str, int] = field(default_factory=dict)
    joint: bool = False
    lead: str = ""
    dependencies: Sequence[Dependency] = ()
    together: bool = False
    joint_days: int = 0
    joint_clause: str = ""


def hand_in(command: HandIn, actor: Actor, at: datetime) -> Application:
    """Receive an application (收件) and start the clock of its cases; or keep it as a draft.

    What is missing among the materials does not stop the hand-in: the authority tells it once, within five days
    (行政许可法第三十二条). What is wrong in the form does.

    Raises:
        Invalid: unknown items, form or materials that do not fit; ``fields`` says where.
        NotPossible: an item is suspended or cancelled.
        NotAllowed: the actor may not apply for this applicant.
        Conflict: the standard changed since the person read it, or the same application was handed in today.
    """
    codes = _item_codes(command)
    found = items.open_items(codes, at.astimezone(CHINA).date())
    standards = [found[code] for code in codes]
    _check_versions(standards, command.expected)
    centre = orgs.centre_with_code(command.centre) if command.centre else None
    on = at.astimezone(CHINA).date()
    entity = command.applicant is not None and command.applicant.kind == "entity"
    answers = check_answers(
        standards,
        command.form,
        on,
        entity=entity,
        complete=not command.draft,
        awaited=awaited_by(command.dependencies),
    )
    facts = rules.facts(answers, on, entity=entity)
    if not command.draft:
        check_conditions(standards, facts)
    number = take_number(standards[0].division_code, at)
    parties = find_parties(command.applicant, centre, actor, at, codes)
    application = _new_application(command, number, parties, centre, answers, standards, actor, at)
    try:
        with transaction.atomic():
            _store(application, standards, command, answers, facts, actor, at)
    except IntegrityError as clash:
        refusal = handed_in_already(application.duplicate_guard)
        if refusal is None:
            raise
        raise refusal from clash
    return application


def check_answers(
    standards: Sequence[items.PublishedStandard],
    values: Mapping[str, Any],
    on: date,
    *,
    entity: bool = False,
    complete: bool = True,
    awaited: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Check the one form of all items and the answers to their situation questions.

    Args:
        on: the day, against which dates are checked.
        entity: an entity applies, not a person.
        complete: refuse what is required and empty; a draft need not be.
        awaited: data elements that results of earlier cases bring; they may be empty.

    Raises:
        Invalid: with a sentence for each field.
    """
    situations = {s.code: s for standard in standards for s in standard.content.situations}
    problems = {}
    answers = {}
    for code, situation in situations.items():
        answer = values.get(code)
        if answer in (None, ""):
            continue
        if answer not in situation.options:
            problems[code] = f"请从“{'”“'.join(situation.options)}”中选择。"
        answers[code] = answer
    form = {k: v for k, v in values.items() if k not in situations}
    definition = merged_form(tuple(standard.standard_id for standard in standards), awaited)
    try:
        checked = forms.check_form(
            definition, form, rules.facts(answers, on, entity=entity), complete=complete
        )
    except Invalid as wrong:
        raise Invalid(wrong.message, fields={**wrong.fields, **problems}) from wrong
    if problems:
        raise Invalid("有些问题的回答不在选项里，请重新选择。", fields=problems)
    return {**checked, **answers}


@lru_cache(maxsize=512)
def merged_form(standard_ids: tuple[int, ...], awaited: frozenset[str] = frozenset()) -> forms.FormDefinition:
    """The one form of several pinned standards, what is awaited optional; cached because published standards never change."""
    pinned = [items.pinned(i) for i in standard_ids]
    merged, _ = forms.merge_definitions([(p.code, p.content.form) for p in pinned])
    return _with_optional(merged, awaited) if awaited else merged


def _with_optional(definition: forms.FormDefinition, elements: frozenset[str]) -> forms.FormDefinition:
    optional = {"required": False, "required_when": ""}
    sections = tuple(
        section.model_copy(
            update={
                "fields": tuple(
                    field.model_copy(update=optional) if field.element in elements else field
                    for field in section.fields
                )
            }
        )
        for section in definition.sections
    )
    return definition.model_copy(update={"sections": sections})


def _item_codes(command: HandIn) -> list[str]:
    codes = list(dict.fromkeys(command.items))
    if not codes:
        raise Invalid("请选择要办的事项。", fields={"items": "至少选择一个事项。"})
    if len(codes) > MAX_ITEMS:
        raise Invalid(f"一次最多同时办{MAX_ITEMS}个事项。", fields={"items": "请分次提交。"})
    return codes


def _check_versions(standards: Sequence[items.PublishedStandard], expected: Mapping[str, int]) -> None:
    for standard in standards:
        read = expected.get(standard.code)
        if read is not None and read != standard.version:
            raise Conflict(
                f"“{standard.content.name}”的办事标准在您填写期间更新了（第{read}版→第{standard.version}版），"
                "您填的内容都还在，请看一下变化后再提交。",
                code="standard_changed",
                fields={"items": f"{standard.code} 现行第{standard.version}版"},
            )


def check_conditions(standards: Sequence[items.PublishedStandard], answers: Mapping[str, Any]) -> None:
    unmet = [
        f"{standard.content.name}：{sentence}"
        for standard in standards
        for sentence in rules.unmet_conditions(standard.content, answers)
    ]
    if unmet:
        raise Invalid(
            "按您填写的情况，暂不符合办理条件：" + "；".join(unmet),
            code="conditions_not_met",
            fields={"form": "；".join(unmet)},
            would_pass="如填写有误请更正；情况变化后可以随时再来申请，也可以到窗口咨询。",
        )


def _new_application(
    command: HandIn,
    number: str,
    parties: Parties,
    centre: Any,
    answers: Mapping[str, Any],
    standards: Sequence[items.PublishedStandard],
    actor: Actor,
    at: datetime,
) -> Application:
    return Application(
        number=number,
        state="draft" if command.draft else "submitted",
        person=parties.person,
        entity=parties.entity,
        agent=parties.agent,
        account_id=actor.account_id,
        channel=actor.channel,
        centre=centre,
        division=standards[0].division_code,
        form_sealed=identity.seal_json(dict(answers), "form"),
        delivery_way=command.delivery_way,
        joint=command.joint or command.together or bool(command.dependencies),
        together=command.together,
        lead=orgs.organisation_with_code(command.lead) if command.lead else None,
        joint_days=command.joint_days,
        joint_clause=command.joint_clause,
        created_at=at,
        received_at=None if command.draft else at,
    )


def _store(
    application: Application,
    standards: Sequence[items.PublishedStandard],
    command: HandIn,
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    actor: Actor,
    at: datetime,
) -> None:
    cases = [_new_case(application, n, standard, at) for n, standard in enumerate(standards, 1)]
    links = plan_links(cases, command.dependencies)
    for link in links if application.state != "draft" else ():
        link.later.state, link.later.received_at = CaseState.WAITING, None
    materials = build_materials(cases, command.materials, actor, at)
    materials += forms_filled(cases, materials, facts, at)
    if application.state != "draft":
        application.duplicate_guard = guard_of(application, command.items, answers, materials, at)
    frozen.insert([application])
    for case in cases:
        own = [m for m in materials if m.case is case]
        case.owed = sum(m.state == "owed" for m in own)
        case.promised = sum(m.source == "promise" for m in own)
    events = [] if application.state == "draft" else _received_all(cases, actor, at)
    frozen.insert(cases)
    frozen.insert(materials)
    if links:
        CaseLink.objects.bulk_create(links)
    if events:
        trace.save(events)
        announce(
            ApplicationHandedIn(
                at=at,
                application_id=application.pk,
                number=application.number,
                items=" ".join(str(case.item_id) for case in cases),
            )
        )
    application._prefetched_objects_cache = {"cases": cases}  # type: ignore[attr-defined]


def _new_case(
    application: Application, ordinal: int, standard: items.PublishedStandard, at: datetime
) -> Case:
    draft = application.state == "draft"
    return Case(
        number=f"{application.number}-{ordinal}",
        application=application,
        item_id=standard.item_id,
        standard_id=standard.standard_id,
        organisation_id=standard.organisation_id,
        centre=application.centre,
        division=standard.division_code,
        state=CaseState.DRAFT if draft else CaseState.SUBMITTED,
        is_open=not draft,
        received_at=None if draft else at,
    )


def _received_all(cases: Sequence[Case], actor: Actor, at: datetime) -> list[trace.Event]:
    """The five days to tell start for every case that need not wait for another one."""
    begun = [case for case in cases if case.state == CaseState.SUBMITTED]
    started = deadlines.start_clocks([clocks.telling_spec(case) for case in begun], at)
    for case, clock in zip(begun, started, strict=True):
        case.due_at = clock.due_at
    return [_received(case, actor, at) for case in cases]


def _received(case: Case, actor: Actor, at: datetime) -> trace.Event:
    event, head = trace.prepare(
        "case",
        case.number,
        "submit",
        actor,
        at,
        trace.Head(),
        from_state=CaseState.DRAFT,
        to_state=case.state,
        note="收到申请材料" if case.state == CaseState.SUBMITTED else rules.WAITS,
        data={"standard": case.standard_id, "item": case.published.code, "channel": actor.channel},
    )
    case.trace_length, case.trace_head = head.length, head.hash
    return event

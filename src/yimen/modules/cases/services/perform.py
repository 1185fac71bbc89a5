"""Do one legal act upon one case: lock, check against the table, perform, chain the event, announce."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Conflict, NotPossible
from yimen.kernel.events import announce
from yimen.kernel.states import Step
from yimen.kernel.validation import invalid_from
from yimen.modules.cases.events import CaseActed
from yimen.modules.cases.models import Application, Case
from yimen.modules.cases.queries import case_in_brief
from yimen.modules.cases.services.acts import (
    acceptance,
    correction,
    decision,
    ending,
    review,
    submission,
    time,
)
from yimen.modules.cases.services.acts.base import ActDefinition, Done, Work
from yimen.modules.cases.states import FINAL, MACHINE, CaseState

ACTS: dict[str, ActDefinition] = {
    a.name: a
    for a in (
        ActDefinition("submit", submission.Submit, submission.submit),
        ActDefinition("request_correction", correction.RequestCorrection, correction.request_correction),
        ActDefinition("correct", correction.Correct, correction.correct),
        ActDefinition("accept", acceptance.Accept, acceptance.accept),
        ActDefinition("refuse_acceptance", acceptance.RefuseAcceptance, acceptance.refuse_acceptance),
        ActDefinition("pass_step", review.PassStep, review.pass_step),
        ActDefinition("return_step", review.ReturnStep, review.return_step),
        ActDefinition("suspend", time.Suspend, time.suspend),
        ActDefinition("resume", time.Resume, time.resume),
        ActDefinition("extend", time.Extend, time.extend),
        ActDefinition("decide", decision.Decide, decision.decide),
        ActDefinition("deliver", decision.Deliver, decision.deliver),
        ActDefinition("supply", ending.Supply, ending.supply),
        ActDefinition("check_promise", ending.CheckPromise, ending.check_promise),
        ActDefinition("withdraw", ending.Withdraw, ending.withdraw),
        ActDefinition("terminate", ending.Terminate, ending.terminate),
    )
}


def act(
    number: str,
    name: str,
    payload: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    *,
    revision: int | None = None,
) -> Case:
    """Perform an act.

    Args:
        number: case number.
        name: act name of the public contract.
        payload: what the act takes; checked against its shape.
        actor: who.
        at: when.
        revision: the case's revision the actor saw; another one means somebody was quicker.

    Returns:
        The case after the act.

    Raises:
        NotFound: no such case, or not the actor's to see.
        NotAllowed, NotPossible: the table or a guard says no.
        Conflict: somebody acted in between; the sentence says who and what.
        Invalid: the payload does not fit.
    """
    with transaction.atomic():
        case = lock(number, actor)
        if revision is not None and revision != case.revision:
            raise _overtaken(case)
        step = MACHINE.check(name, CaseState(case.state), actor, case)
        definition = ACTS[name]
        try:
            taken = definition.payload.model_validate(dict(payload))
        except ValidationError as error:
            raise invalid_from(error) from error
        work = Work(case, actor, at, taken)
        settle(work, step, definition.perform(work))
    return case


def lock(number: str, actor: Actor) -> Case:
    """Take the case's row for this transaction.

    Raises:
        NotFound: unknown or invisible; the two look the same from outside.
    """
    return case_in_brief(number, actor, lock=True)


def settle(work: Work, step: Step[CaseState], done: Done) -> None:
    """Write what an act left: new state, chained event, announcement."""
    case, before = work.case, CaseState(work.case.state)
    after = done.state or step.target
    if after is None:
        raise NotPossible("这个动作没有说明办理后的状态。")
    case.state, case.is_open = after, after not in FINAL
    case.revision += 1
    ends = after in FINAL and before not in FINAL
    if ends:
        case.finished_at, case.due_at = work.at, None
    event, head = trace.prepare(
        "case",
        case.number,
        step.name,
        work.actor,
        work.at,
        trace.Head(case.trace_length, case.trace_head),
        from_state=before,
        to_state=after,
        clause=done.clause or step.clause,
        note=done.note,
        data=done.data,
    )
    trace.save([event])
    case.trace_length, case.trace_head = head.length, head.hash
    case.save()
    if ends:
        _close_application(case, work.at)
    announce(
        CaseActed(
            at=work.at,
            case_id=case.pk,
            number=case.number,
            act=step.name,
            sequence=head.length,
            from_state=before,
            to_state=after,
        )
    )


def _close_application(case: Case, at: datetime) -> None:
    """With its last open case the application closes, and the same matter may be applied for again."""
    still_open = Case.objects.filter(application_id=case.application_id, is_open=True).exclude(pk=case.pk)
    if not still_open.exists():
        Application.objects.filter(pk=case.application_id).update(
            state="closed", closed_at=at, duplicate_guard=None
        )


def _overtaken(case: Case) -> Conflict:
    last = trace.events_of("case", case.number).last()
    label = MACHINE.steps[last.act].label if last and last.act in MACHINE.steps else "办理"
    who = f"{last.actor_name}于{last.at.astimezone(CHINA):%H:%M}" if last else "别人"
    return Conflict(
        f"{who}刚刚办理了“{label}”，办件情况已经变化，您这次的操作没有执行。",
        would_pass="请查看最新情况后再办；您填写的内容还在。",
    )

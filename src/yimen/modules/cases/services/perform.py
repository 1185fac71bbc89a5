"""Do one legal act upon one case: lock, check against the table, perform, chain the event, announce."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.deadlocks import again_after_deadlock
from yimen.kernel.errors import Conflict
from yimen.kernel.validation import invalid_from
from yimen.modules.cases.models import Case
from yimen.modules.cases.services.acts import (
    acceptance,
    correction,
    decision,
    ending,
    review,
    submission,
    time,
)
from yimen.modules.cases.services.acts.base import ActDefinition, Work
from yimen.modules.cases.services.joint.following import follow
from yimen.modules.cases.services.joint.sharing import share_replacements
from yimen.modules.cases.services.settling import lock, settle
from yimen.modules.cases.states import MACHINE, CaseState

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
        ActDefinition("revoke", ending.Revoke, ending.revoke),
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
    return again_after_deadlock(lambda: _act(number, name, payload, actor, at, revision))


def _act(
    number: str, name: str, payload: Mapping[str, Any], actor: Actor, at: datetime, revision: int | None
) -> Case:
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
        if case.application.joint:
            if name == "correct":
                share_replacements(case, actor, at)
            follow(case, at)
            case.refresh_from_db()
    return case


def _overtaken(case: Case) -> Conflict:
    last = trace.events_of("case", case.number).last()
    label = MACHINE.steps[last.act].label if last and last.act in MACHINE.steps else "办理"
    who = f"{last.actor_name}于{last.at.astimezone(CHINA):%H:%M}" if last else "别人"
    return Conflict(
        f"{who}刚刚办理了“{label}”，办件情况已经变化，您这次的操作没有执行。",
        would_pass="请查看最新情况后再办；您填写的内容还在。",
    )

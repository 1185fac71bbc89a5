"""Opinions of other organisations inside a step (征求意见)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from django.db import transaction

from yimen.foundation.orgs import api as orgs
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.errors import NotAllowed, NotPossible
from yimen.modules.cases.models import Case, OpinionRequest
from yimen.modules.cases.permissions import OPINE
from yimen.modules.cases.queries import ASKING_STATES
from yimen.modules.cases.services import clocks


def ask_opinions(case: Case, steps: Iterable[str], at: datetime) -> None:
    """Ask the organisations that the standard names for the steps that have just opened."""
    plan = {step.code: step.joint for step in case.published.content.steps if step.joint}
    asked = [(code, plan[code]) for code in steps if code in plan]
    if not asked:
        return
    known = orgs.organisations_with_codes({name for _, joint in asked for name in joint.organisations})
    requests = [
        (
            OpinionRequest(
                case=case, step=code, organisation=known[name], asked_at=at, silence_means=joint.silence_means
            ),
            joint.silence_days,
            joint.clause,
        )
        for code, joint in asked
        for name in joint.organisations
        if name in known
    ]
    clocks.start_opinions(case, requests, at)
    OpinionRequest.objects.bulk_create(request for request, _, _ in requests)


def waiting_opinions(case: Case, step: str) -> list[OpinionRequest]:
    """Opinions of a step that nobody has given yet."""
    return list(
        OpinionRequest.objects.filter(case=case, step=step, answered_at=None).select_related("organisation")
    )


def give_opinion(
    request_id: int, answer: Literal["agree", "object"], text: str, actor: Actor, at: datetime
) -> OpinionRequest:
    """Answer for one's organisation.

    Raises:
        NotAllowed: asked of another organisation.
        NotPossible: already answered.
    """
    with transaction.atomic():
        request = _locked(request_id)
        if not any(s.organisation_id in (None, request.organisation_id) for s in actor.scopes(OPINE)):
            raise NotAllowed("这是征求其他部门的意见，您不能代答。")
        if request.answered_at is not None:
            raise NotPossible("这份意见已经答复过了。", code="opinion_answered")
        if request.case.state not in ASKING_STATES:
            raise NotPossible("办件已经作出决定或者结束，不再需要这份意见。", code="opinion_not_needed")
        return _answer(request, answer, text, actor, at)


def count_silence(at: datetime) -> int:
    """Let silence count as agreement where the standard says so; a duty of the worker."""
    due = OpinionRequest.objects.filter(
        answered_at=None, due_at__lt=at, silence_means="agree", case__state__in=ASKING_STATES
    )
    numbers = list(due.values_list("id", flat=True)[:500])
    for number in numbers:
        with transaction.atomic():
            request = _locked(number)
            if request.answered_at is None and request.case.state in ASKING_STATES:
                _answer(request, "silent", "逾期未答复，视为同意", PLATFORM, at)
    return len(numbers)


def _locked(request_id: int) -> OpinionRequest:
    number = OpinionRequest.objects.values_list("case_id", flat=True).filter(pk=request_id).first()
    if number is None:
        raise NotPossible("没有这份征求意见。", code="not_found")
    Case.objects.select_for_update().get(pk=number)
    return OpinionRequest.objects.select_related(
        "organisation", "case__organisation", "case__application"
    ).get(pk=request_id)


def _answer(request: OpinionRequest, answer: str, text: str, actor: Actor, at: datetime) -> OpinionRequest:
    case = request.case
    request.answer, request.text, request.answered_at = answer, text, at
    request.answered_by_id = actor.account_id
    request.save(update_fields=["answer", "text", "answered_at", "answered_by"])
    clocks.stop_opinion(case, request, at)
    event, head = trace.prepare(
        "case", case.number, "give_opinion", actor, at, trace.Head(case.trace_length, case.trace_head),
        from_state=case.state, to_state=case.state, note=text or request.get_answer_display(),
        data={"step": request.step, "organisation": request.organisation.code, "answer": answer},
    )  # fmt: skip
    trace.save([event])
    case.trace_length, case.trace_head = head.length, head.hash
    case.revision += 1
    case.save(update_fields=["trace_length", "trace_head", "revision"])
    return request

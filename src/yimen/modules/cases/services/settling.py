"""Take a case's row for one act, and write what the act left: state, chained event, announcement."""

from datetime import datetime

from yimen.foundation.trace import api as trace
from yimen.kernel import frozen
from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotPossible
from yimen.kernel.events import announce
from yimen.kernel.states import Step
from yimen.modules.cases.events import CaseActed
from yimen.modules.cases.models import Application, Case
from yimen.modules.cases.queries import case_in_brief
from yimen.modules.cases.services.acts.base import Done, Work
from yimen.modules.cases.services.tallying import leave_tally
from yimen.modules.cases.states import FINAL, CaseState


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
    if case.tallied:
        leave_tally(case)
    case.state, case.is_open = after, after not in FINAL
    case.revision += 1
    ends = after in FINAL and before not in FINAL
    if ends:
        case.finished_at, case.due_at = work.at, None
    event, head = trace.prepare(
        "case",
        case.number,
        done.act or step.name,
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
    frozen.update(case)
    if ends:
        _close_application(case, work.at)
    announce(
        CaseActed(
            at=work.at,
            case_id=case.pk,
            number=case.number,
            item_id=case.item_id,
            act=done.act or step.name,
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

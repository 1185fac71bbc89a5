"""What time alone does: silence counts as acceptance; run again and again by the worker."""

from datetime import datetime

from django.db import transaction

from yimen.kernel.actor import PLATFORM
from yimen.modules.cases import rules
from yimen.modules.cases.models import Case
from yimen.modules.cases.services import clocks
from yimen.modules.cases.services.acts.acceptance import DEEMED, accept_as_of
from yimen.modules.cases.services.acts.base import NoPayload, Work
from yimen.modules.cases.services.joint.following import follow
from yimen.modules.cases.services.settling import lock, settle
from yimen.modules.cases.states import MACHINE, CaseState
from yimen.modules.deadlines import api as deadlines

BATCH = 500


def deem_accepted(at: datetime) -> int:
    """Accept, as of receipt, every case that nobody accepted, refused or asked to correct within five working days.

    (行政许可法第三十二条第一款第（四）项)

    Returns:
        How many cases it accepted.
    """
    late = deadlines.due_before(at, clocks.TELLING).filter(subject_kind=clocks.SUBJECT)
    numbers = list(late.values_list("subject_key", flat=True)[:BATCH])
    return sum(_deem_one(number, at) for number in numbers)


def _deem_one(number: str, at: datetime) -> bool:
    with transaction.atomic():
        case: Case = lock(number, PLATFORM)
        if case.state != CaseState.SUBMITTED or case.received_at is None:
            return False
        work = Work(case, PLATFORM, at, NoPayload())
        done = accept_as_of(work, case.received_at, note=DEEMED, clause=rules.TELLING_CLAUSE)
        settle(work, MACHINE.steps["accept"], done)
        follow(case, at)
    return True

"""One notice for all departments, once (一次告知): what each found missing is collected and told together."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import NotAllowed, NotPossible
from yimen.modules.cases.models import Application, Case
from yimen.modules.cases.queries import application_with_number
from yimen.modules.cases.services import clocks
from yimen.modules.cases.services.acts.base import Work
from yimen.modules.cases.services.acts.correction import RequestCorrection, tell_missing
from yimen.modules.cases.services.settling import settle
from yimen.modules.cases.states import CORRECT, MACHINE, CaseState, permits
from yimen.modules.deadlines import api as deadlines


def tell_when_all_have_looked(application: Application, at: datetime) -> bool:
    """Send the one notice once no department is left that has neither accepted nor proposed a correction."""
    submitted = _submitted(application)
    if not submitted or any(case.proposed is None for case in submitted):
        return False
    _send(submitted, at)
    return True


def tell_together(number: str, actor: Actor, at: datetime) -> list[Case]:
    """The lead department sends what has been proposed so far, without waiting for the others.

    Raises:
        NotFound: unknown or invisible application.
        NotAllowed: the actor does not correct for the lead department.
        NotPossible: nothing was proposed.
    """
    application_with_number(number, actor)
    with transaction.atomic():
        application = Application.objects.select_for_update().get(number=number)
        proposed = [case for case in _submitted(application) if case.proposed]
        if not _leads(application, actor):
            raise NotAllowed("只有牵头部门可以提前发出一次性告知。")
        if not proposed:
            raise NotPossible("还没有部门提出补正意见，没有可以告知的内容。")
        _send(proposed, at)
    return proposed


def tell_before_silence_counts(at: datetime) -> int:
    """On the last day of the five, send what was proposed: nobody's silence may turn it into acceptance.

    Returns:
        How many applications were told.
    """
    today = at.astimezone(CHINA).date()
    waiting = Case.objects.filter(state=CaseState.SUBMITTED, is_open=True, proposed__isnull=False)
    keys = list(waiting.values_list("number", "application_id")[:500])
    due = deadlines.clocks_of(clocks.SUBJECT, [number for number, _ in keys])
    last_day = {
        application
        for number, application in keys
        if any(
            c.kind == clocks.TELLING and c.is_open and c.due_on and c.due_on <= today
            for c in due.get(number, ())
        )
    }
    for key in sorted(last_day):
        with transaction.atomic():
            application = Application.objects.select_for_update().get(pk=key)
            if proposed := [case for case in _submitted(application) if case.proposed]:
                _send(proposed, at)
    return len(last_day)


def _submitted(application: Application) -> list[Case]:
    rows = application.cases.filter(state=CaseState.SUBMITTED).select_related("application")
    return list(rows.select_for_update(of=("self",)).order_by("id"))


def _leads(application: Application, actor: Actor) -> bool:
    cases = application.cases.select_related("application").filter(organisation_id=application.lead_id or 0)
    return any(permits(CORRECT, actor, case) for case in cases)


def _send(proposed: Sequence[Case], at: datetime) -> None:
    first = proposed[0].number
    for case in proposed:
        payload = RequestCorrection.model_validate({"missing": case.proposed})
        work = Work(case, PLATFORM, at, payload)
        case.proposed = None
        done = tell_missing(work)
        if case.number == first:
            done.data["told_with"] = [other.number for other in proposed]
        else:
            done.data["told_in"] = first
        settle(work, MACHINE.steps["request_correction"], done)

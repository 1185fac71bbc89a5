"""Tell the applicant, and whoever handed it in for the applicant, what became of the case: after commit, once."""

import json
from datetime import date, datetime

from yimen.foundation.identity import api as identity
from yimen.foundation.notices import api as notices
from yimen.foundation.trace import api as trace
from yimen.kernel.clock import CHINA
from yimen.kernel.events import When, on
from yimen.modules.cases import api as cases
from yimen.modules.cases.events import CaseActed
from yimen.modules.deadlines import api as deadlines
from yimen.modules.issuing.telling import told

CLOCKS = {
    "submit": "telling", "release": "telling", "correct": "telling", "accept": "promised", "resume": "promised", "extend": "promised",
    "granted": "delivery",
}  # fmt: skip
"""Which clock each message makes its promise from."""


@on(CaseActed, when=When.AFTER_COMMIT)
def tell_applicant(event: CaseActed) -> None:
    """One message for each recipient and act, however often the delivery is made."""
    case = cases.Case.objects.select_related(
        "application__person", "application__entity", "application__agent", "organisation"
    ).get(pk=event.case_id)
    record = trace.events_of("case", case.number).filter(sequence=event.sequence).first()
    data = json.loads(record.data) if record is not None and record.data else {}
    due_on = _due_on(
        case.number, str(data.get("outcome", event.act)) if event.act == "decide" else event.act, event.at
    )
    message = told(event.act, case.number, case.published.content.name, case.organisation.label, due_on, data)
    if message is None:
        return
    application = case.application
    recipients = {"a": (application.person, application.entity)}
    if application.agent is not None and not _reads_it_anyway(application, event.at):
        recipients["b"] = (application.agent, None)
    for mark, (person, entity) in recipients.items():
        notices.notify(
            person=None if entity is not None else person,
            entity=entity,
            title=message.title,
            body=message.body,
            text=message.text,
            link=f"/my/cases/{case.number}/",
            kind=f"case.{event.act}",
            key=f"case:{case.number}:{event.sequence}:{mark}",
            at=event.at,
        )


def _due_on(number: str, occasion: str, at: datetime) -> date | None:
    """The last day of the promise that this act began: a later delivery of the message still names the right day."""
    kind = CLOCKS.get(occasion)
    found = [
        clock
        for clock in deadlines.clocks_of("case", [number])[number]
        if clock.kind == kind and clock.started_at <= at
    ]
    return found[-1].due_on if found else None


def _reads_it_anyway(application: cases.Application, at: datetime) -> bool:
    """Is the agent the applicant, or somebody who sees the messages of the enterprise?"""
    agent = application.agent_id
    if agent is None or agent == application.person_id:
        return True
    entity = application.entity_id
    today = at.astimezone(CHINA).date()
    return entity is not None and identity.may_represent(agent, today, entity_id=entity)

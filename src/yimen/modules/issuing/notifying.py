"""Tell the applicant, and whoever handed it in for the applicant, what became of the case: after commit, once."""

import json

from yimen.foundation.notices import api as notices
from yimen.foundation.trace import api as trace
from yimen.kernel.clock import CHINA
from yimen.kernel.events import When, on
from yimen.modules.cases import api as cases
from yimen.modules.cases.events import CaseActed
from yimen.modules.issuing.telling import told


@on(CaseActed, when=When.AFTER_COMMIT)
def tell_applicant(event: CaseActed) -> None:
    """One message for each recipient and act, however often the delivery is made."""
    case = cases.Case.objects.select_related(
        "application__person", "application__entity", "application__agent", "organisation"
    ).get(pk=event.case_id)
    record = trace.events_of("case", case.number).filter(sequence=event.sequence).first()
    data = json.loads(record.data) if record is not None and record.data else {}
    due_on = case.due_at.astimezone(CHINA).date() if case.due_at else None
    message = told(event.act, case.number, case.published.content.name, case.organisation.label, due_on, data)
    if message is None:
        return
    application = case.application
    recipients = {"a": (application.person, application.entity)}
    if application.agent is not None and application.agent_id != application.person_id:
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

"""Papers and messages follow acts: after commit, retried, once."""

from yimen.kernel.events import When, on
from yimen.modules.cases.events import ApplicationHandedIn, CaseActed
from yimen.modules.issuing.notifying import tell_applicant
from yimen.modules.issuing.services import issue_for_act, issue_receipt

__all__ = ["papers_after_act", "receipt_after_hand_in", "tell_applicant"]


@on(ApplicationHandedIn, when=When.AFTER_COMMIT)
def receipt_after_hand_in(event: ApplicationHandedIn) -> None:
    issue_receipt(event.application_id)


@on(CaseActed, when=When.AFTER_COMMIT)
def papers_after_act(event: CaseActed) -> None:
    issue_for_act(event.case_id, event.sequence)

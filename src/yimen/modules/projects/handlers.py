"""A stage passes with the decision of its last case; an act on a case that decides nothing costs nothing here."""

from yimen.kernel.events import When, on
from yimen.modules.cases.api import CaseState
from yimen.modules.cases.events import CaseActed
from yimen.modules.projects.services.staging import follow_decision

DECIDED = frozenset({CaseState.GRANTED, CaseState.REVOKED})


@on(CaseActed, when=When.AT_ONCE)
def stages_follow_decisions(event: CaseActed) -> None:
    if event.to_state in DECIDED and event.from_state != event.to_state:
        follow_decision(event.case_id, event.at)

"""Figures follow what happens to cases, after it is safe; the same news may come again and changes nothing."""

from yimen.kernel.events import When, on
from yimen.modules.cases.events import ApplicationHandedIn, CaseActed
from yimen.modules.deadlines.events import ClocksRecounted
from yimen.modules.insight.services.folding import refresh_application, refresh_with
from yimen.modules.insight.services.moved import refresh_moved


@on(ApplicationHandedIn, when=When.AFTER_COMMIT)
def figures_after_hand_in(event: ApplicationHandedIn) -> None:
    refresh_application(event.application_id)


@on(CaseActed, when=When.AFTER_COMMIT)
def figures_after_act(event: CaseActed) -> None:
    refresh_with(event.case_id)


@on(ClocksRecounted, when=When.AFTER_COMMIT)
def figures_after_recount_of_clocks(event: ClocksRecounted) -> None:
    refresh_moved(event.recount_id)

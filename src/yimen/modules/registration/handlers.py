"""Registration reacts to cases in their own transaction: the licence exists, or the decision does not."""

from yimen.kernel.events import When, on
from yimen.modules.cases.events import ApplicationHandedIn, CaseActed
from yimen.modules.issuing.api import register_results
from yimen.modules.registration.papers import result_papers
from yimen.modules.registration.queries.bindings import bound_items
from yimen.modules.registration.queries.register import licences_held
from yimen.modules.registration.services import handling
from yimen.modules.themes.api import register_holdings

register_results(result_papers)
register_holdings(licences_held)


@on(ApplicationHandedIn, when=When.AT_ONCE)
def check_against_the_register(event: ApplicationHandedIn) -> None:
    if any(int(item) in bound_items() for item in event.items.split()):
        handling.receive(event.application_id, event.at)


@on(CaseActed, when=When.AT_ONCE)
def register_follows_the_decision(event: CaseActed) -> None:
    if event.item_id not in bound_items():
        return
    if event.act == "decide" and event.to_state == "granted":
        handling.enter(event.case_id, event.at)
    elif event.to_state in handling.UNSUCCESSFUL:
        handling.let_go(event.case_id, event.at)

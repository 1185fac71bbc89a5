"""What cases add to lower modules, and what they follow when those move."""

from yimen.kernel.events import When, on
from yimen.modules.cases.queries import impact_on_cases
from yimen.modules.cases.services.following import follow_recount
from yimen.modules.deadlines.events import ClocksRecounted
from yimen.modules.items.api import register_impact

register_impact(impact_on_cases)


@on(ClocksRecounted, when=When.AT_ONCE)
def cases_follow_their_clocks(event: ClocksRecounted) -> None:
    follow_recount(event.recount_id)

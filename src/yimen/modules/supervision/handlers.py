"""What supervision does when organisations change.

Cases are followed by reading the trace on (``jobs``), not by a handler of each act: a handler does not know the present
moment, which an event that arrives a month late is judged by, and acts would pay for it.
"""

from yimen.foundation.orgs.events import OrganisationDissolved
from yimen.kernel.events import When, on
from yimen.modules.supervision.services.readdressing import readdress


@on(OrganisationDissolved, when=When.AT_ONCE)
def cards_follow_their_organisation(event: OrganisationDissolved) -> None:
    readdress(event.organisation_id, event.at)

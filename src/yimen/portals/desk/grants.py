"""The grants that open the desk's pages; they are declared by the module cases."""

from yimen.modules.cases import permissions

CREATE, READ, OPINE, READ_PERSON = (
    permissions.CREATE,
    permissions.READ,
    permissions.OPINE,
    permissions.READ_PERSON,
)
CORRECT, ACCEPT, DECIDE = "desk:case:correct", "desk:case:accept", "desk:case:decide"
RECEIVE, DELIVER = "desk:case:receive", "desk:case:deliver"

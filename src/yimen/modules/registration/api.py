"""The door of registration: the public register, names, and what an item means for it."""

from yimen.modules.registration.models import Binding, EntityEvent, MarketEntity, PremisesCertificate
from yimen.modules.registration.queries.filings import has_filing
from yimen.modules.registration.queries.names import check_name
from yimen.modules.registration.queries.register import (
    Found,
    entity_of_code,
    entity_with_code,
    known_facts,
    premises_valid_for,
    search,
)
from yimen.modules.registration.services.handling import bind_item
from yimen.modules.registration.services.importing import Report, import_entities
from yimen.modules.registration.states import EntityKind, EntityState

REGISTRAR_ACTS = dict(EntityEvent.KINDS)
"""Name to words of what the trace of an entity may say."""

__all__ = [
    "REGISTRAR_ACTS",
    "Binding", "EntityKind", "EntityState", "Found", "MarketEntity", "PremisesCertificate", "Report", "bind_item", "check_name",
    "entity_of_code", "entity_with_code", "has_filing", "import_entities", "known_facts", "premises_valid_for", "search",
]  # fmt: skip

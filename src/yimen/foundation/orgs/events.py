"""What happened to organisations, centres and divisions."""

from dataclasses import dataclass

from yimen.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class OrganisationCreated(Event):
    organisation_id: int
    code: str
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class OrganisationRenamed(Event):
    organisation_id: int
    old_name: str
    new_name: str
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class OrganisationDissolved(Event):
    organisation_id: int
    successor_id: int | None
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class DivisionReplaced(Event):
    old_code: str
    new_code: str
    kind: str
    actor_id: int | None

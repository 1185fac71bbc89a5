"""What happened to accounts, people, roles and representations; plain values only, never personal data."""

from dataclasses import dataclass

from yimen.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class AccountCreated(Event):
    account_id: int
    kind: str
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class AccountLocked(Event):
    account_id: int
    reason: str
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class AccountUnlocked(Event):
    account_id: int
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class PersonRegistered(Event):
    person_id: int


@dataclass(frozen=True, kw_only=True)
class EntityRegistered(Event):
    entity_id: int


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    role_id: int
    code: str
    added: str
    removed: str
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class RoleGranted(Event):
    role_grant_id: int
    account_id: int
    role: str
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class RoleRevoked(Event):
    role_grant_id: int
    account_id: int
    role: str
    reason: str
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class RepresentationGranted(Event):
    representation_id: int
    agent_id: int
    principal_person_id: int | None
    principal_entity_id: int | None
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class RepresentationRevoked(Event):
    representation_id: int
    actor_id: int | None

"""For whom the signed-in person acts now: chosen once, kept in the session, checked against the actor each time."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from yimen.foundation.identity.models import LegalEntity, Person
from yimen.kernel.actor import ENTITY, PERSON, Actor
from yimen.kernel.errors import NotAllowed

SESSION_KEY = "acting_for"


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Somebody acted for.

    Args:
        kind: ``person`` or ``entity``.
        key: id of the ``Person`` or ``LegalEntity``.
        name: shown in the frame of every page; a person's name is masked.
    """

    kind: str
    key: int
    name: str

    def __str__(self) -> str:
        return self.name


def may_choose(actor: Actor, kind: str, key: int) -> bool:
    """Is this one of those the actor may act for now?"""
    return key in {PERSON: actor.principal_ids, ENTITY: actor.entity_ids}.get(kind, frozenset())


def choose(session: MutableMapping[str, Any], actor: Actor, kind: str, key: int) -> None:
    """Act for somebody from now on; kind "" = for oneself again.

    Raises:
        NotAllowed: nobody let the actor act for them.
    """
    if not kind:
        session.pop(SESSION_KEY, None)
        return
    if not may_choose(actor, kind, key):
        raise NotAllowed("您没有为对方代办的委托，或委托已经到期、撤销。")
    session[SESSION_KEY] = [kind, key]


def chosen(session: MutableMapping[str, Any], actor: Actor) -> Principal | None:
    """For whom the actor acts now; ``None`` for himself, also when the representation has ended meanwhile."""
    held = session.get(SESSION_KEY)
    if not (isinstance(held, list) and len(held) == 2) or not may_choose(actor, held[0], held[1]):
        return None
    kind, key = held
    if kind == ENTITY:
        entity = LegalEntity.objects.filter(pk=key).only("name").first()
        return Principal(kind=kind, key=key, name=entity.name) if entity else None
    person = Person.objects.filter(pk=key).first()
    return Principal(kind=kind, key=key, name=person.masked_name) if person else None

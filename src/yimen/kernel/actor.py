"""Who is acting, in whose name, with which grants over which rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The rows a grant reaches. Empty fields do not restrict; all given fields must match.

    Args:
        division: division code prefix ("" = every division; "440199" = that district and all below).
        organisation_id: one organisation.
        centre_id: one service centre.
    """

    division: str = ""
    organisation_id: int | None = None
    centre_id: int | None = None


_NO_GRANTS: Mapping[str, tuple[Scope, ...]] = MappingProxyType({})
_NO_LIMITS: Mapping[tuple[str, int], frozenset[str]] = MappingProxyType({})
PERSON, ENTITY = "person", "entity"
"""The two kinds of principals."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Passed explicitly to every service and query; made once a request by ``identity.api.actor_of``.

    Args:
        account_id: the signed-in account, ``None`` for a stranger or the platform itself.
        name: what the trace shows.
        person_id: the natural person behind the account, if known.
        entity_ids: legal entities this person may act for now.
        principal_ids: other natural persons this person may act for now.
        limited_to: principals (kind and id) whose representation covers only some items, with the items' codes; a principal
            that is not named here is represented in every matter (民法典第一百六十五条).
        organisation_id: the organisation whose post the person holds.
        posts: codes of the posts held.
        grants: grant name (``portal:noun:verb``) to the scopes it was given for.
        channel: window, online, mobile, kiosk, courier, api or system.
        as_of: the moment for which all this was read; ``None`` where nobody read it from the store.
    """

    account_id: int | None = None
    name: str = "访客"
    person_id: int | None = None
    entity_ids: frozenset[int] = frozenset()
    principal_ids: frozenset[int] = frozenset()
    limited_to: Mapping[tuple[str, int], frozenset[str]] = field(default_factory=lambda: _NO_LIMITS)
    organisation_id: int | None = None
    posts: frozenset[str] = frozenset()
    grants: Mapping[str, tuple[Scope, ...]] = field(default_factory=lambda: _NO_GRANTS)
    channel: str = "online"
    as_of: datetime | None = field(default=None, compare=False)

    @property
    def signed_in(self) -> bool:
        return self.account_id is not None

    def may(self, grant: str) -> bool:
        """Does the actor hold this grant over any rows at all?"""
        return grant in self.grants

    def scopes(self, grant: str) -> tuple[Scope, ...]:
        """The scopes of a grant; empty means no rows."""
        return self.grants.get(grant, ())

    def items_for(self, kind: str, key: int) -> frozenset[str] | None:
        """The item codes to which acting for a principal is limited; ``None`` = every matter.

        Args:
            kind: ``person`` or ``entity``.
            key: id of the principal; whether there is a representation at all is not asked here.
        """
        return self.limited_to.get((kind, key))

    def may_any(self, grants: Iterable[str]) -> bool:
        return any(grant in self.grants for grant in grants)


STRANGER = Actor()
PLATFORM = Actor(name="一门平台", channel="system")

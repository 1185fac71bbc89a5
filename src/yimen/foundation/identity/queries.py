"""Reads of identity: who is acting, people, entities, accounts, grants."""

from collections import defaultdict
from datetime import date, datetime

from django.db.models import (
    CharField,
    Q,
    QuerySet,
)

from yimen.foundation.identity import numbers
from yimen.foundation.identity.models import (
    Account,
    LegalEntity,
    Person,
    PostHolding,
    Representation,
    Role,
    RoleGrant,
)
from yimen.foundation.identity.permissions import DELEGATION_MANAGE
from yimen.foundation.identity.sealing import keyed_hash
from yimen.foundation.orgs.api import Post
from yimen.kernel import frozen
from yimen.kernel.actor import Actor, Scope
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import NotFound
from yimen.kernel.frozen import Slot


def china_day(at: datetime) -> date:
    """The calendar day in China of a moment."""
    return at.astimezone(CHINA).date()


def _running(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def grants_valid_on(day: date) -> QuerySet[RoleGrant]:
    """Role grants that give something on a day."""
    return RoleGrant.objects.filter(_running(day), revoked_at__isnull=True).order_by()


def representations_valid_on(day: date) -> QuerySet[Representation]:
    """Representations in force on a day."""
    return Representation.objects.filter(_running(day), revoked_at__isnull=True).order_by()


def place_of(account_id: int, on: date) -> tuple[str, str]:
    """The names of all posts, by organisation, and of the centres where an account works on a day; "" where there is none."""
    held = (
        PostHolding.objects.filter(_running(on), account_id=account_id)
        .select_related("post__organisation", "post__centre")
        .order_by("valid_from", "id")
    )
    posts: defaultdict[str, dict[str, None]] = defaultdict(dict)
    centres: dict[str, None] = {}
    for post in (row.post for row in held):
        posts[post.organisation.label][post.name] = None
        if post.centre:
            centres[post.centre.name] = None
    return "；".join(f"{where} {'、'.join(names)}" for where, names in posts.items()), "、".join(centres)


def roles_with_grant(grant: str) -> list[str]:
    """The names of the roles that give a grant: who could, where somebody may not."""
    return [role.name for role in Role.objects.order_by("code") if grant in role.grants]


def account_named(username: str) -> Account:
    """The account of this user name.

    Raises:
        NotFound: there is none.
    """
    account = Account.objects.filter(username__iexact=username).select_related("person").first()
    if account is None:
        raise NotFound(f"没有用户名为“{username}”的账户。")
    return account


def person_with_number(id_number: str, id_kind: str = numbers.RESIDENT_ID) -> Person | None:
    """The registered person of a document number, if any."""
    digest = keyed_hash(numbers.compact(id_number), f"id_number:{id_kind}")
    found = frozen.rows("person_with_number", _of_number, {"kind": id_kind, "digest": digest})
    return found[0] if found else None


def _of_number() -> QuerySet[Person]:
    """A number is registered once."""
    return Person.objects.filter(
        id_kind=Slot("kind", CharField()), id_number_hash=Slot("digest", CharField())
    ).order_by("id")


def people_named(name: str) -> QuerySet[Person]:
    """Registered people of exactly this name (the name lies sealed, so there is no search by part)."""
    return Person.objects.filter(name_hash=keyed_hash(name.strip(), "name")).order_by("id")


def people_with_phone(phone: str) -> QuerySet[Person]:
    """Registered people of this telephone number."""
    return Person.objects.filter(phone_hash=keyed_hash(numbers.compact(phone), "phone")).order_by("id")


def entity_with_uscc(uscc: str) -> LegalEntity | None:
    """The registered legal entity of this code, if any."""
    return LegalEntity.objects.filter(uscc=numbers.compact(uscc)).first()


def holders_of_post(post_id: int, on: date) -> QuerySet[Account]:
    """Accounts that hold a post on a day."""
    return Account.objects.filter(
        holdings__in=PostHolding.objects.filter(_running(on), post_id=post_id), is_active=True
    ).distinct()


def accounts_matching(words: str = "", kind: str = "") -> QuerySet[Account]:
    """Accounts by part of the user name or shown name."""
    found = Account.objects.select_related("person").order_by("username")
    if kind:
        found = found.filter(kind=kind)
    if words:
        found = found.filter(Q(username__icontains=words) | Q(display_name__icontains=words))
    return found


def xs_visible_to(actor: Actor, grant: str, queryset: QuerySet[RoleGrant]) -> QuerySet[RoleGrant]:
    """Role grants whose scope lies within the scopes for which the actor holds ``grant``."""
    reach = Q(pk__in=[])
    for scope in actor.scopes(grant):
        if scope == Scope():
            return queryset
        one = Q()
        if scope.division:
            one &= (
                Q(division__code__startswith=scope.division)
                | Q(organisation__division__code__startswith=scope.division)
                | Q(centre__division__code__startswith=scope.division)
            )
        if scope.organisation_id is not None:
            one &= Q(organisation_id=scope.organisation_id) | Q(centre__organisation_id=scope.organisation_id)
        if scope.centre_id is not None:
            one &= Q(centre_id=scope.centre_id)
        reach |= one
    return queryset.filter(reach)


def roles() -> QuerySet[Role]:
    return Role.objects.order_by("code")


def division_of_scope(grant: RoleGrant) -> str:
    """The division code in which a grant's scope lies; "" for the whole country."""
    if grant.centre is not None:
        return grant.centre.division.code
    if grant.organisation is not None:
        return grant.organisation.division.code
    return grant.division.code if grant.division else ""


def person_with_id(person_id: int) -> Person:
    """The person of this row; it must exist."""
    return Person.objects.get(pk=person_id)


def representations_by(actor: Actor, on: date) -> QuerySet[Representation]:
    """What lets the actor act for others on a day."""
    if actor.person_id is None:
        return Representation.objects.none()
    rows = representations_valid_on(on).filter(agent_id=actor.person_id)
    return rows.select_related("principal_person", "principal_entity").order_by("-granted_at", "-id")


def representations_of(actor: Actor, on: date) -> QuerySet[Representation]:
    """Who may act on a day for the actor, or for an entity whose legal representative the actor is."""
    if actor.person_id is None:
        return Representation.objects.none()
    mine = Q(principal_person_id=actor.person_id) | Q(
        principal_entity__legal_representative_id=actor.person_id
    )
    rows = representations_valid_on(on).filter(mine)
    return rows.select_related("agent", "principal_entity").order_by("-granted_at", "-id")


def representations_touching(actor: Actor) -> QuerySet[Representation]:
    """Every representation in which the actor is agent, principal or legal representative."""
    if actor.person_id is None:
        return Representation.objects.none()
    return Representation.objects.filter(
        Q(agent_id=actor.person_id)
        | Q(principal_person_id=actor.person_id)
        | Q(principal_entity__legal_representative_id=actor.person_id)
    ).select_related("principal_entity")


def principals_of(actor: Actor) -> list[dict[str, str]]:
    """In whose name the actor may let others act: himself, and the entities whose legal representative he is."""
    found = [{"value": "", "label": "我本人"}]
    if actor.person_id is not None:
        rows = LegalEntity.objects.filter(legal_representative_id=actor.person_id).order_by("name")
        found += [{"value": f"entity:{row.pk}", "label": row.name} for row in rows]
    return found


def holding_with_id(key: int) -> PostHolding:
    """A holding of a post.

    Raises:
        NotFound: there is none.
    """
    found = (
        PostHolding.objects.filter(pk=min(key, 2**63 - 1))
        .select_related("account", "post__organisation__division")
        .first()
    )
    if found is None:
        raise NotFound("没有找到这项任职。")
    return found


def division_reach(actor: Actor, grant: str) -> str:
    """The one division prefix within which an actor holds a grant; "" when it is everywhere or several."""
    prefixes = {scope.division for scope in actor.scopes(grant)}
    return prefixes.pop() if len(prefixes) == 1 else ""


def post_choices(division: str, on: date) -> list[tuple[str, str]]:
    """Posts to choose from, with their organisation, in a division and all below it."""
    rows = Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    if division:
        rows = rows.filter(organisation__division__code__startswith=division)
    rows = rows.select_related("organisation").order_by("organisation__code", "code")
    return [(str(row.pk), f"{row.organisation.label} · {row.name}") for row in rows[:1000]]


def may_delegate_anything(actor: Actor, on: date) -> bool:
    """Does the actor hold any role that may be passed on?"""
    if actor.account_id is None:
        return False
    return grants_valid_on(on).filter(account_id=actor.account_id, may_delegate=True).exists()


def grants_for_delegation(actor: Actor, on: date, words: str = "") -> QuerySet[RoleGrant]:
    """The grants a person may look at: within scope for the security administrator, else what he gave himself."""
    rows = grants_valid_on(on)
    seen = xs_visible_to(actor, DELEGATION_MANAGE, rows).values("pk")
    rows = rows.filter(Q(pk__in=seen) | Q(granted_by_id=actor.account_id))
    if words:
        rows = rows.filter(
            Q(account__username__icontains=words)
            | Q(account__display_name__icontains=words)
            | Q(role__name__icontains=words)
        )
    places = ("account", "role", "division", "organisation", "centre", "granted_by")
    return rows.select_related(*places).order_by("-granted_at", "-id")

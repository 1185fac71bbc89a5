"""Reads of identity: who is acting, people, entities, accounts, grants."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from allauth.idp.oidc.models import Client, Token
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    F,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, NullIf

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
from yimen.foundation.orgs.api import Post, prefix_of
from yimen.kernel import frozen
from yimen.kernel.actor import ENTITY, PERSON, STRANGER, Actor, Scope
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


_NO_TEXT = Value("", output_field=CharField())
_NO_KEY = Cast(Value(None), BigIntegerField())
_DAY = Slot("day", DateField())
_ACCOUNT, _PERSON = Slot("account", BigIntegerField()), Slot("person", BigIntegerField())


def _arm(queryset: QuerySet[Any], tie: str, key: str, text: Any = _NO_TEXT, *rest: Any) -> QuerySet[Any, Any]:
    columns = rest or (_NO_TEXT, _NO_KEY, _NO_KEY)
    return queryset.order_by().values_list(Value(tie, output_field=CharField()), F(key), text, *columns)


def _ties_and_grants(
    *, with_person: bool, account: Any = _ACCOUNT, person: Any = _PERSON
) -> QuerySet[Any, Any]:
    """What an account is tied to and what it was given, as one statement of (tie, key, text, division, centre, order)."""
    running = Q(valid_from__lte=_DAY) & (Q(valid_to__isnull=True) | Q(valid_to__gt=_DAY))
    given = _arm(
        RoleGrant.objects.filter(running, revoked_at__isnull=True, account_id=account),
        "g", "organisation_id", Cast("role__grants", TextField()),
        Coalesce(F("division__code"), _NO_TEXT), F("centre_id"), F("id"),
    )  # fmt: skip
    held = _arm(
        PostHolding.objects.filter(running, account_id=account),
        "o",
        "post__organisation_id",
        F("post__code"),
    )
    arms = [held]
    if with_person:
        items = Cast("scope", TextField())
        mine = Representation.objects.filter(running, revoked_at__isnull=True, agent_id=person)
        arms += [
            _arm(mine.filter(principal_person__isnull=False), "p", "principal_person_id", items),
            _arm(mine.filter(principal_entity__isnull=False), "e", "principal_entity_id", items),
            _arm(LegalEntity.objects.filter(legal_representative_id=person), "e", "id"),
        ]
    return given.union(*arms, all=True)


def _grants_in(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[Scope, ...]]:
    """Grant name to scopes, of the rows of role grants, oldest first."""
    found: defaultdict[str, dict[Scope, None]] = defaultdict(dict)
    for _, organisation_id, grants, division, centre_id, _ in sorted(rows, key=itemgetter(5)):
        scope = Scope(
            division=prefix_of(division) if division else "",
            organisation_id=organisation_id,
            centre_id=centre_id,
        )
        for grant in json.loads(grants):
            found[grant][scope] = None
    return {grant: tuple(scopes) for grant, scopes in found.items()}


def _limits_in(ties: Mapping[str, Iterable[tuple[Any, ...]]]) -> dict[tuple[str, int], frozenset[str]]:
    """Principal to item codes, of the rows of representations; one without limit outweighs all limited ones."""
    found: dict[tuple[str, int], set[str]] = {}
    free: set[tuple[str, int]] = set()
    for kind, rows in ties.items():
        for _, key, scope, *_ in rows:
            codes = json.loads(scope) if scope else []
            found.setdefault((kind, key), set()).update(codes)
            if not codes:
                free.add((kind, key))
    return {principal: frozenset(codes) for principal, codes in found.items() if principal not in free}


def actor_of(account: Account | Any, at: datetime, channel: str = "online") -> Actor:
    """Who is acting: the account with its grants and everybody it may act for, in one SQL statement.

    Args:
        account: a signed-in account; an anonymous or deactivated one gives a stranger.
        at: the moment, aware.
        channel: window, online, mobile, kiosk, courier, api or system.
    """
    if not isinstance(account, Account) or account.pk is None or not account.is_active:
        return Actor(channel=channel) if channel != STRANGER.channel else STRANGER
    values = {"day": china_day(at), "account": account.pk, "person": account.person_id}
    with_person = account.person_id is not None
    rows = frozen.rows(("actor", with_person), lambda: _ties_and_grants(with_person=with_person), values)
    name = account.display_name or account.username
    return _actor_with(account.pk, name, account.person_id, _by_tie(rows), channel, at)


def actor_of_token(digest: str, scope: str, at: datetime) -> Actor | None:
    """Who acts by an access token, with grants and ties, in one SQL statement.

    A token issued to an outside application opens what its person may do; a system's token (client credentials)
    belongs to the account that owns the client.

    Args:
        digest: the token's hash.
        scope: what the token must have been issued for.
        at: the moment, aware; it must lie before the token's end.

    Returns:
        ``None`` when there is no such token, it is over, not for this scope, or its account is not active.
    """
    ties = _by_tie(frozen.rows("bearer", _bearer, {"day": china_day(at), "digest": digest, "at": at}))
    if not ties["t"]:
        return None
    [(_, account_id, scopes, name, person_id, _)] = ties["t"]
    return _actor_with(account_id, name, person_id, ties, "api", at) if scope in scopes.split() else None


def _bearer() -> QuerySet[Any, Any]:
    """The active account behind a live access token (type and hash are unique), and what that account is tied to."""
    live = Token.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=Slot("at", DateTimeField())),
        type=Token.Type.ACCESS_TOKEN,
        hash=Slot("digest", CharField()),
    )
    of_system = When(client__type=Client.Type.CONFIDENTIAL, then=F("client__owner_id"))
    holder = Subquery(
        live.values_list(Coalesce("user_id", Case(of_system, default=None, output_field=BigIntegerField())))
    )
    account = Account.objects.filter(pk=holder, is_active=True)
    whose = _arm(
        account, "t", "id", Subquery(live.values_list("scopes")),
        Coalesce(NullIf(F("display_name"), _NO_TEXT), F("username")), F("person_id"), _NO_KEY,
    )  # fmt: skip
    person = Subquery(account.values_list("person_id"))
    return whose.union(_ties_and_grants(with_person=True, account=holder, person=person), all=True)


def _by_tie(rows: Iterable[tuple[Any, ...]]) -> defaultdict[str, list[tuple[Any, ...]]]:
    ties: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        ties[row[0]].append(row)
    return ties


def _actor_with(
    account_id: int,
    name: str,
    person_id: int | None,
    ties: Mapping[str, list[tuple[Any, ...]]],
    channel: str,
    at: datetime,
) -> Actor:
    return Actor(
        account_id=account_id,
        name=name,
        person_id=person_id,
        entity_ids=frozenset(row[1] for row in ties["e"]),
        principal_ids=frozenset(row[1] for row in ties["p"]),
        limited_to=_limits_in({PERSON: ties["p"], ENTITY: ties["e"]}),
        organisation_id=min((row[1] for row in ties["o"]), default=None),
        posts=frozenset(row[2] for row in ties["o"]),
        grants=_grants_in(ties["g"]),
        channel=channel,
        as_of=at,
    )


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

"""Who is acting: an account, or the account behind a token, with its grants and everybody it may act for."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
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

from yimen.foundation.identity.models import Account, LegalEntity, PostHolding, Representation, RoleGrant
from yimen.foundation.identity.queries import china_day
from yimen.foundation.orgs.api import prefix_of
from yimen.foundation.params.api import ReferenceChange, seen
from yimen.kernel import frozen
from yimen.kernel.actor import ENTITY, PERSON, STRANGER, Actor, Scope
from yimen.kernel.frozen import Slot

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
    changed = _arm(ReferenceChange.objects.all(), "k", "number")
    arms = [held, changed]
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
    for _, changes, *_ in ties["k"]:
        seen(changes)
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

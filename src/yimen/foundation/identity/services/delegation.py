"""Giving roles, passing them on level by level, taking them back with everything derived from them."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from yimen.foundation.identity.events import RoleGranted, RoleRevoked
from yimen.foundation.identity.grants import FAMILY_NAMES, Family, families_of, label_of
from yimen.foundation.identity.models import Account, Role, RoleGrant
from yimen.foundation.identity.permissions import DELEGATION_MANAGE
from yimen.foundation.identity.queries import china_day, grants_valid_on
from yimen.foundation.identity.rules import Held, Reach, Sources, sources_for
from yimen.foundation.identity.services.journal import ACCOUNT, record
from yimen.foundation.orgs import api as orgs
from yimen.foundation.orgs.api import Centre, Division, Organisation
from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from yimen.kernel.events import announce

LONGEST_CHAIN = 20
SEPARATION_CLAUSE = "GB/T 22239-2019 网络安全等级保护基本要求：系统管理、审计管理、安全管理分设"


def _organisation_chain(organisation: Organisation | None) -> frozenset[int]:
    chain: set[int] = set()
    while organisation is not None and organisation.pk not in chain and len(chain) < LONGEST_CHAIN:
        chain.add(organisation.pk)
        organisation = organisation.parent
    return frozenset(chain)


def reach_of(division: Division | None, organisation: Organisation | None, centre: Centre | None) -> Reach:
    """The reach of a scope; the division in which its rows lie is the narrowest known."""
    codes = [
        place.code
        for place in (division, organisation and organisation.division, centre and centre.division)
        if place
    ]
    owner = organisation or (centre.organisation if centre else None)
    return Reach(
        division=division.prefix if division else "",
        organisation_id=organisation.pk if organisation else None,
        centre_id=centre.pk if centre else None,
        inside_division=max(codes, key=lambda code: len(orgs.prefix_of(code)), default=""),
        inside_organisations=_organisation_chain(owner),
    )


def _held_by(account_id: int, day: date) -> list[Held]:
    rows = (
        grants_valid_on(day)
        .filter(account_id=account_id, may_delegate=True)
        .select_related(
            "role", "division", "organisation__division", "centre__division", "centre__organisation"
        )
    )
    return [
        Held(
            key=row.pk,
            grants=frozenset(row.role.grants),
            reach=reach_of(row.division, row.organisation, row.centre),
            valid_to=row.valid_to,
        )
        for row in rows
    ]


def _appoints(actor: Actor, role: Role, reach: Reach) -> bool:
    """May the security administrator appoint: every role but his own kind, within his scope."""
    if Family.SECURITY in families_of(role.grants):
        return False
    return any(
        Reach(division=s.division, organisation_id=s.organisation_id, centre_id=s.centre_id).covers(reach)
        for s in actor.scopes(DELEGATION_MANAGE)
    )


def require_separation(
    account: Account, grants: Iterable[str], day: date, *, without_role: int | None = None
) -> None:
    """Refuse when the account would hold duties of two of the three administrators.

    Args:
        account: who would hold them.
        grants: the grants that would be added.
        day: grants valid on it or later count.
        without_role: a role whose present grants do not count, because it is being changed.

    Raises:
        NotPossible: names the two administrators.
    """
    rows = RoleGrant.objects.filter(account=account, revoked_at__isnull=True)
    if without_role is not None:
        rows = rows.exclude(role_id=without_role)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    held = {grant for row in rows.select_related("role") for grant in row.role.grants}
    families = families_of(held | set(grants))
    if len(families) > 1:
        names = "、".join(FAMILY_NAMES[family] for family in Family if family in families)
        raise NotPossible(
            f"{names}须由不同账户担任：{account}不能兼任，请另选账户，或先撤销其现有管理员角色。",
            code="separation_of_duties",
            clause=SEPARATION_CLAUSE,
        )


def _sources(actor: Actor, account: Account, role: Role, reach: Reach, day: date) -> Sources:
    if actor == PLATFORM:
        return Sources()
    if actor.account_id is None or actor.account_id == account.pk:
        raise NotAllowed("不能给自己授权，请由上一级或安全管理员办理。")
    if _appoints(actor, role, reach):
        return Sources()
    sources = sources_for(role.grants, reach, _held_by(actor.account_id, day))
    if sources.missing or not sources.keys:
        names = "、".join(label_of(grant) for grant in sorted(sources.missing)[:3]) or role.name
        raise NotAllowed(f"只能在自己的范围内转授自己持有且允许转授的权限；这里缺少：{names}。")
    return sources


def role_named(code: str) -> Role:
    """The role of a code.

    Raises:
        NotFound: there is none.
    """
    role = Role.objects.filter(code=code).first()
    if role is None:
        raise NotFound(f"没有代码为“{code}”的角色。")
    return role


@transaction.atomic
def grant_role(
    account: Account,
    role: Role | str,
    *,
    actor: Actor,
    at: datetime,
    division: Division | None = None,
    organisation: Organisation | None = None,
    centre: Centre | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    may_delegate: bool = False,
) -> RoleGrant:
    """Give a role over a scope (nothing given = everywhere).

    The platform itself may give everything (first installation). The security administrator appoints within his
    scope. Anybody else passes on only what he holds with ``may_delegate``, within his own scope and time; the new
    grant falls when one of its sources is revoked.

    Raises:
        NotAllowed: the actor cannot pass this on, or would grant to himself.
        NotPossible: the account would hold duties of two administrators.
        Conflict: the account holds the same role over the same scope already.
        Invalid: the period is wrong.
    """
    role = role_named(role) if isinstance(role, str) else role
    day = china_day(at)
    start = valid_from or day
    reach = reach_of(division, organisation, centre)
    sources = _sources(actor, account, role, reach, day)
    end = _end_of(start, valid_to, sources, day)
    require_separation(account, role.grants, day)
    same = grants_valid_on(day).filter(
        account=account, role=role, division=division, organisation=organisation, centre=centre
    )
    if same.exists():
        raise Conflict(f"{account}已在同一范围内持有“{role.name}”，不必重复授予。", code="already_granted")
    row = RoleGrant.objects.create(
        account=account,
        role=role,
        division=division,
        organisation=organisation,
        centre=centre,
        valid_from=start,
        valid_to=end,
        may_delegate=may_delegate,
        granted_by_id=actor.account_id,
        granted_at=at,
    )
    row.derived_from.set(sources.keys)
    record(
        ACCOUNT, account.username, "grant_role", actor=actor, at=at, note=f"{role.name}（{scope_words(row)}）"
    )
    announce(
        RoleGranted(
            at=at, role_grant_id=row.pk, account_id=account.pk, role=role.code, actor_id=actor.account_id
        )
    )
    return row


def _end_of(start: date, end: date | None, sources: Sources, day: date) -> date | None:
    if end is not None and end <= max(start, day):
        raise Invalid(
            "结束日期应晚于开始日期和今天。", fields={"valid_to": "结束日期应晚于开始日期和今天，请改填。"}
        )
    if sources.ends_on is None:
        return end
    if end is not None and end > sources.ends_on:
        sentence = f"您自己的授权到{sources.ends_on}为止，转授不能更长，请改为不晚于这一天。"
        raise Invalid(sentence, fields={"valid_to": sentence})
    if sources.ends_on <= start:
        raise Invalid(
            "您自己的授权在开始日期前已到期。",
            fields={"valid_from": "开始日期晚于您自己授权的到期日，请提前。"},
        )
    return end or sources.ends_on


def scope_words(row: RoleGrant) -> str:
    """The scope of a grant in words."""
    parts = [place.name for place in (row.division, row.organisation, row.centre) if place is not None]
    return " · ".join(parts) or "全部范围"


def _may_revoke(actor: Actor, row: RoleGrant) -> bool:
    if actor == PLATFORM:
        return True
    if actor.account_id is None or actor.account_id == row.account_id:
        return False
    if _appoints(actor, row.role, reach_of(row.division, row.organisation, row.centre)):
        return True
    chain, seen = [row], {row.pk}
    while chain:
        step = chain.pop()
        if step.granted_by_id == actor.account_id:
            return True
        above = [source for source in step.derived_from.all() if source.pk not in seen]
        seen.update(source.pk for source in above)
        chain += above
    return False


def derived_below(row: RoleGrant) -> list[RoleGrant]:
    """Every unrevoked grant that falls with this one, one statement a level."""
    found: list[RoleGrant] = []
    level = [row.pk]
    while level:
        below = RoleGrant.objects.filter(derived_from__in=level, revoked_at__isnull=True).exclude(
            pk__in=[row.pk, *(one.pk for one in found)]
        )
        rows = list(below.select_related("role", "account").distinct())
        found += rows
        level = [one.pk for one in rows]
    return found


@transaction.atomic
def revoke_role_grant(row: RoleGrant, *, actor: Actor, at: datetime, reason: str = "") -> list[RoleGrant]:
    """Take a role back, with everything derived from it; returns all that fell.

    Raises:
        NotAllowed: the actor neither gave it (or something it derives from) nor administers it.
        NotPossible: it was revoked already.
    """
    row = RoleGrant.objects.select_for_update().get(pk=row.pk)
    if row.revoked_at is not None:
        raise NotPossible("这项授权已经撤销过了。")
    if not _may_revoke(actor, row):
        raise NotAllowed("只有授予者、其上级授权人或安全管理员可以撤销这项授权。")
    fallen = [row, *derived_below(row)]
    for one in fallen:
        why = reason if one.pk == row.pk else f"随上级授权一并撤销：{reason}".rstrip("：")
        one.revoked_at, one.revoked_by_id, one.revoked_reason = at, actor.account_id, why[:200]
        one.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
        record(
            ACCOUNT, one.account.username, "revoke_role", actor=actor, at=at, note=f"{one.role.name}：{why}"
        )
        announce(
            RoleRevoked(
                at=at,
                role_grant_id=one.pk,
                account_id=one.account_id,
                role=one.role.code,
                reason=why,
                actor_id=actor.account_id,
            )
        )
    return fallen

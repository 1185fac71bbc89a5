"""Roles are data: bundles of grant names kept by the security administrator."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from yimen.foundation.identity.events import RoleChanged
from yimen.foundation.identity.grants import FAMILY_NAMES, Family, families_of
from yimen.foundation.identity.models import Account, Role, RoleGrant
from yimen.foundation.identity.permissions import ROLE_MANAGE
from yimen.foundation.identity.queries import china_day
from yimen.foundation.identity.services.delegation import SEPARATION_CLAUSE, require_separation
from yimen.foundation.identity.services.journal import ROLE, record
from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.errors import Invalid, NotAllowed, NotPossible
from yimen.kernel.events import announce


def check_role_code(code: str) -> str:
    """A role's code is small letters, digits and underscores.

    Raises:
        Invalid: it is not.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", code):
        sentence = "代码应为2至40位小写字母、数字或下划线，以字母开头。"
        raise Invalid(sentence, fields={"code": sentence})
    return code


@transaction.atomic
def save_role(
    *,
    code: str,
    name: str,
    grants: Iterable[str],
    actor: Actor,
    at: datetime,
    description: str = "",
    built_in: bool = False,
) -> Role:
    """Create a role or change what it gives.

    Raises:
        NotAllowed: the actor may not, or holds this role himself.
        NotPossible: the role, or somebody who holds it, would have duties of two administrators.
        Invalid: the name is missing.
    """
    if actor != PLATFORM and not actor.may(ROLE_MANAGE):
        raise NotAllowed("角色由安全管理员维护。")
    wanted = sorted(set(grants))
    if not name.strip():
        raise Invalid("请填写角色名称。", fields={"name": "请填写角色名称。"})
    role = Role.objects.filter(code=code).first() or Role(code=code, built_in=built_in)
    before = set(role.grants or [])
    _require_one_family(name, wanted)
    if role.pk is not None and before != set(wanted):
        _require_not_held(role, actor, at)
        _require_holders_apart(role, wanted, at)
    role.name, role.description, role.grants = name.strip(), description.strip(), wanted
    role.save()
    added, removed = "、".join(sorted(set(wanted) - before)), "、".join(sorted(before - set(wanted)))
    if added or removed:
        record(
            ROLE,
            role.code,
            "change_role",
            actor=actor,
            at=at,
            note=f"增加：{added or '无'}；减少：{removed or '无'}",
        )
        announce(
            RoleChanged(
                at=at, role_id=role.pk, code=code, added=added, removed=removed, actor_id=actor.account_id
            )
        )
    return role


def _require_one_family(name: str, grants: list[str]) -> None:
    families = families_of(grants)
    if len(families) > 1:
        names = "、".join(FAMILY_NAMES[family] for family in Family if family in families)
        raise NotPossible(
            f"角色“{name}”不能同时含有{names}的权限，请分成不同角色。",
            code="separation_of_duties",
            clause=SEPARATION_CLAUSE,
        )


def _holders(role: Role, at: datetime) -> list[Account]:
    day = china_day(at)
    rows = RoleGrant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day), role=role, revoked_at__isnull=True
    )
    return list(Account.objects.filter(pk__in=rows.values("account_id")))


def _require_not_held(role: Role, actor: Actor, at: datetime) -> None:
    if any(account.pk == actor.account_id for account in _holders(role, at)):
        raise NotAllowed(f"您自己持有角色“{role.name}”，不能改变它的权限，请由另一名安全管理员办理。")


def _require_holders_apart(role: Role, grants: list[str], at: datetime) -> None:
    if not families_of(grants):
        return
    for account in _holders(role, at):
        require_separation(account, grants, china_day(at), without_role=role.pk)


@transaction.atomic
def delete_role(role: Role, *, actor: Actor, at: datetime) -> None:
    """Delete a role nobody was ever given.

    Raises:
        NotAllowed: the actor may not.
        NotPossible: it is built in or was given to somebody.
    """
    if actor != PLATFORM and not actor.may(ROLE_MANAGE):
        raise NotAllowed("角色由安全管理员维护。")
    if role.built_in or role.role_grants.exists():
        raise NotPossible(f"角色“{role.name}”是内置角色或已经授予过，不能删除；请改为撤销授权。")
    record(ROLE, role.code, "delete_role", actor=actor, at=at)
    role.delete()

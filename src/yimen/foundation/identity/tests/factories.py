"""People, entities, accounts and rights for tests: invented, with numbers whose check digits are right."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from stdnum.cn import ric, uscc

from yimen.foundation.identity.actors import actor_of
from yimen.foundation.identity.models import Account, LegalEntity, Person, PostHolding, Role, RoleGrant
from yimen.foundation.identity.services.people import find_or_register_entity, find_or_register_person
from yimen.foundation.orgs.models import Post
from yimen.kernel.actor import Actor, Scope

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
PASSWORD = "Deng-Lu-2026!"

_sequence = count(200)


def id_number(sequence: int = 1, born: date = date(1990, 1, 1), region: str = "440113") -> str:
    """A resident identity number with a right check digit."""
    body = f"{region}{born:%Y%m%d}{sequence % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def credit_code(sequence: int = 1, kind: str = "91", region: str = "440113") -> str:
    """A unified social credit code with a right check digit."""
    body = f"{kind}{region}MA{sequence:07d}"
    return body + uscc.calc_check_digit(body)


def _next_number() -> str:
    """A number no other call and no test that names its own (1990-01-01) gets."""
    number = next(_sequence)
    return id_number(number, born=date(1950, 1, 1) + timedelta(days=number // 1000))


def person(name: str = "林晓燕", number: str = "", phone: str = "13800138000", at: datetime = AT) -> Person:
    """A registered person; every call another one."""
    return find_or_register_person(name, number or _next_number(), phone, at)


def entity(name: str = "", code: str = "", at: datetime = AT, **fields: object) -> LegalEntity:
    """A registered legal entity; every call another one."""
    number = next(_sequence)
    return find_or_register_entity(
        name or f"顺和餐饮管理有限公司{number}", code or credit_code(number), at, **fields
    )


def account(
    username: str = "", kind: str = "staff", password: str | None = None, **fields: object
) -> Account:
    """An account; without a password it cannot sign in through the page (tests use ``force_login``)."""
    name = username or f"user{next(_sequence)}"
    fields.setdefault("display_name", name)
    return Account.objects.create_user(name, password, kind=kind, created_at=AT, **fields)


def resident(username: str = "", name: str = "林晓燕", **fields: object) -> Account:
    """An account of a resident with a person behind it."""
    return account(username, kind="resident", person=person(name), display_name=name, **fields)


def role(code: str, *grants: str, name: str = "") -> Role:
    """A role that gives these grants."""
    made, _ = Role.objects.update_or_create(
        code=code, defaults={"name": name or code, "grants": sorted(grants)}
    )
    return made


def give(holder: Account, given: Role, **fields: object) -> RoleGrant:
    """A role grant as the platform would make it, without asking the rules."""
    defaults: dict[str, object] = {"valid_from": date(2020, 1, 1), "granted_at": AT}
    return RoleGrant.objects.create(account=holder, role=given, **{**defaults, **fields})


def staff(
    username: str = "", grants: tuple[str, ...] = (), post: Post | None = None, **scope: object
) -> Account:
    """An account of staff with grants over a scope and perhaps a post."""
    made = account(username)
    if grants:
        give(made, role(f"role-of-{made.pk}", *grants), **scope)
    if post is not None:
        PostHolding.objects.create(account=made, post=post, valid_from=date(2020, 1, 1))
    return made


def acting(holder: Account, at: datetime = AT, channel: str = "online") -> Actor:
    """The actor of an account."""
    return actor_of(holder, at, channel)


def actor_with(*grants: str, scope: Scope | None = None, **fields: object) -> Actor:
    """An actor without an account row, for rules that only look at grants."""
    return Actor(
        account_id=fields.pop("account_id", 999_999),
        grants={g: (scope or Scope(),) for g in grants},
        **fields,
    )

"""Creating, renaming and dissolving organisations; centres and posts."""

import re
from datetime import date, datetime

from django.db import transaction

from yimen.foundation.orgs.events import OrganisationCreated, OrganisationDissolved, OrganisationRenamed
from yimen.foundation.orgs.models import Centre, Division, Organisation, OrganisationName, Post
from yimen.foundation.orgs.permissions import ORGANISATION_MANAGE
from yimen.foundation.orgs.rules import BEFORE_RECORDS
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.errors import Invalid, NotAllowed, NotPossible
from yimen.kernel.events import announce


def require_reach(actor: Actor, division: Division, organisation_id: int | None = None) -> None:
    """Refuse an actor whose grant does not reach this division or organisation.

    Raises:
        NotAllowed: with the reason.
    """
    if actor == PLATFORM:
        return
    for scope in actor.scopes(ORGANISATION_MANAGE):
        inside = not scope.division or division.code.startswith(scope.division)
        own = scope.organisation_id is None or scope.organisation_id == organisation_id
        if inside and own and scope.centre_id is None:
            return
    raise NotAllowed(f"您不能管理{division.name}的机构，请由当地的系统管理员办理。")


def check_code(code: str) -> str:
    """A code is small letters, digits and hyphens.

    Raises:
        Invalid: it is not.
    """
    code = code.strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,59}", code):
        sentence = "代码应为2至60位小写字母、数字或连字符，以字母或数字开头。"
        raise Invalid(sentence, fields={"code": sentence})
    return code


def _required(name: str) -> str:
    name = name.strip()
    if not name:
        raise Invalid("请填写名称。", fields={"name": "请填写名称。"})
    return name


@transaction.atomic
def create_organisation(
    *,
    code: str,
    name: str,
    division: Division,
    actor: Actor,
    at: datetime,
    kind: str = Organisation.Kind.DEPARTMENT,
    short_name: str = "",
    uscc: str = "",
    parent: Organisation | None = None,
    valid_from: date = BEFORE_RECORDS,
    phone: str = "",
    address: str = "",
) -> Organisation:
    """Create an organisation.

    Raises:
        Invalid: the code is malformed or taken, the name is missing.
        NotAllowed: the actor's grant does not reach the division.
    """
    require_reach(actor, division, parent.pk if parent else None)
    code = check_code(code)
    if Organisation.objects.filter(code=code).exists():
        raise Invalid(
            f"代码“{code}”已被使用，请换一个。", fields={"code": f"代码“{code}”已被使用，请换一个。"}
        )
    organisation = Organisation.objects.create(
        code=code,
        name=_required(name),
        short_name=short_name.strip(),
        uscc=uscc.strip().upper(),
        kind=kind,
        division=division,
        parent=parent,
        valid_from=valid_from,
        phone=phone.strip(),
        address=address.strip(),
    )
    trace.append("organisation", code, "create_organisation", actor, at, note=organisation.name)
    announce(
        OrganisationCreated(at=at, organisation_id=organisation.pk, code=code, actor_id=actor.account_id)
    )
    return organisation


@transaction.atomic
def rename_organisation(
    organisation: Organisation, name: str, *, actor: Actor, at: datetime, on: date, short_name: str = ""
) -> Organisation:
    """Give an organisation a new name from a day on; papers of earlier days keep the old one."""
    require_reach(actor, organisation.division, organisation.pk)
    name, old = _required(name), organisation.name
    if name != old:
        OrganisationName.objects.create(organisation=organisation, name=old, until=on)
        organisation.name = name
    organisation.short_name = short_name.strip() or organisation.short_name
    organisation.save(update_fields=["name", "short_name"])
    if name != old:
        trace.append(
            "organisation", organisation.code, "rename_organisation", actor, at, note=f"{old} → {name}"
        )
        announce(
            OrganisationRenamed(
                at=at, organisation_id=organisation.pk, old_name=old, new_name=name, actor_id=actor.account_id
            )
        )
    return organisation


@transaction.atomic
def change_contact(organisation: Organisation, *, phone: str, address: str, actor: Actor) -> Organisation:
    """Change telephone and address."""
    require_reach(actor, organisation.division, organisation.pk)
    organisation.phone, organisation.address = phone.strip(), address.strip()
    organisation.save(update_fields=["phone", "address"])
    return organisation


@transaction.atomic
def dissolve_organisation(
    organisation: Organisation, *, actor: Actor, at: datetime, on: date, successor: Organisation | None = None
) -> Organisation:
    """Dissolve an organisation (撤销), perhaps into a successor; it stays readable.

    Raises:
        NotPossible: it is dissolved already, or organisations below it still stand.
    """
    require_reach(actor, organisation.division, organisation.pk)
    if organisation.valid_to is not None:
        raise NotPossible(f"{organisation.name}已于{organisation.valid_to}撤销，不能再次撤销。")
    if organisation.children.filter(valid_to__isnull=True).exists():
        raise NotPossible(f"{organisation.name}下还有未撤销的机构，请先撤销或调整它们。")
    if on <= organisation.valid_from:
        raise Invalid("撤销日期应晚于成立日期。", fields={"on": "撤销日期应晚于成立日期。"})
    if successor is not None and successor.pk == organisation.pk:
        raise Invalid("承接机构不能是它自己。", fields={"successor": "承接机构不能是它自己，请另选。"})
    organisation.valid_to, organisation.successor = on, successor
    organisation.save(update_fields=["valid_to", "successor"])
    organisation.posts.filter(valid_to__isnull=True).update(valid_to=on)
    trace.append("organisation", organisation.code, "dissolve_organisation", actor, at, note=str(on))
    announce(
        OrganisationDissolved(
            at=at,
            organisation_id=organisation.pk,
            successor_id=successor.pk if successor else None,
            actor_id=actor.account_id,
        )
    )
    return organisation


@transaction.atomic
def create_centre(
    *,
    code: str,
    name: str,
    division: Division,
    actor: Actor,
    organisation: Organisation | None = None,
    address: str = "",
    hours: str = "",
    phone: str = "",
    valid_from: date = BEFORE_RECORDS,
) -> Centre:
    """Create a service centre."""
    require_reach(actor, division, organisation.pk if organisation else None)
    code = check_code(code)
    if Centre.objects.filter(code=code).exists():
        raise Invalid(
            f"代码“{code}”已被使用，请换一个。", fields={"code": f"代码“{code}”已被使用，请换一个。"}
        )
    return Centre.objects.create(
        code=code,
        name=_required(name),
        division=division,
        organisation=organisation,
        address=address.strip(),
        hours=hours.strip(),
        phone=phone.strip(),
        valid_from=valid_from,
    )


@transaction.atomic
def change_centre(centre: Centre, *, name: str, address: str, hours: str, phone: str, actor: Actor) -> Centre:
    """Change what the public reads about a centre."""
    require_reach(actor, centre.division, centre.organisation_id)
    centre.name, centre.address, centre.hours, centre.phone = (
        _required(name),
        address.strip(),
        hours.strip(),
        phone.strip(),
    )
    centre.save(update_fields=["name", "address", "hours", "phone"])
    return centre


@transaction.atomic
def create_post(
    *, code: str, name: str, organisation: Organisation, actor: Actor, centre: Centre | None = None
) -> Post:
    """Create a post of an organisation."""
    require_reach(actor, organisation.division, organisation.pk)
    code = check_code(code)
    if organisation.posts.filter(code=code).exists():
        raise Invalid(
            f"该机构已有代码为“{code}”的岗位。",
            fields={"code": f"该机构已有代码为“{code}”的岗位，请换一个。"},
        )
    return Post.objects.create(code=code, name=_required(name), organisation=organisation, centre=centre)


@transaction.atomic
def close_post(post: Post, *, actor: Actor, on: date) -> Post:
    """Close a post from a day on."""
    require_reach(actor, post.organisation.division, post.organisation_id)
    post.valid_to = on
    post.save(update_fields=["valid_to"])
    return post

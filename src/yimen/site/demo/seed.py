"""Fill an empty store with the demonstration district; the same every time but for the day it is anchored to."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password
from django.db import transaction

from yimen.foundation.identity.api import (
    Account,
    actor_of,
    find_or_register_entity,
    find_or_register_person,
    grant_representation,
    grant_role,
)
from yimen.foundation.identity.services.accounts import assign_post
from yimen.foundation.identity.services.people import register_many
from yimen.foundation.orgs.models import Centre, Division, Organisation, Post
from yimen.foundation.orgs.services.divisions import DivisionRow, save_divisions
from yimen.foundation.orgs.services.organisations import create_centre, create_organisation, create_post
from yimen.kernel.actor import PLATFORM
from yimen.kernel.clock import CHINA, now
from yimen.modules.items.models import Item
from yimen.modules.items.services.life import record_popularity
from yimen.modules.projects.models import Project
from yimen.modules.supervision.models import Card
from yimen.site.demo import invent, standards, themes
from yimen.site.demo.cases import make_cases
from yimen.site.demo.cast import CAST, DISTRICT, PASSWORD, REVIEW_POSTS, Member
from yimen.site.demo.projects import make_projects
from yimen.site.demo.register import make_register
from yimen.site.demo.supervision import make_cards

PEOPLE, ENTITIES = 2400, 600
PAST = timedelta(days=200)
"""How far back the district's own past reaches."""
VILLAGES = ("社区第一", "社区第二", "村第一", "村第二")


def make_district() -> None:
    """Make everything there is to the district."""
    make_the_whole()
    make_the_rest()


def make_the_rest() -> None:
    """What nobody waits for at the first start: cards and projects, each in a transaction of its own, once."""
    at = now()
    if not Card.objects.exists():
        with transaction.atomic():
            make_cards(at, PAST)
    if not Project.objects.exists():
        with transaction.atomic():
            make_projects(_actor("wen"), at, (at - PAST).astimezone(CHINA).date())


def make_the_whole() -> None:
    """The district with its people, standards, themes, register and cases, in one transaction: half a district is none."""
    at = now()
    with transaction.atomic():
        plan = _plan()
        _make_offices(plan, at)
        themes.publish_all(_actor("wen"), _actor("fang"), at - PAST)
        record_popularity(_popularity(plan["popular"]))
        make_register(at)
        make_cases(at)


def make_offices() -> None:
    """Only who there is and what can be applied for: nothing was handed in yet."""
    with transaction.atomic():
        _make_offices(_plan(), now())


def _make_offices(plan: dict[str, Any], at: datetime) -> None:
    _make_divisions(plan)
    _make_organisations(plan, at - PAST)
    _make_centres(plan)
    _make_accounts(at - PAST)
    _make_people(at - PAST)
    standards.adopt_all(_actor("wen"), _actor("fang"), (at - PAST).astimezone(CHINA).date(), at - PAST)


def _popularity(slugs: list[str]) -> dict[str, int]:
    codes = dict(Item.objects.filter(slug__in=slugs).values_list("slug", "code"))
    return {codes[slug]: 5000 - 200 * place for place, slug in enumerate(slugs) if slug in codes}


def _plan() -> dict[str, Any]:
    path = Path(__file__).parent / "district.yaml"
    plan: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return plan


def _make_divisions(plan: dict[str, Any]) -> None:
    rows = [
        DivisionRow(code=d["code"], name=d["name"]) for d in (plan["city"], plan["district"], *plan["towns"])
    ]
    for town in plan["towns"]:
        base = town["name"][:2]
        rows += [
            DivisionRow(code=f"{town['code'][:9]}{n:03d}", name=f"{base}{suffix[-2:]}{suffix[:-2]}")
            for n, suffix in enumerate(VILLAGES, 1)
        ]
    save_divisions(rows)


def _make_organisations(plan: dict[str, Any], at: datetime) -> None:
    district = Division.objects.get(code=DISTRICT)
    government = create_organisation(
        code="lanjiang-gov", name="澜江区人民政府", short_name="区政府", kind="government", division=district,
        uscc=invent.credit_code(900, "11"), actor=PLATFORM, at=at,
    )  # fmt: skip
    for serial, row in enumerate(plan["organisations"], 901):
        organisation = create_organisation(
            **row,
            division=district,
            parent=government,
            uscc=invent.credit_code(serial, "11"),
            actor=PLATFORM,
            at=at,
        )
        for post in plan["posts"]:
            create_post(**post, organisation=organisation, actor=PLATFORM)


def _make_centres(plan: dict[str, Any]) -> None:
    body = Organisation.objects.get(code="zsj")
    create_centre(
        **plan["centre"], division=Division.objects.get(code=DISTRICT), organisation=body, actor=PLATFORM
    )
    for number, town in enumerate(plan["towns"], 1):
        create_centre(
            code=f"town-{number:02d}", name=f"{town['name']}党群服务中心", division=Division.objects.get(code=town["code"]),
            address=f"澜江区{town['name']}便民路1号", hours=plan["centre"]["hours"], phone=f"020-0000{number:04d}",
            organisation=body, actor=PLATFORM,
        )  # fmt: skip


def _make_accounts(at: datetime) -> None:
    sealed = make_password(PASSWORD)
    for member in CAST:
        _make_member(member, sealed, at)
    for organisation in Organisation.objects.filter(posts__isnull=False).exclude(code="scjgj").distinct():
        for suffix, role, name, posts in STAFF:
            _make_member(
                Member(
                    f"{organisation.code}-{suffix}", f"{organisation.label}{name}", "", role,
                    f"organisation:{organisation.code}", posts,
                ),
                sealed, at,
            )  # fmt: skip
    for member in COLLEAGUES:
        _make_member(member, sealed, at)


COLLEAGUES = (
    Member("scjgj-li", "李核查", "", "reviewer", "organisation:scjgj", REVIEW_POSTS),
    Member("scjgj-fu", "傅副局", "", "department_head", "organisation:scjgj", ("head",)),
    Member("scjgj-deng", "邓登记", "", "registrar", "organisation:scjgj"),
)
STAFF = (
    ("shen", "reviewer", "审查员甲", REVIEW_POSTS),
    ("cha", "reviewer", "审查员乙", REVIEW_POSTS),
    ("zhang", "department_head", "负责人", ("head",)),
    ("fu", "department_head", "副职负责人", ("head",)),
)


def _make_member(member: Member, sealed: str, at: datetime) -> Account:
    account = Account.objects.create(
        username=member.username, display_name=member.name, kind="staff" if member.role else "resident",
        password=sealed, created_at=at,
    )  # fmt: skip
    scope = _scope(member.scope)
    if member.role:
        grant_role(account, member.role, actor=PLATFORM, at=at, **scope)
    for post in Post.objects.filter(organisation=scope.get("organisation"), code__in=member.posts):
        assign_post(account, post, actor=PLATFORM, at=at)
    return account


def _scope(text: str) -> dict[str, Any]:
    kind, _, code = text.partition(":")
    if kind == "organisation":
        return {"organisation": Organisation.objects.get(code=code)}
    if kind == "centre":
        return {"centre": Centre.objects.get(code=code)}
    if kind == "division":
        return {"division": Division.objects.get(code=code.ljust(12, "0"))}
    return {}


def _make_people(at: datetime) -> None:
    lin = find_or_register_person(
        "林晓燕", invent.id_number(datetime(1990, 1, 1, tzinfo=CHINA).date(), 901), "19900009999", at
    )
    wu = find_or_register_person(
        "吴建国", invent.id_number(datetime(1978, 6, 1, tzinfo=CHINA).date(), 902), "19900009998", at
    )
    owner = find_or_register_person(
        "何老板", invent.id_number(datetime(1970, 3, 9, tzinfo=CHINA).date(), 903), "19900009997", at
    )
    for username, person in (("lin", lin), ("wu", wu)):
        Account.objects.filter(username=username).update(person=person)
    shop = find_or_register_entity(
        "粤海市澜江区甲乙丙餐饮有限公司",
        invent.credit_code(800),
        at,
        phone="19910009999",
        legal_representative=owner,
    )
    grant_representation(agent=wu, principal_entity=shop, actor=PLATFORM, at=at, note="法定代表人授权")
    register_many([(p.name, p.id_number, p.phone) for p in invent.people(PEOPLE)], at)
    for entity in invent.entities(ENTITIES):
        find_or_register_entity(entity.name, entity.uscc, at, phone=entity.phone)


def _actor(username: str) -> Any:
    return actor_of(Account.objects.get(username=username), now(), "window")

"""What a province has before its first case: divisions, departments, people, items. Written by the platform's own models."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any, TypeVar

from django.contrib.auth.hashers import make_password
from django.db.models import F
from stdnum.cn import uscc

from yimen.foundation.calendar.api import current_calendar, seed_calendar
from yimen.foundation.identity.models import Account, LegalEntity, Person, Role, RoleGrant
from yimen.foundation.identity.sealing import keyed_hash, seal_text
from yimen.foundation.identity.services.seeding import seed_roles
from yimen.foundation.orgs.models import Centre, Division, Organisation
from yimen.foundation.orgs.services.divisions import DivisionRow, save_divisions
from yimen.modules.items.canonical import columns_of
from yimen.modules.items.models import Item, SearchEntry, Standard
from yimen.modules.items.services.indexing import entry_of, optimise
from yimen.modules.items.states import ItemState, StandardState
from yimen.modules.supervision.api import seed_formula, seed_rules
from yimen.site.demo import invent
from yimen.site.province import catalogue
from yimen.site.province.places import PREFIX, PROVINCE, Places
from yimen.site.province.plan import DEPARTMENTS, Plan
from yimen.site.province.rows import COLUMNS, Refs
from yimen.site.province.services import bulk

T = TypeVar("T")
CHUNK = 2000
ENTITY_OF_TEN = 3
"""Three applicants in ten are enterprises."""
OVERSEERS = (
    ("yl-supervisor", "岚督查", "supervisor"),
    ("yl-root", "岚系统", "system_admin"),
    ("yl-author", "岚编制", "author"),
)
RESIDENT = "yl-resident"


def make_reference(plan: Plan, places: Places, password: str = "") -> Refs:
    """Everything cases point to.

    Args:
        password: of every account; "" = nobody can sign in by password.
    """
    at = plan.since
    seed_calendar(at)
    seed_roles()
    seed_rules(at)
    seed_formula(at)
    organisations, centres = _offices(places)
    sealed = make_password(password or None)
    accounts = _accounts(plan, places, sealed, organisations, centres)
    people, entities = _applicants(plan, sealed)
    items, standards = _items(plan, places, organisations)
    return Refs(
        first=dict.fromkeys(COLUMNS, 1), people=people, entities=entities, items=items, standards=standards,
        organisations=organisations, centres=centres, accounts=accounts, calendar_version=current_calendar().version,
    )  # fmt: skip


def _offices(places: Places) -> tuple[list[int], list[int]]:
    save_divisions([DivisionRow(code=code, name=name) for code, name in places.divisions()])
    ids = dict(Division.objects.filter(code__startswith=PREFIX).values_list("code", "pk"))
    made = Organisation.objects.bulk_create(
        [
            Organisation(code=o.code, name=o.name, short_name=o.name[-12:], division_id=ids[o.division])
            for o in places.offices
        ],
        batch_size=CHUNK,
    )
    centres = Centre.objects.bulk_create(
        [
            Centre(
                code=f"yl-{c + 1:03d}", name=f"{name}政务服务中心", division_id=ids[code], address=f"{name}便民路1号",
                organisation=made[c * DEPARTMENTS], hours="工作日 9:00—17:00",
            )
            for c, (code, name) in enumerate(places.counties)
        ]
    )  # fmt: skip
    return [o.pk for o in made], [c.pk for c in centres]


def _accounts(plan: Plan, places: Places, sealed: str, organisations: list[int], centres: list[int]) -> int:
    """The staff of every department, who oversees them, and one resident; the id of the first of staff."""
    at = plan.since
    made = Account.objects.bulk_create(
        [
            Account(username=w.username, display_name=w.name, kind="staff", password=sealed, created_at=at)
            for w in places.workers
        ],
        batch_size=CHUNK,
    )
    roles = dict(Role.objects.values_list("code", "pk"))
    since = at.date()

    def granted(account: Account, role: str, **scope: int) -> RoleGrant:
        return RoleGrant(account=account, role_id=roles[role], valid_from=since, granted_at=at, **scope)

    named = {"window": "window_clerk", "负责": "department_head"}
    grants = []
    for worker, account in zip(places.workers, made, strict=True):
        if worker.post == "window":
            grants.append(granted(account, "window_clerk", centre_id=centres[worker.number]))
        else:
            role = named.get(worker.post, "reviewer")
            grants.append(granted(account, role, organisation_id=organisations[worker.office]))
    whole = Division.objects.get(code=PROVINCE).pk
    for username, name, role in OVERSEERS:
        account = Account.objects.create(
            username=username, display_name=name, kind="staff", password=sealed, created_at=at
        )
        grants.append(granted(account, role, division_id=whole))
    RoleGrant.objects.bulk_create(grants, batch_size=CHUNK)
    return made[0].pk


def _applicants(plan: Plan, sealed: str) -> tuple[list[int], list[int]]:
    """Ids by number of applicant: of a person or of an entity, the other being 0."""
    count = len(plan.slots) * plan.people_a_slot
    people, entities = [0] * count, [0] * count
    firms = [n for n in range(count) if _is_entity(n)]
    persons = [n for n in range(count) if not _is_entity(n)]
    first, first_firm = bulk.next_id(Person), bulk.next_id(LegalEntity)
    with bulk.bare((Person, LegalEntity)):
        for part in _parts(enumerate(persons, first), CHUNK):
            bulk.store([_person(n, key, plan) for key, n in part])
        for part in _parts(enumerate(firms, first_firm), CHUNK):
            bulk.store([_entity(n, key, plan) for key, n in part])
    for key, n in enumerate(persons, first):
        people[n] = key
    for key, n in enumerate(firms, first_firm):
        entities[n] = key
    Account.objects.create(
        username=RESIDENT, display_name="岚居民", kind="resident", password=sealed, person_id=people[persons[0]],
        created_at=plan.since,
    )  # fmt: skip
    return people, entities


def _is_entity(number: int) -> bool:
    return number % 10 < ENTITY_OF_TEN


def _person(number: int, key: int, plan: Plan) -> Person:
    name = invent.SURNAMES[number % len(invent.SURNAMES)] + "".join(
        invent.GIVEN[(number // 7**k) % len(invent.GIVEN)] for k in (1, 2)
    )
    id_number = invent.id_number(_born(number // 1000), number % 1000)
    return Person(
        id=key, name_sealed=seal_text(name, "name"), name_hash=keyed_hash(name, "name"),
        id_number_sealed=seal_text(id_number, "id_number"),
        id_number_hash=keyed_hash(id_number, "id_number:resident_id"), real_name_level=1, registered_at=plan.since,
    )  # fmt: skip


def _born(number: int) -> date:
    return date(1950, 1, 1) + timedelta(days=7 * (number % 2800))


def _entity(number: int, key: int, plan: Plan) -> LegalEntity:
    letters = "".join(invent.FANCY[(number // len(invent.FANCY) ** k) % len(invent.FANCY)] for k in range(5))
    return LegalEntity(
        id=key,
        uscc=_credit_code(number),
        name=f"云岚{letters}有限公司",
        kind="enterprise",
        registered_at=plan.since,
    )


ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _credit_code(number: int) -> str:
    """A valid unified social credit code of a district that does not exist."""
    letters, rest = "", number
    for _ in range(5):
        rest, place = divmod(rest, len(ALPHABET))
        letters = ALPHABET[place] + letters
    body = f"91980101YLAN{letters}"
    return body + uscc.calc_check_digit(body)


def _items(plan: Plan, places: Places, organisations: list[int]) -> tuple[list[int], list[int]]:
    """Items with one published standard each, and their entries for search; ids in the order of ``item_codes``."""
    known = dict(Division.objects.filter(code__startswith=PREFIX).values_list("code", "pk"))
    loaded = {o.pk: o for o in _all_offices()}
    codes, each = catalogue.item_codes(plan), plan.items_a_county
    columns: dict[tuple[int, str], dict[str, Any]] = {}
    contents: dict[str, str] = {}
    first, first_standard = bulk.next_id(Item), bulk.next_id(Standard)

    def shared(one: Any, name: str) -> str:
        if name != "content":
            return ""
        if one.digest not in contents:
            contents[one.digest] = bulk.escaped(json.dumps(one.content, ensure_ascii=False))
        return contents[one.digest]

    with bulk.bare((Item, Standard, SearchEntry)):
        for part in _parts(range(plan.items), CHUNK):
            rows, told, entries = [], [], []
            for number in part:
                county, base = divmod(number, each)
                own = county >= plan.counties
                if own:
                    county, base = plan.counties, number - plan.counties * each
                office = places.offices[county * DEPARTMENTS + catalogue.department_of(base)]
                level = "province" if own else "county"
                if (base, level) not in columns:
                    columns[base, level] = columns_of(catalogue.content_of(base, level))
                values = columns[base, level]
                row = Item(
                    id=first + number, code=codes[number], name=values["name"], type=values["type"],
                    organisation=loaded[organisations[office.key]], division_id=known[office.division],
                    state=ItemState.ACTIVE, created_at=plan.since, popularity=max(0, 4000 - 5 * base),
                )  # fmt: skip
                row.division = row.organisation.division
                standard = Standard(
                    id=first_standard + number, item_id=row.pk, version=1, state=StandardState.PUBLISHED,
                    valid_from=plan.since.date(), created_at=plan.since, updated_at=plan.since,
                    published_at=plan.since, imported=True, author_name="虚构省份", **values,
                )  # fmt: skip
                row.current_id = standard.pk
                entries.append(entry_of(row, standard.content))
                # SQLite keeps its keys: there the standard comes after the item, and the item learns of it later
                row.current_id = standard.pk if bulk.on_postgresql() else None
                rows.append(row)
                told.append(standard)
            bulk.store(rows)
            bulk.store(told, shared)
            bulk.store(entries)
        if not bulk.on_postgresql():
            Item.objects.filter(pk__gte=first).update(current_id=F("pk") + (first_standard - first))
    optimise()
    return list(range(first, first + plan.items)), list(range(first_standard, first_standard + plan.items))


def _all_offices() -> Iterable[Organisation]:
    return Organisation.objects.select_related("division").iterator(chunk_size=CHUNK)


def _parts(values: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(values)
    while part := list(islice(left, size)):
        yield part

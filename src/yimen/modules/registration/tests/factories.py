"""Test doors of registration: bound items, founders, an entity set up by a real case."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from yimen.foundation.identity import api as identity
from yimen.foundation.orgs.api import Division
from yimen.kernel.actor import Actor, Scope
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import id_number, make_account, officer, only_case
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import ReviewStep
from yimen.modules.items.tests.factories import make_organisation, make_standard
from yimen.modules.registration.models import MarketEntity
from yimen.modules.registration.permissions import ANY
from yimen.modules.registration.services.handling import bind_item
from yimen.modules.registration.states import EntityKind

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
COUNTY, TOWN = "449901000000", "449901001000"
SET_UP_FIELDS = (
    "entity_proposed_name", "name_promise", "registered_capital", "registered_address", "premises_address", "business_scope",
    "industry_code", "shareholders", "legal_representative_name", "legal_representative_id_number",
    "legal_representative_phone", "branch_of_uscc", "business_term_until",
)  # fmt: skip
CHANGE_FIELDS = (
    "entity_uscc", "entity_proposed_name", "name_promise", "registered_capital", "registered_address", "business_scope",
    "legal_representative_name", "legal_representative_id_number", "legal_representative_phone",
)  # fmt: skip
_serials = count(500)


def make_places() -> None:
    """粤海市 with its 澜江区 and one street."""
    rows = (("449900000000", "粤海市", 2), (COUNTY, "澜江区", 3), (TOWN, "澜城街道", 4))
    for code, name, level in rows:
        Division.objects.update_or_create(code=code, defaults={"name": name, "level": level})


def make_bound(
    act: str, kind: str = "", fields: tuple[str, ...] = SET_UP_FIELDS, **changes: Any
) -> PublishedStandard:
    """A published item bound to an act upon the register."""
    make_places()
    form = {"sections": [{"title": "登记事项", "fields": [{"element": code} for code in fields]}]}
    plain = {
        "materials": (),
        "conditions": (),
        "steps": (ReviewStep(code="check", name="审查", post="reviewer"),),
    }
    standard = make_standard(**({**plain, "form": form, **changes}))
    bind_item(standard.item_id, act, kind)
    return standard


def founder(name: str = "林晓燕") -> tuple[Actor, identity.Person]:
    """A signed-in resident with a number that is valid and new."""
    person = identity.find_or_register_person(name, id_number(next(_serials)), "13800138000", AT)
    account = make_account(display_name=name, person=person)
    return Actor(account_id=account.pk, name=name, person_id=person.pk), person


def company_form(
    person: identity.Person, name: str = "粤海市澜江区晨光餐饮有限公司", **changes: Any
) -> dict[str, Any]:
    """A company's form, filled in rightly."""
    form: dict[str, Any] = {
        "entity_proposed_name": name,
        "registered_capital": "1000000",
        "registered_address": {"division": TOWN, "detail": "人民路1号首层"},
        "business_scope": "餐饮服务；食品销售",
        "industry_code": "6210",
        "shareholders": [
            {
                "shareholder_name": person.name, "shareholder_id": person.id_number, "contribution_amount": "1000000",
                "contribution_form": "cash", "contribution_until": "2030-12-31",
            }
        ],
        "legal_representative_name": person.name,
        "legal_representative_id_number": person.id_number,
        "legal_representative_phone": "13800138000",
    }  # fmt: skip
    return {key: value for key, value in (form | changes).items() if value is not None}


def granted(application: cases.Application, at: datetime = AT, office: Actor | None = None) -> cases.Case:
    """The application's case accepted, reviewed and granted in one morning."""
    office = office or officer(make_organisation())
    case = only_case(application)
    case = cases.act(case.number, "accept", {}, office, at)
    while steps := cases.open_reviews(case.published.content.steps, case.flow):
        case = cases.act(case.number, "pass_step", {"step": steps[0], "opinion": "符合法定形式"}, office, at)
    return cases.act(case.number, "decide", {"outcome": "granted"}, office, at)


def company(
    name: str = "粤海市澜江区晨光餐饮有限公司", at: datetime = AT, **changes: Any
) -> tuple[MarketEntity, Actor]:
    """A company set up by a granted case, and its head signed in and able to act for it."""
    standard = make_bound("set_up", EntityKind.COMPANY)
    actor, person = founder()
    form = company_form(person, name, **changes)
    case = granted(cases.hand_in(cases.HandIn(items=[standard.code], form=form), actor, at), at)
    entity = MarketEntity.objects.get(events__case_number=case.number)
    account = identity.Account.objects.get(pk=actor.account_id)
    return entity, identity.actor_of(account, at)


def registrar(division: str = "449901") -> Actor:
    """Somebody with every grant of the register within a division."""
    account = make_account(display_name="登记监管员", kind="staff")
    scope = (Scope(division=division),)
    return Actor(account_id=account.pk, name="登记监管员", grants=dict.fromkeys(ANY, scope), channel="window")

"""Enterprise start-up (企业开办): from an empty form to licence, seals, tax, invoices, insurance and fund in one morning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml
import zxingcpp
from django.test import Client

from tests import district
from yimen.foundation.documents import api as documents
from yimen.foundation.documents.tests.factories import grey
from yimen.foundation.identity import api as identity
from yimen.foundation.identity.services.seeding import seed_roles
from yimen.foundation.orgs.models import Organisation
from yimen.foundation.outbox import api as outbox
from yimen.kernel.actor import Actor
from yimen.kernel.clock import travel_to
from yimen.modules.cases import api as cases
from yimen.modules.issuing import api as issuing
from yimen.modules.items import api as items
from yimen.modules.items.content import StandardContent
from yimen.modules.items.rules import compose_item_code
from yimen.modules.items.services.items import NewItem
from yimen.modules.items.services.publishing import adopt
from yimen.modules.registration.models import MarketEntity
from yimen.modules.registration.papers import licence
from yimen.site.demo import cases as demo_cases
from yimen.site.demo import register, seed, standards
from yimen.site.demo.cast import CAST

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SET_UP = "company-setup"
AFTER = (
    "seal-record",
    "tax-registration-confirm",
    "invoice-apply",
    "employer-insurance-setup",
    "employer-fund-setup",
)
OFFICES = ("scjgj", "gaj", "swzj", "rsj", "gjj")
NAME = "粤海市澜江区晓燕晨光餐饮有限公司"


@dataclass
class Town:
    """The district with the six items of the start-up theme."""

    codes: dict[str, str]
    clock: datetime = NINE

    def later(self, minutes: int = 5) -> datetime:
        self.clock += timedelta(minutes=minutes)
        return self.clock

    def lin(self) -> Actor:
        account = identity.Account.objects.select_related("person").get(username="lin")
        return identity.actor_of(account, self.clock)


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    district.forget()
    seed_roles()
    plan = seed._plan()
    plan["towns"] = plan["towns"][:2]
    plan["organisations"] = [o for o in plan["organisations"] if o["code"] in (*OFFICES, "zsj")]
    seed._make_divisions(plan)
    seed._make_organisations(plan, district.MADE)
    seed._make_centres(plan)
    for member in (*CAST, *(m for m in district.STAFF if not m.role)):
        seed._make_member(member, "!", district.MADE)
    district._make_people()
    yield Town(publish())
    district.forget()


def publish() -> dict[str, str]:
    """The six standards of the demonstration, and the register with what items mean for it."""
    owners = dict(Organisation.objects.values_list("code", "uscc"))
    author, reviewer = (
        identity.actor_of(identity.account_named(u), district.MADE, "window") for u in ("wen", "fang")
    )
    codes = {}
    for office in OFFICES:
        document = yaml.load(
            (standards.FOLDER / f"{office}.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
        )
        for entry in document["standards"]:
            if entry["slug"] in (SET_UP, *AFTER):
                content = StandardContent.model_validate(document.get("defaults", {}) | entry["content"])
                parts = (
                    owners[office],
                    content.level,
                    entry["source"],
                    content.type,
                    entry["serial"],
                    entry["sub"],
                )
                new = NewItem(
                    code=compose_item_code(*parts), organisation=office, content=content, slug=entry["slug"]
                )
                adopt(new, district.MADE.date(), author, reviewer, district.MADE)
                codes[entry["slug"]] = new.code
    register.make_register(district.MADE)
    return codes


def office_of(case: cases.Case) -> Actor:
    """Somebody of the deciding office with the grants of reviewer and head."""
    from yimen.modules.cases.tests.factories import officer

    return officer(case.organisation)


def handle(town: Town, application: cases.Application) -> None:
    """Every case accepted where it is no instant one, reviewed and granted, five minutes an act."""
    for case in (
        cases.Case.objects.filter(application=application).select_related("organisation").order_by("id")
    ):
        office = office_of(case)
        case = cases.act(case.number, "accept", {}, office, town.later())
        while steps := cases.open_reviews(case.published.content.steps, case.flow):
            payload = {"step": steps[0], "opinion": "材料齐全，符合法定形式"}
            case = cases.act(case.number, "pass_step", payload, office, town.later())
        cases.act(case.number, "decide", {"outcome": "granted"}, office, town.later())


def filled(town: Town, slugs: tuple[str, ...], **known: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for slug in slugs:
        values |= demo_cases.answers(items.current(town.codes[slug], NINE.date()))
    return values | {code: value for code, value in known.items() if code in values}


def papers(town: Town, slugs: tuple[str, ...], form: dict[str, Any], actor: Actor) -> list[cases.MaterialIn]:
    scan = demo_cases._scan(actor, town.clock)
    wanted: dict[str, None] = {}
    for slug in slugs:
        content = items.current(town.codes[slug], NINE.date()).content
        wanted |= dict.fromkeys(m.code for m in cases.required_materials(content, form))
    return [cases.MaterialIn(requirement=code, file=scan) for code in wanted]


def test_a_company_starts_up_within_half_a_working_day(town: Town) -> None:
    lin = town.lin()
    person = identity.person_with_id(lin.person_id)
    head = {
        "legal_representative_name": person.name, "legal_representative_id_number": person.id_number,
        "legal_representative_phone": person.phone,
    }  # fmt: skip
    form = filled(
        town, (SET_UP,), **head, entity_proposed_name=NAME, registered_capital="1000000", name_promise=False,
        shareholders=[{"shareholder_name": person.name, "shareholder_id": person.id_number,
                       "contribution_amount": "1000000", "contribution_form": "cash"}],
    )  # fmt: skip
    first = cases.hand_in(
        cases.HandIn(items=[town.codes[SET_UP]], form=form, materials=papers(town, (SET_UP,), form, lin)),
        lin,
        town.later(30),
    )
    handle(town, first)

    entity = MarketEntity.objects.get(name=NAME)
    lin = town.lin()
    assert entity.legal_entity_id in lin.entity_ids, "the head may act for the company at once"
    form = filled(
        town, AFTER, **head, entity_name=entity.name, entity_uscc=entity.uscc, industry_code=entity.industry,
        established_on=str(entity.established_on), entity_kind="company",
    )  # fmt: skip
    told = cases.ApplicantIn(kind="entity", name=entity.name, uscc=entity.uscc)
    command = cases.HandIn(
        items=[town.codes[slug] for slug in AFTER],
        applicant=told,
        form=form,
        materials=papers(town, AFTER, form, lin),
    )
    second = cases.hand_in(command, lin, town.later(30))
    handle(town, second)

    states = {case.state for case in cases.Case.objects.filter(application__in=[first, second])}
    assert states == {cases.CaseState.GRANTED}
    assert town.clock <= NOON, f"done at {town.clock}"
    check_licence(town, first, entity)


def check_licence(town: Town, application: cases.Application, entity: MarketEntity) -> None:
    """Original and duplicate were issued; their QR leads to the entity's page in the public register."""
    outbox.deliver_due(town.clock + timedelta(minutes=5))
    titles = [paper.title for paper in issuing.documents_of([application.pk])]
    assert titles.count("营业执照（正本）") == titles.count("营业执照（副本）") == 1
    common = {"organisation": entity.authority, "number": "", "addressee": entity.name, "date": NINE.date()}
    paper = licence(entity, "正本", common)
    [picture] = documents.render_pictures(paper.template, documents.papers.as_data(paper), dots=200)
    read = {code.text for code in zxingcpp.read_barcodes(grey(picture))}
    [address] = [text for text in read if text.endswith(f"/entities/{entity.uscc}/")]
    with travel_to(town.clock):
        page = Client().get("/" + address.split("/", 3)[3])
    assert page.status_code == 200 and entity.name in page.content.decode()

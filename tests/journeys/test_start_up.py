"""A company starts up in the browser: from an empty form to licence, seals, tax, invoices, insurance and fund in one morning."""

import io
import re
from typing import Any

import pytest
import zxingcpp
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.conftest import Journey
from tests.journeys.stories import apply_for_thing, everything_is_right, find_thing, grant, rows_of
from tests.journeys.walking import open_case, perform
from yimen.foundation.documents import api as documents
from yimen.foundation.documents.tests.factories import grey
from yimen.foundation.identity.models import Account
from yimen.modules.cases import api as cases
from yimen.modules.registration.models import MarketEntity
from yimen.modules.registration.papers import licence

pytestmark = pytest.mark.journey

SET_UP, SEAL, TAX, INVOICE, INSURANCE, FUND = (
    "company-setup", "seal-record", "tax-registration-confirm", "invoice-apply", "employer-insurance-setup",
    "employer-fund-setup",
)  # fmt: skip
AFTER = {SEAL, TAX, INVOICE, INSURANCE, FUND}
NAME = "粤海市澜江区晓燕晨光餐饮有限公司"


def test_a_company_starts_up_in_one_morning(journey: Journey) -> None:
    page = journey.signed_in("lin")
    find_thing(page, "开公司", "开办企业一件事")
    for label in ("有", "要"):
        page.get_by_label(label, exact=True).first.check()
    expect(page.locator("#plan-title")).to_contain_text("您要办 6 个事项")
    journey.picture(page, "hall-start-up")
    number = apply_for_thing(journey, page, {SET_UP, *AFTER}, **_founding())
    states = {slug: case.state for slug, case in rows_of(number).items()}
    assert states == {SET_UP: "submitted"} | dict.fromkeys(AFTER, "waiting")

    _set_up(journey, rows_of(number)[SET_UP].number)
    entity = MarketEntity.objects.get(name=NAME)
    assert {slug for slug, case in rows_of(number).items() if case.state == "waiting"} == {INVOICE}
    for slug, hour in (
        (SEAL, "10:40"),
        (TAX, "10:50"),
        (INSURANCE, "11:00"),
        (FUND, "11:10"),
        (INVOICE, "11:30"),
    ):
        case = rows_of(number)[slug]
        assert case.application.form["entity_uscc"] == entity.uscc, "the new code is brought along, not asked"
        grant(journey, case, f"2026-03-02 {hour}")
    assert {case.state for case in rows_of(number).values()} == {"granted"}
    everything_is_right(number, "2026-03-02 11:45")

    journey.day("2026-03-02 11:45")
    page.goto(f"/my/{number}/")
    expect(page.locator("main")).to_contain_text("办好了 6 个")
    journey.picture(page, "hall-start-up-done")
    _the_licence_leads_to_the_register(journey, page, rows_of(number)[SET_UP], entity)


def _founding() -> dict[str, Any]:
    """What the founder writes: herself as the only shareholder and head of the company."""
    person = Account.objects.select_related("person").get(username="lin").person
    assert person is not None
    share = {
        "shareholder_name": person.name, "shareholder_id": person.id_number, "contribution_amount": "1000000",
        "contribution_form": "cash",
    }  # fmt: skip
    return {
        "entity_proposed_name": NAME, "name_promise": False, "registered_capital": "1000000", "shareholders": [share],
        "legal_representative_name": person.name, "legal_representative_id_number": person.id_number,
        "legal_representative_phone": person.phone, "business_term_until": "2056-03-01",
        "seal_types": ["official", "finance", "invoice", "representative"],
    }  # fmt: skip


def _set_up(journey: Journey, case: str) -> None:
    """Accepted, examined and decided at the desk of the registrar."""
    zhao, sun = journey.signed_in("zhao"), journey.signed_in("sun")
    journey.day("2026-03-02 09:40")
    open_case(zhao, case, "accept")
    perform(zhao, "受理")
    journey.day("2026-03-02 10:00")
    open_case(zhao, case, "pass_step")
    zhao.locator("form.act-form textarea[name=opinion]").fill("材料齐全，符合法定形式。")
    perform(zhao, "通过本环节")
    journey.day("2026-03-02 10:20")
    open_case(sun, case, "decide")
    sun.locator("form.act-form input[name=outcome][value=granted]").check()
    sun.locator("form.act-form textarea[name=reason]").fill("符合登记条件，准予设立登记。")
    perform(sun, "作出决定")
    journey.work()


def _the_licence_leads_to_the_register(
    journey: Journey, page: Page, case: cases.Case, entity: MarketEntity
) -> None:
    """Original and duplicate lie with the case; the code on the paper opens the page of the register, and so does the page's."""
    page.goto(f"/my/cases/{case.number}/")
    links = page.get_by_role("link", name=re.compile("营业执照（[正副]本）"))
    addresses = dict.fromkeys(a.get_attribute("href") or "" for a in links.all())
    papers = [page.request.get(address) for address in addresses if "download" not in address]
    assert len(papers) >= 2
    for paper in papers:
        text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(paper.body())).pages)
        assert entity.uscc in re.sub(r"\s", "", text)
    common = {"organisation": entity.authority, "number": "", "addressee": NAME, "date": entity.approved_on}
    printed = licence(entity, "正本", common)
    [sheet] = documents.render_pictures(printed.template, documents.papers.as_data(printed), dots=200)
    [address] = [found for found in _read(sheet) if found.endswith(f"/entities/{entity.uscc}/")]

    stranger = journey.signed_in("")
    stranger.goto("/" + address.split("/", 3)[3])
    expect(stranger.get_by_role("heading", level=1)).to_contain_text(NAME)
    expect(stranger.locator("main")).to_contain_text(entity.uscc)
    assert address in _read(stranger.get_by_role("img", name=re.compile("二维码")).screenshot(scale="css"))
    journey.picture(stranger, "hall-register")
    journey.check_access(stranger)


def _read(picture: bytes) -> set[str]:
    return {code.text for code in zxingcpp.read_barcodes(grey(picture))}

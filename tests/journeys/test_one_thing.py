"""One thing in the browser: from plain questions to results, with a correction told once and one item refused.

What the story is about is done on pages; the many acts of departments that only move it along are done by their officers through
the same services, without a browser.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Journey
from tests.journeys.stories import (
    accept,
    apply_for_thing,
    ask,
    clocks_of,
    everything_is_right,
    find_thing,
    grant,
    moment_of,
    reviewed,
    rows_of,
)
from tests.journeys.walking import (
    a_pdf,
    hand_over,
    open_case,
    perform,
    press,
    upload,
)
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import officer

pytestmark = pytest.mark.journey

VERIFY, FOOD, SIGN, FIRE, TOBACCO = (
    "licence-verify", "food-business-new", "signboard", "fire-check", "tobacco-retail-new",
)  # fmt: skip
RESTAURANT = {VERIFY, FOOD, SIGN, FIRE, TOBACCO}
NEWBORN = {
    "birth-permit", "birth-certificate", "vaccination-record", "birth-registration", "resident-insurance", "social-card",
    "newborn-medical-fee", "maternity-reimbursement", "parenting-guidance",
}  # fmt: skip


def test_a_restaurant_from_questions_to_results(journey: Journey) -> None:
    phone = journey.signed_in("lin", narrow=True)
    find_thing(phone, "开饭店", "开办餐饮店一件事")
    for label in ("要", "属于", "卖"):
        phone.get_by_label(label, exact=True).first.check()
    expect(phone.locator("#plan-title")).to_contain_text("您要办 5 个事项")
    journey.check_access(phone)
    journey.picture(phone, "hall-thing-phone")
    number = apply_for_thing(journey, phone, RESTAURANT)
    found = rows_of(number)
    assert {slug: case.state for slug, case in found.items()} == {
        VERIFY: "submitted", FOOD: "waiting", SIGN: "submitted", FIRE: "submitted", TOBACCO: "submitted",
    }  # fmt: skip

    grant(journey, found[VERIFY], "2026-03-02 15:00")
    food = rows_of(number)[FOOD]
    assert food.state == "submitted", "the written completion of the earlier item starts the later one"
    assert clocks_of(food)["telling"].started_at == moment_of("2026-03-02 15:00")

    _told_once(journey, number)
    _corrected_once(journey, phone, number)
    _one_refused(journey, rows_of(number)[TOBACCO])
    for slug, day in ((SIGN, "2026-03-10 10:00"), (FIRE, "2026-03-10 11:00"), (FOOD, "2026-03-11 10:00")):
        grant(journey, rows_of(number)[slug], day)
    states = {slug: case.state for slug, case in rows_of(number).items()}
    assert states == {
        VERIFY: "granted",
        FOOD: "granted",
        SIGN: "granted",
        FIRE: "granted",
        TOBACCO: "refused",
    }
    phone.goto(f"/my/{number}/")
    expect(phone.locator("main")).to_contain_text("办好了 5 个")
    journey.picture(phone, "hall-thing-done")
    everything_is_right(number, "2026-03-12 10:00")


def test_a_newborn_from_questions_to_results(journey: Journey) -> None:
    page = journey.signed_in("lin")
    find_thing(page, "生孩子", "新生儿出生一件事")
    for label in ("还没有", "还没有办", "要", "需要"):
        page.get_by_label(label, exact=True).first.check()
    expect(page.locator("#plan-title")).to_contain_text("您要办 9 个事项")
    journey.picture(page, "hall-thing")
    number = apply_for_thing(journey, page, NEWBORN)
    found = rows_of(number)
    begun = {slug for slug, case in found.items() if case.state == "submitted"}
    assert "birth-certificate" in begun and "birth-registration" not in begun

    permit = found["birth-permit"]
    ask(journey, permit, "2026-03-03 09:00", "看不清，请重新提交。")
    for slug in begun - {"birth-permit"}:
        accept(journey, found[slug], "2026-03-03 09:30")
    assert rows_of(number)["birth-permit"].state == "correction_requested", "told when all have looked"
    journey.day("2026-03-04 20:00")
    page.goto(f"/my/cases/{permit.number}/correct/")
    section = page.locator("section.material").first
    hand_over(page, section, upload("补正.pdf", a_pdf("补正")))
    press(page, "提交补正")
    journey.work()

    moment = 0
    while waiting := [
        c for c in rows_of(number).values() if c.state not in cases.DECIDED and c.state != "waiting"
    ]:
        for case in sorted(waiting, key=lambda c: c.number):
            moment += 1
            day = f"2026-03-{5 + moment // 6:02d} {9 + moment % 6:02d}:00"
            _refuse(journey, case, day) if case.item.slug == "maternity-reimbursement" else grant(
                journey, case, day
            )
    states = {slug: case.state for slug, case in rows_of(number).items()}
    assert {slug for slug, state in states.items() if state == "refused"} == {"maternity-reimbursement"}
    assert {slug for slug, state in states.items() if state == "granted"} == NEWBORN - {
        "maternity-reimbursement"
    }
    page.goto(f"/my/{number}/")
    expect(page.locator("main")).to_contain_text("办好了 9 个")
    everything_is_right(number, "2026-03-16 10:00")


def _refuse(journey: Journey, case: cases.Case, day: str) -> None:
    journey.day(day)
    case = reviewed(case, day)
    refusal = {
        "outcome": "refused",
        "reason": "已经在医院直接结算，不能重复报销。",
        "would_pass": "没有直接结算的费用可以报销。",
    }
    cases.act(case.number, "decide", refusal, officer(case.organisation), moment_of(day))
    journey.work()


def _told_once(journey: Journey, number: str) -> None:
    """Two departments find something missing; the applicant hears of it once, when every department has looked."""
    found = rows_of(number)
    journey.day("2026-03-03 10:00")
    shen = journey.signed_in("cgj-shen")
    open_case(shen, found[SIGN].number, "request_correction")
    shen.locator("input[name=missing][value=effect]").check()
    shen.locator("textarea[name=reason-effect]").fill("效果图没有标尺寸，请补画后重新上传。")
    perform(shen, "提出补正意见")
    assert rows_of(number)[SIGN].state == "submitted", "collected, not told yet"
    ask(journey, found[FOOD], "2026-03-03 10:30", "请重新提交。")
    for slug in (FIRE, TOBACCO):
        accept(journey, found[slug], "2026-03-03 11:00")
    told = rows_of(number)
    assert [told[slug].state for slug in (SIGN, FOOD)] == ["correction_requested"] * 2
    journey.work()
    papers = told[SIGN].application.documents.filter(kind="correction_notice")
    assert papers.count() == 1, "one notice for all departments"


def _corrected_once(journey: Journey, phone: Page, number: str) -> None:
    journey.day("2026-03-04 20:00")
    phone.goto(f"/my/{number}/")
    expect(phone.locator("main")).to_contain_text("有 2 个事项要补材料")
    journey.picture(phone, "hall-thing-correct")
    phone.get_by_role("link", name="一起补正").click()
    for count, section in enumerate(phone.locator("section.material").all(), 1):
        if section.locator("input[type=file]").count():
            hand_over(phone, section, upload(f"补正{count}.pdf", a_pdf(f"补正{count}")))
    press(phone, "提交补正")
    phone.wait_for_url(f"**/my/{number}/")
    assert [rows_of(number)[slug].state for slug in (SIGN, FOOD)] == ["submitted"] * 2
    journey.work()


def _one_refused(journey: Journey, tobacco: cases.Case) -> None:
    reviewed(tobacco, "2026-03-06 10:00")
    journey.day("2026-03-06 15:00")
    refusal = {
        "outcome": "refused", "reason": "经营场所与中小学校的距离不符合规定。", "would_pass": "换一处符合距离要求的场所后可以重新申请。",
    }  # fmt: skip
    cases.act(tobacco.number, "decide", refusal, officer(tobacco.organisation), moment_of("2026-03-06 15:00"))
    journey.work()

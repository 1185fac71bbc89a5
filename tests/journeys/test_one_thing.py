"""One thing in the browser: from plain questions to results, with a correction told once and one item refused.

What the story is about is done on pages; the many acts of departments that only move it along are done by their officers through
the same services, without a browser.
"""

import re
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Journey
from tests.journeys.walking import (
    a_pdf,
    answers_for,
    choose_centre,
    choose_situations,
    fill,
    hand_over,
    name_of,
    open_case,
    perform,
    press,
    upload,
)
from yimen.foundation.trace import api as trace
from yimen.kernel import clock
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import officer
from yimen.modules.deadlines import api as deadlines

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
    _find(journey, phone, "开饭店", "开办餐饮店一件事")
    for label in ("要", "属于", "卖"):
        phone.get_by_label(label, exact=True).first.check()
    expect(phone.locator("#plan-title")).to_contain_text("您要办 5 个事项")
    journey.check_access(phone)
    journey.picture(phone, "hall-thing-phone")
    number = _apply(journey, phone, RESTAURANT)
    found = _cases(number)
    assert {slug: case.state for slug, case in found.items()} == {
        VERIFY: "submitted", FOOD: "waiting", SIGN: "submitted", FIRE: "submitted", TOBACCO: "submitted",
    }  # fmt: skip

    _grant(journey, found[VERIFY], "2026-03-02 15:00")
    food = _cases(number)[FOOD]
    assert food.state == "submitted", "the written completion of the earlier item starts the later one"
    [telling] = [c for c in _clocks(food) if c.kind == "telling"]
    assert telling.started_at == _moment("2026-03-02 15:00")

    _told_once(journey, number)
    _corrected_once(journey, phone, number)
    _one_refused(journey, _cases(number)[TOBACCO])
    for slug, day in ((SIGN, "2026-03-10 10:00"), (FIRE, "2026-03-10 11:00"), (FOOD, "2026-03-11 10:00")):
        _grant(journey, _cases(number)[slug], day)
    states = {slug: case.state for slug, case in _cases(number).items()}
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
    _everything_is_right(number, "2026-03-12 10:00")


def test_a_newborn_from_questions_to_results(journey: Journey) -> None:
    page = journey.signed_in("lin")
    _find(journey, page, "生孩子", "新生儿出生一件事")
    for label in ("还没有", "还没有办", "要", "需要"):
        page.get_by_label(label, exact=True).first.check()
    expect(page.locator("#plan-title")).to_contain_text("您要办 9 个事项")
    journey.picture(page, "hall-thing")
    number = _apply(journey, page, NEWBORN)
    found = _cases(number)
    begun = {slug for slug, case in found.items() if case.state == "submitted"}
    assert "birth-certificate" in begun and "birth-registration" not in begun

    permit = found["birth-permit"]
    _ask(journey, permit, "2026-03-03 09:00", "看不清，请重新提交。")
    for slug in begun - {"birth-permit"}:
        _accept(journey, found[slug], "2026-03-03 09:30")
    assert _cases(number)["birth-permit"].state == "correction_requested", "told when all have looked"
    journey.day("2026-03-04 20:00")
    page.goto(f"/my/cases/{permit.number}/correct/")
    section = page.locator("section.material").first
    hand_over(page, section, upload("补正.pdf", a_pdf("补正")))
    press(page, "提交补正")
    journey.work()

    moment = 0
    while waiting := [
        c for c in _cases(number).values() if c.state not in cases.DECIDED and c.state != "waiting"
    ]:
        for case in sorted(waiting, key=lambda c: c.number):
            moment += 1
            day = f"2026-03-{5 + moment // 6:02d} {9 + moment % 6:02d}:00"
            _refuse(journey, case, day) if case.item.slug == "maternity-reimbursement" else _grant(
                journey, case, day
            )
    states = {slug: case.state for slug, case in _cases(number).items()}
    assert {slug for slug, state in states.items() if state == "refused"} == {"maternity-reimbursement"}
    assert {slug for slug, state in states.items() if state == "granted"} == NEWBORN - {
        "maternity-reimbursement"
    }
    page.goto(f"/my/{number}/")
    expect(page.locator("main")).to_contain_text("办好了 9 个")
    _everything_is_right(number, "2026-03-16 10:00")


def _find(journey: Journey, page: Page, said: str, name: str) -> None:
    page.goto("/things/")
    page.get_by_role("searchbox", name="找一件事").fill(said)
    press(page, "查找")
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def _apply(journey: Journey, page: Page, slugs: set[str]) -> str:
    values = {code: _past(value) for code, value in answers_for(*sorted(slugs)).items()}
    values |= {code: "2026-02-10" for code in values if code.startswith("child_birth_date")}
    page.get_by_role("link", name="开始办理").click()
    page.wait_for_url("**/apply/?theme=**")
    page.locator("input[name=applicant]").first.check()
    press(page, "下一步")
    while page.locator("input[name=_step][value=questions]").count():
        choose_situations(page, values)
        press(page, "下一步")
    fill(page, values)
    expect(page.locator("[data-saved-line]")).to_contain_text("已保存")
    press(page, "下一步")
    expect(page.locator("input[name=_step][value=materials]")).to_be_attached()
    for count, section in enumerate(page.locator("section.material").all(), 1):
        upload_way = section.locator("input[type=radio][value=file]")
        if upload_way.count():
            upload_way.check()
        hand_over(page, section, upload(f"材料{count}.pdf", a_pdf(str(count))))
    press(page, "下一步")
    expect(page.locator(".review-plan")).to_be_visible()
    page.locator("input[name=together][value=no]").check()
    ways = page.locator("input[name=delivery][value=window]")
    if ways.count():
        ways.check()
    choose_centre(page)
    press(page, "提交申请")
    page.wait_for_url("**/apply/done/**")
    journey.work()
    return page.locator("#application-number").inner_text().strip()


def _past(value: object) -> object:
    """A day that has come already on the story's days."""
    text = str(value)
    return "2026-02-20" if re.fullmatch(r"20\d\d-\d\d-\d\d", text) and text > "2026-02-20" else value


def _cases(application: str) -> dict[str, cases.Case]:
    rows = cases.Case.objects.filter(application__number=application).select_related(
        "application", "item", "organisation"
    )
    return {case.item.slug: case for case in rows}


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=clock.CHINA)


def _clocks(case: cases.Case) -> list[deadlines.Clock]:
    [found] = deadlines.clocks_of("case", [case.number]).values()
    return found


def _accept(journey: Journey, case: cases.Case, day: str) -> None:
    journey.day(day)
    cases.act(case.number, "accept", {}, officer(case.organisation), _moment(day))


def _reviewed(case: cases.Case, day: str) -> cases.Case:
    """Accepted and reviewed by two officers of its department."""
    one, other = officer(case.organisation, name="经办一"), officer(case.organisation, name="经办二")
    if case.state == "submitted":
        case = cases.act(case.number, "accept", {}, one, _moment(day))
    while "pass_step" in cases.possible_acts(case, one):
        [step, *_] = cases.open_reviews(case.published.content.steps, case.flow)
        signed = {"opinion": "符合条件，同意。", "step": step}
        for who in (one, other):
            if step in cases.open_reviews(case.published.content.steps, case.flow):
                case = cases.act(case.number, "pass_step", signed, who, _moment(day))
    return case


def _grant(journey: Journey, case: cases.Case, day: str) -> None:
    journey.day(day)
    case = _reviewed(case, day)
    cases.act(case.number, "decide", {"outcome": "granted"}, officer(case.organisation), _moment(day))
    journey.work()


def _refuse(journey: Journey, case: cases.Case, day: str) -> None:
    journey.day(day)
    case = _reviewed(case, day)
    refusal = {
        "outcome": "refused",
        "reason": "已经在医院直接结算，不能重复报销。",
        "would_pass": "没有直接结算的费用可以报销。",
    }
    cases.act(case.number, "decide", refusal, officer(case.organisation), _moment(day))
    journey.work()


def _ask(journey: Journey, case: cases.Case, day: str, reason: str) -> None:
    journey.day(day)
    first = case.published.content.materials[0].code
    missing = {"missing": [{"requirement": first, "reason": reason}]}
    cases.act(case.number, "request_correction", missing, officer(case.organisation), _moment(day))


def _told_once(journey: Journey, number: str) -> None:
    """Two departments find something missing; the applicant hears of it once, when every department has looked."""
    found = _cases(number)
    journey.day("2026-03-03 10:00")
    shen = journey.signed_in("cgj-shen")
    open_case(shen, found[SIGN].number, "request_correction")
    shen.locator("input[name=missing][value=effect]").check()
    shen.locator("textarea[name=reason-effect]").fill("效果图没有标尺寸，请补画后重新上传。")
    perform(shen, "提出补正意见")
    assert _cases(number)[SIGN].state == "submitted", "collected, not told yet"
    _ask(journey, found[FOOD], "2026-03-03 10:30", "请重新提交。")
    for slug in (FIRE, TOBACCO):
        _accept(journey, found[slug], "2026-03-03 11:00")
    told = _cases(number)
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
    assert [_cases(number)[slug].state for slug in (SIGN, FOOD)] == ["submitted"] * 2
    journey.work()


def _one_refused(journey: Journey, tobacco: cases.Case) -> None:
    _reviewed(tobacco, "2026-03-06 10:00")
    journey.day("2026-03-06 15:00")
    refusal = {
        "outcome": "refused", "reason": "经营场所与中小学校的距离不符合规定。", "would_pass": "换一处符合距离要求的场所后可以重新申请。",
    }  # fmt: skip
    cases.act(tobacco.number, "decide", refusal, officer(tobacco.organisation), _moment("2026-03-06 15:00"))
    journey.work()


def _everything_is_right(number: str, day: str) -> None:
    """The ledgers add up to the elapsed time, the joint promise was kept, every chain is whole."""
    at = _moment(day)
    for case in _cases(number).values():
        rows = cases.ledger_of(case, at)
        begun = trace.events_of("case", case.number).first()
        assert begun is not None
        elapsed = int((at - begun.at).total_seconds())
        assert abs(sum(seconds for row in rows for _, seconds in row.shares) - elapsed) <= len(rows), name_of(
            case.item.slug
        )
        assert list(trace.verify_chain("case", case.number)) == []
    [promise] = deadlines.clocks_of("application", [number])[number]
    assert promise.state == "met"

"""One application on a phone, two departments, three weeks: correction, special procedure, decisions, delivery, proof."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Journey
from tests.journeys.walking import (
    FOOD,
    SIGN,
    a_pdf,
    apply_for,
    code_of,
    hand_over,
    name_of,
    open_case,
    perform,
    press,
    state_of,
    upload,
)
from yimen.foundation.trace import api as trace
from yimen.kernel.clock import CHINA
from yimen.modules.cases.models import Case

pytestmark = pytest.mark.journey

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def test_two_matters_on_a_phone_from_the_search_to_the_papers(journey: Journey) -> None:
    phone = journey.signed_in("lin", narrow=True)
    _find(journey, phone)
    number = apply_for(phone, FOOD, SIGN, here=True)
    journey.picture(phone, "hall-done")
    food, sign = _numbers(number)
    journey.work()

    _ask_for_correction(journey, food)
    _accept_at_the_window(journey, sign)
    _correct_on_the_phone(journey, phone, food)
    before, after = _special_procedure(journey, sign)
    assert (before, after) == (date(2026, 3, 6), date(2026, 3, 12)), "5, 6, 9 and 10 March do not count"
    _review_and_decide(journey, food, sign)
    _hand_out(journey, number, food, sign)

    for case in (food, sign):
        _time_adds_up(journey, phone, case)
        _papers_are_true(journey, phone, case)
        assert list(trace.verify_chain("case", case)) == []
    assert list(trace.verify_all()) == []


def _find(journey: Journey, phone: Page) -> None:
    phone.goto("/")
    journey.picture(phone, "hall-home-phone")
    phone.get_by_role("searchbox").fill("开餐馆")
    phone.get_by_role("searchbox").press("Enter")
    phone.get_by_role("link", name=name_of(FOOD)).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(name_of(FOOD))
    journey.picture(phone, "hall-item-phone")
    phone.get_by_role("link", name="开始办理").click()
    phone.wait_for_url(f"**/apply/?item={code_of(FOOD)}**")

    phone.get_by_role("link", name="再加一件，材料只交一次").click()
    phone.get_by_label("还要办什么事？").fill("挂招牌")
    press(phone, "找一找")
    found = phone.get_by_role("listitem").filter(has_text=name_of(SIGN))
    expect(found).to_be_visible()
    journey.picture(phone, "hall-two-matters")
    found.get_by_role("button", name="一起办").click()
    expect(phone.locator(".applying-what")).to_contain_text("一起办 2 件事")


def _numbers(application: str) -> tuple[str, str]:
    found = {
        case.item.slug: case.number
        for case in Case.objects.filter(application__number=application).select_related("item")
    }
    return found[FOOD], found[SIGN]


def _ask_for_correction(journey: Journey, food: str) -> None:
    journey.day("2026-03-02 15:00")
    zhao = journey.signed_in("zhao")
    open_case(zhao, food, "request_correction")
    box = zhao.locator("input[name=missing][value=layout]")
    box.check()
    zhao.locator("textarea[name=reason-layout]").fill("布局图没有标出洗手池和消毒设备，请补画后重新上传。")
    journey.picture(zhao, "desk-correction")
    perform(zhao, "一次告知补正")
    assert "待补正" in state_of(zhao)
    journey.work()


def _accept_at_the_window(journey: Journey, sign: str) -> None:
    journey.day("2026-03-03 10:00")
    chen = journey.signed_in("chen")
    chen.goto("/desk/cases/?tab=to_accept")
    chen.get_by_role("searchbox").or_(chen.locator("input[name=q]")).first.fill(sign)
    press(chen, "筛选")
    chen.locator("a[data-open]").first.click()
    chen.wait_for_url(f"**/desk/cases/{sign}/**")
    perform(chen, "受理")
    assert "已受理" in state_of(chen)
    journey.work()


def _correct_on_the_phone(journey: Journey, phone: Page, food: str) -> None:
    journey.day("2026-03-04 20:30")
    phone.goto("/")
    phone.get_by_role("link", name="去补正").first.wait_for()
    phone.goto(f"/my/cases/{food}/")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("等您补正")
    journey.picture(phone, "hall-correct")
    phone.get_by_role("link", name="去补正").click()
    phone.wait_for_url(f"**/my/cases/{food}/correct/")
    section = phone.locator("section.material").first
    expect(section).to_contain_text("洗手池")
    hand_over(phone, section, upload("布局图（补画）.pdf", a_pdf("补画")))
    press(phone, "提交补正")
    phone.wait_for_url(f"**/my/cases/{food}/")
    journey.work()

    journey.day("2026-03-05 09:30")
    zhao = journey.signed_in("zhao")
    open_case(zhao, food, "accept")
    perform(zhao, "受理")
    assert "已受理" in state_of(zhao)
    journey.work()


def _special_procedure(journey: Journey, sign: str) -> tuple[date, date]:
    """Testing from 5 to 10 March stands outside the limit; the promised day before and after."""
    before = _due(sign)
    journey.day("2026-03-05 10:00")
    shen = journey.signed_in("cgj-shen")
    open_case(shen, sign, "suspend")
    shen.locator("input[name=procedure][value=testing]").check()
    shen.locator("input[name=days]").fill("3")
    shen.locator("input[name=clause]").fill("行政许可法第四十五条")
    perform(shen, "启动特别程序")
    assert "特别程序中" in state_of(shen)
    journey.work()

    journey.day("2026-03-10 10:00")
    open_case(shen, sign, "resume")
    shen.locator("form.act-form input[name=note]").fill("检测完成，结构安全。")
    perform(shen, "恢复计时")
    journey.work()
    return before, _due(sign)


def _due(number: str) -> date:
    due = Case.objects.get(number=number).due_at
    assert due is not None
    return due.astimezone(CHINA).date()


def _review_and_decide(journey: Journey, food: str, sign: str) -> None:
    shen, zhao, li = (journey.signed_in(name) for name in ("cgj-shen", "zhao", "scjgj-li"))
    _pass(journey, shen, sign, "图纸与图则相符。", "2026-03-10 11:00")
    _pass(journey, zhao, food, "材料齐全，符合法定形式。", "2026-03-10 14:00", picture="desk-review")
    _pass(journey, zhao, food, "现场与图纸相符。", "2026-03-11 10:00")
    _pass(journey, li, food, "同意，现场与图纸相符。", "2026-03-11 10:30")
    for name, number, moment in (("cgj-zhang", sign, "2026-03-11 15:00"), ("sun", food, "2026-03-11 16:00")):
        journey.day(moment)
        head = journey.signed_in(name)
        open_case(head, number, "decide")
        head.locator("form.act-form input[name=outcome][value=granted]").check()
        head.locator("form.act-form textarea[name=reason]").fill("符合条件，准予。")
        if name == "sun":
            journey.picture(head, "desk-decide")
        perform(head, "作出决定")
        assert "准予" in state_of(head)
        journey.work()


def _pass(journey: Journey, page: Page, number: str, opinion: str, moment: str, picture: str = "") -> None:
    journey.day(moment)
    open_case(page, number, "pass_step")
    page.locator("form.act-form textarea[name=opinion]").fill(opinion)
    if picture:
        journey.picture(page, picture)
    perform(page, "通过本环节")
    journey.work()


def _hand_out(journey: Journey, application: str, food: str, sign: str) -> None:
    journey.day("2026-03-12 10:00")
    chen = journey.signed_in("chen")
    for number in (food, sign):
        chen.goto(f"/desk/handout/?q={number}")
        card = chen.locator("section.handout").filter(has_text=number)
        card.locator("select[name=way]").select_option("window")
        card.locator("input[name=receiver]").fill("林晓燕")
        if number == food:
            journey.picture(chen, "desk-handout")
        card.get_by_role("button", name="送达").click()
        expect(chen.get_by_role("link", name="打印送达回证")).to_be_visible()
        journey.work()
    assert set(Case.objects.filter(application__number=application).values_list("state", flat=True)) == {
        "delivered"
    }


def _time_adds_up(journey: Journey, phone: Page, number: str) -> None:
    """Every day once from receipt to delivery; days by holder are the days that passed."""
    phone.goto(f"/my/cases/{number}/")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("已经办结")
    account = phone.locator("details", has_text="时间花在哪里")
    account.locator("summary").first.click()
    rows = account.locator("tbody tr")
    days = [
        date.fromisoformat(found[0])
        for row in rows.all()
        if (found := DAY.findall(row.locator("time").get_attribute("datetime") or ""))
    ]
    assert days == [date(2026, 3, 2) + timedelta(days=n) for n in range(11)], "every day once, none left out"
    hands = account.locator(".hands li").all_inner_texts()
    totals = [re.search(r"(\d+) 天，其中算进时限 ([\d.]+) 天", line) for line in hands]
    assert sum(int(t[1]) for t in totals if t) == len(days), hands
    counted = sum(row.locator("td").nth(2).inner_text().strip() == "算" for row in rows.all())
    assert sum(float(t[2]) for t in totals if t) == counted, hands
    account.scroll_into_view_if_needed()
    journey.picture(phone, "hall-time")


def _papers_are_true(journey: Journey, phone: Page, number: str) -> None:
    """Each paper downloads as PDF and is known at the public page of verification; an altered copy is told."""
    links = phone.locator("a[href*='/my/papers/']:not([download]):not([href*=download])")
    addresses = list(dict.fromkeys(a.get_attribute("href") or "" for a in links.all()))
    assert len(addresses) >= 4, addresses
    stranger = journey.signed_in("")
    for address in addresses:
        paper = phone.request.get(f"{address}?download")
        assert paper.ok and paper.body().startswith(b"%PDF-")
        stranger.goto("/verify/")
        stranger.get_by_label("核验码").fill(address.rstrip("/").rsplit("/", 1)[1])
        stranger.get_by_role("button", name="核验", exact=True).click()
        expect(stranger.get_by_role("status").first).to_contain_text("是真的")
    journey.picture(stranger, "hall-verify")
    for content, verdict in ((paper.body(), "文件一字不差"), (paper.body() + b"\n%altered", "不一样")):
        if not stranger.locator("#f-file").is_visible():
            stranger.get_by_text("有电子文件？传上来比一比").click()
        stranger.locator("#f-file").set_input_files(upload("文书.pdf", content))
        press(stranger, "比对文件")
        expect(stranger.get_by_text(verdict).first).to_be_visible()

"""What goes wrong in life: two clicks, a lost line, two people at one case, a stranger's address, a false file, a session that ends."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Journey
from tests.journeys.walking import (
    SIGN,
    apply_for,
    code_of,
    open_case,
    perform,
    press,
    state_of,
    upload,
)
from yimen.modules.cases.models import Application, Case

pytestmark = pytest.mark.journey


def _own_applications() -> int:
    return Application.objects.filter(account__username="lin").exclude(state="draft").count()


def test_two_clicks_make_one_application(journey: Journey) -> None:
    phone = journey.signed_in("lin", narrow=True)
    before = _own_applications()
    apply_for(phone, SIGN, until="check")
    phone.get_by_role("button", name="提交申请").dblclick()
    phone.wait_for_url("**/apply/done/**")
    assert _own_applications() == before + 1
    phone.go_back()
    phone.wait_for_load_state()
    if phone.get_by_role("button", name="提交申请").count():
        press(phone, "提交申请")
        phone.wait_for_url("**/apply/done/**")
    assert _own_applications() == before + 1


def test_a_lost_line_in_the_middle_of_the_form_loses_nothing(journey: Journey) -> None:
    phone = journey.signed_in("lin", narrow=True)
    apply_for(phone, SIGN, until="form")
    name = phone.locator("[name=signboard_text]")
    phone.context.set_offline(True)
    name.fill("断网时写的店名")
    expect(phone.locator("[data-saved-line]")).to_contain_text("已暂存在本机")
    phone.context.set_offline(False)
    expect(phone.locator("[data-saved-line]")).to_contain_text("已保存")

    wide = journey.signed_in("lin")  # another device goes on where the phone stopped
    wide.goto("/my/")
    journey.picture(wide, "hall-my")
    wide.get_by_role("link", name="继续填写").first.click()
    wide.wait_for_url("**/apply/**")
    expect(wide.locator("[name=signboard_text]")).to_have_value("断网时写的店名")


def test_the_page_that_was_closed_without_a_line_puts_its_words_back(journey: Journey) -> None:
    phone = journey.signed_in("lin", narrow=True)
    apply_for(phone, SIGN, until="form")
    address = phone.url
    phone.route("**/apply/save/**", lambda route: route.abort())
    phone.locator("[name=signboard_text]").fill("关页面前写的店名")
    expect(phone.locator("[data-saved-line]")).to_contain_text("已暂存在本机")
    phone.unroute("**/apply/save/**")
    phone.goto("/")
    phone.goto(address)
    expect(phone.locator("[name=signboard_text]")).to_have_value("关页面前写的店名")
    expect(phone.locator("[data-saved-line]")).to_contain_text("已保存")
    journey.complaints.clear()  # the line was cut on purpose


def test_the_second_clerk_is_told_who_was_first(journey: Journey) -> None:
    number = _submitted("scjgj")
    zhao, li = journey.signed_in("zhao"), journey.signed_in("scjgj-li")
    open_case(zhao, number, "refuse_acceptance")
    open_case(li, number, "accept")
    perform(li, "受理")
    zhao.locator("[name=clause]").fill("行政许可法第三十二条第一款第（二）项")
    zhao.locator("[name=reason]").fill("经营地址不在本区，请向所在区申请。")
    zhao.locator("[name=would_pass]").fill("请向经营地址所在区的市场监督管理局申请。")
    zhao.locator("form.act-form").get_by_role("button", name="不予受理").click()
    expect(zhao.locator("main")).to_contain_text("李核查于09:00刚刚办理了“受理”")
    expect(zhao.locator("main")).to_contain_text(
        "经营地址不在本区，请向所在区申请。"
    )  # what was written is not lost
    assert "已受理" in state_of(zhao)
    journey.picture(zhao, "desk-second-clerk")


def _submitted(organisation: str) -> str:
    case = Case.objects.filter(organisation__code=organisation, state="submitted").order_by("pk").first()
    assert case is not None
    return case.number


@pytest.mark.parametrize("who", ["lin", "cgj-shen", ""])
def test_a_strangers_case_is_not_there(journey: Journey, who: str) -> None:
    foreign = Case.objects.select_related("item").get(number=_submitted("scjgj"))
    page = journey.signed_in(who)
    for room in ("my", "desk", "console"):
        answer = page.goto(f"/{room}/cases/{foreign.number}/")
        assert answer is not None
        if who:
            assert answer.status in (403, 404), (room, answer.status)
        else:
            assert "/accounts/login/" in page.url
        assert foreign.item.name not in page.locator("main").inner_text()


def test_a_false_file_is_refused_with_a_sentence(journey: Journey) -> None:
    phone = journey.signed_in("lin", narrow=True)
    apply_for(phone, SIGN, until="form")
    press(phone, "下一步")
    section = phone.locator("section.material").first
    section.locator("input[type=file]").first.set_input_files(
        [upload("执照.jpg", b"MZ\x90\x00 this is a program", "image/jpeg")]
    )
    failed = section.locator("[data-state=failed] .upload-note")
    expect(failed).to_be_visible()
    assert len(failed.inner_text()) > 8 and failed.inner_text().endswith("。"), failed.inner_text()
    journey.picture(phone, "hall-file-refused")
    section.get_by_role("button", name="移除").click()
    expect(section.locator("[data-state=failed]")).to_have_count(0)


def test_a_session_that_ends_asks_to_sign_in_and_comes_back(journey: Journey) -> None:
    phone = journey.signed_in("lin", narrow=True)
    apply_for(phone, SIGN, until="form")
    phone.context.clear_cookies(name="yimen_session")
    phone.locator("[name=signboard_text]").fill("登录过期时写的店名")
    expect(phone.locator("[data-saved-line]")).to_contain_text("暂存在本机")
    _step_on(phone)
    phone.wait_for_url("**/accounts/login/**")
    journey.sign_in(phone, "lin")
    assert f"item={code_of(SIGN)}" in phone.url
    phone.goto(f"/apply/?item={code_of(SIGN)}&step=form")
    expect(phone.locator("[name=signboard_from]")).not_to_have_value("")
    journey.complaints.clear()  # what was posted without a session was rightly refused


def _step_on(page: Page) -> None:
    page.get_by_role("button", name="下一步").click()

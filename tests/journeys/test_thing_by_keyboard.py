"""A clerk takes in one thing of several departments: chosen, asked and handed in by keys; accepted for all at once."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Journey
from tests.journeys.test_window_by_keyboard import Keys
from tests.journeys.walking import FOOD, SIGN, answers_for, choose_situations, fill
from yimen.foundation.identity.models import Account
from yimen.modules.cases.models import Application

pytestmark = pytest.mark.journey

AS_IT_IS_REDRAWN = """() => document.addEventListener('htmx:afterSwap', () => {
  const other = [...document.querySelectorAll('#thing-part input[type=radio]')].find((e) => e.value === '不卖');
  other.checked = true;
  other.dispatchEvent(new Event('change', {bubbles: true}));
  window.redrawn = true;
}, {once: true})"""
"""A quick hand: the other answer in the moment when the plan is drawn and does not listen yet."""
SAID = {"要挂户外招牌吗？": "要", "店面属于公众聚集场所吗？": "不属于", "卖不卖烟？": "不卖"}


def test_a_restaurant_is_taken_in_at_the_window_at_once(journey: Journey) -> None:
    page = journey.signed_in("chen")
    keys = Keys(page)
    person = Account.objects.select_related("person").get(username="lin").person
    assert person is not None
    page.goto("/desk/window/?new=1")
    keys.on("who")
    keys.type(person.id_number)
    expect(page.locator(".party")).to_contain_text("已登记")
    keys.press("Control+Enter")

    keys.on("matter")
    keys.type("开饭店")
    expect(page.locator("#found")).to_contain_text("开办餐饮店一件事")
    keys.press("Enter")
    expect(page.locator("#thing-part")).to_contain_text("最多 5 个事项")
    for question, answer in SAID.items():
        group = page.get_by_role("group", name=question)
        expect(group.get_by_role("radio").first).to_be_focused()
        keys.press("Space")
        while keys.at()["value"] != answer:
            keys.press("ArrowDown")
        expect(group.get_by_label(answer, exact=True)).to_be_checked()
        expect(page.locator("#thing-part.htmx-request, #thing-part.htmx-settling")).to_have_count(0)
        expect(group.get_by_label(answer, exact=True)).to_be_focused()
        keys.press("Tab")
    expect(page.locator("#thing-part")).to_contain_text("要办 3 个事项")
    page.evaluate(AS_IT_IS_REDRAWN)
    page.get_by_role("group", name="卖不卖烟？").get_by_label("卖", exact=True).check()
    page.wait_for_function("() => window.redrawn")
    expect(page.locator("#thing-part")).to_contain_text("要办 3 个事项")
    expect(page.get_by_role("group", name="卖不卖烟？").get_by_label("不卖", exact=True)).to_be_checked()
    expect(page.get_by_label("跟来人说清楚")).to_contain_text("个工作日内全部办好")
    page.reload()
    expect(page.locator("#thing-part")).to_contain_text("要办 3 个事项")
    keys.on("matter")
    assert keys.at()["proceed"], "everything is answered: the focus stands where it goes on"
    journey.picture(page, "desk-window-thing")
    journey.check_access(page)
    keys.press("Control+Enter")

    keys.on("form")
    answers = answers_for("licence-verify", FOOD, SIGN)
    choose_situations(page, answers, "a-")
    fill(page, answers, "v-")
    keys.press("Control+Enter")
    keys.on("materials")
    keys.press("Alt+a")
    expect(page.locator("[data-thing]").last.get_by_label("收纸质")).to_be_checked()
    expect(page.locator("#flow.htmx-settling, #flow.htmx-swapping")).to_have_count(0)
    keys.on("materials")
    keys.press("Control+Enter")
    keys.on("check")
    journey.picture(page, "desk-window-thing-check")
    with page.context.expect_page() as printed:
        keys.press("Control+Enter")
    page.wait_for_url("**/desk/window/received/**")
    printed.value.close()
    expect(page.locator(".thing-panel")).to_contain_text("开办餐饮店一件事")
    journey.picture(page, "desk-window-thing-received")
    keys.press("Alt+a")
    expect(page.get_by_text("已统一受理")).to_be_visible()

    application = Application.objects.get(number=page.url.rstrip("/").rsplit("/", 1)[1].partition("?")[0])
    states = dict(application.cases.values_list("item__slug", "state"))
    assert states == {"licence-verify": "accepted", FOOD: "waiting", SIGN: "accepted"}
    assert application.joint and application.person_id == person.pk

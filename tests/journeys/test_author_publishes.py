"""A standard changes while somebody fills its form; a calendar changes while clocks run."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Journey
from tests.journeys.walking import SIGN, a_pdf, apply_for, code_of, hand_over, press, upload
from yimen.modules.cases.models import Case
from yimen.modules.items.models import Item

pytestmark = pytest.mark.journey

ADDED = "消防救援窗口位置照片"
OFF_DAYS = """2026-01-01 至 2026-01-03 元旦
2026-02-15 至 2026-02-23 春节
2026-03-09 防御台风停工
2026-04-04 至 2026-04-06 清明节
2026-05-01 至 2026-05-05 劳动节
2026-06-19 至 2026-06-21 端午节
2026-09-25 至 2026-09-27 中秋节
2026-10-01 至 2026-10-07 国庆节"""
WORKED_WEEKENDS = """2026-01-04 元旦
2026-02-14 春节
2026-02-28 春节
2026-05-09 劳动节
2026-09-20 国庆节
2026-10-10 国庆节"""


def test_a_published_change_reaches_whoever_is_filling_the_form(journey: Journey) -> None:
    phone = journey.signed_in("lin", narrow=True)
    apply_for(phone, SIGN, until="materials")
    press(phone, "下一步")
    expect(phone.get_by_role("button", name="提交申请")).to_be_visible()

    journey.day("2026-03-03 09:00")
    wen = journey.signed_in("wen")
    _draft(journey, wen)
    fang = journey.signed_in("fang")
    _review_and_publish(journey, fang)

    journey.day("2026-03-03 20:00")
    phone.reload()
    told = phone.locator("main").get_by_text("办事标准刚刚更新了").locator("..").locator("..")
    expect(told).to_contain_text(ADDED)
    journey.picture(phone, "hall-standard-changed")
    expect(phone.locator(".review")).to_contain_text("材料1.pdf")  # nothing handed over was lost
    press(phone, "知道了，按新标准办")
    phone.goto(f"/apply/?item={code_of(SIGN)}&step=materials")
    section = phone.locator("section.material").filter(has_text=ADDED)
    hand_over(phone, section, upload("窗口.pdf", a_pdf("窗口")))
    press(phone, "下一步")
    press(phone, "提交申请")
    phone.wait_for_url("**/apply/done/**")
    handed_in = Case.objects.filter(item__code=code_of(SIGN), application__account__username="lin").latest(
        "pk"
    )
    assert handed_in.published.version == 2
    assert handed_in.materials.filter(state="handed_in").count() >= 4


def _draft(journey: Journey, wen: Page) -> None:
    """A limit longer than the law's is found before it can be sent on; then the true change."""
    wen.goto("/console/items/?q=招牌")
    wen.get_by_role("link", name="户外招牌设施设置规范管理").first.click()
    press(wen, "编制新版本")
    expect(wen.get_by_label("事项名称")).to_be_visible()
    wen.locator("#g-limits > summary").click()
    wen.locator("[name='promised_limit.amount']").fill("12")
    expect(wen.locator("#preview")).to_contain_text("必须改")
    journey.picture(wen, "console-author")
    wen.locator("[name='promised_limit.amount']").fill("2")
    wen.locator("#g-materials > summary").click()
    press(wen, "加一行", within=wen.locator("#g-materials"))
    row = wen.locator("#g-materials fieldset.rows-row").last
    row.locator("[name$='.name']").fill(ADDED)
    row.locator("[name$='.code']").fill("rescue_window")
    row.locator("[name$='.originals']").fill("1")
    wen.locator("[name=change_note]").fill(
        "按消防救援窗口管理要求增加一张照片，同时把承诺时限压缩到两个工作日。"
    )
    press(wen, "保存并查看对比")
    expect(wen.locator("main")).to_contain_text(ADDED)
    journey.picture(wen, "console-author-changes")
    press(wen, "送法制审核")
    expect(wen.locator("main")).to_contain_text("法制审核中")


def _review_and_publish(journey: Journey, fang: Page) -> None:
    fang.goto("/console/")
    fang.get_by_role("link", name="等我审核的标准").click()
    fang.get_by_role("link", name="户外招牌设施设置规范管理").first.click()
    if fang.get_by_role("link", name="第2版").count():
        fang.get_by_role("link", name="第2版").first.click()
    expect(fang.locator("main")).to_contain_text(ADDED)
    fang.get_by_label("审核意见").fill("依据充分，同意。")
    journey.picture(fang, "console-review")
    press(fang, "审核通过")
    press(fang, "发布")
    expect(fang.locator("main")).to_contain_text("已发布")
    assert Item.objects.get(slug=SIGN).current.version == 2


def test_a_calendar_shows_which_clocks_it_moves_before_it_is_published(journey: Journey) -> None:
    he = journey.signed_in("he")
    he.goto("/console/calendar/")
    press(he, "起草新版")
    he.get_by_label("年份").first.fill("2026")
    he.get_by_label("通知文号").fill("澜府办发电〔2026〕3号")
    he.get_by_label("放假的日子").fill(OFF_DAYS)
    he.get_by_label("周末上班的日子").fill(WORKED_WEEKENDS)
    press(he, "保存这一年")
    expect(he.locator("main")).to_contain_text("247 个工作日")
    he.get_by_role("link", name="看哪些期限会变动").first.click()
    expect(he.get_by_role("heading", level=1)).to_have_text("发布以后，哪些期限会变动")
    later = he.get_by_text("推后").locator("..").inner_text()
    assert int("".join(filter(str.isdigit, later))) > 0, later
    journey.picture(he, "console-calendar")
    before = dict(Case.objects.filter(due_at__isnull=False).values_list("number", "due_at"))
    press(he, "发布第2版")
    journey.work()
    moved = [c.number for c in Case.objects.filter(number__in=before) if c.due_at != before[c.number]]
    assert moved, "what the preview announced has happened"

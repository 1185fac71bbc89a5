"""A case goes near its due day, over it, gets its card, is explained, decided, appealed; score and public page follow."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Journey
from tests.journeys.walking import press
from yimen.kernel.clock import now
from yimen.modules.cases.models import Case
from yimen.modules.supervision import api as supervision
from yimen.modules.supervision.models import Card

pytestmark = pytest.mark.journey
SAID = "经办人员休假没有交接，已经补上替岗，今天内作出决定。"


def _watch(journey: Journey, moment: str) -> None:
    """Let it be a moment, and let the watch that goes every few minutes go once."""
    journey.day(moment)
    supervision.sweep_events(now())
    supervision.sweep_clocks(now())


def test_a_case_near_due_overdue_its_card_its_appeal_and_the_score(journey: Journey) -> None:
    case = Case.objects.filter(
        application__account__username="wu", state="in_review", organisation__code="scjgj"
    ).get()
    assert case.due_at is not None
    promised = case.due_at.date()
    _watch(journey, f"{promised.replace(day=promised.day - 1)} 09:30")
    assert Card.objects.filter(case=case, rule_code="near_due").exists()

    _watch(journey, "2026-03-31 10:00")
    reminder = Card.objects.get(case=case, rule_code="near_due")
    card = Card.objects.get(case=case, rule_code="overdue_promised")
    assert reminder.state == "lifted" and card.colour == "red" and card.state == "issued"

    _the_person_is_told(journey, case, "说明原因")
    sun, qian = journey.signed_in("sun"), journey.signed_in("qian")
    _say(journey, sun, card, "说明情况", "发生了什么，怎样整改", "提交说明")
    _decide(journey, qian, card, "认定成立", "内部交接不是延误的理由，认定成立。", "作出认定")
    _the_person_is_told(journey, case, "认定超期属实")

    _watch(journey, "2026-04-01 09:00")
    before = _publish_march(journey, qian)
    stranger = journey.signed_in("")
    _public_score(stranger, before)

    _say(journey, sun, card, "申诉", "为什么不服", "提交申诉")
    _decide(journey, qian, card, "不成立，撤销", "复核发现系统停机两天，撤销。", "作出复核决定")
    card.refresh_from_db()
    assert card.state == "withdrawn"

    sun.goto("/desk/supervision/scores/")
    sun.get_by_role("link", name="2026年3月").click()
    sun.get_by_label("哪一项不对，为什么").fill("有一张牌已经撤销，不应当扣分。")
    press(sun, "提交异议")
    qian.goto("/console/supervision/scores/")
    qian.get_by_role("link", name="2026年3月").click()
    qian.get_by_label("采纳，按现在的记录重新计算").check()
    qian.get_by_label("理由").fill("属实，按撤销以后的记录重新计算。")
    press(qian, "答复")
    expect(qian.locator("main")).to_contain_text("采纳，已重新计算")
    after = _points(qian)
    assert after > before, "a withdrawn card no longer counts"
    _public_score(stranger, after)
    journey.check_access(stranger)


def _the_person_is_told(journey: Journey, case: Case, words: str) -> None:
    wu = journey.signed_in("wu", narrow=True)
    wu.goto(f"/my/cases/{case.number}/")
    told = wu.locator("main .notice").first
    expect(told).to_contain_text("超过承诺的时间")
    expect(told).to_contain_text("澜江区市场监督管理局")
    expect(told).to_contain_text(words)
    journey.picture(wu, "hall-late-case")


def _say(journey: Journey, sun: Page, card: Card, title: str, label: str, button: str) -> None:
    sun.goto("/desk/supervision/")
    expect(sun.get_by_role("heading", level=1)).to_have_text("监察")
    sun.goto(f"/desk/supervision/cards/{card.number}/")
    expect(sun.get_by_role("heading", name=title, exact=True)).to_be_visible()
    press(sun, button)
    expect(sun.get_by_role("alert")).to_be_visible()
    sun.get_by_label(label).fill(SAID)
    journey.picture(sun, "desk-card")
    journey.check_access(sun)
    press(sun, button)
    expect(sun.locator("main")).to_contain_text(SAID)


def _decide(journey: Journey, qian: Page, card: Card, outcome: str, reason: str, button: str) -> None:
    qian.goto(f"/console/supervision/?state=todo&q={card.number}")
    qian.get_by_role("link", name=card.number).click()
    qian.get_by_label(outcome, exact=True).check()
    qian.locator("#f-reason").fill(reason)
    journey.picture(qian, "console-card")
    journey.check_access(qian)
    press(qian, button)
    expect(qian.locator("main")).to_contain_text(reason)


def _publish_march(journey: Journey, qian: Page) -> float:
    qian.goto("/console/supervision/scores/")
    qian.get_by_label("月份").fill("2026-03")
    press(qian, "计算这个月")
    points = _points(qian)
    press(qian, "公示，听取异议")
    expect(qian.locator("main")).to_contain_text("公示中")
    journey.picture(qian, "console-scores")
    return points


def _points(qian: Page) -> float:
    row = qian.locator("main table").first.locator("tr").filter(has_text="澜江区市场监督管理局")
    return float(row.locator("td.number").nth(1).inner_text())


def _public_score(stranger: Page, points: float) -> None:
    stranger.goto("/supervision/")
    row = stranger.locator("main tr").filter(has_text="澜江区市场监督管理局")
    expect(row).to_contain_text(f"{points:.2f}")
    row.get_by_role("link").click()
    expect(stranger.locator("main")).to_contain_text("怎么算出来的")


def test_a_rule_is_tried_on_the_past_before_it_is_switched_on(journey: Journey) -> None:
    qian = journey.signed_in("qian")
    qian.goto("/console/supervision/rules/new/")
    qian.get_by_label("代码", exact=False).first.fill("slow_steps")
    qian.get_by_label("名称").fill("环节超时三天")
    qian.get_by_label("监察点").select_option("clock_overdue")
    qian.get_by_label("条件").fill("clock = 'step' AND overs >= 3")
    qian.get_by_label("依据").fill("本地效能监察规定")
    qian.get_by_label("后果").fill("说明情况")
    press(qian, "保存这一版")
    expect(qian.get_by_role("alert")).to_contain_text("overs")
    qian.get_by_label("条件").fill("clock = 'step' AND over >= 0")
    press(qian, "保存这一版")
    press(qian, "试跑")
    from yimen.modules.supervision.models import TrialRun
    from yimen.modules.supervision.services.trials import run_trial

    run = TrialRun.objects.get()
    run_trial(run.pk, now)
    qian.reload()
    expect(qian.locator("main")).to_contain_text("会发的牌")
    qian.get_by_label("为什么不对").first.fill("这一件是系统停机")
    press(qian, "标记", within=qian.locator("tbody tr").filter(has=qian.get_by_label("为什么不对")).first)
    expect(qian.locator("main")).to_contain_text("这一件是系统停机")
    journey.picture(qian, "console-trial")
    qian.goto("/console/supervision/rules/slow_steps/")
    press(qian, "启用这一版")
    expect(qian.locator("main")).to_contain_text("启用")

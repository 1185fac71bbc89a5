"""From a fault to a card, to its end: once each, whose it is, on the clock, in the trace, whatever arrives late."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yimen.foundation.orgs import api as orgs
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM
from yimen.kernel.errors import Invalid, NotAllowed, NotFound, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, brought_to
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items.tests.factories import make_organisation
from yimen.modules.supervision import api as supervision
from yimen.modules.supervision.models import Card, Rule
from yimen.modules.supervision.rules.spec import Period
from yimen.modules.supervision.services.rules import save_rule, switch_off, switch_on
from yimen.modules.supervision.tests.factories import (
    LATE,
    LONG_AGO,
    answerer,
    only,
    overdue_card,
    recorded,
    supervisor,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TEXT = "窗口系统停机两天，已经整改。"


def events(card):
    return [e.act for e in trace.events_of("card", card.number)]


def test_a_case_comes_near_then_over_its_promise_and_each_is_told_once():
    only("near_due", "overdue_promised")
    brought_to("in_review")
    promised = deadlines.Clock.objects.get(kind="promised", subject_kind="case")
    near = promised.due_at - timedelta(hours=30)
    assert supervision.sweep_clocks(near) == 1 and supervision.sweep_clocks(near) == 0
    reminder = Card.objects.get()
    assert reminder.rule_code == "near_due" and not reminder.answerable and "还剩1天" in reminder.sentence
    over = promised.due_at + DAY
    assert supervision.sweep_clocks(over) == 1 and supervision.sweep_clocks(over + DAY) == 0
    reminder.refresh_from_db()
    assert reminder.state == "lifted" and events(reminder) == ["issue", "lift"]
    card = Card.objects.get(rule_code="overdue_promised")
    assert card.colour == "red" and card.state == "issued" and card.due_at > over
    assert (card.holder, card.post, card.step) == ("测试区test-org局", "head", "决定")
    assert list(trace.verify_chain("card", card.number)) == []


def test_the_sweep_costs_the_same_for_many_cases_as_for_few():
    only("overdue_promised")

    def cost(cases):
        for _ in range(cases):
            brought_to("in_review")
        before = Card.objects.count()
        with CaptureQueriesContext(connection) as asked:
            supervision.sweep_clocks(LATE)
        assert Card.objects.count() - before == cases
        return len(asked)

    cost(1)
    assert cost(1) == cost(6)


def test_a_card_is_stated_decided_appealed_and_reviewed_each_on_a_clock():
    card = overdue_card()
    sun, qian, yan = answerer(), supervisor(), supervisor("严复核")
    number = card.number
    with pytest.raises(NotPossible, match="说明期限还没有到"):
        supervision.act(number, "decide", {"outcome": "upheld", "reason": "超期属实"}, qian, LATE)
    with pytest.raises(NotAllowed):
        supervision.act(number, "state", {"text": TEXT}, qian, LATE)
    card = supervision.act(number, "state", {"text": TEXT}, sun, LATE)
    assert card.state == "stated"
    card = supervision.act(
        number, "decide", {"outcome": "upheld", "reason": "超期属实，理由不成立"}, qian, LATE
    )
    assert card.state == "upheld" and card.counts
    card = supervision.act(number, "appeal", {"text": "停机有公告，请求复核。"}, sun, LATE)
    assert card.state == "appealed"
    card = supervision.act(number, "decide", {"outcome": "withdrawn", "reason": "公告属实，撤销"}, yan, LATE)
    assert card.state == "withdrawn" and not card.counts and card.due_at is None
    assert events(card) == ["issue", "state", "decide", "appeal", "decide"]
    kinds = {c.kind: c.state for c in deadlines.clocks_of("card", [number])[number]}
    assert kinds == dict.fromkeys(("card_statement", "card_decision", "card_appeal", "card_review"), "met")
    assert list(trace.verify_chain("card", number)) == []


def test_silence_lets_the_supervisor_decide_and_no_appeal_makes_it_final():
    card = overdue_card()
    qian, sun = supervisor(), answerer()
    later = card.due_at + DAY
    card = supervision.act(card.number, "decide", {"outcome": "upheld", "reason": "逾期未说明"}, qian, later)
    supervision.sweep_clocks(card.due_at - DAY)
    card.refresh_from_db()
    assert card.state == "upheld"
    with pytest.raises(NotPossible, match="申诉期限已经过了"):
        supervision.act(card.number, "appeal", {"text": TEXT}, sun, card.due_at + DAY)
    supervision.sweep_clocks(card.due_at + DAY)
    card.refresh_from_db()
    assert card.state == "final" and events(card)[-1] == "settle"


def test_a_mistaken_card_is_withdrawn_with_its_trace():
    card = overdue_card()
    with pytest.raises(Invalid):
        supervision.act(card.number, "withdraw", {}, supervisor(), LATE)
    supervision.act(card.number, "withdraw", {"reason": "系统时钟有误"}, supervisor(), LATE)
    assert events(card) == ["issue", "withdraw"] and supervision.sweep_clocks(LATE) == 0


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("state", {"text": ""}), ("state", {"text": 3}), ("state", {}), ("state", {"text": TEXT, "files": ["x"]}),
        ("state", {"text": TEXT, "files": ["a" * 64]}), ("state", {"text": TEXT, "more": 1}), ("explode", {}),
    ],
)  # fmt: skip
def test_odd_payloads_are_refused_in_words(name, payload):
    card = overdue_card()
    with pytest.raises(Invalid):
        supervision.act(card.number, name, payload, answerer(), LATE)


def test_others_do_not_see_a_card():
    card = overdue_card()
    other = answerer(make_organisation("other-org"))
    assert not supervision.xs_visible_to(other).exists()
    for actor in (other, supervisor(division="4401")):
        with pytest.raises(NotFound):
            supervision.act(card.number, "state", {"text": TEXT}, actor, LATE)
    with pytest.raises(NotFound):
        supervision.card_with_number("\x00", supervisor())


def test_a_dissolved_organisation_is_answered_for_by_its_successor():
    following = make_organisation("new-org")
    only("overdue_promised")
    brought_to("in_review")
    old = make_organisation()
    old.valid_to, old.successor = AT.date() + DAY, following
    old.save()
    supervision.sweep_clocks(LATE)
    card = Card.objects.get()
    assert card.organisation == following and card.holder == old.name and "已经撤销" in card.remark
    assert supervision.act(card.number, "state", {"text": TEXT}, answerer(following), LATE).state == "stated"


def test_a_dissolved_organisation_without_anybody_after_it_still_gets_its_card_decided():
    only("overdue_promised")
    brought_to("in_review")
    orgs.Organisation.objects.filter(code="test-org").update(valid_to=AT.date() + DAY)
    supervision.sweep_clocks(LATE)
    card = Card.objects.get()
    assert "没有承接机构" in card.remark
    late = card.due_at + DAY
    assert supervision.act(
        card.number, "decide", {"outcome": "upheld", "reason": "属实，移交"}, supervisor(), late
    ).counts


def test_open_cards_follow_when_their_organisation_is_dissolved():
    card = overdue_card()
    following = make_organisation("new-org")
    orgs.dissolve_organisation(
        card.organisation, on=LATE.date(), successor=following, actor=PLATFORM, at=LATE
    )
    card.refresh_from_db()
    assert card.organisation == following and events(card) == ["issue", "readdress"]
    assert list(trace.verify_chain("card", card.number)) == []


def test_an_event_that_arrives_a_month_late_is_judged_by_its_day_and_says_so():
    only("asked_outside_guide")
    case, _ = brought_to("accepted")
    supervision.sweep_events(AT + 2 * DAY)
    data = {"missing": [{"requirement": "无犯罪证明", "reason": "补"}]}
    recorded(case, "request_correction", AT + 3 * DAY, data=data)
    assert supervision.sweep_events(AT + 33 * DAY) == 1 and supervision.sweep_events(AT + 34 * DAY) == 0
    card = Card.objects.get()
    assert card.occurred_at == AT + 3 * DAY and card.issued_at == AT + 33 * DAY and "晚到" in card.remark
    assert card.due_at > AT + 33 * DAY


def test_a_decision_told_late_but_made_in_time_takes_the_card_back():
    card = overdue_card()
    clock = deadlines.Clock.objects.get(pk=card.clock_id)
    deadlines.stop(clock, clock.due_at - DAY)
    supervision.sweep_clocks(LATE + DAY)
    card.refresh_from_db()
    assert card.state == "withdrawn" and events(card) == ["issue", "withdraw"]


def test_a_calendar_that_moves_the_due_day_takes_the_card_back_and_may_bring_another():
    card = overdue_card()
    clock = deadlines.Clock.objects.get(pk=card.clock_id)
    clock.due_on, clock.due_at = clock.due_on + 30 * DAY, clock.due_at + 30 * DAY
    clock.save()
    supervision.sweep_clocks(LATE)
    card.refresh_from_db()
    assert card.state == "withdrawn"
    assert supervision.sweep_clocks(clock.due_at + DAY) == 1


def test_a_rule_changes_by_versions_and_each_judges_its_own_days():
    [rule] = only("asked_outside_guide")
    qian = supervisor()
    given = {
        "code": rule.code, "kind": "content", "label": rule.label, "detector": rule.detector,
        "condition": "outside > 5", "clause": rule.clause, "consequence": rule.consequence,
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        save_rule(given, qian, AT)
    given["division"] = "449901000000"
    with pytest.raises(NotAllowed):
        save_rule(given, qian, AT)  # the version before is for everywhere
    Rule.objects.update(division="449901000000")
    second = save_rule(given, qian, AT)
    assert second.version == 2 and not second.is_on
    switch_on(rule.code, qian, AT + 10 * DAY)
    case, _ = brought_to("accepted")
    data = {"missing": [{"requirement": "a"}]}
    recorded(case, "request_correction", AT + 5 * DAY, data=data)
    recorded(case, "request_correction", AT + 15 * DAY, data=data)
    assert supervision.sweep_events(AT + 20 * DAY) == 1
    assert Card.objects.get().rule.version == 1
    switch_off(rule.code, qian, AT + 21 * DAY)
    with pytest.raises(NotPossible):
        switch_off(rule.code, qian, AT + 22 * DAY)
    third = switch_on(rule.code, qian, AT + 23 * DAY)
    assert third.version == 3 and Rule.objects.filter(code=rule.code, is_latest=True).count() == 1
    with pytest.raises(Invalid, match="没有名为"):
        save_rule(given | {"condition": "outsides > 5"}, qian, AT)
    acts = [e.act for e in trace.events_of("supervision_rule", rule.code)]
    assert acts == ["save_rule", "switch_on", "switch_off", "switch_on"]


PLANTED = {
    "asked_outside_guide": ("request_correction", {"missing": [{"requirement": "户口本", "reason": "x"}]}),
    "fee_over_standard": ("accept_fee", {"fees": [{"name": "加急费", "amount": 50}]}),
    "suspended_without_paper": ("suspend", {"procedure": "hearing", "days": 3}),
    "refused_without_reason": ("decide", {"outcome": "refused", "reason": "不行"}),
}


def test_planted_faults_are_found_all_and_nothing_else():
    supervision.seed_rules(LONG_AGO)
    rules = [r.spec for r in Rule.objects.exclude(kind="time")]
    clean = [brought_to(state)[0] for state in ("delivered", "granted", "correction_requested", "accepted")]
    planted = {}
    for code, (act, data) in PLANTED.items():
        case, _ = brought_to("submitted" if act == "request_correction" else "accepted")
        recorded(case, act, AT + 3 * DAY, data=data)
        planted[code] = case.number
    period = Period(since=AT - DAY, until=AT + 4 * DAY)
    found = list(supervision.evaluate(rules, period, AT + 4 * DAY))
    assert {(f.rule.code, f.seen.number) for f in found} == set(planted.items()), (
        "each planted fault and no other, by rule and case"
    )
    assert not {f.seen.number for f in found} & {c.number for c in clean}


def test_re_taking_and_splitting_are_seen_in_sets():
    from yimen.modules.cases.tests.factories import handed_in, officer, only_case, resident
    from yimen.modules.items.tests.factories import make_standard

    standard, lin, office = make_standard(), resident(), officer()
    first = only_case(handed_in(lin, items=[standard.code]))
    refused = {"clause": "行政许可法第三十二条", "reason": "材料不齐全", "would_pass": "补齐再来"}
    cases.act(first.number, "refuse_acceptance", refused, office, AT + 6 * DAY)
    again = only_case(handed_in(lin, AT + 7 * DAY, items=[standard.code]))
    supervision.seed_rules(LONG_AGO)
    rules = [r.spec for r in Rule.objects.filter(code__in=["retaken", "split_case"])]
    found = list(supervision.evaluate(rules, Period(since=AT, until=LATE), LATE))
    assert [(f.rule.code, f.seen.number) for f in found] == [("retaken", again.number)]
    assert found[0].seen.facts["days_between"] == 1 and found[0].seen.facts["ended_as"] == "not_accepted"


def test_a_trial_says_what_the_past_sweep_would_have_issued():
    case, _ = brought_to("in_review")
    supervision.seed_rules(LONG_AGO)
    rules = [r.spec for r in Rule.objects.filter(code__in=["overdue_promised", "near_due"])]
    period = Period(since=AT, until=LATE)
    found = [(f.rule.code, f.seen.facts["clock"]) for f in supervision.evaluate(rules, period, LATE)]
    assert sorted(found) == [("near_due", "promised"), ("overdue_promised", "promised")]
    of_case = cases.Case.objects.filter(pk=case.pk)
    assert len(list(supervision.evaluate(rules, period, LATE, rows=of_case))) == 2
    assert not list(supervision.evaluate(rules, period, LATE, rows=cases.Case.objects.none()))

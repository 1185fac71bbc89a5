"""A case as proof: time adds up, every day is there, changed records are found."""

from datetime import timedelta

import pytest
from django.db import connection

from yimen.foundation.identity.api import Account
from yimen.foundation.trace import api as trace
from yimen.foundation.trace.models import Event
from yimen.kernel.clock import travel_to
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, ROADS, brought_to
from yimen.modules.issuing import api as issuing
from yimen.portals.console import ledgers, spending
from yimen.portals.console import services as verifying
from yimen.portals.console.models import Verification
from yimen.portals.console.tests.factories import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("yimen.portals.console.tests.urls")]
LATER = AT + timedelta(days=45, hours=7)


@pytest.mark.parametrize("state", ROADS)
def test_the_shares_of_all_holders_are_the_time_elapsed(state):
    case, _ = brought_to(state)
    events = list(trace.events_of("case", case.number))
    rows = cases.ledger_of(case, LATER)
    shares, elapsed = ledgers.shares_of(case, events, rows, LATER)
    end = case.finished_at or LATER
    assert elapsed == int(end.timestamp()) - int(AT.timestamp())
    assert sum(share.seconds for share in shares) == elapsed
    assert {row.holder for row in rows} <= {share.holder for share in shares}
    assert sum(share.percent for share in shares) == pytest.approx(100)


@pytest.mark.parametrize("state", ["suspended", "correction_requested", "delivered", "refused"])
def test_the_page_of_a_case_shows_clocks_ledger_and_trace(state):
    case, _ = brought_to(state)
    with travel_to(LATER):
        page = signed_in("qian").get(f"/console/cases/{case.number}/")
    assert page.status_code == 200
    for word in ("谁用了多少时间", "一次性告知期限", "民法典第二百零一条", "合计：", "链尾哈希"):
        assert word in page.text, word


def test_a_late_promise_is_marked_day_by_day():
    case, _ = brought_to("accepted")
    with travel_to(LATER):
        assert "已过承诺期限" in signed_in("qian").get(f"/console/cases/{case.number}/").text


def test_an_untouched_chain_verifies_and_a_changed_one_does_not():
    case, _ = brought_to("delivered")
    client = signed_in("qian")
    assert "留痕完整" in client.get(f"/console/cases/{case.number}/?verify=1").text
    Event.objects.filter(subject_key=case.number, sequence=2).update(note="改过")
    page = client.get(f"/console/cases/{case.number}/?verify=1").text
    assert "留痕对不上" in page and "第 2 条：内容被改动" in page


def test_opening_a_paper_is_recorded():
    case, _ = brought_to("granted")
    paper = issuing.issue_receipt(case.application_id)
    client = signed_in("qian")
    answer = client.get(f"/console/papers/{paper.verification_code}/")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    b"".join(answer.streaming_content)
    assert trace.recent_events("reading:case").get().note == "监督查阅文书：收件凭证"


def test_full_verification_finds_what_was_changed_and_says_so():
    case, _ = brought_to("delivered")
    trace.seal(AT + timedelta(days=90))
    client = signed_in("shenji")
    answer = client.post("/console/trace/verify/")
    run = Verification.objects.get()
    assert answer.status_code == 302 and run.state == "waiting"
    assert "正在验证" in client.get("/console/trace/seals/").text
    verifying.carry_out(run.pk, lambda: LATER)
    run.refresh_from_db()
    assert run.holds and run.checked == run.chains > 0 and run.events == Event.objects.count()
    assert "全部完整" in client.get(f"/console/trace/verify/{run.pk}/").text
    Event.objects.filter(subject_key=case.number, sequence=1).update(note="改过")
    second = verifying.ask(_actor(), LATER)
    verifying.carry_out(second.pk, lambda: LATER)
    second.refresh_from_db()
    assert second.faults >= 1 and not second.holds
    assert "有留痕对不上" in client.get(f"/console/trace/verify/{second.pk}/").text


def test_one_verification_at_a_time_and_only_by_unlimited_readers():
    client = signed_in("shenji")
    client.post("/console/trace/verify/")
    client.post("/console/trace/verify/")
    assert Verification.objects.count() == 1
    assert signed_in("qian").post("/console/trace/verify/").status_code == 403


def test_time_by_sets_equals_time_case_by_case():
    from yimen.modules.cases.models import Case

    made = [brought_to(state)[0] for state in ("delivered", "suspended", "correction_requested", "in_review")]
    [line] = spending.by_organisation(Case.objects.all(), LATER)
    one_by_one = 0
    for case in made:
        events = list(trace.events_of("case", case.number))
        one_by_one += ledgers.shares_of(case, events, [], LATER)[1]
    assert sum(line.hands.values()) == pytest.approx(one_by_one, abs=10)
    assert {part.label for part in line.bar} == set(spending.ORDER) - {
        spending.EARLIER
    }  # none waited for another
    assert line.cases == 4 and spending.summed([line]).cases == 4


def test_average_working_days_leave_weekends_out():
    from yimen.modules.cases.models import Case

    brought_to("delivered")  # accepted on Tuesday 3 March, decided on Thursday 5 March
    [line] = spending.by_organisation(Case.objects.all(), LATER)
    assert line.promised.met == 1 and line.promised.days == 2 and line.promised.on_time == 100


def _actor():
    from yimen.foundation.identity.api import actor_of

    return actor_of(Account.objects.get(username="shenji"), LATER)


@pytest.mark.skipif(
    connection.vendor != "sqlite",
    reason="a small table is read through by PostgreSQL whatever indexes it has",
)
def test_a_period_of_the_trace_is_cut_out_by_its_index():
    from yimen.portals.console import trails

    brought_to("delivered")
    wanted = trails.Wanted(day_from=LATER.date(), day_to=LATER.date())
    signed_in("shenji")
    assert "trace_event_at" in trails.found(_actor(), wanted)[:30].explain()
    newest = list(trails.found(_actor(), trails.Wanted()))
    assert newest == sorted(newest, key=lambda event: (event.at, event.pk), reverse=True)

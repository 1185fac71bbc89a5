"""One thing of several departments: serial and parallel, told once, one failing, results together."""

from datetime import date, timedelta
from typing import Any

import pytest

from yimen.foundation.orgs.models import Organisation
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotAllowed, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.cases.services.joint.telling import tell_before_silence_counts
from yimen.modules.cases.services.sweeps import deem_accepted
from yimen.modules.cases.tests.factories import AT, Thing
from yimen.modules.deadlines import api as deadlines

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_serial_case_waits_without_a_clock_until_the_earlier_result_is_there() -> None:
    thing = Thing("执照", "食品", order=[(0, 1, "ask")])
    later = thing.case(1)
    assert (later.state, later.received_at, later.due_at) == ("waiting", None, None)
    assert deadlines.clocks_of("case", [later.number]) in ({}, {later.number: []})
    with pytest.raises(NotPossible):
        thing.act(1, "accept")
    thing.grant(0, AT + 3 * DAY)
    later = thing.case(1)
    assert (later.state, later.received_at) == ("submitted", AT + 3 * DAY)
    assert thing.clock(1, "telling").started_at == AT + 3 * DAY
    [supplied] = later.materials.filter(requirement="paper")
    assert (supplied.source, supplied.reference, supplied.trust) == ("result", f"{thing.number}-1", "A")
    last = trace.events_of("case", later.number).last()
    assert last is not None
    assert last.act == "release"
    assert "“执照许可”已办结" in last.note


def test_the_ledger_of_a_waiting_case_shows_whom_it_waited_for() -> None:
    thing = Thing("执照", "食品", order=[(0, 1, "ask")])
    thing.grant(0, AT + 3 * DAY)
    rows = cases.ledger_of(thing.case(1), AT + 4 * DAY)
    waited = [row for row in rows if "等" in row.why and not row.counted]
    assert rows[0].date == AT.astimezone(CHINA).date()
    assert len(waited) == 4, "the last of them is shared with the later department"
    assert {row.holder for row in waited[:3]} == {thing.standards[0].organisation_name}
    elapsed = int((AT + 4 * DAY - AT).total_seconds())
    assert sum(seconds for row in rows for _, seconds in row.shares) == elapsed


def test_a_failed_precondition_ends_what_stood_on_it_and_all_that_follows() -> None:
    thing = Thing("立项", "规划", "施工", order=[(0, 1, "terminate"), (1, 2, "terminate")])
    thing.act(0, "accept")
    thing.act(0, "decide", outcome="refused", reason="不符合产业政策")
    assert [thing.case(n).state for n in range(3)] == ["refused", "terminated", "terminated"]
    last = trace.events_of("case", thing.case(1).number).last()
    assert last is not None
    assert last.clause == "甲法第一条"


def test_a_failed_supplier_lets_the_applicant_bring_the_paper() -> None:
    thing = Thing("出生证明", "落户", order=[(0, 1, "ask")])
    cases.act(f"{thing.number}-1", "withdraw", {}, thing.applicant, AT + DAY)
    later = thing.case(1)
    assert later.state == "submitted"
    last = trace.events_of("case", later.number).last()
    assert last is not None
    assert "“共用材料”改由申请人提供" in last.note


def test_departments_tell_once_together_when_all_have_looked() -> None:
    thing = Thing("甲", "乙", "丙")
    thing.act(0, "request_correction", missing=[{"requirement": "paper", "reason": "看不清"}])
    assert thing.case(0).state == "submitted"
    thing.act(1, "accept")
    assert thing.case(0).state == "submitted", "one department has not looked yet"
    thing.act(2, "request_correction", missing=[{"requirement": "own", "reason": "缺签名"}])
    assert [thing.case(n).state for n in range(3)] == [
        "correction_requested",
        "accepted",
        "correction_requested",
    ]
    assert cases.last_notice(thing.case(0))["told_with"] == [f"{thing.number}-1", f"{thing.number}-3"]
    assert cases.last_notice(thing.case(2))["told_in"] == f"{thing.number}-1"


def test_a_department_may_change_its_mind_before_the_notice() -> None:
    thing = Thing("甲", "乙")
    thing.act(0, "request_correction", missing=[{"requirement": "paper", "reason": "看不清"}])
    thing.act(0, "accept")
    thing.act(1, "accept")
    assert [thing.case(n).state for n in range(2)] == ["accepted", "accepted"]


def test_the_lead_may_tell_earlier_and_nobody_else() -> None:
    thing = Thing("甲", "乙")
    thing.act(1, "request_correction", missing=[{"requirement": "paper", "reason": "看不清"}])
    with pytest.raises(NotAllowed):
        cases.tell_together(thing.number, thing.officers[1], AT + DAY)
    cases.tell_together(thing.number, thing.officers[0], AT + DAY)
    assert [thing.case(n).state for n in range(2)] == ["submitted", "correction_requested"]


def test_a_proposal_is_told_on_the_last_day_and_never_counts_as_silence() -> None:
    thing = Thing("甲", "乙")
    thing.act(0, "request_correction", missing=[{"requirement": "paper", "reason": "看不清"}])
    due = thing.clock(0, "telling").due_at
    assert due is not None
    assert tell_before_silence_counts(due - DAY) == 0
    assert tell_before_silence_counts(due - timedelta(hours=2)) == 1
    assert thing.case(0).state == "correction_requested"
    assert deem_accepted(due + timedelta(minutes=1)) == 1
    assert thing.case(1).state == "accepted"


def test_one_correction_serves_every_department() -> None:
    thing = Thing("甲", "乙")
    for n in range(2):
        thing.act(n, "request_correction", missing=[{"requirement": "paper", "reason": "看不清"}])
    given = [cases.MaterialIn(requirement="paper", licence="A-1234")]
    done = cases.correct_together(thing.number, given, {}, thing.applicant, AT + 2 * DAY)
    assert [case.state for case in done] == ["submitted", "submitted"]
    with pytest.raises(NotPossible):
        cases.correct_together(thing.number, given, {}, thing.applicant, AT + 2 * DAY)


def test_the_lead_accepts_for_all_that_could_begin() -> None:
    thing = Thing("甲", "乙", "丙", order=[(0, 2, "ask")])
    with pytest.raises(NotAllowed):
        cases.accept_together(thing.number, thing.officers[1], AT + DAY)
    cases.accept_together(thing.number, thing.officers[0], AT + DAY)
    assert [thing.case(n).state for n in range(3)] == ["accepted", "accepted", "waiting"]
    assert {thing.case(n).accepted_at for n in range(2)} == {AT + DAY}
    last = trace.events_of("case", thing.case(1).number).last()
    assert last is not None
    assert "统一受理" in last.note


def test_the_joint_promise_starts_with_acceptance_stands_still_and_stops_with_the_last_decision() -> None:
    thing = Thing("甲", "乙")
    assert thing.promise is None
    thing.act(0, "accept")
    assert thing.promise is None, "one case is not accepted yet"
    thing.act(1, "accept", AT + 2 * DAY)
    assert thing.promise is not None
    assert thing.promise.due_on == date(2026, 3, 25)
    thing.act(0, "suspend", AT + 3 * DAY, procedure="expert_review", clause="行政许可法第四十五条", days=5)
    assert thing.promise.state == "paused"
    thing.act(0, "resume", AT + 7 * DAY)
    assert thing.promise.state == "running"
    assert thing.promise.due_on is not None
    assert thing.promise.due_on > date(2026, 3, 25)
    thing.grant(0, AT + 8 * DAY)
    thing.grant(1, AT + 8 * DAY)
    assert thing.promise.state == "met"


def test_results_taken_together_wait_for_the_last_decision() -> None:
    thing = Thing("甲", "乙", together=True)
    thing.grant(0)
    assert thing.case(0).due_at is None
    with pytest.raises(NotPossible, match="还有1件"):
        thing.act(0, "deliver", AT + 2 * DAY, way="window")
    thing.grant(1, AT + 3 * DAY)
    assert thing.clock(0, "delivery").started_at == AT + 3 * DAY
    assert thing.case(0).due_at == thing.case(1).due_at is not None
    thing.act(0, "deliver", AT + 4 * DAY, way="window")


def test_a_replaced_paper_is_replaced_in_every_case_that_holds_it(stored_pdf: Any) -> None:
    thing = Thing("甲", "乙")
    first, second = stored_pdf(thing.applicant), stored_pdf(thing.applicant)
    for n in range(2):
        thing.act(n, "request_correction", missing=[{"requirement": "paper", "reason": "看不清"}])
    paper = cases.MaterialIn(requirement="paper", file=first)
    cases.correct_together(thing.number, [paper], {}, thing.applicant, AT + 2 * DAY)
    thing.act(1, "accept", AT + 3 * DAY)
    thing.act(
        0, "request_correction", AT + 3 * DAY, missing=[{"requirement": "paper", "reason": "还是看不清"}]
    )
    payload = {"materials": [{"requirement": "paper", "file": second}]}
    cases.act(thing.case(0).number, "correct", payload, thing.applicant, AT + 4 * DAY)
    held = thing.case(1).materials.exclude(state="replaced").get(requirement="paper")
    assert held.file is not None
    assert held.file.digest == second
    last = trace.events_of("case", thing.case(1).number).last()
    assert last is not None
    assert last.act == "replace_material"


def test_a_circle_is_told_with_the_names_of_its_items() -> None:
    with pytest.raises(Invalid, match=r"甲许可.*乙许可|乙许可.*甲许可"):
        Thing("甲", "乙", order=[(0, 1, "ask"), (1, 0, "ask")])


def test_a_granted_decision_can_be_revoked_with_a_clause() -> None:
    thing = Thing("甲")
    case = thing.grant(0)
    with pytest.raises(Invalid):
        thing.act(0, "revoke", reason="承诺不实")
    case = thing.act(0, "revoke", clause="行政许可法第六十九条第二款", reason="以欺骗手段取得许可")
    assert (case.state, case.is_open) == ("revoked", False)


@pytest.fixture
def stored_pdf() -> Any:
    import io

    from yimen.foundation.files import api as files

    numbers = iter(range(1, 99))

    def store(actor: Actor) -> str:
        body = f"%PDF-1.4\n% {next(numbers)}\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n".encode()
        return files.store("paper.pdf", io.BytesIO(body), actor, AT).digest

    return store


def test_every_organisation_sees_only_its_own_case_of_a_thing() -> None:
    thing = Thing("甲", "乙")
    visible = cases.cases_visible_to(thing.officers[0]).values_list("number", flat=True)
    assert list(visible) == [f"{thing.number}-1"]
    assert Organisation.objects.filter(code="joint-乙").exists()

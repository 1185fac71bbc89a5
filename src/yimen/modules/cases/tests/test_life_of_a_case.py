"""From receipt to delivery: states, clocks, trace, ledger."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor, Scope
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.cases.ledger import ledger_of
from yimen.modules.cases.services.sweeps import deem_accepted
from yimen.modules.cases.tests.factories import (
    AT,
    ROADS,
    brought_to,
    clerk,
    handed_in,
    officer,
    only_case,
    resident,
)
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items.content import Limit, ReviewStep
from yimen.modules.items.tests.factories import make_standard

pytestmark = pytest.mark.django_db


def clocks(case: cases.Case) -> dict[str, deadlines.Clock]:
    [found] = deadlines.clocks_of("case", [case.number]).values()
    return {clock.kind: clock for clock in found}


def test_receipt_starts_the_five_days_to_tell() -> None:
    case = only_case(handed_in())
    telling = clocks(case)["telling"]
    assert case.state == "submitted"
    assert (telling.amount, telling.unit, telling.due_on) == (5, "working_day", date(2026, 3, 9))
    assert case.due_at == telling.due_at


def test_acceptance_starts_the_limits_of_law_and_promise() -> None:
    case, _ = brought_to("accepted")
    found = clocks(case)
    assert found["telling"].state == "met"
    assert found["legal"].due_on == date(2026, 3, 31)
    assert found["promised"].due_on == date(2026, 3, 17)
    assert case.due_at == found["promised"].due_at


@pytest.mark.parametrize("state", ROADS)
def test_every_road_leads_to_its_state_and_the_chain_holds(state: str) -> None:
    case, _ = brought_to(state)
    assert case.state == state
    assert list(trace.verify_chain("case", case.number)) == []


def test_delivery_ends_everything() -> None:
    case, _ = brought_to("delivered")
    case.refresh_from_db()
    assert not case.is_open and case.due_at is None
    assert {c.state for c in clocks(case).values()} == {"met"}
    case.application.refresh_from_db()
    assert case.application.state == "closed"


def test_silence_for_five_days_is_acceptance_as_of_receipt() -> None:
    case = only_case(handed_in())
    assert deem_accepted(AT + timedelta(days=7)) == 0
    assert deem_accepted(AT + timedelta(days=8)) == 1
    case.refresh_from_db()
    assert (case.state, case.accepted_at) == ("accepted", AT)
    assert clocks(case)["legal"].started_at == AT
    assert trace.events_of("case", case.number).last().actor_name == "一门平台"


def test_what_is_missing_is_told_once() -> None:
    case, office = brought_to("correction_requested")
    assert case.due_at is None
    back = cases.act(
        case.number, "correct", {"materials": [{"requirement": "application", "paper": True}]},
        clerk_of(case), AT + timedelta(days=3),
    )  # fmt: skip
    assert (back.state, back.received_at) == ("submitted", AT + timedelta(days=3))
    [telling] = deadlines.open_clocks_of("case", case.number)
    assert (telling.kind, telling.due_on) == ("telling", date(2026, 3, 12))
    with pytest.raises(NotPossible, match="一次告知"):
        cases.act(
            case.number, "request_correction", {"missing": [{"requirement": "licence", "reason": "还缺这个"}]},
            office, AT + timedelta(days=4),
        )  # fmt: skip


def clerk_of(case: cases.Case) -> Actor:
    """A window clerk who works for the case's organisation."""
    actor = clerk()
    return replace(actor, grants={g: (Scope(organisation_id=case.organisation_id),) for g in actor.grants})


def test_material_outside_the_guide_cannot_be_asked_for() -> None:
    case, office = brought_to("submitted")
    with pytest.raises(Invalid, match="不在本事项的材料清单"):
        cases.act(
            case.number,
            "request_correction",
            {"missing": [{"requirement": "blood", "reason": "想要"}]},
            office,
            AT,
        )


def test_special_procedure_stops_the_clock_and_resuming_moves_the_due_day() -> None:
    case, office = brought_to("suspended")
    assert clocks(case)["legal"].state == "paused" and case.due_at is None
    case = cases.act(case.number, "resume", {}, office, AT + timedelta(days=9))
    assert case.state == "accepted"
    # paused 4 March to 11 March, both out: six working days
    assert clocks(case)["legal"].due_on == date(2026, 4, 9)


def test_extension_is_ten_days_once_by_the_head() -> None:
    case, office = brought_to("accepted")
    with pytest.raises(Invalid):
        cases.act(case.number, "extend", {"days": 11, "reason": "案情复杂"}, office, AT + timedelta(days=2))
    case = cases.act(
        case.number, "extend", {"days": 10, "reason": "案情复杂"}, office, AT + timedelta(days=2)
    )
    assert clocks(case)["legal"].due_on == date(2026, 4, 15)
    with pytest.raises(NotPossible, match="延长过一次"):
        cases.act(case.number, "extend", {"days": 1, "reason": "再延"}, office, AT + timedelta(days=3))


def test_refusal_needs_a_reason() -> None:
    case, office = brought_to("in_review")
    with pytest.raises(Invalid, match="说明理由"):
        cases.act(case.number, "decide", {"outcome": "refused"}, office, AT + timedelta(days=4))


def test_no_decision_before_the_steps_have_passed() -> None:
    case, office = brought_to("accepted")
    with pytest.raises(NotPossible, match="审查环节"):
        cases.act(case.number, "decide", {"outcome": "granted"}, office, AT + timedelta(days=2))


def test_a_site_check_needs_two_officers() -> None:
    steps = (ReviewStep(code="site", name="现场核查", post="inspector", officers=2),)
    case, office = brought_to("accepted", content={"steps": steps})
    case = cases.act(case.number, "pass_step", {"opinion": "现场符合"}, office, AT + timedelta(days=2))
    with pytest.raises(NotPossible, match="另一名"):
        cases.act(case.number, "pass_step", {"opinion": "现场符合"}, office, AT + timedelta(days=2))
    with pytest.raises(NotPossible):
        cases.act(case.number, "decide", {"outcome": "granted"}, office, AT + timedelta(days=2))
    cases.act(case.number, "pass_step", {"opinion": "同意"}, officer(name="钱二"), AT + timedelta(days=2))
    case = cases.act(case.number, "decide", {"outcome": "granted"}, office, AT + timedelta(days=2))
    assert case.state == "granted"


def test_a_step_belongs_to_its_post() -> None:
    case, _ = brought_to("accepted")
    with pytest.raises(NotAllowed, match="岗"):
        cases.act(
            case.number, "pass_step", {"opinion": "同意"}, officer(None, "certifier"), AT + timedelta(days=2)
        )


def test_an_instant_item_is_decided_on_the_spot() -> None:
    content = {"instant": True, "steps": (), "promised_limit": Limit(amount=0)}
    case, office = brought_to("submitted", content=content)
    case = cases.act(case.number, "decide", {"outcome": "granted"}, office, AT)
    assert (case.state, case.accepted_at) == ("granted", AT)


def test_other_items_cannot_be_decided_before_acceptance() -> None:
    case, office = brought_to("submitted")
    with pytest.raises(NotPossible, match="先受理"):
        cases.act(case.number, "decide", {"outcome": "granted"}, office, AT)


def test_the_second_of_two_clerks_is_told_what_happened() -> None:
    case, office = brought_to("submitted")
    seen = case.revision
    cases.act(case.number, "accept", {}, office, AT)
    with pytest.raises(Conflict, match="赵审查"):
        cases.act(case.number, "accept", {}, officer(name="另一人"), AT, revision=seen)


def test_the_same_application_twice_is_one() -> None:
    actor, code = resident(), make_standard().code
    first = handed_in(actor, items=[code])
    with pytest.raises(Conflict, match=first.number):
        handed_in(actor, AT + timedelta(minutes=1), items=[code])
    cases.act(only_case(first).number, "withdraw", {}, actor, AT + timedelta(minutes=2))
    assert handed_in(actor, AT + timedelta(minutes=3), items=[code]).number != first.number


def test_strangers_see_and_do_nothing() -> None:
    case, _ = brought_to("accepted")
    other = resident("王五")
    with pytest.raises(NotFound):
        cases.case_with_number(case.number, other)
    with pytest.raises(NotFound):
        cases.act(case.number, "withdraw", {}, other, AT)


def test_the_applicant_may_only_do_what_is_the_applicants() -> None:
    actor = resident()
    case = only_case(handed_in(actor))
    assert cases.possible_acts(case, actor) == ["withdraw"]
    with pytest.raises(NotAllowed):
        cases.act(case.number, "accept", {}, actor, AT)


def test_the_ledger_covers_every_day_once() -> None:
    case, _ = brought_to("delivered")
    case.refresh_from_db()
    rows = ledger_of(case, AT + timedelta(days=30))
    first, last = AT.astimezone(CHINA).date(), case.finished_at.astimezone(CHINA).date()
    assert [row.date for row in rows] == [first + timedelta(n) for n in range((last - first).days + 1)]
    assert all(row.holder for row in rows)


def test_the_shares_of_the_ledger_are_the_elapsed_time() -> None:
    for state in ("delivered", "suspended", "correction_requested"):
        case, _ = brought_to(state)
        case.refresh_from_db()
        until = case.finished_at or AT + timedelta(days=12)
        held = sum(seconds for row in ledger_of(case, until) for _, seconds in row.shares)
        assert held == (until - AT).total_seconds(), state

"""Whatever happens to cases, and however the news of it arrives, the cubes equal the raw events."""

from datetime import timedelta
from io import StringIO
from random import Random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yimen.foundation.outbox import api as outbox
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, brought_to, handed_in, only_case
from yimen.modules.insight.commands import figures_command
from yimen.modules.insight.models import CaseCell, Contribution, HourCell, ItemCell, MoveCell, StandingCell
from yimen.modules.insight.rules.cubes import FLOW_MEASURES
from yimen.modules.insight.services import folding
from yimen.modules.insight.services.recounting import recount
from yimen.modules.insight.tests.factories import OURS, Walk, deliver, deliveries, failing
from yimen.modules.items.content import Limit
from yimen.modules.items.tests.factories import make_standard

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=400)


def deliver_all() -> None:
    for delivery in deliveries():
        deliver(delivery)


def total(measure: str) -> int:
    return sum(CaseCell.objects.values_list(measure, flat=True))


@pytest.fixture
def two_items() -> list[str]:
    return [make_standard().code, make_standard(promised_limit=Limit(amount=15)).code]


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), applications=st.integers(1, 5), acts=st.integers(0, 30))
def test_after_random_acts_and_unlucky_deliveries_a_recount_equals_the_cubes(
    two_items: list[str], seed: int, applications: int, acts: int
) -> None:
    random = Random(seed)
    with transaction.atomic():
        walk = Walk(two_items, random)
        for _ in range(applications):
            walk.hand_in()
        for done in range(acts):
            walk.act()
            if done % 5 == 4:
                _unlucky(random)
        _unlucky(random)
        deliver_all()
        found = recount()
        assert found.holds, found.differences[:5]
        assert found.cases and total("received") == cases.Case.objects.count()
        assert sum(StandingCell.objects.values_list("cases", flat=True)) == cases.Case.objects.count()
        transaction.set_rollback(True)


def _unlucky(random: Random) -> None:
    """Some of the news, in any order, some of it twice, some breaking in the middle."""
    waiting = deliveries()
    chosen = random.choices(waiting, k=random.randrange(len(waiting) + 1)) if waiting else []
    for delivery in chosen:
        if random.random() < 0.3:
            original = folding.add_to_cubes
            folding.add_to_cubes = failing(1, original)
            try:
                with transaction.atomic():
                    deliver(delivery)
            except RuntimeError:
                pass
            finally:
                folding.add_to_cubes = original
        else:
            deliver(delivery)


def test_a_delivery_that_broke_is_made_again_by_the_outbox_and_counts_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handed_in()
    monkeypatch.setattr(folding, "add_to_cubes", failing(2, folding.add_to_cubes))
    for minutes in range(0, 60, 5):
        outbox.deliver_due(AT + timedelta(minutes=minutes))
    assert not outbox.given_up().filter(handler__startswith=OURS).exists()
    assert total("received") == 1
    assert recount().holds


def test_each_act_counts_on_its_own_day_and_hour() -> None:
    brought_to("delivered")
    deliver_all()
    got = {m: total(m) for m in FLOW_MEASURES}
    for measure in ("received", "accepted", "decided", "granted", "delivered", "ended", "promised_met"):
        assert got[measure] == 1, measure
    assert got["refused"] == got["promised_missed"] == 0
    assert CaseCell.objects.get(received=1).day.isoformat() == "2026-03-02"
    assert HourCell.objects.get(received=1).hour == 10
    assert list(MoveCell.objects.order_by("day").values_list("act", flat=True)) == [
        "submit", "accept", "pass_step", "decide", "deliver",
    ]  # fmt: skip
    assert ItemCell.objects.count() == CaseCell.objects.count()


def test_days_used_are_working_days_without_the_time_of_a_special_procedure() -> None:
    case, office = brought_to("suspended")
    at = AT + timedelta(days=9)
    for name, payload in (
        ("resume", {}),
        ("pass_step", {"opinion": "符合"}),
        ("decide", {"outcome": "granted"}),
    ):
        cases.act(case.number, name, payload, office, at)
        at += timedelta(days=1)
    deliver_all()
    # accepted on Tuesday 3 March, stopped 4 to 11 March, decided on Friday 13 March
    assert total("timed") == 1 and total("promised_days") == 10
    assert total("used_days") == 2
    assert recount().holds


def test_days_of_a_broken_promise_count_to_the_decision_and_not_to_the_promise() -> None:
    case, office = brought_to("in_review")
    cases.act(case.number, "decide", {"outcome": "granted"}, office, AT + timedelta(days=28))
    deliver_all()
    # accepted on 3 March, decided on 30 March 2026: nineteen working days, ten were promised
    assert (total("promised_missed"), total("used_days"), total("promised_days")) == (1, 19, 10)


def test_a_withdrawn_case_stands_among_the_withdrawn_and_not_where_it_was() -> None:
    case, _ = brought_to("in_review")
    deliver_all()
    assert StandingCell.objects.get(cases=1).state == "in_review"
    application = case.application
    who = cases.Case.objects.get(pk=case.pk).application.account
    from yimen.kernel.actor import Actor

    cases.act(
        case.number,
        "withdraw",
        {},
        Actor(account_id=who.pk, person_id=application.person_id),
        AT + timedelta(days=8),
    )
    deliver_all()
    assert StandingCell.objects.get(cases=1).state == "withdrawn"
    assert StandingCell.objects.get(state="in_review").cases == 0
    assert recount().holds


def test_news_a_month_late_lands_on_the_day_it_happened() -> None:
    application = handed_in()
    case = only_case(application)
    deliver_all()
    assert CaseCell.objects.get(received=1).day.isoformat() == "2026-03-02"
    office = brought_to("submitted", at=AT + timedelta(days=45))[1]
    cases.act(case.number, "accept", {}, office, AT + timedelta(days=1))
    deliver_all()
    assert CaseCell.objects.get(accepted=1).day.isoformat() == "2026-03-03"
    assert recount().holds


def test_a_recount_finds_what_was_changed_behind_its_back_and_repairs_it() -> None:
    brought_to("granted")
    deliver_all()
    assert recount().holds
    CaseCell.objects.filter(received=1).update(received=41)
    Contribution.objects.update(text="")
    out = StringIO()
    assert figures_command(["recount"], out, LATER) == 1
    assert "cube 41, events 1" in out.getvalue()
    assert figures_command(["recount", "--repair"], StringIO(), LATER) == 1
    out = StringIO()
    assert figures_command(["recount"], out, LATER) == 0
    assert out.getvalue().startswith("OK  ")


def test_a_recount_of_some_days_looks_only_at_them() -> None:
    brought_to("granted")
    deliver_all()
    CaseCell.objects.filter(received=1).update(received=2)
    assert figures_command(["recount", "--from", "2026-04-01", "--to", "2026-04-30"], StringIO(), LATER) == 0
    assert figures_command(["recount", "--from", "2026-03-01", "--to", "2026-03-31"], StringIO(), LATER) == 1
    assert figures_command(["recount", "--from", "2026-03-01", "--to", "2026-02-01"], StringIO(), LATER) == 2


def test_folding_costs_the_same_number_of_statements_for_one_case_and_for_many() -> None:
    code = make_standard().code
    for _ in range(6):
        handed_in(items=[code])
    ids = list(cases.Case.objects.values_list("pk", flat=True))
    folding.refresh(ids[:1])
    with CaptureQueriesContext(connection) as one:
        folding.refresh(ids[1:2])
    with CaptureQueriesContext(connection) as many:
        folding.refresh(ids[2:])
    assert len(many) == len(one)

"""Closed cases are counted once, and every total stays exact whatever happens to them afterwards."""

import random
from datetime import timedelta

import pytest
from django.db.models import Sum

from yimen.kernel.actor import Actor
from yimen.modules.cases import api as cases
from yimen.modules.cases import listing
from yimen.modules.cases.models import Case, ClosedTally
from yimen.modules.cases.services import tallying
from yimen.modules.cases.states import FINAL
from yimen.modules.cases.tests.factories import AT, brought_to

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=60)
REVOKED = {"clause": "行政许可法第六十九条第二款", "reason": "以欺骗手段取得许可"}


def _totals(office: Actor) -> dict[str, int]:
    return {
        state: listing.list_cases(office, LATER, state=state).count
        for state in ("", "open", *(s.value for s in cases.CaseState))
    }


def _agrees(office: Actor) -> None:
    rows = cases.cases_visible_to(office)
    wanted = {state.value: rows.filter(state=state).count() for state in cases.CaseState}
    assert _totals(office) == {"": rows.count(), "open": rows.filter(is_open=True).count(), **wanted}
    assert (ClosedTally.objects.aggregate(n=Sum("number"))["n"] or 0) == Case.objects.filter(
        tallied=True
    ).count()


def test_the_total_stays_exact_when_a_tallied_case_is_revoked() -> None:
    case, office = brought_to("delivered")
    brought_to("delivered")
    assert tallying.tally_closed() == 2
    _agrees(office)
    cases.act(case.number, "revoke", REVOKED, office, LATER)
    assert not Case.objects.get(pk=case.pk).tallied
    _agrees(office)
    assert tallying.tally_closed() == 1
    _agrees(office)
    assert list(ClosedTally.objects.order_by("state").values_list("state", "number")) == [
        ("delivered", 1),
        ("revoked", 1),
    ]


def test_what_is_open_or_a_draft_is_not_tallied() -> None:
    brought_to("accepted")
    brought_to("granted")
    Case.objects.filter(state="granted").update(state="draft", is_open=False)
    assert tallying.tally_closed() == 0 and not ClosedTally.objects.exists()


def test_totals_agree_after_any_order_of_closing_tallying_and_revoking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tallying, "BATCH", 2)
    chance, delivered = random.Random(7), []
    for _ in range(12):
        state = chance.choice(["delivered", "delivered", "not_accepted", "accepted"])
        case, office = brought_to(state)
        delivered += [case] if state == "delivered" else []
        if delivered and chance.random() < 0.4:
            gone = delivered.pop(chance.randrange(len(delivered)))
            cases.act(gone.number, "revoke", REVOKED, office, LATER)
        if chance.random() < 0.5:
            tallying.tally_closed()
        _agrees(office)
    tallying.tally_closed()
    assert Case.objects.filter(tallied=True).count() == Case.objects.filter(state__in=FINAL).count() > 3
    places = ClosedTally.objects.values_list(*tallying.PLACE)
    assert len(places) == len(set(places))

"""What systems ask for: sums cut by time and place, within their scope; the public only what hides nobody."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from yimen.foundation.identity import api as identity
from yimen.kernel.actor import Actor, Scope
from yimen.kernel.clock import travel_to
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, handed_in, make_account, officer
from yimen.modules.insight.permissions import READ
from yimen.modules.insight.tests.factories import deliver, deliveries
from yimen.modules.items.tests.factories import make_organisation, make_standard

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=30)


@pytest.fixture
def district() -> dict[str, Any]:
    """Seven cases at one organisation, two at another; one of them decided."""
    one, other = make_organisation(), make_organisation("other-org")
    mine, theirs = make_standard(organisation=one), make_standard(organisation=other)
    for day in range(7):
        handed_in(items=[mine.code], at=AT + timedelta(days=day))
    for _ in range(2):
        handed_in(items=[theirs.code])
    case = cases.Case.objects.filter(organisation=one).order_by("pk")[0]
    office = officer(one)
    for hours, name, payload in (
        (1, "accept", {}), (2, "pass_step", {"opinion": "符合"}), (3, "decide", {"outcome": "granted"}),
    ):  # fmt: skip
        cases.act(case.number, name, payload, office, AT + timedelta(hours=hours))
    for delivery in deliveries():
        deliver(delivery)
    return {"one": one, "other": other, "item": mine.code}


def ask(path: str, scope: Scope | None = None, monkeypatch: pytest.MonkeyPatch | None = None) -> Any:
    account = make_account()
    grants = {READ: (scope,)} if scope else {}
    actor = Actor(account_id=account.pk, name="钱督查", grants=grants)
    with pytest.MonkeyPatch.context() as patch, travel_to(LATER):
        token = identity.issue_token(account, LATER, timedelta(hours=1))
        patch.setattr("yimen.modules.insight.rest.actor_of_request", lambda _: actor)
        return Client().get(f"/api/v1/figures/{path}", headers={"Authorization": f"Bearer {token}"})


def test_a_department_sees_its_own_sums_only(district: dict[str, Any]) -> None:
    answer = ask("cases?by=organisation", Scope(organisation_id=district["one"].pk)).json()
    assert [(r["organisation"]["code"], r["received"], r["granted"]) for r in answer["results"]] == [
        ("test-org", 7, 1)
    ]


def test_a_supervisor_sees_every_organisation_below_and_none_beside(district: dict[str, Any]) -> None:
    assert ask("cases?by=organisation", Scope(division="449901")).json()["count"] == 2
    assert ask("cases?by=organisation", Scope(division="4498")).json()["count"] == 0


def test_sums_are_cut_by_day_week_month_hour_and_level(district: dict[str, Any]) -> None:
    everywhere = Scope()
    days = ask("cases?by=day&from=2026-03-01&to=2026-03-31", everywhere).json()
    assert [r["received"] for r in days["results"]] == [3, 1, 1, 1, 1, 1, 1]
    assert ask("cases?by=week", everywhere).json()["results"][0]["received"] == 9
    assert ask("cases?by=month", everywhere).json()["results"][0]["month"] == "2026-03-01"
    assert ask("cases?by=county", everywhere).json()["results"][0]["county"]["code"] == "449901000000"
    hours = ask("pressure?by=hour", everywhere).json()
    assert {r["hour"]: r["received"] for r in hours["results"]}[10] == 9
    standing = ask("standing?by=state", everywhere).json()
    assert {r["state"]["code"]: r["cases"] for r in standing["results"]} == {"granted": 1, "submitted": 8}
    items = ask(f"items?item={district['item']}", everywhere).json()
    assert items["results"][0]["received"] == 7


def test_the_public_gets_totals_without_small_counts(district: dict[str, Any]) -> None:
    answer = ask("cases?by=organisation").json()
    assert answer["public"] and answer["kept_back"]
    assert all(r["received"] is None for r in answer["results"])
    assert answer["from"] == "2026-01-01" and answer["to"] == "2026-04-30"
    assert ask("items?by=item").status_code == 403
    assert ask("cases?by=day").status_code == 403
    assert ask("cases?by=organisation,channel").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "pressure?by=day,hour&from=2016-01-01&to=2025-12-31",
        "pressure?by=hour&from=2016-01-01&to=2025-12-31",
        "cases?by=day&from=2016-01-01&to=2025-12-31",
        "cases?by=nonsense",
        "cases?by=%00",
        "cases?from=2026-02-30",
        "cases?from=0001-01-01",
        "cases?from=2026-03-02&to=2026-03-01",
        "cases?division=x",
        "cases?item=1",
        "cases?by=day,organisation,centre,channel,month",
        "cases?page=x",
    ],
)
def test_what_cannot_be_answered_is_refused_with_what_could(path: str) -> None:
    answer = ask(path, Scope())
    assert answer.status_code == 422, answer.content
    assert answer.json()["detail"]


def test_an_unknown_cube_or_organisation_is_not_found() -> None:
    assert ask("nonsense", Scope()).status_code == 404
    assert ask("cases?organisation=nobody", Scope()).status_code == 404
    assert ask("cases?page=99999999999999999999", Scope()).status_code == 200

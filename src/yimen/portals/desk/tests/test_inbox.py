"""Counts, tabs and lists always agree; an inbox costs a handful of statements whatever its rows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yimen.foundation.identity import api as identity
from yimen.kernel.clock import travel_to
from yimen.modules.cases.tests.factories import (
    AT,
    ROADS,
    brought_to,
    handed_in,
    id_number,
    officer,
    only_case,
    resident,
)
from yimen.modules.items.tests.factories import make_organisation
from yimen.portals.desk.lists import inbox as lists
from yimen.portals.desk.lists.filters import Filters, read_filters
from yimen.portals.desk.lists.tabs import TABS
from yimen.portals.desk.tests.factories import office_client

pytestmark = pytest.mark.django_db


@given(
    roads=st.lists(st.sampled_from(sorted(ROADS)), max_size=6),
    days=st.integers(1, 40),
    q=st.sampled_from(["", "4499", "林晓燕", "不存在的单位"]),
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_agree_with_lists_in_every_state(roads: list[str], days: int, q: str) -> None:
    for road in roads:
        brought_to(road)
    actor, at = officer(make_organisation()), AT + timedelta(days=days)
    for tab in TABS:
        filters = Filters(tab=tab.key, q=q)
        found = lists.inbox(filters, actor, at)
        listed = set(lists.listed(lists.rows_of(filters, actor), tab, at).values_list("number", flat=True))
        assert found.counts[tab.key] == len(listed) == found.page.count
        assert {row.case.number for row in found.page.results} <= listed
        assert len(found.page.results) == min(20, len(listed))
    counts = lists.figures(actor, at)
    assert counts["open"] + counts["done"] == lists.rows_of(Filters(), actor).count()


def test_the_inbox_costs_the_same_for_one_row_and_for_many() -> None:
    client = office_client()
    brought_to("accepted")

    def cost() -> int:
        with (
            travel_to(AT + timedelta(days=2)),
            CaptureQueriesContext(
                connection,
            ) as captured,
        ):
            assert client.get("/desk/cases/").status_code == 200
        return len(captured)

    client.get("/desk/cases/")
    one = cost()
    for road in ("accepted", "in_review", "submitted", "suspended", "granted", "correction_requested"):
        brought_to(road)
    assert cost() == one
    assert one <= 14


@pytest.mark.parametrize(
    "query",
    ["page=abc", "page=-3", "page=99999", "tab=nix", "received=morgen", "item=%00", "q=%27%22<b>", "q=%00"],
)
def test_odd_addresses_get_a_plain_answer(query: str) -> None:
    client = office_client()
    brought_to("accepted")
    assert client.get(f"/desk/cases/?{query}").status_code == 200


def test_filters_survive_a_round_trip() -> None:
    filters = read_filters({"tab": "overdue", "item": "A-1", "q": "甲", "page": "3", "mine": "1"})
    assert read_filters(dict(pair.split("=") for pair in filters.query(q="x").split("&"))).tab == "overdue"
    assert "page" not in filters.query(page=1)


def test_another_department_sees_nothing_of_it() -> None:
    case, _ = brought_to("accepted")
    other = office_client(organisation=make_organisation("other-org"), username="elsewhere")
    assert other.get(f"/desk/cases/{case.number}/").status_code == 404
    assert other.post(f"/desk/cases/{case.number}/acts/accept/").status_code == 404
    assert case.number not in other.get("/desk/cases/").content.decode()
    assert other.get("/desk/search", {"q": case.number}).json() == {"results": []}


def test_the_start_page_says_what_the_lists_say() -> None:
    client = office_client()
    brought_to("submitted")
    brought_to("granted")
    page = client.get("/desk/")
    assert (
        page.context["figures"]["to_accept"]
        == client.get("/desk/cases/?tab=to_accept").context["found"].page.count
        == 1
    )


def test_the_next_case_of_the_list_follows() -> None:
    client = office_client()
    first, _ = brought_to("submitted")
    second, _ = brought_to("submitted")
    answer = client.get(f"/desk/cases/{first.number}/next/", {"list": "tab=to_accept"})
    assert answer["Location"] == f"/desk/cases/{second.number}/?list=tab%3Dto_accept"


def test_an_identity_number_that_is_a_right_credit_code_too_finds_the_person() -> None:
    both = id_number(48)
    assert identity.check_uscc(both) == identity.check_id_number(both) == both
    case = only_case(handed_in(resident(serial=48)))
    found = office_client().get("/desk/search", {"q": both}).json()["results"]
    assert any(case.number in row["url"] for row in found)


def test_the_palette_finds_by_number_and_by_identity_number() -> None:
    client = office_client()
    case, _ = brought_to("submitted")
    number = case.application.person.id_number
    for q in (case.number, case.application.number, number):
        found = client.get("/desk/search", {"q": q}).json()["results"]
        assert any(case.number in row["url"] for row in found)
        assert number not in str([row["label"] for row in found])


def test_the_closed_tell_their_exact_number_or_that_there_are_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yimen.kernel.lists.MOST_COUNTED", 1)
    monkeypatch.setattr("yimen.kernel.paging.MOST_COUNTED", 1)
    client = office_client()
    for _ in range(2):
        brought_to("delivered")
    with travel_to(AT + timedelta(days=9)):
        whole = client.get("/desk/cases/?tab=done").content.decode()
        narrowed = client.get("/desk/cases/?tab=done&q=4499").content.decode()
    assert "共 2 条" in whole and "再往后的请加条件查找" in whole and "2+" not in whole
    assert "多于 1 条" in narrowed and '<span class="count">1+</span>' in narrowed

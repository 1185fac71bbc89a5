"""A list read on by key: every row once, whatever is handed in meanwhile, and no row is skipped over in the store."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yimen.foundation.identity.api import issue_token
from yimen.foundation.identity.tests.factories import give, role, staff
from yimen.kernel import lists
from yimen.kernel.clock import now
from yimen.modules.cases.tests.factories import OFFICE_GRANTS, handed_in, only_case
from yimen.modules.items.tests.factories import make_organisation, make_standard

pytestmark = pytest.mark.django_db


def _office(name: str, code: str) -> str:
    account = staff(name, ())
    give(account, role(f"role_{name}", *OFFICE_GRANTS), organisation=make_organisation(code))
    return issue_token(account, now())


def _list(client: Client, token: str, **asked: Any) -> tuple[int, dict[str, Any]]:
    answer = client.get("/api/v1/cases", asked, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.json()


def _hand_in(code: str) -> str:
    return only_case(handed_in(items=[make_standard(organisation=make_organisation(code)).code])).number


def test_every_row_is_read_once_while_more_are_handed_in(client: Client) -> None:
    token = _office("reader", "mine")
    numbers = [_hand_in("mine") for _ in range(5)]
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        with CaptureQueriesContext(connection) as captured:
            status, page = _list(client, token, size=2, after=after)
        assert status == 200 and not any("OFFSET" in q["sql"] for q in captured.captured_queries)
        found += [row["number"] for row in page["results"]]
        assert page["count"] >= len(numbers)
        after = page["next"]
        _hand_in("mine")
    assert found == numbers[::-1]


def test_filters_hold_behind_the_key(client: Client) -> None:
    token = _office("reader", "mine")
    numbers = [_hand_in("mine") for _ in range(3)]
    _, page = _list(client, token, size=1, after=numbers[2], state="submitted", overdue="true")
    assert [row["number"] for row in page["results"]] == [numbers[1]]
    assert _list(client, token, after=numbers[2], state="delivered")[1]["results"] == []
    assert _list(client, token, after=numbers[0])[1] == {"count": 3, "results": [], "next": None}


@pytest.mark.parametrize("after", ["no-such-case", "x" * 400, "1' OR '1'='1"])
def test_an_unknown_key_is_told_and_anothers_is_unknown(client: Client, after: str) -> None:
    token = _office("reader", "mine")
    theirs = _hand_in("theirs")
    for key in (after, theirs):
        status, problem = _list(client, token, after=key)
        assert status == 422 and "next" in problem["fields"]["after"] and "没有这个编号" in problem["detail"]


def test_a_numbered_page_far_behind_says_how_to_go_on(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_COUNTED", 2)
    token = _office("reader", "mine")
    for _ in range(4):
        _hand_in("mine")
    assert _list(client, token, size=1, page=2)[0] == 200
    status, problem = _list(client, token, size=1, page=3)
    assert status == 422 and "after" in problem["fields"]["page"]
    with CaptureQueriesContext(connection) as captured:
        assert _list(client, token, size=1, page=10**9)[1]["results"] == []
    assert not any("OFFSET" in q["sql"] for q in captured.captured_queries)

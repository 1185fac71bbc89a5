"""What systems read of one thing, and how they apply for it."""

from typing import Any

import pytest
from django.test import Client

from yimen.modules.themes.tests.factories import make_theme, published_items, theme_content

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme() -> tuple[str, list[str]]:
    items = published_items()
    return make_theme(theme_content(*items)), [item.code for item in items]


def compiled(payload: Any, status: int = 200) -> dict[str, Any]:
    answer = Client().post("/api/v1/themes/compile", payload, content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_anybody_reads_the_list_and_one_theme(theme: tuple[str, list[str]]) -> None:
    code, items = theme
    listed = Client().get("/api/v1/themes", {"q": "开店"}).json()
    assert listed["count"] == 1
    assert listed["results"][0]["promised_limit"] == {"amount": 12, "unit": "working_day"}
    whole = Client().get(f"/api/v1/themes/{code}").json()
    assert whole["name"] == "开店一件事"
    assert [item["code"] for item in whole["compiled"]["items"]] == items
    assert Client().get(f"/api/v1/themes/{code}?version=1").json()["version"] == 1


def test_any_items_are_composed_as_the_contract_says(theme: tuple[str, list[str]]) -> None:
    _, items = theme
    answer = compiled({"items": items})
    assert {
        "fields",
        "materials",
        "edges",
        "critical_path",
        "promised_limit",
        "saved",
        "proof",
    } <= answer.keys()
    assert answer["critical_path"] == items[:2]
    assert answer["edges"][0]["from"] == items[0] and answer["edges"][0]["to"] == items[1]
    met = [one for one in answer["materials"] if one["met_by"]]
    assert [one["met_by"] for one in met] == [items[0]]
    assert answer["promised_limit"]["amount"] == 12
    assert answer["saved"]["days"] == 3 and answer["saved"]["materials"] == 3
    assert answer["proof"]["complete"] and answer["proof"]["checked"] == len(answer["proof"]["rows"])


def test_a_theme_is_composed_by_its_code(theme: tuple[str, list[str]]) -> None:
    assert compiled({"theme": theme[0]})["theme"] == theme[0]


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"items": []},
        {"items": ["x"] * 31},
        {"items": ["no\x00thing"]},
        {"items": "abc"},
        {"items": [None]},
        {"items": ["no-such-item"]},
        {"theme": "no-such-theme"},
        {"theme": "a\x00"},
        {"theme": "a", "items": ["b"]},
        {"items": ["x"], "answers": []},
        [],
    ],
)
def test_bad_input_is_answered_with_a_sentence(payload: Any) -> None:
    answer = Client().post("/api/v1/themes/compile", payload, content_type="application/json")
    assert answer.status_code in (404, 409, 422)
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["detail"]


@pytest.mark.parametrize("query", ["?page=0", "?page=99999999999999", "?size=-1", "?q=" + "长" * 500])
def test_odd_lists_are_lists(query: str) -> None:
    assert Client().get("/api/v1/themes" + query).status_code == 200


@pytest.mark.parametrize(
    "query", ["no-such", "%00", "x?version=0", "x?version=99999999999999999999", "x?version=abc"]
)
def test_odd_addresses_are_refused(query: str) -> None:
    assert Client().get("/api/v1/themes/" + query).status_code in (404, 422)

"""What anybody sees of items."""

from datetime import timedelta

import pytest
from django.test import Client

from yimen.kernel.clock import travel_to
from yimen.modules.items.content import Limit
from yimen.modules.items.services import life
from yimen.modules.items.tests.factories import AT, AUTHOR, make_content, make_item, make_standard
from yimen.modules.items.tests.test_publishing import next_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def march() -> None:
    with travel_to(AT):
        yield


def test_the_list_finds_by_everyday_words(client: Client) -> None:
    made = make_standard(aliases=("开餐馆",))
    page = client.get("/items/", {"q": "开餐馆", "page": "abc"})
    assert page.status_code == 200
    assert made.code in page.content.decode()
    part = client.get("/items/", {"q": "csjy"}, headers={"HX-Request": "true"}).content.decode()
    assert made.code in part and "<html" not in part
    assert "没有找到" in client.get("/items/", {"q": "火星移民"}).content.decode()
    assert made.code in client.get("/items/suggest/", {"q": "测试"}).content.decode()


def test_the_item_page_answers_five_questions(client: Client) -> None:
    made = make_standard()
    text = client.get(f"/items/{made.code}/").content.decode()
    for words in (
        "我能办吗",
        "要带什么",
        "要多久",
        "要花多少钱",
        "到哪里、怎么办",
        "10个工作日",
        "不收费",
        "营业执照",
    ):
        assert words in text
    assert client.get(f"/items/{make_item().code}/").status_code in (404, 409)
    assert client.get("/items/NO-SUCH/").status_code == 404


def test_the_item_page_costs_few_statements(client: Client, django_assert_max_num_queries) -> None:
    made = make_standard()
    with django_assert_max_num_queries(4):
        client.get(f"/items/{made.code}/")


def test_a_suspended_item_says_so(client: Client) -> None:
    made = make_standard()
    life.suspend_item(made.code, "系统升级", "公告第1号", AUTHOR, AT)
    text = client.get(f"/items/{made.code}/").content.decode()
    assert "暂停办理" in text and "系统升级" in text


def test_what_changed_is_told_to_the_reader(client: Client) -> None:
    made = make_standard(promised_limit=Limit(amount=15))
    next_version(made.code, make_content(), AT.date() + timedelta(days=1))
    text = client.get(f"/items/{made.code}/changes/").content.decode()
    assert "承诺办结时限由15个工作日改为10个工作日" in text and "更省事" in text
    assert "自2026年3月3日" in client.get(f"/items/{made.code}/").content.decode()
    assert client.get(f"/items/{made.code}/changes/?from=1&to=99").status_code == 404


def test_the_guide_can_be_printed_and_the_form_looked_at(client: Client) -> None:
    made = make_standard()
    assert client.get(f"/items/{made.code}/guide.pdf").content.startswith(b"%PDF")
    assert client.get(f"/items/{made.code}/form/").status_code == 200


def test_the_public_interface(client: Client) -> None:
    made = make_standard("rest-item")
    found = client.get("/api/v1/items", {"q": "测试经营", "size": 500}).json()
    assert found["count"] == 1
    line = found["results"][0]
    assert line["legal_limit"] == {"amount": 20, "unit": "working_day"}
    assert {"code", "name", "type", "organisation", "division", "promised_limit", "visits"} <= set(line)
    whole = client.get(f"/api/v1/items/{made.code}").json()
    assert whole["version"] == 1 and len(whole["materials"]) == 2
    assert client.get("/api/v1/items/rest-item?version=7").status_code == 404
    assert client.get("/api/v1/items/NO-SUCH").json()["code"] == "item_unknown"
    assert client.get(f"/api/v1/items/{made.code}/versions").json()["count"] == 1
    next_version(made.code, make_content(visits=1, visit_reason="核验"), AT.date() + timedelta(days=1))
    changes = client.get(f"/api/v1/items/{made.code}/changes?from=1&to=2").json()
    assert changes["to_version"] == 2 and changes["changes"]
    assert client.get(f"/api/v1/items/{made.code}/changes?from=x").status_code == 422
    assert client.get("/api/v1/items?type=nonsense").status_code == 422

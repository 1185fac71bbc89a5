"""The public register over REST: no token to read, problems in the one form."""

import json

import pytest
from django.test import Client

from yimen.kernel.clock import travel_to
from yimen.modules.registration.tests.factories import AT, company

pytestmark = pytest.mark.django_db


def call(method: str, path: str, body: object = None) -> tuple[int, dict]:
    with travel_to(AT):
        answer = Client().generic(
            method,
            f"/api/v1{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
        )
    return answer.status_code, answer.json()


def test_anybody_checks_a_name() -> None:
    company("粤海市澜江区晨辉餐饮有限公司")
    status, told = call("POST", "/entities/names/check", {"name": "粤海市澜江区晨晖餐饮有限公司"})
    assert status == 200 and told["outcome"] == "similar"
    assert told["parts"]["brand"] == "晨晖" and "第2个字" in told["findings"][0]["sentence"]
    status, told = call("POST", "/entities/names/check", {"name": "粤海市澜江区晨辉餐饮有限公司"})
    assert told["outcome"] == "refused" and told["findings"][0]["kind"] == "identical"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": 5},
        {"name": "晨光", "kind": "ship"},
        {"name": "晨光", "division": "x"},
        [],
        {"name": "a\x00b"},
    ],
)
def test_odd_names_are_refused_plainly(body: object) -> None:
    status, told = call("POST", "/entities/names/check", body)
    assert status in (400, 422) and told["detail"]


def test_anybody_finds_and_reads_an_entity() -> None:
    entity, _ = company()
    status, found = call("GET", "/entities?q=晨光")
    assert (status, found["count"], found["results"][0]["uscc"]) == (200, 1, entity.uscc)
    status, read = call("GET", f"/entities/{entity.uscc}")
    assert (
        status == 200
        and read["history"][0]["kind"] == "set_up"
        and read["industry_name"] == "正餐服务（H6210）"
    )
    assert read["page"].endswith(f"/entities/{entity.uscc}/")
    assert "13800138000" not in json.dumps(read)


def test_a_code_that_is_wrong_or_unknown_is_told() -> None:
    status, told = call("GET", "/entities/91449901MAO5D4K2B7")
    assert status == 422 and "字母“O”" in told["detail"]
    assert call("GET", "/entities/91440101MA59LU9AX1")[0] == 404
    assert call("GET", "/entities?q=有限公司")[0] == 422
    assert call("GET", "/entities?state=none")[0] == 422


def test_writing_needs_somebody_who_acts_for_the_entity() -> None:
    entity, _ = company()
    assert call("POST", f"/entities/{entity.uscc}/cancellation-notice", {"promised": True})[0] == 401
    assert call("POST", f"/entities/{entity.uscc}/objections", {"reason": "欠我货款没有还"})[0] == 401

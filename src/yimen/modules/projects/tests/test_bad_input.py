"""Whatever is sent to REST and pages: an answer that says what is wrong, never a failure."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from yimen.kernel.clock import travel_to
from yimen.modules.projects.tests import factories as made
from yimen.modules.projects.tests.test_pages_and_rest import given, owner_client

pytestmark = pytest.mark.django_db
ODD: list[Any] = [
    None, True, 0, -1, 1.5, 2**63, 10**400, "", " ", [], {}, [[]], {"a": {"b": []}}, "王\x00五", "\udfff", "长" * 70_000, "\u202e张\u202c",
    "<script>", "a\r\nb", "%_\\", "1e999", "２０",
]  # fmt: skip


@pytest.fixture(autouse=True)
def march() -> Iterator[None]:
    with travel_to(made.AT):
        yield


def _post(client: Client, path: str, body: Any) -> int:
    answer = client.post(f"/api/v1/{path}", json.dumps(body), "application/json")
    assert answer.status_code < 500, (path, str(body)[:200])
    answer.content.decode()
    return answer.status_code


def test_odd_values_in_every_field_of_a_registration() -> None:
    made.make_plan()
    client = owner_client()
    good = {**given(answers={"pollutes": True}), "floor_area": "1"}
    for field in good:
        for odd in ODD:
            assert _post(client, "projects", {**good, field: odd}) in (201, 400, 403, 409, 413, 422), (
                field,
                odd,
            )
    for odd in ({"\udfff": True}, {"pollutes": "\udfff"}):
        assert _post(client, "projects", {**good, "answers": odd}) in (400, 422)
    assert _post(
        client,
        "projects",
        {**good, "boundary": {"type": "Polygon", "coordinates": [[["\udfff", "\x00"]] * 4]}},
    ) in (400, 422)


def test_odd_values_in_every_act(settings: Any) -> None:
    settings.API_RATE = 0  # hundreds of calls at once would be paced
    walk = made.Walk()
    walk.start("site")
    client = owner_client()
    shapes = {
        "choose_track": ["track"], "start_stage": ["stage", "items", "form", "materials"], "request_pre_review": ["stage", "materials"],
        "decide_pre_review": ["stage", "opinion"], "call_session": ["stage", "held_at", "place", "organisations"],
        "give_finding": ["session", "text"], "tell_opinion": ["session", "opinion"], "begin_procedure": ["stage", "cases", "days"],
        "end_procedure": ["procedure"], "pre_check": ["item"], "first_opinion": ["item"], "decide_together": ["item"],
    }  # fmt: skip
    base = {
        "stage": "site", "held_at": "2026-03-05T09:00", "place": "现场", "organisations": ["zrzyj"], "kind": "site_inspection",
    }  # fmt: skip
    for act, fields in shapes.items():
        for field in fields:
            for odd in ODD:
                body = {
                    "act": act,
                    **{k: v for k, v in base.items() if act == "call_session" or k == "stage"},
                    field: odd,
                }
                status = _post(client, f"projects/{walk.code}/acts", body)
                assert status in (200, 400, 403, 404, 409, 413, 422), (act, field, odd)


def test_odd_addresses_and_queries() -> None:
    walk = made.Walk()
    client = owner_client()
    for odd in ("%00", "%ED%BF%BF", "2603", "..", "%E2%80%AE", "1" * 300):
        for path in (f"/api/v1/projects/{odd}", f"/projects/{odd}/", f"/projects/{odd}/stages/site/start/"):
            assert client.get(path).status_code in (404, 422, 400), path
        for path in (f"/api/v1/projects?q={odd}&page={odd}", f"/projects/?q={odd}&page={odd}&state={odd}"):
            assert client.get(path).status_code in (200, 400, 422), path
    assert client.get(f"/projects/{walk.code}/files/99999999999999999999/").status_code == 404
    posted = {
        "boundary": "\udfff\x00\n\u202e",
        "point": "\x00",
        "name": "\udfff",
        "_register": "1",
        "answers": ["\udfff"],
    }
    encoded = {
        k: v.encode("utf-8", "surrogatepass") if isinstance(v, str) else v
        for k, v in posted.items()
        if k != "answers"
    }
    assert client.post("/projects/new/", encoded).status_code == 422

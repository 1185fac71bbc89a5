"""What each call gives: status, members, refusals, lists."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.district import AT, FOOD, SIGN, SLUGS, STREET, TRADER, Answer, District, _page, answer_of
from yimen.kernel.clock import travel_to
from yimen.portals.openapi.site import api

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)
MOMENTS = ("received_at", "due_at", "started_at", "at")


def is_problem(answer: Answer, status: int, code: str = "") -> dict[str, Any]:
    """RFC 9457, in the members of the contract and no others."""
    body: dict[str, Any] = answer.body
    assert answer.status == status, body
    assert answer.headers["Content-Type"] == "application/problem+json; charset=utf-8"
    assert {"type", "title", "status", "detail", "code"} <= body.keys()
    assert body.keys() <= {"type", "title", "status", "detail", "code", "clause", "fields", "would_pass"}
    assert body["status"] == status
    assert body["type"] == f"urn:yimen:problem:{body['code']}"
    assert body["detail"].strip()
    assert not code or body["code"] == code
    return body


def moments_of(body: Any) -> list[str]:
    if isinstance(body, list):
        return [m for row in body for m in moments_of(row)]
    if not isinstance(body, dict):
        return []
    own = [body[k] for k in MOMENTS if body.get(k)]
    return own + [m for value in body.values() for m in moments_of(value)]


def test_items_can_be_found_and_read(district: District) -> None:
    stranger = district.caller()
    found = stranger.get("/items")
    assert found.status == 200 and found.body["count"] == len(SLUGS)
    for row in found.body["results"]:
        assert {
            "code", "name", "type", "organisation", "division", "legal_limit", "promised_limit", "visits"
        } <= row.keys()  # fmt: skip
        assert row["legal_limit"].keys() == {"amount", "unit"}
    assert stranger.get("/items?organisation=cgj").body["count"] == 2
    assert stranger.get("/items?q=招牌").body["results"][0]["code"] == district.codes[SIGN]
    assert stranger.get("/items?audience=person&type=permit").status == 200
    is_problem(stranger.get("/items?type=nonsense"), 422)
    whole = stranger.get(f"/items/{district.codes[FOOD]}").body
    assert whole["version"] == 1 and whole["materials"] and whole["steps"]
    assert stranger.get(f"/items/{district.codes[FOOD]}?version=1").body["digest"] == whole["digest"]
    is_problem(stranger.get(f"/items/{district.codes[FOOD]}?version=7"), 404)
    is_problem(stranger.get("/items/NOTHING"), 404)


def test_a_file_is_taken_in_and_named_by_its_content(district: District) -> None:
    token = district.caller("lin").token

    def upload(content: bytes, name: str, token: str = token) -> Answer:
        return answer_of(
            Client(enforce_csrf_checks=True).post(
                "/api/v1/files", {"file": SimpleUploadedFile(name, content)},
                headers={"Authorization": f"Bearer {token}"} if token else {},
            )
        )  # fmt: skip

    taken = upload(_page(), "扫描件.pdf")
    assert taken.status == 201
    assert taken.body.keys() == {"digest", "name", "size", "media_type"}
    assert (taken.body["media_type"], taken.body["size"]) == ("application/pdf", len(_page()))
    assert upload(_page(), "扫描件.pdf").body == taken.body
    is_problem(upload(b"MZ\x90\x00 not a picture", "照片.png"), 422)
    is_problem(upload(_page(), "扫描件.pdf", token=""), 401)
    is_problem(district.caller("lin").post("/files", {}), 422)


def test_an_application_and_its_cases(district: District) -> None:
    lin = district.caller("lin")
    made = lin.post("/applications", district.application("lin", STREET, FOOD))
    assert made.status == 201
    assert made.body.keys() >= {"number", "state", "received_at", "cases"}
    assert all(c.keys() >= {"number", "item", "state"} for c in made.body["cases"])
    assert lin.get(f"/applications/{made.body['number']}").body == made.body
    case = lin.get(f"/cases/{made.body['cases'][0]['number']}").body
    assert {
        "number", "application", "item", "standard_version", "state", "step", "organisation", "clocks", "possible"
    } <= case.keys()  # fmt: skip
    assert (case["application"], case["organisation"], case["standard_version"]) == (
        made.body["number"],
        "cgj",
        1,
    )
    [telling] = case["clocks"]
    assert {"kind", "limit", "started_at", "due_at", "state"} <= telling.keys()
    assert (telling["kind"], telling["limit"]) == ("telling", {"amount": 5, "unit": "working_day"})


def test_a_draft_is_kept_and_submitted_later(district: District) -> None:
    lin = district.caller("lin")
    made = lin.post("/applications", district.application("lin", STREET, draft=True)).body
    assert (made["state"], made["received_at"], made["cases"][0]["state"]) == ("draft", None, "draft")
    number = made["cases"][0]["number"]
    assert lin.get(f"/cases/{number}").body["possible"] == ["submit"]
    assert lin.get(f"/cases/{number}/ledger").body == lin.get(f"/cases/{number}/trace").body == []
    done = lin.act(number, "submit")
    assert (done.status, done.body["state"]) == (200, "submitted")
    assert lin.get(f"/applications/{made['number']}").body["state"] == "submitted"


def test_the_same_draft_twice_is_submitted_once(district: District) -> None:
    lin = district.caller("lin")
    body = district.application("lin", FOOD, SIGN, draft=True)
    first, second = (lin.post("/applications", body).body for _ in range(2))
    for case in first["cases"]:
        assert lin.act(case["number"], "submit").status == 200
    again = lin.act(second["cases"][0]["number"], "submit")
    is_problem(again, 409, "duplicate_application")
    assert first["number"] in again.body["detail"]
    assert lin.get(f"/applications/{second['number']}").body["state"] == "draft", "nothing typed is lost"
    is_problem(lin.post("/applications", body | {"draft": False}), 409, "duplicate_application")
    for case in first["cases"]:
        assert lin.act(case["number"], "withdraw").status == 200
    assert lin.act(second["cases"][0]["number"], "submit").status == 200


def test_a_draft_that_meets_no_condition_is_not_submitted(district: District) -> None:
    lin = district.caller("lin")
    wrong = district.answers(SIGN) | {"signboard_height": "4"}
    made = lin.post("/applications", district.application("lin", SIGN, form=wrong, draft=True)).body
    is_problem(lin.act(made["cases"][0]["number"], "submit"), 422, "conditions_not_met")
    is_problem(
        lin.post("/applications", district.application("lin", SIGN, form=wrong)), 422, "conditions_not_met"
    )


def test_an_item_on_the_spot_is_decided_at_once(district: District) -> None:
    number = district.case("chen", TRADER)
    sun = district.caller("sun")
    assert "decide" in sun.get(f"/cases/{number}").body["possible"]
    decided = sun.act(number, "decide", outcome="granted")
    assert (decided.status, decided.body["state"]) == (200, "granted")


def test_a_list_is_paged_with_its_exact_count(district: District) -> None:
    for n in range(5):
        district.case(
            "lin", STREET, at=AT + timedelta(minutes=n), form={"application_reason": f"第{n}次占用道路"}
        )
    lin, late = district.caller("lin"), AT + timedelta(days=30)
    first = lin.get("/cases?size=2").body
    assert (first["count"], len(first["results"])) == (5, 2)
    rest = [r for page in (2, 3, 4) for r in lin.get(f"/cases?size=2&page={page}").body["results"]]
    numbers = [row["number"] for row in first["results"] + rest]
    assert len(numbers) == len(set(numbers)) == 5 and numbers == sorted(numbers, reverse=True)
    assert len(lin.get("/cases?size=1000").body["results"]) == 5
    for odd in ("size=0", "size=-3", "page=0", "page=-1", f"page={10**9}", f"page={10**30}", f"size={10**9}"):
        assert lin.get(f"/cases?{odd}").status == 200, odd
        assert lin.get(f"/cases?{odd}").body["count"] == 5
        assert lin.get(f"/items?{odd}").status == 200, odd
    for wrong in ("page=abc", "size=1.5", "overdue=perhaps"):
        assert wrong.split("=")[0] in is_problem(lin.get(f"/cases?{wrong}"), 422)["fields"]
    assert lin.get("/cases?overdue=true").body["count"] == 0
    with travel_to(late):
        assert lin.get("/cases?overdue=true").body["count"] == 5
    assert lin.get("/cases?state=submitted").body["count"] == 5
    assert lin.get("/cases?state=granted").body["count"] == 0
    assert lin.get("/cases?organisation=cgj&state=open").body["count"] == 5
    assert lin.get("/cases?organisation=scjgj").body["count"] == 0


def test_a_list_holds_only_the_actors_rows(district: District) -> None:
    own = district.case("lin", STREET)
    food = district.case("chen", FOOD)
    other = district.case("hong", STREET, form={"application_reason": "镇中心收的件"})

    def seen(username: str) -> set[str]:
        return {row["number"] for row in district.caller(username).get("/cases").body["results"]}

    assert seen("lin") == {own, food, other}, "all three are Lin's"
    assert seen("wang") == seen("wu") == seen("root") == set()
    assert seen("chen") == {food}
    assert seen("hong") == {other}
    assert seen("zhao") == seen("sun") == {food}
    assert seen("cgj-shen") == {own, other}
    assert seen("qian") == {own, food, other}
    assert seen("he") == {food}


def test_every_moment_has_its_offset(district: District) -> None:
    received = district.handed_in("lin", STREET)
    number = received["cases"][0]["number"]
    chen = district.caller("cgj-shen")
    chen.act(number, "accept")
    bodies = [chen.get(f"/cases/{number}{part}").body for part in ("", "/trace")] + [
        chen.get("/cases").body,
        received,
    ]
    found = [m for body in bodies for m in moments_of(body)]
    assert len(found) > 6
    for moment in found:
        assert datetime.fromisoformat(moment).tzinfo is not None, moment


def test_deadlines_are_reckoned_where_the_contract_says(district: District) -> None:
    stranger = district.caller()
    answer = stranger.post(
        "/deadlines", {"id": "x7", "start": "2026-02-11", "amount": 5, "unit": "working_day"}
    )
    assert (answer.status, answer.body["due"], answer.body["id"]) == (200, "2026-02-25", "x7")
    assert sum(day["counted"] for day in answer.body["days"]) == 5
    excluded = [{"from": "2026-02-24", "to": "2026-02-25", "reason": "检验"}]
    later = stranger.post("/deadlines", {"start": "2026-02-11", "amount": 5, "exclusions": excluded})
    assert later.body["due"] == "2026-02-27"
    assert (
        "2027" in is_problem(stranger.post("/deadlines", {"start": "2026-12-30", "amount": 9}), 422)["detail"]
    )
    is_problem(stranger.post("/deadlines", {"start": "2026-02-30", "amount": 5}), 422)


def test_who_am_i(district: District) -> None:
    me = district.caller("wu").get("/me").body
    assert me["entities"][0]["name"].endswith("有限公司")
    assert "*" in me["person"]["id_number"]
    is_problem(district.caller().get("/me"), 401)


def test_health_needs_nobody(district: District) -> None:
    stranger = district.caller()
    assert stranger.get("/health/live").status == 200
    ready = stranger.get("/health/ready")
    assert (ready.status, ready.body["failing"]) == (200, [])


def test_health_names_the_part_that_fails(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    from yimen.site import health

    monkeypatch.setitem(health.CHECKS, "files", lambda: False)
    ready = district.caller().get("/health/ready")
    assert (ready.status, ready.body["failing"]) == (503, ["files"])
    assert district.caller().get("/health/live").status == 200


def test_the_document_of_the_interface(district: District) -> None:
    document = district.caller().get("/openapi.json").body
    assert document["openapi"].startswith("3.1")
    promised = {
        "/items": "get", "/items/{code}": "get", "/files": "post", "/applications": "post",
        "/applications/{number}": "get", "/cases": "get", "/cases/{number}": "get", "/cases/{number}/acts": "post",
        "/cases/{number}/trace": "get", "/cases/{number}/ledger": "get", "/deadlines": "post",
    }  # fmt: skip
    assert {
        p for p, method in promised.items() if method not in document["paths"].get(f"/api/v1{p}", {})
    } == set()
    for path in document["paths"].values():
        for operation in path.values():
            refusals = {c for r in operation["responses"].values() for c in r.get("content", {})}
            assert "application/problem+json" in refusals


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("POST", "/cases", 405, "method_not_allowed"),
        ("DELETE", "/items", 405, "method_not_allowed"),
        ("GET", "/cases/NONE", 404, "not_found"),
        ("GET", "/applications/NONE", 404, "not_found"),
        ("GET", "/cases/NONE/trace", 404, "not_found"),
        ("GET", "/cases/NONE/ledger", 404, "not_found"),
        ("POST", "/applications", 422, "invalid"),
    ],
)
def test_every_refusal_is_a_problem(
    district: District, method: str, path: str, status: int, code: str
) -> None:
    is_problem(district.caller("lin").send(method, path, {} if method == "POST" else None), status, code)


@pytest.mark.parametrize(
    "path", ["/cases", "/cases/1", "/cases/1/trace", "/cases/1/ledger", "/applications/1", "/me"]
)
def test_reading_needs_a_caller(district: District, path: str) -> None:
    refused = district.caller().get(path)
    is_problem(refused, 401, "not_signed_in")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", ["/cases/1/acts", "/applications", "/files"])
def test_writing_needs_a_caller(district: District, path: str) -> None:
    is_problem(district.caller().post(path, {"act": "accept"}), 401, "not_signed_in")
    expired = district.caller("lin", timedelta(seconds=1))
    is_problem(expired.post(path, {"act": "accept"}), 401, "not_signed_in")


def test_each_of_the_refusals_of_an_act(district: District) -> None:
    number = district.case("lin", STREET)
    lin, clerk, cgj = (district.caller(u) for u in ("lin", "hong", "cgj-shen"))
    is_problem(lin.act(number, "accept"), 403, "not_allowed")
    is_problem(clerk.act(number, "accept"), 404, "not_found")
    body = is_problem(cgj.act(number, "resume"), 409, "state_forbids")
    assert body["clause"]
    is_problem(cgj.act(number, "fly"), 422, "unknown_act")
    is_problem(cgj.act(number, "refuse_acceptance", clause="第三条"), 422)
    assert cgj.act(number, "accept", revision=1).status == 200
    twice = is_problem(cgj.act(number, "accept", revision=1), 409, "conflict")
    assert "城管审查" in twice["detail"] and "受理" in twice["detail"]
    assert twice["would_pass"]
    extra = is_problem(cgj.act(number, "accept", colour="red"), 409)
    assert extra["code"] == "state_forbids"
    assert "colour" in is_problem(lin.act(number, "withdraw", colour="red"), 422)["fields"]


def test_no_two_shapes_share_a_name() -> None:
    """One name is one entry of the document: a second shape of that name would be told wrongly."""
    known: dict[str, list[str]] = {"ProblemOut": []}  # left out of the document: Problem stands for it
    for _, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                bodies = [m for m in operation.response_models.values() if m] + list(operation.models)
                for model in bodies:
                    for name, shape in model.model_json_schema(by_alias=True).get("$defs", {}).items():
                        members = sorted(shape.get("properties", {}))
                        assert name == "ProblemOut" or known.setdefault(name, members) == members, name
    assert len(known) > 40

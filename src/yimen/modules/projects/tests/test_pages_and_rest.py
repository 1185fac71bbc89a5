"""The three rooms and REST: what is shown, what stays typed, what is refused in words, what it costs."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema_rs import Draft202012Validator

from yimen.foundation.files.tests.factories import png
from yimen.foundation.identity import api as identity
from yimen.foundation.orgs.models import Division
from yimen.kernel.actor import PLATFORM
from yimen.kernel.clock import travel_to
from yimen.modules.cases.tests.factories import id_number
from yimen.modules.items.tests.factories import make_organisation
from yimen.modules.projects import api as projects
from yimen.modules.projects.models import JointSession, PreReviewMaterial, Project
from yimen.modules.projects.tests import factories as made

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def march() -> Iterator[None]:
    with travel_to(made.AT):
        yield


def signed_in(account: identity.Account) -> Client:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def office(code: str, role: str) -> Client:
    identity.seed_roles()
    account = identity.Account.objects.create(username=f"{role}-{code}", display_name=code, kind="staff")
    identity.grant_role(account, role, actor=PLATFORM, at=made.AT, organisation=make_organisation(code))
    return signed_in(account)


def supervisor() -> Client:
    identity.seed_roles()
    account = identity.Account.objects.create(username="qian", display_name="钱督查", kind="staff")
    division = Division.objects.get(code=made.DISTRICT)
    identity.grant_role(account, "supervisor", actor=PLATFORM, at=made.AT, division=division)
    return signed_in(account)


def owner_client() -> Client:
    """Somebody who represents the enterprise of ``make_owner()``."""
    person = identity.find_or_register_person("吴建国", id_number(8), "13800138000", made.AT)
    entity = identity.entity_with_uscc(made.uscc())
    entity = entity or identity.find_or_register_entity(
        "测试建设1有限公司", made.uscc(), made.AT, phone="13800138000"
    )
    account = identity.Account.objects.create(username="wu", display_name="吴建国", person=person)
    identity.grant_representation(
        agent=person, principal_entity=entity, actor=PLATFORM, at=made.AT, note="授权"
    )
    return signed_in(account)


def given(**changes: Any) -> dict[str, Any]:
    return {
        "name": "网上登记的项目", "owner": made.uscc(), "investment": "enterprise", "approval": "filing", "kind": "factory",
        "track": "parallel", "division": made.DISTRICT, "address": "测试路2号", "invests": "800", "floor_area": "",
        "boundary": made.SQUARE, "point": "", "answers": ["pollutes"], **changes,
    }  # fmt: skip


def test_an_owner_registers_a_project_and_follows_it() -> None:
    made.make_plan()
    client = owner_client()
    assert "登记项目" in client.get("/projects/").content.decode()
    looked = client.post("/projects/new/", {**given(), "_look": "1"})
    assert looked.status_code == 200
    assert "<polygon" in looked.content.decode()
    assert Project.objects.count() == 0
    answer = client.post("/projects/new/", {**given(), "_register": "1"})
    [project] = Project.objects.all()
    assert answer.headers["Location"] == f"/projects/{project.code}/"
    page = client.get(answer.headers["Location"]).content.decode()
    for words in ("环境影响评价", "申请这一阶段", "提前预审", "进度图", "50 米"):
        assert words in page
    assert client.post(f"/projects/{project.code}/track/", {"track": "serial"}).status_code == 302
    project.refresh_from_db()
    assert project.track == "serial"


def test_a_wrong_registration_keeps_everything_typed() -> None:
    made.make_plan()
    client = owner_client()
    bow = "113.30,23.10\n113.31,23.11\n113.31,23.10\n113.30,23.11"
    answer = client.post(
        "/projects/new/", {**given(boundary=bow, code="2613-449901-04-01-123456"), "_register": "1"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "自己交叉了" in page
    for typed in ("网上登记的项目", "测试路2号", "113.31,23.11", "2613-449901-04-01-123456"):
        assert typed in page
    for odd in (
        {},
        {"invests": "9" * 40},
        {"invests": "NaN"},
        {"kind": "\0"},
        {"owner": "\0"},
        {"name": ["a", "b"]},
        {"division": "\0"},
    ):
        assert client.post(
            "/projects/new/", {**given(**odd), "_register": "1"} if odd else {}
        ).status_code in (302, 422)


def test_a_stage_is_one_form_and_one_set_of_materials() -> None:
    made.make_plan()
    client = owner_client()
    client.post("/projects/new/", {**given(), "_register": "1"})
    code = Project.objects.get().code
    address = f"/projects/{code}/stages/site/start/"
    page = client.get(address).content.decode()
    assert "由一起办理的“项目备案”的结果代替" in page
    assert client.get(f"/projects/{code}/stages/project/start/").status_code == 302
    assert client.get(f"/projects/{code}/stages/nowhere/start/").status_code == 404
    answer = client.post(address, {"_go": "1"})
    assert answer.headers["Location"] == f"/projects/{code}/"
    assert "等“项目备案”办结" in client.get(f"/projects/{code}/").content.decode()


def test_files_of_a_pre_review_reach_the_lead_and_leave_a_trace() -> None:
    made.make_plan()
    client = owner_client()
    client.post("/projects/new/", {**given(), "_register": "1"})
    code = Project.objects.get().code
    address = f"/projects/{code}/stages/construction/pre-review/"
    page = client.get(address).content.decode()
    assert "可以先行开展土方作业" in page
    key = page.split('name="file-')[1].split('"')[0]
    first = client.post(address, {"_go": "1", f"file-{key}": SimpleUploadedFile("a.png", png())})
    assert first.status_code == 422
    assert "请勾选承诺" in first.content.decode()
    digest = first.content.decode().split(f'name="file-{key}" value="')[1][:64]
    assert client.post(address, {"_go": "1", "promised": "yes", f"file-{key}": digest}).status_code == 302
    paper = PreReviewMaterial.objects.get()
    lead = office("zjj", "department_head")
    assert f"/projects/{code}/files/{paper.pk}/" in lead.get(f"/desk/projects/{code}/").content.decode()
    assert lead.get(f"/projects/{code}/files/{paper.pk}/").status_code == 200
    assert office("xfj", "reviewer").get(f"/projects/{code}/files/{paper.pk}/").status_code == 404


def test_a_department_acts_at_its_desk_and_nothing_typed_is_lost() -> None:
    walk = made.Walk()
    walk.start("site")
    head = office("zrzyj", "department_head")
    address = f"/desk/projects/{walk.code}/"
    page = head.get(address).content.decode()
    assert "召集" in page
    assert "预先核对" in page
    call = {
        "_key": "call_session-site",
        "stage": "site",
        "kind": "site_inspection",
        "place": "现场",
        "organisations": ["zrzyj"],
    }
    refused = head.post(f"{address}acts/call_session/", {**call, "held_at": "不知道"})
    assert refused.status_code == 422
    assert 'value="现场"' in refused.content.decode()
    assert (
        head.post(f"{address}acts/call_session/", {**call, "held_at": "2026-03-05T09:30"}).status_code == 302
    )
    session = JointSession.objects.get()
    finding = {"session": str(session.pk), "officers": "甲、乙", "agrees": "yes", "text": "没有不同意见"}
    assert head.post(f"{address}acts/give_finding/", finding).status_code == 302
    tell = {"session": str(session.pk), "outcome": "passed", "opinion": "同意选址"}
    assert head.post(f"{address}acts/tell_opinion/", tell).status_code == 302
    again = head.post(f"{address}acts/tell_opinion/", tell)
    assert again.status_code == 422
    assert "一次性告知" in again.content.decode()
    assert "同意选址" in head.get(address).content.decode()
    assert head.post(f"{address}acts/start_stage/", {}).status_code == 404
    for odd in (
        {},
        {"session": "9" * 30},
        {"session": "\0"},
        {"session": "-1"},
        {"session": ["1", "2"]},
        {"what": "x"},
    ):
        assert head.post(f"{address}acts/tell_opinion/", odd).status_code in (404, 422)


def test_rooms_are_closed_to_others() -> None:
    walk = made.Walk()
    stranger, other = Client(), office("xfj", "reviewer")
    for path in ("/projects/", f"/projects/{walk.code}/", "/desk/projects/", "/console/projects/"):
        assert stranger.get(path).status_code == 302
    assert other.get(f"/desk/projects/{walk.code}/").status_code == 404
    assert other.get("/console/projects/").status_code == 403
    assert (
        office("zrzyj", "reviewer").post(f"/projects/{walk.code}/track/", {"track": "serial"}).status_code
        == 403
    )


def test_the_console_lists_and_exports_what_the_schema_describes() -> None:
    walk = made.Walk()
    walk.all_stages()
    client = supervisor()
    with travel_to(walk.at):
        assert "测试厂房" in client.get("/console/projects/?state=finished").content.decode()
        assert "没有项目" in client.get("/console/projects/?state=registered&q=%00").content.decode()
        assert client.get("/console/projects/?page=999999999999&state=x&track=y").status_code == 200
        assert "导出" in client.get(f"/console/projects/{walk.code}/").content.decode()
        one = json.loads(client.get(f"/console/projects/{walk.code}/export.json").content)
        many = json.loads(client.get("/console/projects/export.json").content)
    validator = Draft202012Validator(projects.schema(), validate_formats=True)
    for document in (one, many):
        assert [error.message for error in validator.iter_errors(document)] == []
    [project] = one["projects"]
    assert project["clock"]["used_days"] == walk.project.spent_days
    for stage in project["stages"]:
        for case in stage["cases"]:
            assert (
                sum(case["days"].values()) == case["ledger_days"] == sum(h["days"] for h in case["holders"])
            )
            assert case["results"] or case["state"] == "delivered"
    broken = {**one, "projects": [{**project, "code": "x"}]}
    assert not validator.is_valid(broken)


def test_rest_tells_stages_cases_clocks_and_gantt_rows() -> None:
    walk = made.Walk()
    walk.start("site")
    walk.run("site")
    client = owner_client()
    with travel_to(walk.at):
        told = client.get(f"/api/v1/projects/{walk.code}").json()
        ledgers = {
            row["case"]: client.get(f"/api/v1/cases/{row['case']}/ledger").json()
            for row in told["gantt"]
            if row["case"]
        }
    assert [stage["state"] for stage in told["stages"]] == ["passed", "waiting", "waiting", "waiting"]
    assert len(ledgers) == 2
    assert told["cases"][0]["clocks"]
    for row in told["gantt"]:
        if row["case"]:
            ledger = ledgers[row["case"]]
            assert row["ledger_days"] == len(ledger) == sum(row["days"].values())
            assert row["counted"] == sum(day["counted"] for day in ledger)
            assert sum(one["days"] for one in row["holders"]) == len(ledger)
    assert {one["act"] for one in told["possible"]} == {"choose_track", "start_stage", "request_pre_review"}


def test_rest_registers_and_acts_and_refuses_in_words() -> None:
    made.make_plan()
    client = owner_client()

    def post(path: str, body: Any) -> Any:
        return client.post(f"/api/v1/{path}", json.dumps(body), "application/json")

    body = {**given(answers={"pollutes": False}), "floor_area": "100"}
    answer = post("projects", body)
    assert answer.status_code == 201, answer.content.decode()
    code = answer.json()["code"]
    assert client.get("/api/v1/projects?state=registered").json()["count"] == 1
    assert client.get("/api/v1/projects?state=odd").status_code == 422
    first = client.get("/api/v1/projects?size=1").json()
    behind = client.get("/api/v1/projects", {"after": first["next"]}).json()
    assert first["next"] == first["results"][0]["code"] and behind == {
        "count": 1,
        "results": [],
        "next": None,
    }
    assert client.get("/api/v1/projects?after=unknown").json()["code"] == "unknown_key"
    started = post(f"projects/{code}/acts", {"act": "start_stage", "stage": "site"})
    assert started.status_code == 200, started.content.decode()
    assert len(started.json()["cases"]) == 2
    for act, status in (
        ({"act": "start_stage", "stage": "site"}, 409), ({"act": "start_stage", "stage": "construction"}, 409),
        ({"act": "start_stage"}, 422), ({"act": "start_stage", "stage": "x"}, 404), ({"act": "fly"}, 422), ({}, 422),
        ({"act": "choose_track", "track": "x"}, 422), ({"act": "choose_track", "track": 7}, 422),
        ({"act": "tell_opinion", "session": 2**70, "outcome": "passed", "opinion": "x"}, 422),
        ({"act": "decide_pre_review", "stage": "construction", "outcome": "passed", "opinion": "同意"}, 403),
        ({"act": "start_stage", "stage": "project", "form": [], "materials": "x"}, 422),
    ):  # fmt: skip
        refused = post(f"projects/{code}/acts", act)
        assert refused.status_code == status, (act, refused.content.decode())
        assert refused.json()["detail"]
    assert client.get("/api/v1/projects/2613-449901-04-01-123456").json()["code"] == "project_code_wrong"
    assert client.get("/api/v1/projects/nonsense").status_code == 422
    assert client.get(f"/api/v1/projects/{code[:-6]}000001").status_code == 404
    assert client.get(f"/api/v1/projects/{code}/export").json()["format"] == "yimen/project-export/1"
    assert Client().get("/api/v1/projects/export/schema").json()["$schema"].endswith("2020-12/schema")
    assert Client().get(f"/api/v1/projects/{code}").status_code == 401


def test_reading_costs_no_more_with_more_projects_and_cases() -> None:
    walk = made.Walk()
    client = supervisor()
    costs = []
    for number in (2, 3):
        with CaptureQueriesContext(connection) as listed:
            client.get("/console/projects/")
        with CaptureQueriesContext(connection) as one:
            client.get(f"/console/projects/{walk.code}/")
        costs.append((len(listed), len(one)))
        made.registered(made.make_owner(number), name=f"第{number}个")
        walk.start("site") if number == 2 else None
    with CaptureQueriesContext(connection) as listed:
        client.get("/console/projects/")
    assert len(listed) <= costs[1][0] + 1
    assert costs[1][0] <= 22
    assert costs[1][1] <= 45

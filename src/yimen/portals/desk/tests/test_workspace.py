"""Each act through its own form; exactly the possible acts are shown; a second clerk is told."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yimen.foundation.calendar.api import current_calendar
from yimen.foundation.trace import api as trace
from yimen.kernel.clock import travel_to
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, brought_to, make_centre
from yimen.modules.items.content import Promise, Tolerance
from yimen.portals.desk.tests.factories import clerk_client, office_client
from yimen.portals.ui.wording import STATES

pytestmark = pytest.mark.django_db


def act(client: Client, case: cases.Case, name: str, **post: object) -> cases.Case:
    """Post an act's form as the page does, and read the case again."""
    case.refresh_from_db()
    answer = client.post(f"/desk/cases/{case.number}/acts/{name}/", {"revision": case.revision, **post})
    assert answer.status_code == 302, (answer.context["errors"], answer.context["refusal"])
    assert client.get(answer["Location"]).status_code == 200
    case.refresh_from_db()
    return case


def test_from_acceptance_to_delivery_through_the_forms() -> None:
    reviewer, head = office_client(), office_client("department_head", username="sun")
    clerk = clerk_client(make_centre())
    case, _ = brought_to("submitted")
    cases.Application.objects.filter(pk=case.application_id).update(centre=make_centre())
    cases.Case.objects.filter(pk=case.pk).update(centre=make_centre())
    assert act(reviewer, case, "accept").state == "accepted"
    assert act(reviewer, case, "pass_step", opinion="材料齐全，同意", step="review").state == "in_review"
    assert act(head, case, "extend", days="5", reason="案情复杂").was_extended
    assert act(head, case, "decide", outcome="granted", reason="符合条件").state == "granted"
    assert act(clerk, case, "deliver", way="window", receiver="林晓燕").state == "delivered"


def test_correction_names_what_is_missing_and_why() -> None:
    reviewer = office_client()
    case, _ = brought_to("submitted")
    page = reviewer.post(
        f"/desk/cases/{case.number}/acts/request_correction/", {"missing": ["licence"], "reason-licence": ""}
    )
    assert page.status_code == 200
    assert page.context["errors"] == {"reason-licence": "请写明缺什么、哪里不对、怎样才对。"}
    act(
        reviewer,
        case,
        "request_correction",
        missing=["licence", "form"],
        **{"reason-licence": "已过期", "reason-form": "地址不全"},
    )
    assert case.state == "correction_requested"


def test_the_window_takes_the_correction_as_paper() -> None:
    clerk = clerk_client(make_centre())
    case, _ = brought_to("correction_requested")
    cases.Case.objects.filter(pk=case.pk).update(centre=make_centre())
    assert act(clerk, case, "correct", **{"p:application": "1"}).state == "submitted"


def test_the_first_receipt_stays_and_the_correction_has_its_own() -> None:
    client = office_client()
    case, _ = brought_to("correction_requested")
    first = "2026年3月2日 10:00"
    page = client.get(f"/desk/cases/{case.number}/").content.decode()
    assert first in page and "补正收件" not in page
    later = AT + timedelta(days=2)
    clerk = clerk_client(make_centre())
    cases.Case.objects.filter(pk=case.pk).update(centre=make_centre())
    with travel_to(later):
        act(clerk, case, "correct", **{"p:application": "1"})
        page = client.get(f"/desk/cases/{case.number}/").content.decode()
        listed = client.get("/desk/cases/?tab=to_accept").content.decode()
    assert first in page and "补正收件" in page and "2026年3月4日 10:00" in page
    assert "补正收件" in listed


def test_a_suspended_case_is_called_the_same_everywhere() -> None:
    label = cases.STATE_LABELS[cases.CaseState.SUSPENDED]
    assert label.startswith(STATES["suspended"].word)


def test_refusals_suspension_return_and_termination() -> None:
    reviewer, head = office_client(), office_client("department_head", username="sun")
    case, _ = brought_to("submitted")
    act(
        reviewer,
        case,
        "refuse_acceptance",
        clause="某法第一条",
        reason="不属于本机关",
        would_pass="向市局申请",
    )
    assert case.state == "not_accepted"
    case, _ = brought_to("in_review")
    assert act(reviewer, case, "return_step", to="review", reason="补充核查").state == "in_review"
    act(reviewer, case, "suspend", procedure="hearing", days="5", clause="行政许可法第四十五条")
    assert case.state == "suspended"
    assert act(reviewer, case, "resume", note="听证结束").state == "in_review"
    assert (
        act(head, case, "terminate", clause="行政许可法第七十条", reason="申请人注销").state == "terminated"
    )
    case, _ = brought_to("in_review")
    assert (
        act(
            head, case, "decide", outcome="refused", reason="不符合", clause="某法", would_pass="整改后再申请"
        ).state
        == "refused"
    )


def test_promise_and_owed_material() -> None:
    clerk, reviewer = clerk_client(make_centre()), office_client()
    content = {"promise": Promise(materials=("licence",)), "tolerance": Tolerance()}
    case, _ = brought_to("accepted", content=content)
    cases.Material.objects.create(
        application=case.application, case=case, requirement="licence", name="营业执照", source="owed", state="owed",
        handed_in_at=AT,
    )  # fmt: skip
    cases.Case.objects.filter(pk=case.pk).update(owed=1, centre=make_centre())
    assert act(clerk, case, "supply", **{"p:licence": "1"}).owed == 0
    case, _ = brought_to("granted", content=content)
    cases.Case.objects.filter(pk=case.pk).update(promised=1)
    assert act(reviewer, case, "check_promise", outcome="kept", note="核查属实").promised == 0


def test_a_second_clerk_is_told_what_happened_and_keeps_what_was_typed() -> None:
    reviewer = office_client()
    case, office = brought_to("accepted")
    seen = case.revision
    later = AT + timedelta(days=2)
    with travel_to(later):
        cases.act(
            case.number,
            "suspend",
            {"procedure": "hearing", "clause": "行政许可法第四十五条", "days": 5},
            office,
            later,
        )
        answer = reviewer.post(
            f"/desk/cases/{case.number}/acts/pass_step/",
            {"revision": seen, "opinion": "我写了很长的意见", "step": "review"},
        )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "刚刚办理了“启动特别程序”" in page
    assert "我写了很长的意见" in page


@pytest.mark.parametrize(
    "road", ["submitted", "accepted", "in_review", "suspended", "granted", "delivered", "terminated"]
)
def test_exactly_the_possible_acts_are_shown_and_each_form_opens(road: str) -> None:
    case, _ = brought_to(road)
    for client in (office_client(), office_client("department_head", username="sun")):
        page = client.get(f"/desk/cases/{case.number}/")
        shown = {button["name"] for button in page.context["buttons"]}
        assert shown == set(cases.possible_acts(case, page.wsgi_request.actor))
        for name in shown:
            opened = client.get(f"/desk/cases/{case.number}/", {"act": name})
            assert opened.status_code == 200
            assert opened.context["opened"] == name
        for view in ("file", "course", "time", "papers", "nix"):
            assert client.get(f"/desk/cases/{case.number}/", {"view": view}).status_code == 200


def test_the_name_is_masked_until_it_is_read_with_a_purpose() -> None:
    client = office_client()
    case, _ = brought_to("submitted")
    number = case.application.person.id_number
    assert number not in client.get(f"/desk/cases/{case.number}/").content.decode()
    page = client.post(f"/desk/cases/{case.number}/full/", {"purpose": "审查材料，核对身份"})
    assert number in page.content.decode()
    [reading] = trace.events_of("reading:case", case.number)
    assert reading.note == "审查材料，核对身份"


def test_papers_open_for_the_office_only() -> None:
    client = office_client()
    case, _ = brought_to("accepted")
    sequence = trace.events_of("case", case.number).get(act="accept").sequence
    answer = client.get(f"/desk/cases/{case.number}/papers/{sequence}/")
    assert answer["Content-Type"] == "application/pdf"
    assert client.get(f"/desk/cases/{case.number}/papers/99/").status_code == 404
    assert client.get("/desk/papers/NOSUCHCODE12/").status_code == 404


def test_the_workspace_costs_the_same_however_thick_the_file_is() -> None:
    client = office_client()
    case, _ = brought_to("accepted")

    def cost(view: str) -> int:
        current_calendar()  # asked for again every few seconds: not what this measures
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/desk/cases/{case.number}/", {"view": view}).status_code == 200
        return len(captured)

    client.get(f"/desk/cases/{case.number}/")
    before = {view: cost(view) for view in ("file", "course", "time", "papers")}
    for n in range(12):
        cases.Material.objects.create(
            application=case.application, case=case, requirement="licence", name=f"第{n}份", source="paper",
            handed_in_at=AT,
        )  # fmt: skip
    assert {view: cost(view) for view in before} == before
    assert max(before.values()) <= 22


def test_a_link_on_a_refused_page_leads_back_to_the_workspace() -> None:
    client = office_client()
    case, _ = brought_to("submitted")
    answer = client.get(f"/desk/cases/{case.number}/acts/accept/", {"view": "course"})
    assert client.get(answer["Location"]).context["view"] == "course"
    assert client.get(f"/desk/cases/{case.number}/full/").status_code == 302
    assert client.get(f"/desk/cases/{case.number}/ledger/").status_code == 200

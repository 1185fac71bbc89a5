"""Following a matter, correcting, supplying, withdrawing, fetching papers."""

from datetime import timedelta

import pytest
from django.test import Client

from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.clock import travel_to
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, handed_in, officer, only_case, resident
from yimen.modules.forms import models as forms
from yimen.modules.issuing import api as issuing
from yimen.modules.items.tests.factories import make_standard
from yimen.portals.hall.tests.factories import a_photo, client_of, shop_content

pytestmark = pytest.mark.django_db
FORM = {"applicant_name": "林晓燕", "applicant_phone": "13800138000", "premises": "自己的"}


def text(response: object) -> str:
    return response.content.decode()


def at_correction(lin: Actor, *codes: str) -> cases.Case:
    standard = make_standard(content=shop_content())
    case = only_case(handed_in(lin, items=[standard.code], form=FORM))
    missing = [{"requirement": code, "reason": f"{code} 看不清"} for code in codes or ("id_card",)]
    return cases.act(
        case.number, "request_correction", {"missing": missing}, officer(), AT + timedelta(days=1)
    )


def test_my_list_shows_each_case_with_its_line(browser: Client, lin: Actor) -> None:
    handed_in(lin)
    page = text(browser.get("/my/"))
    assert "测试经营许可" in page and "3月9日前告诉您受不受理" in page


def test_lists_cost_the_same_however_long(browser: Client, lin: Actor, django_assert_max_num_queries) -> None:
    for _ in range(6):
        handed_in(lin, items=[make_standard().code, make_standard().code])
    browser.get("/my/")
    with django_assert_max_num_queries(16):
        assert browser.get("/my/").status_code == 200
    with django_assert_max_num_queries(16):
        assert browser.get("/").status_code == 200


def test_a_case_says_where_it_is_and_until_when(
    browser: Client, lin: Actor, django_assert_max_num_queries
) -> None:
    case = only_case(handed_in(lin))
    cases.act(case.number, "accept", {}, officer(), AT + timedelta(days=1))
    with django_assert_max_num_queries(24):
        page = text(browser.get(f"/my/cases/{case.number}/"))
    assert "审查，3月17日前给您结果" in page
    assert "受理了" in page and "时间花在哪里" in page and "撤回申请" in page


def test_an_overdue_case_says_so(browser: Client, lin: Actor) -> None:
    case = only_case(handed_in(lin))
    with travel_to(AT + timedelta(days=30)):
        page = text(browser.get(f"/my/cases/{case.number}/"))
    assert "已经超过了" in page and "020-00001235" in page


def test_somebody_elses_number_looks_like_no_number(browser: Client) -> None:
    application = handed_in(resident("吴建国"))
    case = only_case(application)
    unknown = browser.get("/my/cases/4499012600000000000-1/")
    for path in (
        f"/my/{application.number}/",
        f"/my/{application.number}/receipt/",
        f"/my/cases/{case.number}/",
        f"/my/cases/{case.number}/correct/",
        f"/my/cases/{case.number}/withdraw/",
        f"/apply/done/{application.number}/",
    ):
        assert browser.get(path).status_code == unknown.status_code == 404, path


def test_an_officer_does_not_read_cases_in_the_hall() -> None:
    case = only_case(handed_in())
    assert client_of(officer()).get(f"/my/cases/{case.number}/").status_code == 404


def test_a_correction_hands_in_what_the_notice_names(browser: Client, lin: Actor) -> None:
    case = at_correction(lin, "id_card", "photo")
    assert "去补正" in text(browser.get("/"))
    url = f"/my/cases/{case.number}/correct/"
    page = text(browser.get(url))
    assert "id_card 看不清" in page and "门面照片" in page and "承重说明" not in page
    half = browser.post(url, {"file-id_card": a_photo(), "revision": case.revision})
    assert half.status_code == 422 and "请补交“门面照片”" in text(half) and "scan.png" in text(half)
    done = browser.post(
        url, {"file-id_card": a_photo(), "file-photo": a_photo("b.png"), "revision": case.revision}
    )
    assert done["Location"] == f"/my/cases/{case.number}/"
    case.refresh_from_db()
    assert case.state == "submitted"
    assert cases.Material.objects.filter(case=case, state="handed_in").count() == 2
    assert browser.post(url, {"file-id_card": a_photo()}, follow=True).status_code == 200


def test_a_correction_may_bring_only_a_part_when_said_so(browser: Client, lin: Actor) -> None:
    case = at_correction(lin, "id_card", "photo")
    done = browser.post(f"/my/cases/{case.number}/correct/", {"file-id_card": a_photo(), "partial": "yes"})
    assert done.status_code == 302


def test_a_correction_of_the_form_shows_the_form(browser: Client, lin: Actor) -> None:
    case = at_correction(lin, "form")
    url = f"/my/cases/{case.number}/correct/"
    assert 'value="林晓燕"' in text(browser.get(url))
    wrong = browser.post(url, {"applicant_name": "林晓燕", "applicant_phone": "1"})
    assert wrong.status_code == 422 and 'value="1"' in text(wrong)
    browser.post(url, {"applicant_name": "林晓雁", "applicant_phone": "13800138000"})
    assert cases.Application.objects.get().form["applicant_name"] == "林晓雁"


def test_when_somebody_was_quicker_it_is_told(browser: Client, lin: Actor) -> None:
    case = at_correction(lin)
    response = browser.post(
        f"/my/cases/{case.number}/correct/", {"file-id_card": a_photo(), "revision": "1"}, follow=True
    )
    assert "刚刚办理了" in text(response)


def test_withdrawing_asks_once(browser: Client, lin: Actor) -> None:
    case = only_case(handed_in(lin))
    url = f"/my/cases/{case.number}/withdraw/"
    assert "撤回这份申请？" in text(browser.get(url))
    page = browser.post(url, {"note": ""}, follow=True)
    assert "您已经撤回" in text(page)
    assert "现在不能撤回" in text(browser.post(url, follow=True))


def test_owed_material_is_supplied(browser: Client, lin: Actor) -> None:
    standard = make_standard(content=shop_content())
    case = only_case(
        handed_in(
            lin,
            items=[standard.code],
            form=FORM,
            materials=[cases.MaterialIn(requirement="photo", owed=True)],
        )
    )
    cases.act(case.number, "accept", {}, officer(), AT + timedelta(days=1))
    url = f"/my/cases/{case.number}/supply/"
    assert "门面照片" in text(browser.get(url))
    browser.post(url, {"file-photo": a_photo()})
    case.refresh_from_db()
    assert case.owed == 0
    assert "没有要补的材料" in text(browser.get(url, follow=True))


def test_papers_and_own_files_are_for_the_applicant_only(browser: Client, lin: Actor) -> None:
    browser.post("/apply/upload/", {"file": a_photo()})
    digest = browser.post("/apply/upload/", {"file": a_photo()}).json()["digest"]
    application = handed_in(lin, materials=[cases.MaterialIn(requirement="application", file=digest)])
    paper = issuing.issue_receipt(application.pk)
    material = cases.Material.objects.get()
    other = client_of(resident("吴建国"))
    for path in (f"/my/papers/{paper.verification_code}/", f"/my/files/{material.pk}/"):
        assert browser.get(path).status_code == 200
        assert other.get(path).status_code == 404
    assert browser.get("/my/files/99999999999999999999/").status_code == 404
    assert browser.get("/my/papers/ZZZ/").status_code == 404


def test_odd_query_strings_give_the_first_page(browser: Client) -> None:
    for query in (
        "page=abc",
        "page=-1",
        "page=999999999999",
        "state=x&whom=entity:9x",
        "whom=entity:1",
        "size=0",
    ):
        assert browser.get(f"/my/?{query}").status_code == 200


def test_looking_at_ones_number_in_full_is_noted(browser: Client, lin: Actor) -> None:
    masked = text(browser.get("/me/"))
    assert "**********" in masked
    shown = text(browser.post("/me/"))
    assert "**********" not in shown
    assert trace.Event.objects.filter(subject_kind="reading:person", actor_id=lin.account_id).count() == 1


def _typed(page: object) -> dict[str, str]:
    """What the page of a correction carries by itself."""
    context = page.context
    return {
        "_revision": context["revision"],
        "_page": context["page_mark"],
        "revision": context["case"].revision,
    }


def test_a_correction_begun_is_there_after_a_reload(browser: Client, lin: Actor) -> None:
    case = at_correction(lin, "id_card", "photo", "form")
    address = f"/my/cases/{case.number}/correct/"
    digest = browser.post("/apply/upload/", {"file": a_photo()}).json()["digest"]
    page = browser.get(address)
    typed = {"file-id_card": digest, "applicant_name": "林晓燕", "applicant_phone": "139", "remarks": ""}
    kept = browser.post(f"{address}save/", {**_typed(page), **typed, "licence-id_card": ""})
    assert kept.json() == {"revision": 1, "elsewhere": ""}
    again = text(client_of(lin).get(address))
    assert "scan.png" in again and 'value="139"' in again and "上次填到一半的都在" in again
    case.refresh_from_db()
    assert case.state == "correction_requested"
    refused = browser.post(address, {**_typed(page), **typed})
    assert refused.status_code == 422
    assert "scan.png" in text(browser.get(address)), "what was refused is kept too"
    done = browser.post(address, {**_typed(page), **typed, "applicant_phone": "13900139000", "partial": "on"})
    assert done.status_code == 302
    case.refresh_from_db()
    assert case.state == "submitted" and case.application.form["applicant_phone"] == "13900139000"
    assert not forms.Draft.objects.exists()


def test_two_devices_put_one_correction_together(browser: Client, lin: Actor) -> None:
    case = at_correction(lin, "id_card", "photo")
    address = f"/my/cases/{case.number}/correct/"
    desk, phone = client_of(lin), browser
    digest = phone.post("/apply/upload/", {"file": a_photo()}).json()["digest"]
    on_desk, on_phone = _typed(desk.get(address)), _typed(phone.get(address))
    phone.post(f"{address}save/", {**on_phone, "file-id_card": digest, "file-photo": digest})
    told = desk.post(f"{address}save/", {**on_desk, "file-photo": digest}).json()
    assert "身份证" in told["elsewhere"] and "空着" in told["elsewhere"]
    refused = desk.post(address, {**on_desk, "file-photo": digest})
    assert refused.status_code == 409
    desk.post(address, {**on_desk, "file-photo": digest, "_use-_m:id_card": "there"})
    case.refresh_from_db()
    assert case.state == "submitted"
    given = set(
        cases.Material.objects.filter(case=case, state="handed_in").values_list("requirement", flat=True)
    )
    assert given >= {"id_card", "photo"}


def test_only_ones_own_correction_is_kept(browser: Client, lin: Actor) -> None:
    case = at_correction(lin, "id_card")
    other = client_of(resident("吴建国"))
    assert other.post(f"/my/cases/{case.number}/correct/save/", {}).status_code == 404
    assert browser.post(f"/my/cases/{case.number}/decide/save/", {}).status_code == 404
    assert browser.get(f"/my/cases/{case.number}/correct/save/").status_code == 405
    assert browser.post(f"/my/cases/{case.number}/supply/save/", {}).status_code == 204
    odd = {
        "_revision": "\0",
        "_page": "'",
        "file-id_card": "x" * 9000,
        "licence-id_card": "\0",
        "_use-x": "there",
    }
    assert browser.post(f"/my/cases/{case.number}/correct/save/", odd).status_code in (200, 409)

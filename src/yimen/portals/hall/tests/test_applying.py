"""Applying for one and for several items, as a browser without scripts does."""

from datetime import date

import pytest
from django.test import Client

from yimen.foundation.identity import api as identity
from yimen.foundation.orgs import api as orgs
from yimen.kernel.actor import PLATFORM, Actor
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, resident
from yimen.modules.forms import api as forms
from yimen.modules.forms.tests.factories import a_form
from yimen.modules.items.api import Item, PublishedStandard
from yimen.modules.items.tests.factories import make_standard
from yimen.portals.hall import collecting, filling
from yimen.portals.hall.tests.factories import (
    ID_CARD,
    SURVEY,
    Applying,
    a_photo,
    client_of,
    new_version,
    shop,
    shop_content,
    sign,
)

pytestmark = pytest.mark.django_db


def text(response: object) -> str:
    return response.content.decode()


def a_centre(standard: PublishedStandard, code: str, town: str = "") -> orgs.Centre:
    """A centre in the item's district, or in one of its towns."""
    district = orgs.division_with_code(standard.division_code)
    place = district
    if town:
        orgs.save_divisions([orgs.DivisionRow(code=town, name="桥头街道")])
        place = orgs.division_with_code(town)
    return orgs.create_centre(code=code, name=f"{place.name}中心", division=place, actor=PLATFORM)


def test_the_result_is_fetched_at_the_centre_that_was_chosen(browser: Client) -> None:
    standard = shop()
    way = Applying(browser, standard.code)
    way.to_check()
    a_centre(standard, "a-town", "449901003000")
    a_centre(standard, "the-district")
    page = text(way.get("check"))
    assert "在哪个大厅领取" in page and '<option value="the-district" selected>' in page
    for wrong in ("", "no-such-centre", "\0"):
        answer = way.post("check", "submit", delivery="window", centre=wrong)
        assert answer.status_code == 422 and "请选择在哪个大厅领取结果" in text(answer)
    way.post("check", "submit", delivery="window", centre="a-town")
    application = cases.Application.objects.get()
    assert application.centre is not None and application.centre.code == "a-town"
    assert {case.centre_id for case in application.cases.all()} == {application.centre_id}


def test_what_comes_by_post_needs_no_centre(browser: Client) -> None:
    standard = make_standard(content=shop_content(delivery=("window", "courier")))
    a_centre(standard, "the-district")
    way = Applying(browser, standard.code)
    way.to_check()
    assert way.post("check", "submit", delivery="courier").status_code == 302
    assert cases.Application.objects.get().centre is None


def test_the_centre_nearest_to_the_address_in_the_form_stands_first(lin: Actor) -> None:
    standard = make_standard(content=shop_content(form=a_form("applicant_home_address")))
    for code, town in (("a-district", ""), ("b-town", "449901003000"), ("c-town", "449901005000")):
        a_centre(standard, code, town)
    here = filling.load([standard.code], lin, AT)
    offered = collecting.centres(here)
    assert collecting.usual_centre(here, offered) == "a-district"
    here.values["applicant_home_address"] = {"division": "449901005000", "detail": "一巷2号"}
    assert collecting.usual_centre(here, offered) == "c-town"
    here.values[filling.CENTRE] = "b-town"
    assert collecting.usual_centre(here, offered) == "b-town"


def test_a_stranger_is_sent_to_sign_in_and_comes_back() -> None:
    response = Client().get(f"/apply/?item={shop().code}")
    assert response.status_code == 302 and "/accounts/login/" in response["Location"]


def test_one_item_from_the_first_step_to_the_receipt(browser: Client, lin: Actor) -> None:
    way = Applying(browser, shop().code)
    assert "替谁办" in text(way.get())
    way.post("who", applicant="me")
    way.post("questions", **{"q-premises": "租的"})
    way.post("form", applicant_name="林晓燕", applicant_phone="13800138000")
    page = text(way.get("materials"))
    assert "租赁合同" in page and "承诺店面承重符合要求" in page
    way.post(
        "materials",
        **{
            "file-id_card": a_photo(), "how-id_card": "file", "how-survey": "promise", "how-photo": "owed",
        },
    )  # fmt: skip
    check = text(way.get("check"))
    assert "也可以先提交" in check and "scan.png" in check and "以书面承诺代替" in check
    done = way.submit()
    application = cases.Application.objects.get()
    assert done["Location"] == f"/apply/done/{application.number}/"
    sources = dict(cases.Material.objects.values_list("requirement", "source"))
    assert sources == {"id_card": "file", "survey": "promise", "photo": "owed"}
    page = text(browser.get(done["Location"]))
    assert application.number in page and "3月9日" in page
    assert not forms.drafts_visible_to(lin).exists()
    receipt = browser.get(f"/my/{application.number}/receipt/", follow=True)
    assert receipt["Content-Type"] == "application/pdf"


def test_two_items_ask_the_common_things_once(browser: Client) -> None:
    one, two = shop(), sign()
    way = Applying(browser, one.code, two.code)
    way.to_check()
    assert text(way.get("form")).count('name="applicant_name"') == 1
    page = text(way.get("materials"))
    assert page.count('id="m-id_card"') == 1 and "小店经营许可、招牌设置" in page
    way.post("materials", **{"file-id_card": a_photo()})
    way.submit()
    application = cases.Application.objects.get()
    found = cases.Material.objects.filter(application=application, requirement="id_card")
    assert application.cases.count() == 2 and {m.case_id for m in found} == {
        c.pk for c in application.cases.all()
    }


def test_what_the_answers_spare_is_told(browser: Client) -> None:
    way = Applying(browser, shop().code)
    way.to_check()
    page = text(way.get("materials"))
    assert "这些不用您交" in page and "按您的情况不用交" in page


def test_handing_in_twice_makes_one_application(browser: Client) -> None:
    standard = shop()
    way = Applying(browser, standard.code)
    way.to_check()
    first = way.submit()
    again = way.submit()
    assert again["Location"] == first["Location"]
    way.to_check()
    duplicate = way.submit()
    assert duplicate["Location"] == first["Location"]
    assert "今天已经交过了" in text(browser.get(duplicate["Location"]))
    assert cases.Application.objects.count() == 1


def test_a_changed_standard_is_told_and_nothing_typed_is_lost(browser: Client) -> None:
    standard = shop()
    way = Applying(browser, standard.code)
    way.to_check(remarks="靠近路口")
    new_version(
        standard,
        shop_content(materials=(ID_CARD, SURVEY.model_copy(update={"code": "plan", "name": "平面图"}))),
        date(2026, 3, 1),
    )
    page = text(way.get("check"))
    assert "刚刚更新了" in page and "要多交一份：平面图" in page and "不用再交：门面照片" in page
    refused = way.submit()
    assert refused.status_code == 409 and "靠近路口" in text(refused)
    way.post("check", "accept_changes")
    assert way.submit().status_code == 302
    assert cases.Case.objects.get().published.version == 2


def test_a_suspended_item_says_why_and_lets_the_others_go_on(browser: Client) -> None:
    closed, open_one = shop(), sign()
    Item.objects.filter(code=closed.code).update(state="suspended", suspended_reason="系统升级")
    page = browser.get(f"/apply/?item={closed.code}&item={open_one.code}")
    assert page.status_code == 409
    assert "系统升级" in text(page) and f"/apply/?item={open_one.code}" in text(page)


@pytest.mark.parametrize("query", ["item=NO-SUCH-ITEM", "item=' OR 1=1", "item=%00", "", "item=" + "A" * 500])
def test_an_odd_address_gets_a_sentence(browser: Client, query: str) -> None:
    response = browser.get(f"/apply/?{query}", follow=True)
    assert response.status_code in (200, 404)


def test_a_wrong_answer_stays_beside_its_field_with_everything_typed(browser: Client) -> None:
    way = Applying(browser, shop().code)
    way.post("who", applicant="me")
    way.post("questions", **{"q-premises": "自己的"})
    response = way.post("form", applicant_name="林晓燕", applicant_phone="138", remarks="靠近路口")
    page = text(response)
    assert response.status_code == 422
    assert 'value="138"' in page and "靠近路口" in page and "f-applicant_phone-error" in page


def test_known_facts_stand_in_the_form_to_confirm(browser: Client) -> None:
    way = Applying(browser, shop().code)
    way.post("who", applicant="me")
    page = text(way.get("form"))
    assert 'value="林晓燕"' in page and "来自您的实名信息" in page


def test_an_emptied_known_fact_stays_empty(browser: Client) -> None:
    way = Applying(browser, shop().code)
    way.post("who", applicant="me")
    way.post("form", applicant_name="", applicant_phone="13800138000")
    assert 'value="林晓燕"' not in text(way.get("form"))


def test_a_draft_goes_on_another_device(lin: Actor, browser: Client) -> None:
    standard = shop()
    way = Applying(browser, standard.code)
    way.post("who", applicant="me")
    way.post("questions", "leave", **{"q-premises": "租的"})
    other = client_of(lin)
    assert "继续填写" in text(other.get("/")) and "继续填写" in text(other.get("/my/"))
    draft = forms.drafts_visible_to(lin).get()
    response = other.get(f"/apply/drafts/{draft.pk}/", follow=True)
    assert response.status_code == 200 and standard.content.name in text(response)
    assert 'value="租的" checked' in text(Applying(other, standard.code).get("questions"))


def test_a_strangers_draft_is_not_there(browser: Client) -> None:
    Applying(browser, shop().code).post("who", applicant="me")
    other = resident("吴建国")
    [draft] = forms.drafts_visible_to(_actor_of(browser))
    assert client_of(other).get(f"/apply/drafts/{draft.pk}/").status_code == 404
    assert client_of(other).post(f"/apply/drafts/{draft.pk}/discard/").status_code == 404


def _actor_of(client: Client) -> Actor:
    return Actor(account_id=int(client.session["_auth_user_id"]))


def test_autosave_keeps_what_is_typed_and_checks_nothing(browser: Client, lin: Actor) -> None:
    standard = shop()
    Applying(browser, standard.code).post("who", applicant="me")
    saved = browser.post(f"/apply/save/?item={standard.code}", {"_step": "form", "applicant_phone": "13"})
    assert saved.status_code == 200 and saved.json() == {"revision": 2, "elsewhere": ""}
    assert 'value="13"' in text(Applying(browser, standard.code).get("form"))
    assert browser.post("/apply/save/?item=NO-SUCH", {"_step": "form"}).status_code == 409


def test_a_script_uploads_a_file_and_the_page_keeps_it(browser: Client) -> None:
    standard = shop()
    way = Applying(browser, standard.code)
    way.to_check()
    answer = browser.post("/apply/upload/", {"file": a_photo()})
    assert answer.status_code == 201 and answer.json()["media_type"] == "image/png"
    browser.post(
        f"/apply/save/?item={standard.code}",
        {"_step": "materials", "file-id_card": answer.json()["digest"], "how-id_card": "file"},
    )
    assert "scan.png" in text(way.get("materials"))
    removed = way.post(
        "materials",
        "next",
        **{"file-id_card": answer.json()["digest"], "_remove": f"id_card:{answer.json()['digest']}"},
    )
    assert removed.status_code == 302 and "scan.png" not in text(way.get("materials"))


def test_an_upload_that_is_no_document_is_refused_in_a_sentence(browser: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    way = Applying(browser, shop().code)
    way.to_check()
    bad = SimpleUploadedFile("a.pdf", b"MZ\x90 not a document", content_type="application/pdf")
    response = way.post("materials", **{"file-id_card": bad})
    assert response.status_code == 422 and "身份证" in text(response)
    assert browser.post("/apply/upload/", {}).status_code == 422
    assert browser.post("/apply/upload/", {"file": SimpleUploadedFile("a.pdf", b"")}).status_code == 422


def test_somebody_elses_file_cannot_be_used(browser: Client) -> None:
    digest = client_of(resident("吴建国")).post("/apply/upload/", {"file": a_photo()}).json()["digest"]
    way = Applying(browser, shop().code)
    way.to_check()
    way.post("materials", **{"file-id_card": digest, "how-id_card": "file"})
    way.submit()
    assert not cases.Material.objects.exists()


def test_an_item_for_enterprises_is_not_offered_to_a_person(browser: Client) -> None:
    standard = make_standard(content=shop_content(audience=("enterprise",)))
    way = Applying(browser, standard.code)
    assert "由单位申请" in text(way.get())
    assert way.post("who", applicant="me").status_code == 422


def test_unmet_conditions_are_told_before_and_at_handing_in(browser: Client) -> None:
    from yimen.modules.items.content import Condition

    rule = Condition(text="店面自有", rule="premises = '租的'", failing="租的店面才用办。")
    way = Applying(browser, make_standard(content=shop_content(conditions=(rule,))).code)
    way.to_check()
    assert "租的店面才用办" in text(way.get("check"))
    assert way.submit().status_code == 422
    assert not cases.Application.objects.exists()


def test_an_agent_applies_for_the_enterprise_that_let_him(browser: Client, lin: Actor) -> None:
    shop_owner = identity.find_or_register_entity("甲乙丙餐饮有限公司", "91440101MA5D4K2B7T", AT)
    allowed, other = shop(), sign()
    _let(lin, shop_owner, [allowed.code])
    way = Applying(browser, allowed.code)
    page = text(way.get())
    assert "甲乙丙餐饮有限公司" in page
    assert way.post("who", applicant=f"entity:{shop_owner.pk}").status_code == 302
    way.post("questions", **{"q-premises": "自己的"})
    way.post("form", applicant_name="林晓燕", applicant_phone="13800138000")
    way.post("materials")
    way.submit()
    assert cases.Application.objects.get().entity_id == shop_owner.pk
    page = text(browser.get("/my/"))
    assert "甲乙丙餐饮有限公司" in page and text(browser.get("/my/?whom=me")).count('class="matter"') == 0
    limited = Applying(browser, other.code)
    assert "对方没有委托您办“招牌设置”" in text(limited.get())
    assert limited.post("who", applicant=f"entity:{shop_owner.pk}").status_code == 422


def _let(agent: Actor, entity: identity.LegalEntity, scope: list[str]) -> None:
    identity.grant_representation(
        agent=identity.person_with_id(agent.person_id or 0),
        principal_entity=entity,
        scope=scope,
        actor=PLATFORM,
        at=AT,
    )


def test_somebody_never_named_cannot_be_applied_for(browser: Client) -> None:
    stranger = identity.find_or_register_entity("别人公司", "91440101MA5D4K2B7T", AT)
    way = Applying(browser, shop().code)
    assert way.post("who", applicant=f"entity:{stranger.pk}").status_code == 422
    assert way.post("who", applicant="person:1").status_code == 422


@pytest.mark.parametrize("step", ["who", "questions", "form", "materials", "check"])
def test_a_step_costs_a_handful_of_statements(
    browser: Client, step: str, django_assert_max_num_queries: object
) -> None:
    way = Applying(browser, shop().code, sign().code)
    way.to_check()
    way.post("materials", **{"file-id_card": a_photo()})
    way.get(step)
    with django_assert_max_num_queries(9):
        assert way.get(step).status_code == 200


def test_another_item_is_taken_along_with_what_was_typed(browser: Client, lin: Actor) -> None:
    one, two = shop(), sign()
    Applying(browser, one.code).to_check(remarks="靠近路口")
    found = text(browser.get(f"/apply/add/?item={one.code}&q=招牌"))
    assert two.code in found
    both = browser.post(f"/apply/add/?item={one.code}", {"add": two.code})
    assert f"item={two.code}" in both["Location"]
    assert "靠近路口" in text(Applying(browser, one.code, two.code).get("form"))
    assert forms.drafts_visible_to(lin).count() == 1
    alone = browser.post(f"/apply/add/?item={one.code}&item={two.code}", {"remove": two.code})
    assert two.code not in alone["Location"]
    assert "靠近路口" in text(Applying(browser, one.code).get("form"))
    assert browser.post(f"/apply/add/?item={one.code}", {"add": "NO-SUCH"}).status_code == 302

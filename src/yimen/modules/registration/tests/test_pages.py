"""The public register, names, one's own documents, and the registrar's room in a browser's eyes."""

import io
from datetime import timedelta

import docx
import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from yimen.foundation.identity.models import Account, Role, RoleGrant
from yimen.kernel.clock import travel_to
from yimen.modules.cases import api as cases
from yimen.modules.registration.permissions import ANY
from yimen.modules.registration.services import notices, standing
from yimen.modules.registration.tests.factories import (
    AT,
    company,
    company_form,
    founder,
    make_bound,
    registrar,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def browser(account_id: int | None = None) -> Client:
    client = Client()
    if account_id:
        client.force_login(Account.objects.get(pk=account_id), backend=BACKEND)
    return client


def office() -> Client:
    actor = registrar()
    role = Role.objects.create(code="registrar_test", name="登记", grants=list(ANY))
    account = Account.objects.get(pk=actor.account_id)
    RoleGrant.objects.create(account=account, role=role, valid_from=AT.date(), granted_at=AT)
    return browser(actor.account_id)


def page(client: Client, view: str, *args: object, status: int = 200, **query: str) -> str:
    with travel_to(AT + timedelta(hours=1)):
        response = client.get(reverse(f"registration:{view}", args=args), query)
    assert response.status_code == status
    return response.content.decode()


def test_anybody_finds_an_entity_by_a_word_of_its_name_and_reads_it() -> None:
    entity, _ = company()
    assert entity.name in page(browser(), "search", q="晨光")
    assert entity.uscc in page(browser(), "search", q=entity.uscc.lower())
    html = page(browser(), "entity", entity.uscc)
    for word in ("餐饮业", "设立登记", "林晓燕", "100万元", "没有列入过", "粤海市澜江区"):
        assert word in html
    assert "13800138000" not in html and entity.legal_entity.legal_representative.id_number not in html


def test_a_state_narrows_the_search() -> None:
    entity, _ = company()
    assert entity.name in page(browser(), "search", q="晨光", state="active")
    assert entity.name not in page(browser(), "search", q="晨光", state="abnormal")
    assert entity.name in page(browser(), "search", state="active")


def test_the_qr_on_the_licence_leads_to_the_page() -> None:
    entity, _ = company()
    svg = browser().get(reverse("registration:qr", args=[entity.uscc]))
    assert svg["Content-Type"] == "image/svg+xml" and b"xmlns" in svg.content


@pytest.mark.parametrize("q", ["有", "有限公司", "\x00", "%", "';--", "9" * 500, "餐" * 500, "😀😀"])
def test_odd_questions_get_a_plain_answer(q: str) -> None:
    company()
    assert browser().get(reverse("registration:search"), {"q": q, "page": "x9"}).status_code in (200, 422)


def test_a_mistyped_code_is_told_character_by_character() -> None:
    html = page(browser(), "search", q="91449901MAYO4K2B7R", status=422)
    assert "第12位是字母“O”" in html and "数字0" in html


def test_the_name_page_tells_which_character_and_which_clause() -> None:
    company("粤海市澜江区晨辉餐饮有限公司")
    html = page(browser(), "names", name="粤海市澜江区晨晖餐饮有限公司", kind="company")
    assert "第2个字“晖”与“辉”" in html and "第十六条" in html
    assert "不能用" in page(browser(), "names", name="粤海市澜江区美国餐饮有限公司")
    assert "可以申报" in page(browser(), "names", name="粤海市澜江区朝霞餐饮有限公司", kind="nonsense")


def test_founders_fetch_their_documents_as_word_and_pdf_and_nobody_else_does() -> None:
    standard = make_bound("set_up", "company")
    actor, person = founder()
    number = cases.hand_in(cases.HandIn(items=[standard.code], form=company_form(person)), actor, AT).number
    mine = browser(actor.account_id)
    assert "章程" in page(mine, "filing", number)
    pdf = mine.get(reverse("registration:deed", args=[number, "articles", "pdf"])).content
    assert "晨光餐饮" in "".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages)
    word = mine.get(reverse("registration:deed", args=[number, "application", "docx"])).content
    assert any(
        "人民路1号" in c.text for t in docx.Document(io.BytesIO(word)).tables for r in t.rows for c in r.cells
    )
    assert pdf == mine.get(reverse("registration:deed", args=[number, "articles", "pdf"])).content
    stranger, _ = founder("路人甲")
    assert browser(stranger.account_id).get(reverse("registration:filing", args=[number])).status_code == 404
    assert mine.get(reverse("registration:deed", args=[number, "nothing", "pdf"])).status_code == 404


def test_an_entity_announces_and_a_creditor_objects_on_their_pages() -> None:
    entity, head = company()
    mine = browser(head.account_id)
    with travel_to(AT):
        address = reverse("registration:announce", args=[entity.uscc])
        assert mine.post(address).status_code == 422
        assert mine.post(address, {"promised": "1"}).status_code == 302
        creditor, _ = founder("何债权")
        address = reverse("registration:object", args=[entity.uscc])
        short = browser(creditor.account_id).post(address, {"reason": "欠钱"})
        assert short.status_code == 422 and "欠钱" in short.content.decode()
        browser(creditor.account_id).post(address, {"reason": "欠我货款三万元没有还"})
    assert "已有人提出异议" in page(browser(), "entity", entity.uscc)


def test_the_registrar_lists_revokes_and_settles_with_reasons() -> None:
    entity, head = company()
    client = office()
    with travel_to(AT):
        html = client.get(reverse("registration_console:list"), {"q": "晨光"}).content.decode()
        assert entity.name in html
        address = reverse("registration_console:act", args=[entity.uscc, "list_abnormal"])
        wrong = client.post(address, {"reason": "", "note": "两次上门都无人"})
        assert wrong.status_code == 422 and "两次上门都无人" in wrong.content.decode()
        assert client.post(address, {"reason": "not_reachable", "note": "两次上门都无人"}).status_code == 302
        delist = reverse("registration_console:act", args=[entity.uscc, "delist"])
        assert client.post(delist, {"note": "已重新取得联系"}).status_code == 302
        notice = notices.publish_notice(entity.uscc, head, AT, promised=True)
        objection = notices.object_to(entity.uscc, "欠我货款三万元没有还", head, AT)
        client.post(
            reverse("registration_console:dismiss", args=[entity.uscc, objection.pk]), {"why": "债务已经清偿"}
        )
        notice.refresh_from_db()
        assert notice.state == "running"
        page_ = client.get(reverse("registration_console:entity", args=[entity.uscc])).content.decode()
        assert "驳回" in page_ and "欠我货款" in page_
    assert "通过登记的住所（经营场所）无法联系" in page(browser(), "entity", entity.uscc)


def test_the_registrars_room_is_closed_to_others() -> None:
    entity, head = company()
    for client in (browser(), browser(head.account_id)):
        for name, args in (("list", []), ("entity", [entity.uscc]), ("act", [entity.uscc, "revoke"])):
            assert client.get(reverse(f"registration_console:{name}", args=args)).status_code in (302, 403)
    with pytest.raises(Exception, match="辖区"):
        standing.revoke(entity.uscc, "idle", "文号一号", "已经停业两年", registrar("440101"), AT)

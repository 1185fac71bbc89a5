"""The workbench: write, preview, review, publish, import."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from yimen.kernel.actor import Actor, Scope
from yimen.kernel.clock import travel_to
from yimen.modules.authoring.models import ImportRun
from yimen.modules.authoring.pages import comparing, imports, life, reviewing, work, writing
from yimen.modules.authoring.services.runs import run_import
from yimen.modules.authoring.tests.test_editing import posted
from yimen.modules.items.api import Impact, current
from yimen.modules.items.models import Item, Standard
from yimen.modules.items.permissions import PUBLISH, REVIEW, WRITE
from yimen.modules.items.tests.factories import (
    AT,
    DAY,
    make_content,
    make_item,
    make_organisation,
    make_standard,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def march() -> None:
    with travel_to(AT):
        yield


class Person:
    """Somebody with grants at the keyboard: pages are called with the request that the middleware would make."""

    def __init__(self, name: str, *grants: str, scope: Scope | None = None) -> None:
        account = get_user_model().objects.create(username=name)
        self.account = account
        self.actor = Actor(account_id=account.pk, name=name, grants={g: (scope or Scope(),) for g in grants})

    def ask(self, method: str, view, address: str = "/", data=None, *, htmx: bool = False, **parts: object):
        request = getattr(RequestFactory(), method)(address, data or {})
        request.actor = self.actor
        request.user = self.account
        request.session = {}
        request.htmx = htmx
        request._messages = type("Quiet", (), {"add": lambda *a, **k: None, "__iter__": lambda s: iter(())})()
        return view(request, **parts)


@pytest.fixture
def author() -> Person:
    return Person("author", WRITE)


@pytest.fixture
def reviewer() -> Person:
    return Person("reviewer", REVIEW, PUBLISH)


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    for address in ("", "new/", "import/", "export/", "A-1/", "A-1/1/", "A-1/1/review/"):
        response = client.get(f"/console/items/{address}")
        assert response.status_code == 302, address


def test_a_standard_from_the_first_word_to_the_first_applicant(author: Person, reviewer: Person) -> None:
    organisation = make_organisation()
    wrong = author.ask("post", work.new_item, data={"name": "甲", "code": "x y", "organisation": "no"})
    assert wrong.status_code == 422
    new = {"name": "招牌设置备案", "code": "N-0001", "type": "other_power", "organisation": organisation.code}
    assert author.ask("post", work.new_item, data=new).status_code == 302
    draft = Standard.objects.get(item__code="N-0001")
    page = author.ask("get", writing.edit, code="N-0001", version=1)
    assert "导入的资料没有法定办结时限" in page.content.decode()
    values = posted(make_content(name="招牌设置备案").model_dump(mode="json"))
    values |= {"revision": ["1"], "act": ["save"]}
    assert author.ask("post", writing.edit, data=values, code="N-0001", version=1).status_code == 302
    stale = author.ask("post", writing.edit, data=values, code="N-0001", version=1)
    assert stale.status_code == 409 and "刚刚保存过" in stale.content.decode()
    args = {"code": "N-0001", "version": 1}
    assert author.ask("post", reviewing.review, data={"act": "submit"}, **args).status_code == 302
    assert (
        reviewer.ask("post", reviewing.review, data={"act": "return", "opinion": ""}, **args).status_code
        == 422
    )
    assert (
        reviewer.ask("post", reviewing.review, data={"act": "approve", "opinion": "好"}, **args).status_code
        == 302
    )
    bad = reviewer.ask("post", reviewing.review, data={"act": "publish", "valid_from": "soon"}, **args)
    assert bad.status_code == 422 and "请填写生效日期" in bad.content.decode()
    done = {"act": "publish", "valid_from": DAY.isoformat()}
    assert reviewer.ask("post", reviewing.review, data=done, **args).status_code == 302
    assert current("N-0001", DAY).standard_id == draft.pk


def test_errors_stand_beside_their_field_with_all_still_typed(author: Person) -> None:
    item = make_item()
    values = posted(make_content().model_dump(mode="json"))
    values |= {
        "revision": ["1"],
        "act": ["save"],
        "legal_limit.amount": ["二十天"],
        "summary": ["没有丢失的一句话"],
    }
    page = author.ask("post", writing.edit, data=values, code=item.code, version=1)
    text = page.content.decode()
    assert page.status_code == 422
    assert "应当是整数" in text and "没有丢失的一句话" in text and 'value="二十天"' in text


def test_rows_are_added_without_scripts_and_previewed_with_them(author: Person) -> None:
    item = make_item()
    values = posted(make_content().model_dump(mode="json")) | {"revision": ["1"], "act": ["add:materials"]}
    text = author.ask("post", writing.edit, data=values, code=item.code, version=1).content.decode()
    assert 'name="materials.2.name"' in text
    values |= {"materials.1.name": ["其他有关材料"]}
    part = author.ask("post", writing.preview, data=values, code=item.code, version=1).content.decode()
    assert "兜底" in part and "我能办吗" in part


def test_experts_edit_the_whole_text(author: Person) -> None:
    item = make_item()
    text = json.dumps(make_content(summary="整份改").model_dump(mode="json"), ensure_ascii=False)
    args = {"code": item.code, "version": 1}
    saved = author.ask("post", writing.edit, "/?tab=yaml", {"text": text, "revision": "1"}, **args)
    assert saved.status_code == 302
    broken = author.ask("post", writing.edit, "/?tab=yaml", {"text": "a: [", "revision": "2"}, **args)
    assert broken.status_code == 422 and "格式有误" in broken.content.decode()


def test_an_author_sees_only_his_own_organisation(author: Person) -> None:
    other = make_item(organisation=make_organisation("other", "449902000000"))
    mine = make_item()
    narrow = Person("narrow", WRITE, scope=Scope(organisation_id=mine.organisation_id))
    text = narrow.ask("get", work.work).content.decode()
    assert mine.code in text and other.code not in text
    assert other.code in author.ask("get", work.work, "/?work=draft&page=x").content.decode()


def test_what_a_change_touches_is_shown(author: Person, reviewer: Person, monkeypatch) -> None:
    made = make_standard()
    author.ask("post", work.new_version, code=made.code)

    probe = lambda pk: [Impact(label="在办件", count=7, detail="综合窗口")] if pk == made.standard_id else []  # noqa: E731
    monkeypatch.setattr("yimen.modules.items.impact._probes", [probe])
    text = reviewer.ask("get", reviewing.review, code=made.code, version=2).content.decode()
    assert "在办件" in text and "综合窗口" in text


def test_an_item_is_suspended_and_resumed_from_the_page(reviewer: Person) -> None:
    made = make_standard()
    page = reviewer.ask("post", life.life, data={"reason": "", "clause": ""}, code=made.code, act="suspend")
    assert page.status_code == 422
    why = {"reason": "升级", "clause": "公告1号"}
    assert reviewer.ask("post", life.life, data=why, code=made.code, act="suspend").status_code == 302
    assert Item.objects.get(code=made.code).state == "suspended"
    assert reviewer.ask("get", work.item_overview, code=made.code).status_code == 200
    assert reviewer.ask("post", life.life, data={}, code=made.code, act="resume").status_code == 302
    missing = reviewer.ask("post", life.life, data=why | {"into": "NO"}, code=made.code, act="merge")
    assert missing.status_code == 422


def test_a_file_is_imported_and_reported(author: Person, monkeypatch) -> None:
    make_organisation()
    monkeypatch.setattr(imports.carry_out_import.__class__, "enqueue", lambda self, *a: None)
    file = SimpleUploadedFile(
        "items.csv",
        "事项名称,实施编码,事项类型,实施主体,行政区划代码\n甲事项,Q-1,公共服务,某局,449901000000\n,Q-2,公共服务,某局,449901000000\n".encode(),
    )
    assert author.ask("post", imports.import_page, data={}).status_code == 422
    assert author.ask("post", imports.import_page, data={"file": file}).status_code == 302
    run = ImportRun.objects.get()
    assert "正在导入" in author.ask("get", imports.run_page, pk=run.pk).content.decode()
    run_import(run.pk, Actor(name="x", channel="system"), AT, lambda: AT)
    text = author.ask("get", imports.run_page, pk=run.pk).content.decode()
    assert "没有事项名称" in text
    assert "没有事项名称" in author.ask("get", imports.report, pk=run.pk).content.decode()


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "yaml"])
def test_the_catalogue_goes_out_and_comes_back(author: Person, form: str) -> None:
    made = make_standard(name="=1+1的事项")
    data = author.ask("get", work.download, f"/?format={form}").content
    assert data
    if form == "csv":
        assert "'=1+1的事项" in data.decode()
    if form == "json":
        assert json.loads(data)["items"][0]["content"] == made.content.model_dump(mode="json")


def test_handbooks_and_two_sets(author: Person) -> None:
    made = make_standard()
    make_standard(organisation=make_organisation("city", "449900000000"), visits=1, visit_reason="核验")
    assert author.ask("get", reviewing.handbook, code=made.code, version=1, form="pdf").content.startswith(
        b"%PDF"
    )
    assert author.ask("get", reviewing.handbook, code=made.code, version=1, form="docx").content.startswith(
        b"PK"
    )
    text = author.ask(
        "get", comparing.compare_divisions, "/?left=449901000000&right=449900000000"
    ).content.decode()
    assert "到现场次数由0次改为1次" in text

"""The author's workbench: choose, see what it makes, publish, be told what changed. Everything works without scripts."""

from typing import Any

import pytest
from django.test import Client

from yimen.foundation.identity.api import grant_role, seed_roles
from yimen.foundation.orgs.api import Organisation
from yimen.kernel.actor import PLATFORM
from yimen.kernel.clock import CHINA, now
from yimen.modules.cases.tests.factories import make_account
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.tests.factories import make_organisation, publish_next_version
from yimen.modules.themes.models import ThemeVersion
from yimen.modules.themes.tests.factories import make_theme, paper, published_items, theme_content

pytestmark = pytest.mark.django_db


def signed_in(role: str) -> Client:
    seed_roles()
    account = make_account(display_name=f"测试{role}", kind="staff")
    grant_role(
        account,
        role,
        actor=PLATFORM,
        at=now(),
        organisation=Organisation.objects.get(pk=make_organisation().pk),
    )
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def items() -> tuple[PublishedStandard, ...]:
    return published_items()


@pytest.fixture
def author(items: tuple[PublishedStandard, ...]) -> Client:
    return signed_in("author")


def posted(items: tuple[PublishedStandard, ...], **more: Any) -> dict[str, Any]:
    """What the browser posts of a form with these members."""
    rows = {f"members.{n}.item": one.slug for n, one in enumerate(items)}
    basic = {
        "name": "开店一件事", "lead": make_organisation().code, "audience": ["person"], "handover": "each", "revision": "1",
    }  # fmt: skip
    return {**basic, **rows, "act": "save", **more}


def drafted(author: Client, code: str = "shop") -> str:
    answer = author.post(
        "/console/themes/new/", {"name": "开店一件事", "code": code, "lead": make_organisation().code}
    )
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def test_an_author_makes_a_theme_and_chooses_items_by_search(author: Client, items: Any) -> None:
    address = drafted(author)
    found = author.post(address, posted((), act="find", find="招牌")).content.decode()
    assert f"join:{items[2].slug}" in found
    joined = author.post(address, posted(items[:2], act=f"join:{items[2].slug}")).content.decode()
    assert "招牌备案" in joined and "members.2.item" in joined
    assert author.post(address, posted(items)).status_code == 302
    assert [m["item"] for m in ThemeVersion.objects.get(theme__code="shop").content["members"]] == [
        i.slug for i in items
    ]


def test_beside_the_form_stands_what_it_makes(author: Client, items: Any) -> None:
    address = drafted(author)
    page = author.post(address.replace("edit/", "preview/"), posted(items)).content.decode()
    assert "themes-chart" in page and "themes-critical" in page
    assert "由结果代替" in page and "12 个工作日" in page
    assert "没有丢失什么" in page


def test_what_is_wrong_is_told_beside_its_control_and_nothing_typed_is_lost(
    author: Client, items: Any
) -> None:
    address = drafted(author)
    typed = posted(
        items, **{"members.0.when": "这不是规则 ((", "joint_limit": "很快", "summary": "写了很久的说明"}
    )
    answer = author.post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "写了很久的说明" in page and "很快" in page and "这不是规则 ((" in page


@pytest.mark.parametrize(
    "odd",
    [
        {"act": "remove:members:99"},
        {"act": "up:nothing:0"},
        {"act": "add:nothing"},
        {"act": "join:"},
        {"act": "same:|"},
        {"act": "\x00"},
        {"revision": "9" * 40, "act": "save"},
        {"members.999.item": "x", "act": "add:members"},
        {"members.0.item": "a\x00b", "act": "save"},
        {"joint_limit": "9" * 30, "act": "save"},
        {"find": "\x00", "act": "find"},
        {"audience": [], "act": "save"},
    ],
)
def test_odd_input_is_answered_calmly(author: Client, items: Any, odd: dict[str, Any]) -> None:
    answer = author.post(drafted(author), posted(items, **odd))
    assert answer.status_code in (200, 302, 409, 422)


def test_two_authors_do_not_overwrite_each_other(author: Client, items: Any) -> None:
    address = drafted(author)
    author.post(address, posted(items))
    second = author.post(address, posted(items, name="另一个名字"))
    assert second.status_code == 409
    assert "另一个名字" in second.content.decode()


def test_the_whole_may_be_written_as_text(author: Client, items: Any) -> None:
    address = drafted(author) + "?tab=yaml"
    text = f"name: 开店一件事\nlead: {make_organisation().code}\nmembers:\n  - item: {items[0].slug}\n"
    assert author.post(address, {"text": text, "revision": "1"}).status_code == 302
    for wrong in ("a: [", "- 1", "name: [1]", "\x00", "nobody: 1", "name: x\n" * 50_000, "[" * 3000):
        answer = author.post(address, {"text": wrong, "revision": "2"})
        assert answer.status_code == 422
        assert "text" in answer.context["errors"]


def test_only_a_publisher_publishes_and_the_rest_is_told_who_may(author: Client, items: Any) -> None:
    address = drafted(author)
    author.post(address, posted(items))
    assert author.post("/console/themes/shop/1/publish/").status_code == 403
    publisher = signed_in("legal_reviewer")
    assert "发布，今天起可以申请" in publisher.get("/console/themes/shop/1/").content.decode()
    assert publisher.post("/console/themes/shop/1/publish/").status_code == 302
    assert ThemeVersion.objects.get(theme__code="shop").state == "published"
    assert author.get(address).status_code == 302


def test_an_unfinished_theme_is_not_published_and_says_why(author: Client) -> None:
    drafted(author)
    answer = signed_in("legal_reviewer").post("/console/themes/shop/1/publish/", follow=True)
    assert "还没有选事项" in answer.content.decode()


def test_a_version_is_tried_as_somebody_would_answer(items: Any) -> None:
    sign = {"code": "has_sign", "question": "要挂招牌吗？", "options": ["要", "不要"]}
    members = [{"item": items[0].slug}, {"item": items[2].slug, "when": "has_sign = '要'"}]
    code = make_theme(theme_content(*items, members=members, questions=[sign]))
    author = signed_in("author")
    page = author.get(f"/console/themes/{code}/1/", {"a.has_sign": "不要", "kind": "person"}).content.decode()
    assert "这样回答不用办：招牌备案" in page
    wrong = author.get(f"/console/themes/{code}/1/", {"a.has_sign": "也许\x00", "a.": "x", "kind": "谁"})
    assert wrong.status_code == 200 and "不在选项里" in wrong.content.decode()


def test_the_proof_is_read_row_by_row_and_taken_away(items: Any) -> None:
    code = make_theme(theme_content(*items))
    author = signed_in("author")
    page = author.get(f"/console/themes/{code}/1/proof/", {"kind": "material", "how": "met"}).content.decode()
    assert "营业执照" in page and "由结果代替" in page and "招牌效果图" not in page
    table = author.get(f"/console/themes/{code}/1/proof/", {"format": "csv"})
    assert table["Content-Type"].startswith("text/csv")
    assert "场所平面图" in table.content.decode("utf-8-sig")
    assert author.get(f"/console/themes/{code}/1/proof/", {"item": "\x00", "how": "x"}).status_code == 200


def test_the_author_sees_what_an_item_did_and_takes_it_over(items: Any) -> None:
    code = make_theme(theme_content(*items))
    make_theme(theme_content(*items[:2]), "untouched")
    changed = items[2].content.model_copy(
        update={"materials": (*items[2].content.materials, paper("安全承诺书", "promise"))}
    )
    publish_next_version(items[2].code, changed, now().astimezone(CHINA).date(), now())
    publisher = signed_in("legal_reviewer")
    assert "事项有变化" in publisher.get("/console/themes/").content.decode()
    narrowed = publisher.get("/console/themes/?changed=1").content.decode()
    assert f"/console/themes/{code}/" in narrowed and "/console/themes/untouched/" not in narrowed
    waiting = signed_in("author").get("/console/")
    [tile] = [t for t in waiting.context["tiles"] if t.href == "/console/themes/?changed=1"]
    assert tile.value == 1, "as many as the list behind it shows"
    page = publisher.get(f"/console/themes/{code}/").content.decode()
    assert "安全承诺书" in page and "接受变化，重新发布" in page
    assert publisher.post(f"/console/themes/{code}/take-over/").status_code == 302
    assert "其中各事项和发布时一致" in publisher.get(f"/console/themes/{code}/").content.decode()


def test_suspending_needs_a_reason_that_people_will_read(items: Any) -> None:
    code = make_theme(theme_content(*items))
    publisher = signed_in("legal_reviewer")
    address = f"/console/themes/{code}/life/suspend/"
    assert publisher.post(address, {"reason": "", "clause": ""}).status_code == 422
    assert publisher.post(address, {"reason": "部门调整", "clause": "某文"}).status_code == 302
    assert "暂停" in publisher.get("/console/themes/", {"state": "suspended"}).content.decode()
    assert publisher.post(f"/console/themes/{code}/life/resume/").status_code == 302
    assert publisher.get(f"/console/themes/{code}/life/nothing/").status_code == 404


def test_the_list_costs_the_same_however_long(items: Any, django_assert_max_num_queries: Any) -> None:
    author = signed_in("author")
    for n in range(4):
        make_theme(theme_content(*items), f"many-{n}")
    author.get("/console/themes/")
    with django_assert_max_num_queries(16):
        assert author.get("/console/themes/", {"q": "开店", "page": "abc"}).status_code == 200


def test_strangers_and_clerks_are_kept_out(items: Any) -> None:
    code = make_theme(theme_content(*items))
    assert Client().get("/console/themes/").status_code == 302
    clerk = signed_in("supervisor")
    for address in ("", "new/", f"{code}/", f"{code}/1/", f"{code}/1/proof/"):
        assert clerk.get(f"/console/themes/{address}").status_code == 403

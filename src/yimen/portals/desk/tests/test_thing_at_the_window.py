"""One thing at the window: found, asked, planned, taken in once; kept as typed; several items in their order."""

from datetime import timedelta
from typing import Any

import pytest

from yimen.kernel.actor import PLATFORM
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import id_number, make_centre
from yimen.modules.items.api import PublishedStandard
from yimen.modules.themes import api as themes
from yimen.modules.themes.tests.factories import AT as PUBLISHED
from yimen.modules.themes.tests.factories import make_theme, published_items, theme_content
from yimen.portals.desk.tests.factories import clerk_client
from yimen.portals.desk.tests.test_window import Window
from yimen.portals.desk.window import sitting as sittings

pytestmark = pytest.mark.django_db
SIGN = {"code": "wants_sign", "question": "要挂招牌吗？", "options": ["要", "不要"]}
LIT = {"code": "lit", "question": "招牌发光吗？", "options": ["发光", "不发光"], "when": "wants_sign = '要'"}


@pytest.fixture
def items() -> tuple[PublishedStandard, ...]:
    return published_items()


def _content(items: tuple[PublishedStandard, ...], **changes: Any) -> dict[str, Any]:
    licence, permit, notice = items
    members = [
        {"item": licence.slug},
        {"item": permit.slug},
        {"item": notice.slug, "when": "wants_sign = '要'"},
    ]
    return theme_content(*items, questions=[SIGN], members=members, **changes)


@pytest.fixture
def window() -> Window:
    """Somebody stands at the window, and the matter is asked."""
    window = Window(clerk_client(make_centre()))
    window.press("next", number=id_number(31))
    window.press("next", name="陈小华", phone="13800138000")
    return window


def _to_check(window: Window, code: str, **answers: str) -> Any:
    window.press(f"theme:{code}")
    window.press("go_on", **answers)
    window.press("next")
    page = window.press("next")
    assert page.context["sitting"].step == "check"
    return page


def test_a_thing_is_found_beside_items_by_its_everyday_word(window: Window, items: tuple) -> None:
    code = make_theme(_content(items))
    for q in ("开铺头", "开店一件事"):
        found = window.client.get("/desk/window/items", {"s": window.key, "q": q}).content.decode()
        assert f'value="theme:{code}"' in found and "一件事" in found
    found = window.client.get("/desk/window/items", {"s": window.key, "q": "开店"}).content.decode()
    assert found.index(f"theme:{code}") < found.index(f"add:{items[1].code}")
    assert (
        code not in window.client.get("/desk/window/items", {"s": window.key, "q": "钓鱼"}).content.decode()
    )
    urls = [row["url"] for row in window.client.get("/desk/search", {"q": "开铺头"}).json()["results"]]
    assert urls == [f"/desk/window/?new=1&theme={code}"]


def test_its_questions_are_asked_at_once_and_decide_what_joins(window: Window, items: tuple) -> None:
    page = window.press(f"theme:{make_theme(_content(items))}")
    thing = page.context["thing"]
    assert (thing["number"], thing["open"]) == (3, 1)
    assert [row.name for row in thing["picture"].rows if row.undecided] == ["招牌备案"]
    refused = window.press("go_on")
    assert refused.context["sitting"].step == "matter"
    assert refused.context["errors"] == {"a-wants_sign": "请选择：要挂招牌吗？"}
    page = window.press("answer", **{"a-wants_sign": "不要"})
    thing = page.context["thing"]
    assert [s.content.name for s in page.context["standards"]] == ["营业执照办理", "开店许可"]
    assert [one.name for one in thing["left_out"]] == ["招牌备案"]
    assert thing["picture"].days == 12
    assert [one.name for one in thing["needed"]] == ["申请人居民身份证", "场所平面图"]
    assert [(one.name, one.spared) for one in thing["spared"]] == [
        ("营业执照", "由一起办理的“营业执照办理”的结果代替")
    ]
    said = page.context["clear_thing"]
    assert "受理后12个工作日内全部办好。" in said.how and any("少交" in line for line in said.how)
    reloaded = window.client.get(f"/desk/window/?s={window.key}")
    assert reloaded.context["thing"]["open"] == 0
    assert 'value="不要" checked' in reloaded.content.decode()


def test_one_thing_to_the_receipt(window: Window, items: tuple) -> None:
    code = make_theme(_content(items))
    page = _to_check(window, code, **{"a-wants_sign": "不要"})
    assert [thing.name for thing in page.context["check"].missing] == ["申请人居民身份证", "场所平面图"]
    assert page.context["together"] == "no"
    page = window.press("next", delivery="window", together="yes")
    application = cases.Application.objects.get()
    assert page.wsgi_request.path == f"/desk/window/received/{application.number}/"
    assert (application.joint, application.together, application.joint_days) == (True, True, 12)
    assert [case.state for case in application.cases.order_by("id")] == ["submitted", "waiting"]
    assert themes.names_of_applications([application.pk]) == {application.pk: "开店一件事"}
    assert page.context["receipt"].kind == "receipt"
    rows = page.context["rows"]
    assert (rows[1].waits, rows[1].possible) == (["营业执照办理"], [])
    assert page.context["jointly"].name == "开店一件事"


def test_an_answer_whose_question_fell_away_decides_nothing(window: Window, items: tuple) -> None:
    content = _content(items) | {"questions": [SIGN, LIT]}
    content["members"][2]["when"] = "lit = '发光'"
    window.press(f"theme:{make_theme(content)}")
    page = window.press("answer", **{"a-wants_sign": "要", "a-lit": ""})
    assert [q["question"].code for q in page.context["thing"]["questions"]] == ["wants_sign", "lit"]
    assert len(window.press("answer", **{"a-wants_sign": "要", "a-lit": "发光"}).context["standards"]) == 3
    page = window.press("answer", **{"a-wants_sign": "不要", "a-lit": "发光"})
    assert [q["question"].code for q in page.context["thing"]["questions"]] == ["wants_sign"]
    back = window.press("answer", **{"a-wants_sign": "要"})
    assert [q["typed"] for q in back.context["thing"]["questions"]] == ["要", "发光"], "nothing typed is lost"


def test_items_rest_while_a_thing_is_chosen_and_come_back(window: Window, items: tuple) -> None:
    _, permit, notice = items
    window.press(f"add:{notice.code}")
    page = window.press(f"theme:{make_theme(_content(items))}")
    assert page.context["sitting"].theme is not None
    window.press("answer", **{"a-wants_sign": "不要"})
    refused = window.press(f"add:{notice.code}")
    assert "不能再加单个事项" in refused.context["errors"]["q"]
    assert "已经在" in window.press(f"add:{permit.code}").context["errors"]["q"]
    page = window.press("untheme")
    assert [s.code for s in page.context["standards"]] == [notice.code]


def test_several_plain_items_follow_their_results(window: Window, items: tuple) -> None:
    licence, permit, _ = items
    window.press(f"add:{permit.code}")
    page = window.press(f"add:{licence.code}")
    assert page.context["thing"]["picture"].days == 12
    window.press("go_on")
    page = window.press("next")
    assert [row["thing"].name for row in page.context["rows"] if row["thing"].spared] == ["营业执照"]
    window.press("next")
    window.press("next", together="no")
    application = cases.Application.objects.get()
    states = dict(application.cases.values_list("item__code", "state"))
    assert states == {permit.code: "waiting", licence.code: "submitted"}


def test_a_newer_version_of_the_thing_is_told_before_it_is_used(window: Window, items: tuple) -> None:
    code = make_theme(_content(items))
    page = _to_check(window, code, **{"a-wants_sign": "不要"})
    sitting = sittings.load(window.key, page.wsgi_request.actor, PUBLISHED)
    sittings.keep(sitting, {"theme": [code, 0]})
    page = window.press("next", together="no")
    assert "更新了" in page.context["said"] and page.context["sitting"].theme_changed
    assert not cases.Application.objects.exists()
    window.press("adopt")
    assert window.press("next", together="no").context["application"].joint


def test_a_suspended_thing_is_told_and_can_be_left(window: Window, items: tuple) -> None:
    code = make_theme(_content(items))
    window.press(f"theme:{code}")
    themes.suspend(code, "系统调整", "某规定", PLATFORM, PUBLISHED + timedelta(days=1))
    page = window.client.get(f"/desk/window/?s={window.key}")
    assert "已暂停按一件事办理" in page.content.decode()
    page = window.press(f"add:{items[0].code}")
    assert [s.code for s in page.context["standards"]] == [items[0].code]


@pytest.mark.parametrize("odd", ["nothing", "\x00", "x" * 300, "", "开店", "a/b"])
def test_odd_codes_and_answers_get_a_plain_answer(window: Window, items: tuple, odd: str) -> None:
    assert window.press(f"theme:{odd}").status_code == 200
    code = make_theme(_content(items))
    window.press(f"theme:{code}")
    page = window.press("answer", **{"a-wants_sign": odd, "a-unknown": odd})
    assert page.status_code == 200
    assert window.press("go_on").context["sitting"].step == "matter"
    assert window.client.get("/desk/window/items", {"s": window.key, "q": odd}).status_code == 200


def test_what_is_answered_is_kept_without_a_button(window: Window, items: tuple) -> None:
    window.press(f"theme:{make_theme(_content(items))}")
    post = {"has": "matter", "a-wants_sign": "要"}
    assert window.client.post(f"/desk/window/keep?s={window.key}", post).status_code == 204
    assert window.client.get(f"/desk/window/?s={window.key}").context["thing"]["open"] == 0


def _received(window: Window, items: tuple, **materials: str) -> tuple[str, Any]:
    code = make_theme(_content(items))
    window.press(f"theme:{code}")
    window.press("go_on", **{"a-wants_sign": "要"})
    page = window.press("next")
    keys = [row["thing"].key for row in page.context["rows"] if not row["thing"].spared]
    window.press("next", **({f"m:{key}": "paper" for key in keys} | materials))
    page = window.press("next", together="no")
    return page.context["application"].number, page


def test_the_clerk_accepts_for_all_when_nothing_is_missing(window: Window, items: tuple) -> None:
    number, page = _received(window, items)
    assert (page.context["jointly"].accept, page.context["jointly"].lacking) == (2, 0)
    assert page.context["acceptable"] == 0, "one button for all, not two"
    window.client.post(f"/desk/window/received/{number}/", {"do": "accept_together"})
    states = (
        cases.Case.objects.filter(application__number=number).order_by("id").values_list("state", flat=True)
    )
    assert list(states) == ["accepted", "waiting", "accepted"]
    again = window.client.post(f"/desk/window/received/{number}/", {"do": "accept_together"}, follow=True)
    assert "没有可以受理的事项" in again.content.decode()


def test_what_is_missing_is_told_once_for_all_before_anything_is_accepted(
    window: Window, items: tuple
) -> None:
    number, page = _received(window, items, **{"m:id": "none"})
    joint = page.context["jointly"]
    assert (joint.accept, joint.lacking, joint.tells) == (0, 2, True)
    url = f"/desk/window/received/{number}/"
    assert "请先一次告知" in window.client.post(url, {"do": "accept_together"}, follow=True).content.decode()
    page = window.client.post(url, {"do": "tell_all"}, follow=True)
    states = (
        cases.Case.objects.filter(application__number=number).order_by("id").values_list("state", flat=True)
    )
    assert list(states) == ["correction_requested", "waiting", "correction_requested"]
    assert [paper.kind for paper in page.context["papers"]] == ["correction_notice"], "one notice for all"


def test_a_clerk_of_another_centre_finds_nothing(window: Window, items: tuple) -> None:
    number, _ = _received(window, items)
    other = clerk_client(make_centre("other-centre"), "elsewhere")
    url = f"/desk/window/received/{number}/"
    for answer in (other.get(url), *(other.post(url, {"do": do}) for do in ("accept_together", "tell_all"))):
        assert answer.status_code == 404

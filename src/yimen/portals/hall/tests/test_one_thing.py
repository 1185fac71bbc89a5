"""One thing in the hall: found, composed by plain answers, applied for once, corrected once, withdrawn with its effects told."""

from typing import Any

import pytest
from django.test import Client

from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, officer
from yimen.modules.forms import api as forms
from yimen.modules.themes.tests.factories import make_theme, published_items, theme_content
from yimen.portals.hall.tests.factories import a_photo

pytestmark = pytest.mark.django_db


class Shop:
    """A theme of three items, of which the sign joins only if wanted, and one person at its steps."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.licence, self.permit, self.sign = published_items()
        members = [
            {"item": self.licence.slug}, {"item": self.permit.slug},
            {"item": self.sign.slug, "when": "wants_sign = '挂'"},
        ]  # fmt: skip
        question = {"code": "wants_sign", "question": "挂招牌吗？", "options": ["挂", "不挂"]}
        self.code = make_theme(
            theme_content(self.licence, self.permit, self.sign, members=members, questions=[question])
        )
        self.url = f"/apply/?theme={self.code}"

    def post(self, step: str, go: str = "next", **fields: Any) -> Any:
        return self.client.post(self.url, {"_step": step, "_go": go, **fields})

    def to_check(self, sign: str = "挂") -> None:
        for step, fields in (
            ("who", {"applicant": "me"}),
            ("questions", {"q-wants_sign": sign}),
            ("materials", {}),
        ):
            assert self.post(step, **fields).status_code == 302, step

    def handed_in(self, **fields: Any) -> cases.Application:
        self.to_check()
        answer = self.post("check", "submit", delivery="electronic", **fields)
        assert answer.status_code == 302, answer.content.decode()
        return cases.Application.objects.get()


def text(answer: Any) -> str:
    return answer.content.decode()


def test_a_thing_is_found_and_shows_its_plan_to_a_stranger(client: Client) -> None:
    shop = Shop(client)
    assert "开店一件事" in text(client.get("/things/?q=开铺头"))
    assert "没有找到这样的一件事" in text(client.get("/things/?q=火箭"))
    page = text(client.get(f"/things/{shop.code}/"))
    assert "最多 3 个事项" in page and "看您的回答才知道要不要办" in page
    answered = text(client.get(f"/things/{shop.code}/?a-wants_sign=不挂"))
    assert "您要办 2 个事项" in answered and "按您的回答，这些不用办" in answered
    assert "营业执照办理”办好就接着办" in answered
    assert "由一起办理的“营业执照办理”的结果代替" in answered


@pytest.mark.parametrize(
    "odd", ["?a-wants_sign=乱写", "?a-wants_sign=%00", "?a-=x&a-x=1", "?page=0&audience=%00"]
)
def test_odd_answers_are_put_aside(client: Client, odd: str) -> None:
    shop = Shop(client)
    assert client.get(f"/things/{shop.code}/{odd}").status_code == 200
    assert client.get(f"/things/{odd}").status_code == 200
    assert client.get("/things/no-such-thing/").status_code == 404


def test_one_application_makes_a_case_for_each_item_in_its_order(browser: Client) -> None:
    shop = Shop(browser)
    application = shop.handed_in(together="yes")
    assert application.joint and application.together and application.joint_days == 12
    states = {case.published.code: case.state for case in application.cases.all()}
    assert states == {
        shop.licence.code: "submitted",
        shop.permit.code: "waiting",
        shop.sign.code: "submitted",
    }
    page = text(browser.get(f"/my/{application.number}/"))
    assert (
        "开店一件事" in page
        and "3 个事项一起办，办好了 0 个" in page
        and "等“营业执照办理”办好就接着办" in page
    )


def test_answers_on_the_things_page_are_taken_along(browser: Client) -> None:
    shop = Shop(browser)
    answer = browser.post(f"{shop.url}&a-wants_sign=不挂", {"_step": "who", "_go": "next", "applicant": "me"})
    assert answer.status_code == 302
    kept = forms.drafts_visible_to(cases_actor(browser)).get()
    assert kept.title == "开店一件事"
    page = text(browser.get(f"{shop.url}&step=questions"))
    assert 'value="不挂" checked' in page


def test_what_decides_must_be_answered_before_the_form(browser: Client) -> None:
    shop = Shop(browser)
    shop.post("who", applicant="me")
    answer = shop.post("questions")
    assert answer.status_code == 422 and "挂招牌吗" in text(answer)


def test_the_same_paper_is_corrected_once_for_all_departments(browser: Client) -> None:
    shop = Shop(browser)
    application = shop.handed_in()
    office = officer()
    waiting = [case for case in application.cases.order_by("id") if case.state == "submitted"]
    for case in waiting:
        missing = {"missing": [{"requirement": "id", "reason": "没有交"}]}
        cases.act(case.number, "request_correction", missing, office, AT)
    page = text(browser.get(f"/my/{application.number}/"))
    assert "有 2 个事项要补材料，已经一次全部告诉您" in page
    form = text(browser.get(f"/my/cases/{waiting[1].number}/correct/"))
    assert form.count("申请人居民身份证</h2>") == 1 and "招牌备案：没有交" in form
    answer = browser.post(f"/my/cases/{waiting[1].number}/correct/", {"file-id": a_photo()})
    assert answer.status_code == 302 and answer.url == f"/my/{application.number}/"
    states = [case.state for case in application.cases.order_by("id")]
    assert states == ["submitted", "waiting", "submitted"]


def test_withdrawing_one_item_says_what_it_does_to_the_others(browser: Client) -> None:
    shop = Shop(browser)
    application = shop.handed_in()
    first = application.cases.order_by("id")[0]
    page = text(browser.get(f"/my/cases/{first.number}/withdraw/"))
    assert "“开店许可”要用它的结果，“营业执照”会改由申请人提供" in page
    browser.post(f"/my/cases/{first.number}/withdraw/", {})
    assert application.cases.order_by("id")[1].state == "submitted"


def cases_actor(client: Client) -> Any:
    from yimen.foundation.identity import api as identity
    from yimen.kernel.clock import now

    return identity.actor_of(identity.Account.objects.get(pk=client.session["_auth_user_id"]), now())

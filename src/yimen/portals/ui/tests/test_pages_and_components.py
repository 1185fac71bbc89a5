"""Every component renders, the frames show what the actor may open, and refusals say what would pass."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import Http404, HttpResponse
from django.template import Context, Template, engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from yimen.kernel.access import PUBLIC, SIGNED_IN
from yimen.kernel.actor import STRANGER, Actor, Scope
from yimen.kernel.errors import NotPossible
from yimen.kernel.paging import Page
from yimen.portals.ui import errors, grants, guide, navigation, pages
from yimen.portals.ui.context import Chrome

COTTON = Path(__file__).parent.parent / "templates" / "cotton"
CLERK = Actor(account_id=1, name="陈立", grants={"desk:case:accept": (Scope(),)})


def request_of(path: str = "/", actor: Actor = STRANGER, **cookies: str) -> Any:
    request = RequestFactory().get(path)
    request.actor = actor
    request.COOKIES.update(cookies)
    return request


def html(source: str, **context: Any) -> str:
    """Render a piece of a page as the cotton loader would."""
    template: Template = engines["django"].from_string(CottonCompiler().process(source)).template  # type: ignore[attr-defined]
    return template.render(Context({"request": request_of("/?q=1&page=2"), **context}))


@pytest.fixture
def empty_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_entries", {})


@pytest.mark.parametrize("room", ["hall", "desk", "console"])
@pytest.mark.parametrize("actor", [STRANGER, CLERK], ids=["stranger", "clerk"])
def test_the_style_guide_shows_every_component_in_every_room(room: str, actor: Actor) -> None:
    request = request_of("/ui/", actor)
    text = render_to_string(
        "ui/guide.html",
        {"layout": f"ui/base_{room}.html", "room": room, "chrome": Chrome(request), **guide.example_data()},
        request=request,
    )
    source = (COTTON.parent / "ui" / "guide.html").read_text("utf-8")
    missing = {
        f.stem.replace("_", "-")
        for f in COTTON.glob("*.html")
        if not f.stem.startswith("_") and f.stem not in ("field", "event")
    }
    assert {name for name in missing if f"<c-{name}" not in source} == set()
    text = re.sub(r"<pre.*?</pre>", "", text, flags=re.S)
    assert "440199-20261121-00001" in text and "<c-" not in text and "{%" not in text
    assert text.count("<main") == 1 and 'href="#main"' in text


def test_a_wrong_field_is_tied_to_its_error_and_its_hint() -> None:
    text = html(
        '<c-input name="phone" label="手机号" hint="十一位" error="少了一位" value="138" required="true" />'
    )
    assert 'id="f-phone"' in text and 'for="f-phone"' in text
    assert 'aria-describedby="f-phone-hint f-phone-error"' in text and 'aria-invalid="true"' in text
    assert "必填" in text and 'value="138"' in text


def test_what_was_typed_is_escaped() -> None:
    text = html(
        '<c-input name="n" label="名" value="{{ typed }}" /><c-textarea name="t" label="文" value="{{ typed }}" />',
        typed='"><b>x',
    )
    assert "<b>" not in text and "&quot;&gt;&lt;b&gt;x" in text


def test_a_switch_that_prints_false_is_off() -> None:
    text = html('<c-input name="n" label="名" required="{{ no }}" value="{{ none }}" />', no=False, none=None)
    assert "required" not in text and 'value=""' in text


def test_the_error_summary_links_to_the_fields() -> None:
    text = html('<c-error-summary :errors="errors" />', errors={"phone": "少了一位"})
    assert 'href="#f-phone"' in text and 'role="alert"' in text and "有 1 处需要修改" in text
    assert html('<c-error-summary :errors="errors" />', errors={}).strip() == ""


def test_options_that_were_chosen_stay_chosen() -> None:
    options = [("mail", "寄"), ("window", "领")]
    text = html(
        '<c-checkboxes name="w" label="领取" :options="options" :value="held" />',
        options=options,
        held=["mail"],
    )
    assert text.count(" checked") == 1
    text = html('<c-select name="s" label="选" :options="options" value="window" />', options=options)
    assert '<option value="window" selected>' in text


def test_the_pager_keeps_the_query() -> None:
    text = html('<c-pager :page="page" />', page=Page(count=100, results=(), number=2, size=20))
    assert "共 100 条" in text and "q=1&amp;page=3" in text and 'aria-current="page"' in text


def test_values_of_one_component_do_not_leak_into_the_next() -> None:
    text = html(
        '<c-card title="{{ title }}"><c-empty title="空"/></c-card><c-notice>说明</c-notice>',
        title="标题",
        error="外面的错误",
        hint="外面的提示",
    )
    assert "外面的" not in text and text.count("标题") == 1


def test_navigation_shows_only_what_resolves_and_may_be_opened(empty_registry: None) -> None:
    navigation.register("hall", "退出", "health_live", PUBLIC, order=2)
    navigation.register("hall", "没有的页", "no:such", PUBLIC)
    navigation.register("hall", "我的", "health_ready", SIGNED_IN, order=1)
    navigation.register("desk", "收件", "health_ready", "desk:case:accept", "g w")
    assert [e.label for e in navigation.entries("hall", STRANGER)] == ["退出"]
    assert [e.label for e in navigation.entries("hall", CLERK)] == ["我的", "退出"]
    assert navigation.entries("desk", STRANGER) == []
    (entry,) = navigation.entries("desk", CLERK, current="health_ready")
    assert entry.current and entry.shortcut == "g w" and "sj" in entry.words
    with pytest.raises(ValueError, match="no such room"):
        navigation.register("kitchen", "x", "y")


def test_appearance_comes_from_the_cookie_and_nonsense_is_ignored() -> None:
    chrome = Chrome(request_of(yimen_theme="contrast", yimen_size="large"))
    assert (chrome.theme, chrome.size) == ("contrast", "large")
    chrome = Chrome(request_of(yimen_theme='"><script>', yimen_size="x"))
    assert (chrome.theme, chrome.size) == ("light", "normal")


def test_a_refusal_says_clause_and_what_would_pass() -> None:
    refusal = NotPossible("已经办结，不能补正。", clause="行政许可法第三十二条", would_pass="请重新申请。")
    response: HttpResponse = errors.refusal_page(request_of(), refusal, 409)
    text = response.content.decode()
    assert response.status_code == 409 and response["Cache-Control"] == "no-store"
    assert all(
        words in text
        for words in ("已经办结，不能补正。", "行政许可法第三十二条", "请重新申请。", "现在不能办理这一步")
    )


def test_a_refused_part_of_a_page_is_only_a_notice() -> None:
    request = request_of()
    request.htmx = type("Part", (), {"boosted": False, "__bool__": lambda self: True})()
    text = errors.refusal_page(request, NotPossible("不行"), 409).content.decode()
    assert "data-refusal" in text and "<html" not in text


def test_no_permission_says_which_and_who_could(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grants.identity, "declared_grants", lambda: [("desk:case:accept", "受理办件")])
    monkeypatch.setattr(grants, "_finders", [lambda grant: ["综合窗口人员"]])
    text = errors.permission_denied(request_of(), PermissionError("desk:case:accept")).content.decode()
    assert "受理办件" in text and "综合窗口人员" in text and "谁可以办" in text


@pytest.mark.parametrize(
    ("handler", "status"),
    [
        (errors.bad_request, 400),
        (errors.not_found, 404),
        (errors.csrf_failed, 403),
        (errors.server_error, 500),
    ],
)
def test_errors_are_pages_in_plain_words(handler: Any, status: int) -> None:
    response = handler(request_of())
    text = response.content.decode()
    assert response.status_code == status and "<h1>" in text and "Traceback" not in text


def test_switching_the_appearance_goes_back_but_never_away() -> None:
    for wanted, gone_to in (
        ("/cases/?page=2", "/cases/?page=2"),
        ("https://elsewhere.example/", "/"),
        ("//x.example", "/"),
    ):
        form = urlencode({"next": wanted, "theme": "contrast", "size": "huge"})
        request = RequestFactory().post(
            "/ui/appearance", form, content_type="application/x-www-form-urlencoded"
        )
        response = pages.appearance(request)
        assert response["Location"] == gone_to
        assert response.cookies["yimen_theme"].value == "contrast" and "yimen_size" not in response.cookies


def test_the_style_guide_is_only_there_in_demo_mode(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(Http404):
        pages.style_guide(request_of("/ui/"))
    settings.DEMO = True
    text = pages.style_guide(request_of("/ui/?room=nonsense")).content.decode()
    assert "演示数据，不是真实政务" in text

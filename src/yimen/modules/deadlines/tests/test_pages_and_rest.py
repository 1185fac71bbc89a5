"""The calculator, the console calendar and POST /deadlines."""

import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import resolve

from yimen.foundation.calendar.api import MANAGE, current_calendar, draft_of, seed_calendar, version_numbered
from yimen.foundation.calendar.tests.factories import year_2027
from yimen.kernel.actor import STRANGER, Actor, Scope
from yimen.kernel.clock import travel_to
from yimen.kernel.errors import NotFound
from yimen.modules.deadlines.handlers import recount_open_clocks
from yimen.modules.deadlines.models import Clock, Recount
from yimen.modules.deadlines.pages import console, hall
from yimen.modules.deadlines.tests.factories import clock, local

pytestmark = [pytest.mark.django_db, pytest.mark.urls("yimen.modules.deadlines.tests.urls")]
ROOT = Actor(account_id=1, name="管理员", grants={MANAGE: (Scope(),)})
NOW = local("2026-11-21 10:00")


@pytest.fixture(autouse=True)
def today():
    with travel_to(NOW):
        yield


class Notes(list):
    def add(self, level, message, extra_tags=""):
        self.append(str(message))


def ask(view, data=None, *, method="get", actor=ROOT, **kwargs):
    factory = RequestFactory()
    request = getattr(factory, method)("/console/calendar/draft/", data or {})
    request.actor, request._messages = actor, Notes()
    request._dont_enforce_csrf_checks = True
    response = view(request, **kwargs)
    response.notes = request._messages
    return response


def text(response):
    return response.content.decode()


def lines(days):
    return "\n".join(f"{d.isoformat()} {n}" for d, n in days.items())


def test_anybody_may_ask_the_calculator():
    page = text(ask(hall.calculator, actor=STRANGER))
    assert 'value="2026-11-21"' in page
    page = text(
        ask(hall.calculator, {"start": "2026-02-11", "amount": "5", "unit": "working_day"}, actor=STRANGER)
    )
    assert "2026年2月25日（周三）当天以前" in page
    assert "第3个工作日（春节调休上班）" in page
    assert page.count("<tr") == 16


def test_the_calculator_knows_pauses_extensions_and_hours():
    asked = {
        "start": "2025-09-15",
        "amount": "20",
        "from": "2025-09-22",
        "to": "2025-10-15",
        "reason": "<检测>",
    }
    page = text(ask(hall.calculator, asked))
    assert "2025年11月6日（周四）当天以前" in page
    assert "&lt;检测&gt;，不计入期限" in page
    assert "2025年11月20日" in text(ask(hall.calculator, {**asked, "extension": "10"}))
    page = text(ask(hall.calculator, {"start": "2026-02-14T16:30", "amount": "5", "unit": "working_hour"}))
    assert "2026年2月24日 15:00 以前" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"start": "昨天"}, "应为日期"),
        ({"amount": "-3"}, "请填写 0 或正整数"),
        ({"amount": "９９９９９９９"}, "请填写 0 或正整数"),
        ({"unit": "week"}, "working_day"),
        ({"first_day": "x"}, "first_day"),
        ({"from": "2026-02-13", "to": "2026-02-12"}, "不能早于开始日期"),
        ({"from": "2026-02-13", "to": ""}, "应为日期"),
        ({"start": "2026-12-25"}, "2027年的放假安排尚未载入"),
        ({"extension": "一"}, "请填写 0 或正整数"),
        ({"start": "9999-12-31", "unit": "calendar_day"}, "期限过长"),
    ],
)
def test_the_calculator_says_what_is_wrong_and_keeps_what_was_typed(change, sentence):
    asked = {"start": "2026-02-11", "amount": "20", "from": "", "to": "", "reason": "", **change}
    response = ask(hall.calculator, asked)
    assert response.status_code == 422
    assert sentence in text(response)


def test_a_very_long_limit_is_answered_without_listing_every_day():
    page = text(ask(hall.calculator, {"start": "2026-02-11", "amount": "90000", "unit": "calendar_day"}))
    assert "没有全部列出" in page


def test_only_who_may_manage_calendars_sees_the_console():
    for view in (console.home, console.draft, console.moves):
        assert ask(view, actor=STRANGER).status_code == 302
        with pytest.raises(PermissionDenied):
            ask(view, actor=Actor(account_id=2))
    for view in (console.new_draft, console.publish, console.discard):
        with pytest.raises(PermissionDenied):
            ask(view, method="post", actor=Actor(account_id=2))


def test_a_year_at_a_glance():
    page = text(ask(console.home))
    assert "2026年，248 个工作日" in page
    assert page.count('<table class="month">') == 12
    assert "春节调休上班" in page
    assert "随程序提供的日历" in page
    seed_calendar(NOW)
    assert "第1版" in text(ask(console.home, {"year": "abc", "version": "1"}))
    assert "2020年，249 个工作日" in text(ask(console.home, {"year": "2020"}))
    with pytest.raises(NotFound):
        ask(console.home, {"version": "77"})


def test_an_operator_loads_2027_looks_what_moves_and_publishes(outbox):
    seed_calendar(NOW)
    waiting = clock("YM-9", start="2026-12-10 10:00", amount=45)
    assert ask(console.new_draft, method="post").status_code == 302
    assert ask(console.new_draft, method="post").status_code == 302
    year = year_2027()
    typed = {
        "year": "2027",
        "source": "国办发明电〔2026〕7号",
        "off_days": lines(year.off_days),
        "working_days": lines(year.working_weekend_days),
    }
    saved = ask(console.draft, typed, method="post")
    assert (saved.status_code, saved.url) == (302, "/console/calendar/draft/?year=2027")
    assert "校核通过" in text(ask(console.draft, {"year": "2027"}))
    page = text(ask(console.moves))
    assert "YM-9" in page
    assert "待定" in page
    assert Clock.objects.get(pk=waiting.pk).due_on is None
    assert ask(console.publish, method="post").status_code == 302
    recount_open_clocks(outbox[0][0])
    assert Clock.objects.get(pk=waiting.pk).due_on is not None
    recount = Recount.objects.get()
    assert "YM-9" in text(ask(console.recount, pk=recount.pk))
    assert "1 个时限" in text(ask(console.home))
    assert current_calendar().has_year(2027)
    assert version_numbered(1).state == "superseded"


def test_new_years_eve_of_the_notice_lands_in_the_year_before():
    ask(console.new_draft, method="post")
    year = year_2027()
    off = {date(2026, 12, 31): "元旦", **year.off_days}
    typed = {
        "year": "2027",
        "source": "",
        "off_days": lines(off),
        "working_days": lines(year.working_weekend_days),
    }
    assert ask(console.draft, typed, method="post").status_code == 302
    stored = {y.year: y for y in draft_of().years.all()}
    assert stored[2026].off_days["2026-12-31"] == "元旦"
    assert "2026-02-17" in stored[2026].off_days
    assert "2026-12-31" not in stored[2027].off_days


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"year": ""}, "四位年份"),
        ({"off_days": "元旦"}, "第1行不能读取"),
        ({"off_days": "2027-02-31 春节"}, "不是有效日期"),
        ({"off_days": "2028-01-01 元旦"}, "不在2027年"),
        ({"working_days": "2027-01-04 元旦"}, "不是星期六或星期日"),
        ({"working_days": "2027-01-02 元旦"}, "请保留一个"),
        ({"off_days": ""}, "请填写2027年的放假日期"),
        ({"off_days": "2027-02-12 至 2027-02-05 春节"}, "结束日期"),
        ({"year": "2030", "off_days": "2030-01-01 元旦", "working_days": ""}, "请先补充2027年"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_typed_is_lost(change, sentence):
    ask(console.new_draft, method="post")
    year = year_2027()
    typed = {
        "year": "2027",
        "source": "文号",
        "off_days": lines(year.off_days),
        "working_days": lines(year.working_weekend_days),
    }
    response = ask(console.draft, {**typed, **change}, method="post")
    assert response.status_code == 422
    page = text(response)
    assert sentence in page
    assert 'value="文号"' in page


def test_a_year_can_be_read_from_a_file():
    ask(console.new_draft, method="post")
    year = year_2027()
    rows = [f"{d},off,{n}" for d, n in year.off_days.items()] + [
        f"{d},work,{n}" for d, n in year.working_weekend_days.items()
    ]
    upload = SimpleUploadedFile("2027.csv", "\n".join(["日期,类别,节日", *rows]).encode("gb18030"))
    assert ask(console.draft, {"year": "", "file": upload}, method="post").status_code == 302
    for content in (b"\xff\xfe\xff", b"{}", b"2027-01-01", b"2027-01-01,maybe", b"", b"[1]"):
        response = ask(console.draft, {"file": SimpleUploadedFile("bad.csv", content or b" ")}, method="post")
        assert response.status_code == 422


def test_an_implausible_draft_cannot_be_published():
    ask(console.new_draft, method="post")
    typed = {"year": "2027", "source": "", "off_days": "2027-01-01 元旦", "working_days": ""}
    assert ask(console.draft, typed, method="post").status_code == 302
    assert "合理范围" in text(ask(console.draft))
    assert "disabled" in text(ask(console.moves))
    refused = ask(console.publish, method="post")
    assert "合理范围" in refused.notes[0]
    assert draft_of() is not None
    ask(console.discard, method="post")
    with pytest.raises(NotFound):
        ask(console.moves)


def post(body):
    request = RequestFactory().post(
        "/api/v1/deadlines", data=json.dumps(body), content_type="application/json"
    )
    return resolve(request.path).func(request)


def read(response):
    return json.loads(response.content)


def test_rest_reckons_and_explains():
    answer = post({"start": "2026-02-11", "amount": 5, "unit": "working_day"})
    assert answer.status_code == 200
    body = read(answer)
    assert body["due"] == "2026-02-25"
    assert "id" not in body
    assert sum(day["counted"] for day in body["days"]) == 5
    assert body["days"][0] == {
        "date": "2026-02-11",
        "counted": False,
        "why": "起算当日不计入",
        "clause": "民法典第二百零一条",
    }


def test_rest_takes_exclusions_extensions_and_the_callers_id():
    body = {
        "id": 7,
        "start": "2025-09-15",
        "amount": 10,
        "unit": "working_day",
        "first_day": "next",
        "exclusions": [{"from": "2025-09-22", "to": "2025-10-15", "reason": "检验检测"}],
        "extensions": [{"amount": 10}],
    }
    answer = read(post(body))
    assert (answer["id"], answer["due"]) == (7, "2025-11-06")
    moment = {"start": "2026-02-14T16:30:00+08:00", "amount": 5, "unit": "working_hour"}
    assert read(post(moment))["due"] == "2026-02-24T15:00:00+08:00"


def test_rest_names_the_missing_year_and_the_wrong_field():
    refused = post({"start": "2026-12-25", "amount": 20, "unit": "working_day"})
    assert refused.status_code == 422
    assert "2027" in read(refused)["detail"]
    assert read(refused)["code"] == "year_not_announced"
    assert post({"start": "x", "amount": 20}).status_code == 422
    assert post({"amount": 20}).status_code == 422
    assert post({"start": "2026-02-11", "amount": -1}).status_code == 422
    assert (
        post({"start": "2026-02-11", "amount": 1, "exclusions": [{"from": "2026-02-12"}]}).status_code == 422
    )

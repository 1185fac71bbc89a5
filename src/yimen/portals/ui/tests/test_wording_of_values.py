"""Days, limits, money, masks and clocks read as people say them."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from yimen.kernel.paging import Page
from yimen.portals.ui.templatetags import ui


def test_a_day_is_written_with_its_weekday() -> None:
    assert ui.day(date(2026, 2, 25)) == "2026年2月25日（周三）"
    assert ui.day("2026-02-25") == "2026年2月25日（周三）"
    assert ui.short_day(date(2026, 2, 1)) == "2月1日（周日）"


def test_a_moment_is_shown_in_chinas_time() -> None:
    late_evening_utc = datetime(2026, 2, 24, 16, 30, tzinfo=UTC)
    assert ui.moment(late_evening_utc) == "2026年2月25日 00:30"
    assert ui.day(late_evening_utc) == "2026年2月25日（周三）"
    assert ui.moment("2026-02-25T14:30:00+08:00") == "2026年2月25日 14:30"


@pytest.mark.parametrize("odd", [None, "", "昨天", "2026-13-45", "2026-02-25T99:99:99Z", 7, object()])
def test_what_is_no_day_shows_nothing_and_breaks_nothing(odd: object) -> None:
    assert ui.day(odd) == ui.short_day(odd) == ui.moment(odd) == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"amount": 20, "unit": "working_day"}, "20个工作日"),
        ({"amount": 0, "unit": "working_day"}, "即办"),
        ({"amount": 3, "unit": "month"}, "3个月"),
        ({"amount": 30, "unit": "calendar_day"}, "30个自然日"),
        (SimpleNamespace(amount=4, unit="working_hour"), "4个工作小时"),
        (None, ""),
        ({}, ""),
        ({"amount": None}, ""),
    ],
)
def test_a_limit_is_said_with_its_unit(value: object, said: str) -> None:
    assert ui.limit(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(1234.5, "1,234.50元"), ("0", "不收费"), (0, "不收费"), (None, ""), ("", ""), ("x", ""), ("NaN", "")],
)
def test_money_has_its_unit(value: object, said: str) -> None:
    assert ui.money(value) == said


def test_personal_data_is_masked() -> None:
    assert ui.masked_name("欧阳志强") == "欧**强"
    assert ui.masked_id("440101199001011234") == "4401**********1234"
    assert ui.masked_phone("13800138000") == "138****8000"
    assert ui.masked_name(None) == ""


def test_file_sizes_and_numbers() -> None:
    assert ui.file_size(820) == "820 字节"
    assert ui.file_size("1482931") == "1.4 MB"
    assert ui.file_size("x") == ""
    assert ui.number(49870000) == "49,870,000"
    assert ui.number("abc") == "abc"


@pytest.mark.parametrize(
    ("days", "state", "tone", "words"),
    [
        (12, "running", "calm", "还剩12个工作日"),
        (3, "running", "soon", "还剩3个工作日"),
        (0, "running", "soon", "今天到期"),
        (-2, "running", "late", "已逾期2个工作日"),
        (5, "paused", "calm", "暂停计时"),
        (5, "missed", "late", "逾期办结"),
        (None, "running", "calm", "未开始计时"),
        ("x", "running", "calm", "未开始计时"),
    ],
)
def test_a_clock_says_number_word_and_tone(days: object, state: str, tone: str, words: str) -> None:
    face = ui.clock_face(days=days, total=20, state=state)
    assert (face.tone, face.before + face.number + face.after) == (tone, words)
    assert face.icon


def test_the_ring_of_a_clock_never_passes_full() -> None:
    assert ui.clock_face(days=40, total=20).ring == "56.55"
    assert (
        ui.clock_face(days=10, total=20).ring == "28.27" or ui.clock_face(days=10, total=20).ring == "28.28"
    )


def test_a_state_has_word_and_shape_not_only_colour() -> None:
    badge = ui.state_badge("in_review")
    assert "审查中" in badge and "<svg" in badge and "badge-info" in badge
    assert "&lt;b&gt;" in ui.state_badge("<b>")
    assert "自己的话" in ui.state_badge("granted", "自己的话")


def test_an_unknown_icon_draws_something_and_reads_no_other_file() -> None:
    assert "<circle" in ui.icon("no-such-icon")
    assert "<circle" in ui.icon("../../tokens")
    assert 'aria-label="已锁定"' in ui.icon("lock", label="已锁定")
    assert 'aria-hidden="true"' in ui.icon("lock")


def test_a_query_keeps_filters_and_goes_back_to_page_one() -> None:
    context = {"request": RequestFactory().get("/x", {"q": "许可", "state": "accepted", "page": "7"})}
    assert ui.query(context, page=8).endswith("page=8") and "state=accepted" in ui.query(context, page=8)
    assert "page=" not in ui.query(context, state="granted")
    assert "state=" not in ui.query(context, state=None)
    assert ui.query({}) == "?"


@pytest.mark.parametrize(
    ("number", "pages", "expected"),
    [
        (1, 1, [1]),
        (1, 4, [1, 2, 3, 4]),
        (7, 494, [1, None, 5, 6, 7, 8, 9, None, 494]),
        (4, 9, [1, 2, 3, 4, 5, 6, None, 9]),
    ],
)
def test_the_pager_shows_ends_and_neighbours(number: int, pages: int, expected: list[int | None]) -> None:
    page = Page(count=pages * 20, results=(), number=number, size=20)
    assert ui.page_numbers(page) == expected


def test_choices_come_in_any_shape() -> None:
    for shape in (
        [("a", "甲")],
        {"a": "甲"},
        [{"value": "a", "label": "甲"}],
        [SimpleNamespace(value="a", label="甲")],
    ):
        assert ui.choices(shape)[0] == {"value": "a", "label": "甲", "hint": ""}
    assert ui.choices(None) == []
    assert ui.chosen("1", [1, 2]) and not ui.chosen("3", [1, 2]) and ui.chosen("a", "a")


def test_the_words_for_nothing_are_off() -> None:
    assert not any(ui.on(value) for value in (None, "", "False", "None", "0", False, 0))
    assert ui.on("true") and ui.on(True) and ui.on("required")

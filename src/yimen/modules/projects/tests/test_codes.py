"""Project codes: each wrong part is named; new ones never repeat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yimen.kernel.errors import Invalid
from yimen.modules.projects.codes import DRAWN, check_digit, compose_code, drawn_of, read_code

GOOD = compose_code(2026, 3, "449901000000", "04", "01", 12345)


def test_a_code_is_read_part_by_part() -> None:
    code = read_code(GOOD)
    assert (code.when, code.division, code.third, code.kind_label, code.older) == (
        "2026-03", "449901", "04", "基本建设", False,
    )  # fmt: skip
    assert code.check_fits
    older = read_code("2018-440113-47-03-012345")
    assert (older.when, older.kind_label, older.older) == ("2018", "备案", True)


@pytest.mark.parametrize(
    "typed", [GOOD.replace("-", ""), f" {GOOD} ", GOOD.replace("-", "－"), GOOD.replace("2", "２")]
)
def test_what_is_only_typed_otherwise_is_forgiven(typed: str) -> None:
    assert read_code(typed).text == GOOD


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "请填写"), ("2603", "五段"), ("26030-449901-04-01-123456", "第一段（时间）"),
        ("2613-449901-04-01-123456", "月份"), ("1999-449901-04-01-123456", "月份"), ("2603-009901-04-01-123456", "行政区划"),
        ("2603-449901-04-09-123456", "第四段"), ("2018-449901-47-04-123456", "审批"), ("2603-449901-00-01-123456", "第三段"),
        ("2603-449901-04-01-000000", "第五段"), ("2603-44990A-04-01-123456", "第二段（地区）"),
        ("2603-449901-04-01-12345٦", "第五段"), ("\0" * 30, "五段"), (None, "请填写"), (42, "请填写"), ({"code": 1}, "请填写"),
        ("9" * 10_000, "五段"),
    ],
)  # fmt: skip
def test_the_wrong_part_is_named_and_what_would_be_right(typed: object, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_code(typed)
    assert said in refused.value.message
    assert refused.value.fields["code"]
    assert refused.value.would_pass


@given(st.text(max_size=60))
def test_no_typing_breaks_the_reading(typed: str) -> None:
    try:
        assert read_code(typed).text
    except Invalid as refused:
        assert refused.message


def test_drawn_digits_never_repeat_within_a_prefix() -> None:
    assert len({drawn_of(serial, 777) for serial in range(DRAWN)}) == DRAWN


@given(st.integers(0, 18), st.integers(0, 9))
def test_one_wrong_digit_shows(place: int, digit: int) -> None:
    digits = GOOD.replace("-", "")
    changed = digits[:place] + str(digit) + digits[place + 1 :]
    assert (check_digit(changed[:-1]) == changed[-1]) == (changed == digits)

"""Numbers of people and enterprises: each wrong one is told what is wrong and what would be right."""

import csv
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yimen.foundation.identity import numbers
from yimen.foundation.identity.tests.factories import credit_code, id_number
from yimen.kernel.errors import Invalid

CHECKOUT = Path(__file__).resolve().parents[5]
SHARED = Path(os.environ.get("YIMEN_SHARED") or CHECKOUT.parent / "shared")
VECTORS = SHARED / "data" / "enterprise" / "uscc_vectors.csv"
GOOD = "440113199001010016"


def sentence(check: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(Invalid) as refused:
        check(*args, **kwargs)
    assert list(refused.value.fields.values()) == [refused.value.message]
    return refused.value.message


def test_a_right_number_comes_back_in_its_plain_form() -> None:
    number = id_number(1)
    assert numbers.check_id_number(f" {number[:6]} {number[6:14]} {number[14:]} ") == number
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in number)
    assert numbers.check_id_number(full_width) == number


def test_a_small_x_is_accepted() -> None:
    number = next(n for n in (id_number(s) for s in range(1, 200)) if n.endswith("X"))
    assert numbers.check_id_number(number.lower()) == number


def test_a_wrong_check_digit_says_which_it_should_be() -> None:
    number = id_number(7)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    assert f"最后一位应为“{number[-1]}”" in sentence(numbers.check_id_number, wrong)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请填写证件号码"),
        ("44011319900101001", "应为18位，您填写了17位"),
        ("440113900101001", "15位的旧号码已经停用"),
        ("4401131990O1010016", "第11位是“O”"),
        ("44011319900101001A", "最后一位是“A”"),
        ("990113199001010016", "前两位“99”"),
        ("440113199002300016", "1990年02月30日”不存在"),
        ("440113000001010016", "不存在"),
        ("440113179901010016", "过早"),
    ],
)
def test_what_is_wrong_is_named(text: str, words: str) -> None:
    assert words in sentence(numbers.check_id_number, text)


def test_a_birth_date_in_the_future_is_refused_on_that_day_only() -> None:
    number = id_number(1, born=date(2026, 5, 1))
    assert "晚于今天" in sentence(numbers.check_id_number, number, on=date(2026, 4, 30))
    assert numbers.check_id_number(number, on=date(2026, 5, 1)) == number


@given(st.text(max_size=40))
def test_no_text_breaks_the_check(text: str) -> None:
    for kind in ("resident_id", "residence_permit", "hk_macao_permit", "taiwan_permit", "passport"):
        try:
            assert numbers.check_id_number(text, kind)
        except Invalid as refused:
            assert refused.message.endswith("。")
    for check in (numbers.check_uscc, numbers.check_phone, numbers.check_person_name):
        try:
            assert check(text)
        except Invalid as refused:
            assert refused.message.endswith("。")


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("hk_macao_permit", "h12345678", "A12345678"),
        ("taiwan_permit", "01234567", "0123456"),
        ("passport", "EA1234567", "E1"),
        ("residence_permit", id_number(3, region="810000"), id_number(3)),
    ],
)
def test_other_documents_have_their_own_check(kind: str, right: str, wrong: str) -> None:
    assert numbers.check_id_number(right, kind) == right.upper()
    assert sentence(numbers.check_id_number, wrong, kind)


def test_birth_date_and_sex_are_read_from_the_number() -> None:
    number = id_number(12, born=date(1985, 12, 31))
    assert numbers.birth_date(number) == date(1985, 12, 31)
    assert numbers.sex(number) == "女"
    assert numbers.sex(id_number(13)) == "男"


def test_a_right_credit_code_comes_back_in_its_plain_form() -> None:
    code = credit_code(5)
    assert numbers.check_uscc(code.lower()) == code
    assert numbers.check_uscc(f"{code[:8]} {code[8:]}") == code


def test_a_letter_o_for_a_nought_is_named_with_its_place() -> None:
    told = sentence(numbers.check_uscc, "91440600MA5FOAM001")
    assert "第13位是字母“O”" in told
    assert "数字0" in told


def test_a_wrong_check_digit_of_a_code_says_which_it_should_be() -> None:
    code = credit_code(9)
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    assert f"最后一位应为“{code[-1]}”" in sentence(numbers.check_uscc, wrong)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请填写统一社会信用代码"),
        ("9144011371", "应为18位，您填写了10位"),
        ("440113123456789", "原工商注册号"),
        ("9144A113MA0000001A", "第5位是“A”"),
        ("91440113MA00000é1A", "第16位“É”"),
    ],
)
def test_what_is_wrong_with_a_code_is_named(text: str, words: str) -> None:
    assert words in sentence(numbers.check_uscc, text)


def test_codes_of_rural_collectives_begin_with_a_letter_and_are_right() -> None:
    code = credit_code(1, kind="N2")
    assert numbers.check_uscc(code) == code


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared data is not here")
def test_published_codes_are_judged_as_published() -> None:
    for row in csv.DictReader(VECTORS.open(encoding="utf-8")):
        try:
            numbers.check_uscc(row["code"])
            valid = True
        except Invalid:
            valid = False
        assert valid == (row["valid"] == "1"), row


def test_kinds_of_entities_follow_from_the_code() -> None:
    kinds = {
        kind: numbers.entity_kind(credit_code(1, kind=kind)) for kind in ("91", "92", "11", "12", "51", "31")
    }
    assert kinds == {
        "91": "enterprise",
        "92": "individual_business",
        "11": "government",
        "12": "institution",
        "51": "social_organisation",
        "31": "other",
    }


@pytest.mark.parametrize(
    ("typed", "kept"), [("+86 138 0013 8000", "13800138000"), ("020-12345678", "02012345678")]
)
def test_telephones(typed: str, kept: str) -> None:
    assert numbers.check_phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "words"), [("1380013800", "您填写了10位"), ("", "请填写11位"), ("abc", "请填写11位")]
)
def test_wrong_telephones(typed: str, words: str) -> None:
    assert words in sentence(numbers.check_phone, typed)


@pytest.mark.parametrize("name", ["林燕", "阿依古丽·买买提", "𬱖䶮", "欧阳志强", "John O'Neill"])
def test_names_people_have(name: str) -> None:
    assert numbers.check_person_name(f" {name} ") == name


def test_other_dots_become_the_dot_of_names() -> None:
    assert numbers.check_person_name("阿依古丽•买买提") == "阿依古丽·买买提"


@pytest.mark.parametrize("name", ["", "林", "林1", "<b>林</b>", "林" * 51])
def test_names_nobody_has(name: str) -> None:
    assert sentence(numbers.check_person_name, name)

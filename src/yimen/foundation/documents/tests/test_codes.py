"""Verification codes: random, readable aloud, and a slip of the hand is noticed."""

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from yimen.foundation.documents import api as documents
from yimen.foundation.documents.codes import ALPHABET, LENGTH
from yimen.foundation.documents.tests import factories as make
from yimen.kernel.errors import Invalid


def test_codes_are_new_each_time_and_pass_their_own_check() -> None:
    codes = {documents.verification_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(documents.check_verification_code(code) == code for code in codes)
    assert not set("01OIL") & set("".join(codes))


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        documents.shown_code,
        lambda c: f" {c[:4]} {c[4:]}—",
        lambda c: c.translate({ord(x): ord(x) + 0xFEE0 for x in ALPHABET}),
    ],
)
def test_a_code_may_be_typed_in_any_manner(change) -> None:
    code = documents.verification_code()
    assert documents.check_verification_code(change(code)) == code


@given(st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET), st.randoms())
def test_one_wrong_sign_is_always_noticed(place: int, sign: str, random) -> None:
    code = documents.verification_code()
    if code[place] != sign:
        with pytest.raises(Invalid, match="输错"):
            documents.check_verification_code(code[:place] + sign + code[place + 1 :])


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "请输入"), ("7K3M", "12 位，现在是 4 位"), ("7K3M9XQ2HT4O", "没有“O”"), ("核验码", "没有")],
)
def test_what_is_wrong_with_a_code_is_said(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        documents.check_verification_code(text)


@pytest.mark.parametrize("text", ["https://yimen.example/v/7K3M9XQ2HT4B", "林晓燕 <&\"'>"])
def test_a_qr_code_can_be_read_back(text: str) -> None:
    picture = make.grey(documents.qr_png(text))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [text]
    assert documents.qr_svg(text).startswith("<svg")

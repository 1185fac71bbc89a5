"""Names: their parts, forbidden words, and when two are too near."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yimen.modules.registration.rules import lookalikes, names
from yimen.modules.registration.rules.judging import Held, judge
from yimen.modules.registration.rules.names import plain_name, take_apart
from yimen.modules.registration.states import EntityKind as K

PLACES = ("粤海市", "粤海", "澜江区")


def parts(name: str):
    return take_apart(plain_name(name), PLACES)


def verdict(name: str, *others: str, kind: str = K.COMPANY):
    taken = [parts(other) for other in others]
    held = [Held(name=p.whole, brand=p.brand, trade=p.trade, trade_code=p.trade_code) for p in taken]
    return judge(parts(name), kind, held)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("粤海市澜江区晨光餐饮有限公司", ("粤海市澜江区", "晨光", "餐饮", "有限公司", "62")),
        ("粤海市澜江区甲乙丙理发店", ("粤海市澜江区", "甲乙丙", "理发", "店", "80")),
        ("晨光（粤海）科技有限公司", ("（粤海）", "晨光", "科技", "有限公司", "65")),
        ("晨光(粤海) 科技有限公司", ("（粤海）", "晨光", "科技", "有限公司", "65")),
        ("粤海市晨光企业管理咨询有限公司", ("粤海市", "晨光", "企业管理咨询", "有限公司", "72")),
        ("粤海市晨光股份有限公司", ("粤海市", "晨光", "", "股份有限公司", "")),
        (
            "粤海市晨光餐饮管理合伙企业（有限合伙）",
            ("粤海市", "晨光", "餐饮管理", "合伙企业（有限合伙）", "62"),
        ),
    ],
)
def test_a_name_is_taken_apart(name: str, expected: tuple[str, ...]) -> None:
    p = parts(name)
    assert (p.place, p.brand, p.trade, p.form, p.trade_code) == expected


@pytest.mark.parametrize(
    ("other", "outcome", "kind"),
    [
        ("粤海市澜江区晨光餐饮有限公司", "refused", "identical"),
        ("粤海市澜江区晨光小吃有限公司", "refused", "same_brand"),
        ("粤海市晨光股份有限公司", "refused", "same_brand"),
        ("粤海市澜江区辰光餐饮有限公司", "similar", "sounds_alike"),
        ("粤海市澜江区晨光软件有限公司", "ok", ""),
        ("粤海市澜江区朝霞餐饮有限公司", "ok", ""),
    ],
)
def test_nearness_is_measured_within_a_trade(other: str, outcome: str, kind: str) -> None:
    found = verdict("粤海市澜江区晨光餐饮有限公司", other)
    assert found.outcome == outcome
    assert [f.kind for f in found.findings[:1]] == ([kind] if kind else [])
    assert all(f.clause and f.would_pass for f in found.findings)


def test_a_character_alike_to_the_eye_is_named() -> None:
    [found] = verdict("粤海市澜江区水乐餐饮有限公司", "粤海市澜江区永乐餐饮有限公司").findings
    assert found.kind == "looks_alike"
    assert "第1个字“水”与“永”字形相近" in found.sentence


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("粤海市美国餐饮有限公司", "美国"),
        ("中国晨光餐饮有限公司", "中国"),
        ("粤海市公安餐饮有限公司", "公安"),
        ("粤海市赌场餐饮有限公司", "赌场"),
    ],
)
def test_forbidden_words_are_told_with_their_clause(name: str, word: str) -> None:
    found = [f for f in verdict(name).findings if f.kind == "forbidden"]
    assert found and word in found[0].sentence and "企业名称登记管理规定第十" in found[0].clause


@pytest.mark.parametrize("name", ["粤海市完美国际贸易有限公司", "粤海市晨光办公安装工程有限公司"])
def test_characters_that_only_meet_are_no_word(name: str) -> None:
    assert "forbidden" not in {f.kind for f in verdict(name).findings}


@pytest.mark.parametrize(
    ("name", "kind", "finding"),
    [
        ("粤海市晨光2号餐饮有限公司", K.COMPANY, "strange_sign"),
        ("粤海市晨光餐饮店", K.COMPANY, "form"),
        ("粤海市晨光餐饮股份有限公司", K.COMPANY, "form"),
        ("粤海市晨光餐饮有限公司", K.SOLE_TRADER, "form"),
        ("粤海市晨光餐饮有限公司", K.PARTNERSHIP, "form"),
        ("晨光餐饮有限公司", K.COMPANY, "no_place"),
        ("粤海市餐饮有限公司", K.COMPANY, "brand_is_trade"),
        ("粤海市晨光餐饮", K.SOLE_PROPRIETORSHIP, "form"),
    ],
)
def test_composition_is_checked_and_says_what_would_pass(name: str, kind: str, finding: str) -> None:
    found = verdict(name, kind=kind)
    assert finding in {f.kind for f in found.findings}
    assert found.outcome == "refused"


def test_a_district_does_not_stand_alone() -> None:
    found = judge(parts("澜江区晨光餐饮有限公司"), K.COMPANY, [], county_alone=True)
    assert "county_alone" in {f.kind for f in found.findings}


@given(st.text(max_size=60))
def test_whatever_is_typed_gets_an_answer(text: str) -> None:
    assert verdict(text).outcome in ("ok", "similar", "refused")


@given(st.sampled_from(sorted(lookalikes.NEIGHBOURS)))
def test_what_looks_alike_does_so_both_ways(sign: str) -> None:
    for other in lookalikes.NEIGHBOURS[sign]:
        assert lookalikes.look_alike(sign, other) and lookalikes.look_alike(other, sign)
        assert sign + "乐" in lookalikes.seen_as(other + "乐")


def test_every_forbidden_word_is_read_as_a_word_of_its_own() -> None:
    missed = [
        w for rule in names._forbidden() for w in rule["words"] if not names.forbidden_in(f"{w}科技有限公司")
    ]
    assert missed == []

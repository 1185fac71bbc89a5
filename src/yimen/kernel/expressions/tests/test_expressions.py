from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yimen.kernel.expressions import Expression, ExpressionError, Kind, check, parse

KNOWN: dict[str, Kind | str] = {
    "年龄": "number",
    "金额": "number",
    "姓名": "text",
    "出生日期": "date",
    "已婚": "boolean",
    "类别": Kind("choice", ("a", "b", "c")),
    "项目": Kind("many", ("hot", "cold")),
}


# --- reading ----------------------------------------------------------------------------------------------------------


def test_the_names_a_rule_reads_are_known_and_today_is_one_of_them_for_an_age() -> None:
    rule = parse("年龄 >= 60 AND age_on(出生日期) < 80 OR status = 'ok'")
    assert rule.names == {"年龄", "出生日期", "today", "status"}
    assert parse("age_on(出生日期, 受理日期) < 80").names == {"出生日期", "受理日期"}


def test_the_same_text_is_read_once() -> None:
    assert parse("年龄 > 1") is parse("年龄 > 1")
    assert isinstance(parse("年龄 > 1"), Expression)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "空的"),
        ("a = 1; b = 2", "分号"),
        ("a = 1, b = 2", "逗号"),
        ("a IN (SELECT x FROM t)", "不能写查询"),
        ("EXISTS (SELECT 1)", "查询"),
        ("(SELECT 1) = 1", "查询"),
        ("a FROM t", "查询"),
        ("a = 1 LIMIT 1", "查询"),
        ("DISTINCT a", "查询"),
        ("a b", "缺少运算符"),
        ("a = 1 AND", "写法有误"),
        ("(a = 1", "写法有误"),
        ("a = 'x", "引号"),
        ("a = 1 -- 注", "注释"),
        ("a（1）", "全角"),
        ("a ≥ 1", ">="),
        ("sleep(1) = 1", "没有“sleep”这个函数"),
        ("read_csv('x') = 1", "可用函数"),
        ("left(a, 1) = 'x'", "可用函数"),
        ("current_date > a", "可用函数"),
        ("CAST(a AS INT) = 1", "不能写"),
        ("t.a = 1", "点号"),
        ("a = :p", "不能写"),
        ("a = ?", "不能写"),
        ("a = @v", "不能写"),
        ("a || b = 'c'", "不能写"),
        ("a & 1", "不能写"),
        ("a = NULL", "IS NULL"),
        ("a IN (1, NULL)", "NULL"),
        ("a IN (b)", "固定的值"),
        ("a LIKE '%x'", "LIKE 只能判断开头"),
        ("a LIKE 'x_%'", "LIKE 只能判断开头"),
        ("a ILIKE 'x%'", "不能写"),
        ("a + 1", "不是判断"),
        ("'文字'", "不是判断"),
        ("a > 1 > 2", "不能再拿来比较"),
        ("days_between(a) = 1", "参数"),
        ("includes(a, b)", "固定的选项代码"),
        ("a = 99999999999999999999", "太大"),
        ("NOT " * 60 + "a = 1", "太深"),
        ("(" * 60 + "a = 1" + ")" * 60, "太深"),
        ("a = 1 OR " * 900 + "a = 2", "太长"),
        ("a = 1 OR " * 400 + "a = 2", "太复杂"),
        ("a = 'x\0'", "控制字符"),
        ("*", "不能写"),
        ("DROP TABLE t", "写法有误"),
    ],
)
def test_what_is_no_rule_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(text)
    assert said in refused.value.message


def test_a_refusal_names_the_position() -> None:
    with pytest.raises(ExpressionError) as refused:
        parse("年龄 > 1 AND （x = 1）")
    assert refused.value.position == len("年龄 > 1 AND ")
    assert "第 12 个字符" in refused.value.message


@given(st.text(max_size=80))
@settings(max_examples=400, deadline=None)
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    try:
        parse(text).evaluate({})
    except ExpressionError as refused:
        assert refused.message


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "b",
                "1",
                "'x'",
                "=",
                "<",
                ">",
                "AND",
                "OR",
                "NOT",
                "IN",
                "(",
                ")",
                ",",
                "LIKE",
                "BETWEEN",
                "IS",
                "NULL",
                "CASE",
                "WHEN",
                "THEN",
                "ELSE",
                "END",
                "SELECT",
                "FROM",
                ";",
                "--",
                "*",
                "+",
                "-",
                "/",
                "age_on",
                "[",
                "]",
                "::",
                ".",
                "@",
                "{",
                "}",
                "||",
                "->",
                "ANY",
                "ALL",
                "OVER",
            ]
        ),
        max_size=12,
    )
)
@settings(max_examples=600, deadline=None)
def test_no_heap_of_sql_words_breaks_the_reader(words: list[str]) -> None:
    try:
        rule = parse(" ".join(words))
    except ExpressionError:
        return
    assert rule.evaluate({}) in (True, False, None)
    rule.sql("postgres")
    rule.explain({})
    check(rule.text, {})


# --- answering --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values", "answer"),
    [
        ("a > 3", {"a": 4}, True),
        ("a > 3", {}, None),
        ("a > 3 AND b = 1", {"b": 2}, False),
        ("a > 3 OR b = 1", {"b": 1}, True),
        ("NOT a > 3", {}, None),
        ("a IS NULL", {}, True),
        ("a IS NOT NULL", {"a": 0}, True),
        ("a NOT IN ('x', 'y')", {"a": "z"}, True),
        ("a NOT LIKE '4401%'", {"a": "440199"}, False),
        ("a BETWEEN 1 AND 3", {"a": 3}, True),
        ("a / 0 > 1", {"a": 1}, None),
        ("a = '5'", {"a": 5}, None),
        ("a > '2026-01-31'", {"a": date(2026, 2, 1)}, True),
        ("a = '2026-02-01'", {"a": datetime(2026, 1, 31, 16, tzinfo=UTC)}, True),
        ("a = 1.5", {"a": Decimal("1.50")}, True),
        ("includes(a, 'hot')", {"a": ["hot", "cold"]}, True),
        ("includes(a, 'ho')", {"a": ["hot"]}, False),
        ("length(a) = 2", {"a": "中文"}, True),
        ("coalesce(a, 0) = 0", {}, True),
        ("已婚", {"已婚": True}, True),
        ("已婚 IS TRUE", {}, False),
        ("已婚 IS NOT TRUE", {}, True),
        ("CASE WHEN a > 1 THEN b = 2 ELSE TRUE END", {"a": 0}, True),
        ("CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' END = 'y'", {"a": 2}, True),
        ("a = 1", {"a": {}}, None),
    ],
)
def test_rules_answer_as_sql_does(text: str, values: dict[str, object], answer: bool | None) -> None:
    assert parse(text).evaluate(values) is answer


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("1966-11-21", "2026-11-21", 60),
        ("1966-11-22", "2026-11-21", 59),
        ("2024-02-29", "2025-02-28", 0),
        ("2024-02-29", "2025-03-01", 1),
        ("2026-02-30", "2027-01-01", None),
        ("", "2027-01-01", None),
    ],
)
def test_age_in_full_years_counts_from_the_birthday(born: str, on: str, years: int | None) -> None:
    rule = parse(f"age_on(born) = {years if years is not None else 0}")
    assert rule.evaluate({"born": born, "today": on}) is (None if years is None else True)


# --- explaining and checking ------------------------------------------------------------------------------------------


def test_the_failed_clause_is_told_in_words_with_the_value() -> None:
    rule = parse("年龄 >= 60 AND 户籍 LIKE '4401%' AND NOT (类别 IN ('a', 'b') OR 金额 > 1000)")
    failed = rule.explain({"年龄": 58, "户籍": "440199", "类别": "a", "金额": 5}, {"年龄": "申请人年龄"})
    assert [clause.sentence for clause in failed] == [
        "“申请人年龄”应当不小于60；“申请人年龄”现在是58。",
        "“类别”不应当是“a”、“b”；“类别”现在是“a”。",
    ]


def test_what_is_not_filled_in_is_told_as_such() -> None:
    (failed,) = parse("age_on(出生日期) >= 60").explain({"today": date(2026, 11, 21)})
    assert failed.unknown
    assert failed.sentence == "按“出生日期”计算的周岁年龄应当不小于60；“出生日期”没有填写。"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("年龄 > 5 AND 年龄 < 3", "never"),
        ("年龄 = 1 AND 年龄 = 2", "never"),
        ("年龄 > 3 AND 年龄 <= 3", "never"),
        ("年龄 BETWEEN 5 AND 3", "never"),
        ("NOT (年龄 <= 5 OR 年龄 >= 3)", "never"),
        ("姓名 IS NULL AND 姓名 = '林'", "never"),
        ("姓名 LIKE '林%' AND 姓名 LIKE '吴%'", "never"),
        ("类别 <> 'a' AND 类别 <> 'b' AND 类别 <> 'c'", "never"),
        ("出生日期 > '2026-01-01' AND 出生日期 < '2025-01-01'", "never"),
        ("age_on(出生日期) >= 60 AND age_on(出生日期) < 50", "never"),
        ("已婚 AND NOT 已婚", "never"),
        ("1 = 2", "never"),
        ("类别 = 'z'", "choice"),
        ("类别 IN ('a', 'z')", "choice"),
        ("includes(项目, 'raw')", "choice"),
        ("年令 > 3", "unknown_name"),
        ("年龄 = '5'", "kind"),
        ("姓名 + 1 > 2", "kind"),
        ("姓名", "kind"),
        ("项目 = 'hot'", "kind"),
        ("出生日期 > '2026-02-30'", "kind"),
        ("age_on(姓名) > 3", "kind"),
        ("年龄 >", "syntax"),
    ],
)
def test_a_rule_that_cannot_work_is_found_before_it_runs(text: str, code: str) -> None:
    assert [problem.code for problem in check(text, KNOWN)][:1] == [code]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "年龄 > 5 OR 年龄 < 3",
        "年龄 >= 3 AND 年龄 <= 3",
        "类别 IS NULL OR 类别 = 'a'",
        "姓名 LIKE '林%' AND 姓名 = '林晓燕'",
        "age_on(出生日期) >= 60 AND includes(项目, 'hot') AND 已婚",
        "coalesce(金额, 0) / 12 > 1000 AND days_between(出生日期, today) > 30",
    ],
)
def test_a_good_rule_has_no_problems(text: str) -> None:
    assert check(text, KNOWN) == []  # type: ignore[arg-type]


def test_an_unknown_name_is_answered_with_the_nearest_known_one() -> None:
    (problem,) = check("applicant_nam = 'x'", {"applicant_name": "text"})
    assert "applicant_name" in problem.sentence
    assert problem.position == 0


def test_engines_get_their_own_words() -> None:
    rule = parse("days_between(a, b) / 2 > 1 AND includes(c, 'x')")
    assert "JULIANDAY" in rule.sql("sqlite")
    assert "AS DATE" in rule.sql("postgres")
    with pytest.raises(ValueError, match="dialect"):
        rule.sql("oracle")

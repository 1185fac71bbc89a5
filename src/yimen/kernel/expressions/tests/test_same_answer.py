"""The same answer for one person as from a data engine over all of them."""

import sqlite3
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from yimen.kernel.expressions import Kind, check, parse

NUMBERS, TEXTS, DAYS, FLAGS = ("n1", "数2"), ("s1", "文2"), ("d1", "日2"), ("b1",)
numbers = st.recursive(
    st.one_of(st.sampled_from(NUMBERS), st.integers(-50, 50).map(str), st.sampled_from(["0.5", "2.25"])),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda n: f"- ({n})"),
        inner.map(lambda n: f"abs({n})"),
        st.tuples(inner, inner).map(lambda t: f"coalesce({t[0]}, {t[1]})"),
        st.sampled_from(TEXTS).map(lambda s: f"length({s})"),
        st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(
            lambda t: f"days_between({t[0]}, {t[1]})"
        ),
        st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(lambda t: f"age_on({t[0]}, {t[1]})"),
    ),
    max_leaves=4,
)
texts = st.one_of(
    st.sampled_from(TEXTS),
    st.text("aA中文%_'\" 0", max_size=3).map(lambda s: "'" + s.replace("'", "''") + "'"),
)
days = st.one_of(st.sampled_from(DAYS), st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(lambda d: f"'{d}'"))
operators = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])


def _same(pair: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(pair, operators, pair).map(lambda t: f"{t[0]} {t[1]} {t[2]}")


clauses = st.one_of(
    _same(numbers),
    _same(texts),
    _same(days),
    st.sampled_from(FLAGS),
    st.sampled_from([*NUMBERS, *TEXTS, *DAYS, *FLAGS]).map(lambda n: f"{n} IS NULL"),
    st.tuples(numbers, st.integers(-9, 9), st.integers(-9, 9)).map(
        lambda t: f"{t[0]} NOT BETWEEN {t[1]} AND {t[2]}"
    ),
    st.sampled_from(TEXTS).map(lambda s: f"{s} IN ('a', '中', '')"),
    st.sampled_from(NUMBERS).map(lambda n: f"{n} NOT IN (1, 2, 0.5)"),
    st.sampled_from(TEXTS).map(lambda s: f"{s} LIKE '中%'"),
    st.sampled_from(TEXTS).map(lambda s: f"{s} NOT LIKE 'a%'"),
    st.just("b1 IS TRUE"),
    st.just("includes(m1, 'hot')"),
)
rules = st.recursive(
    clauses,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
        inner.map(lambda c: f"NOT ({c})"),
        st.tuples(inner, numbers, numbers).map(lambda t: f"CASE WHEN {t[0]} THEN {t[1]} ELSE {t[2]} END > 1"),
    ),
    max_leaves=6,
)
maybe_number = st.one_of(st.none(), st.integers(-50, 50), st.sampled_from([0.5, -2.25]))
maybe_text = st.one_of(st.none(), st.text("aA中文%_'\" 0", max_size=3))
maybe_day = st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
rows = st.fixed_dictionaries(
    {
        **{name: maybe_number for name in NUMBERS},
        **{name: maybe_text for name in TEXTS},
        **{name: maybe_day for name in DAYS},
        "b1": st.sampled_from([None, True, False]),
        "m1": st.sampled_from([None, [], ["hot"], ["cold", "hot"]]),
    }
)
ENGINE = sqlite3.connect(":memory:", check_same_thread=False)


def _asked(sql: str, row: dict[str, object]) -> bool | None:
    def stored(value: object) -> object:
        if isinstance(value, date):
            return value.isoformat()
        return str(value).replace("'", '"') if isinstance(value, list) else value

    columns = ", ".join(f'? AS "{name}"' for name in row)
    answer = ENGINE.execute(
        f"SELECT {sql} FROM (SELECT {columns})", [stored(v) for v in row.values()]
    ).fetchone()[0]
    return None if answer is None else bool(answer)


@given(rules, rows)
@settings(max_examples=1500, deadline=None)
def test_one_person_and_a_table_of_people_get_the_same_answer(text: str, row: dict[str, object]) -> None:
    rule = parse(text)
    assert rule.evaluate(row) is _asked(rule.sql("sqlite"), row)


@given(rules, rows)
@settings(max_examples=300, deadline=None)
def test_a_failed_rule_names_a_failed_clause_and_a_rule_that_holds_none(
    text: str, row: dict[str, object]
) -> None:
    rule = parse(text)
    failed = rule.explain(row)
    assert bool(failed) is (rule.evaluate(row) is not True)
    assert all(clause.sentence.endswith("。") for clause in failed)


@given(rules, rows)
@settings(max_examples=400, deadline=None)
def test_a_rule_called_impossible_never_holds(text: str, row: dict[str, object]) -> None:
    kinds: dict[str, Kind | str] = (
        {n: "number" for n in NUMBERS} | {n: "text" for n in TEXTS} | {n: "date" for n in DAYS}
    )
    kinds |= {"b1": "boolean", "m1": "many"}
    if any(problem.code == "never" for problem in check(text, kinds)):  # type: ignore[arg-type]
        assert parse(text).evaluate(row) is not True

"""Whatever standards come: nothing is lost, no circle passes, no date is later than it may be, no paper is asked twice."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from yimen.kernel.expressions import parse
from yimen.modules.cases.api import plain_name
from yimen.modules.forms.definition import FormField
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import (
    Condition,
    Fee,
    ItemResult,
    Limit,
    MaterialRequirement,
    Situation,
    Source,
)
from yimen.modules.themes.compiling.compiler import compile_standards
from yimen.modules.themes.compiling.limits import working_days
from yimen.modules.themes.compiling.plan import Circle
from yimen.modules.themes.compiling.rules import any_of, implies
from yimen.modules.themes.compiling.values import Compiled
from yimen.modules.themes.content import Order
from yimen.modules.themes.tests.factories import form_of, standard

PAPERS = ("营业执照", "申请人居民身份证", "结婚证", "出生医学证明", "场所平面图", "授权委托书")
ELEMENTS = ("applicant_name", "contact_name", "contact_phone", "agent_name", "agent_phone", "entity_name")
QUESTIONS = tuple(
    Situation(code=f"q{n}", question=f"第{n}问？", options=("是", "否", "不清楚")) for n in range(3)
)
ANSWERS = st.dictionaries(
    st.sampled_from([q.code for q in QUESTIONS]), st.sampled_from(QUESTIONS[0].options), max_size=3
)
SIMPLE = st.builds(
    "{} {} '{}'".format,
    st.sampled_from(["q0", "q1", "q2"]),
    st.sampled_from(["=", "<>"]),
    st.sampled_from(["是", "否"]),
)
RULES = st.one_of(
    st.just(""),
    SIMPLE,
    st.builds("({}) AND ({})".format, SIMPLE, SIMPLE),
    st.builds("({}) OR ({})".format, SIMPLE, SIMPLE),
    st.builds("NOT ({})".format, SIMPLE),
)


@st.composite
def materials(draw: st.DrawFn) -> tuple[MaterialRequirement, ...]:
    chosen = draw(st.lists(st.sampled_from(PAPERS), unique=True, max_size=4))
    return tuple(
        MaterialRequirement(
            code=f"m{n}",
            name=name + draw(st.sampled_from(["", " "])),
            trust=draw(st.sampled_from("ABCD")),
            originals=draw(st.integers(0, 2)),
            copies=draw(st.integers(0, 2)),
            main=draw(st.booleans()),
            medium=draw(st.sampled_from(["paper", "electronic", "either"])),
            accept=draw(st.sampled_from([("pdf", "image"), ("pdf",), ("ofd",)])),
            required_when=draw(RULES),
            sources=draw(
                st.sampled_from(
                    [
                        (),
                        (Source(kind="licence", name="居民身份证"),),
                        (Source(kind="shared_data", name="库"),),
                    ]
                )
            ),
        )
        for n, name in enumerate(chosen)
    )


@st.composite
def standards(draw: st.DrawFn) -> list[PublishedStandard]:
    made = []
    for n in range(draw(st.integers(1, 6))):
        fields = draw(st.lists(st.sampled_from(ELEMENTS), unique=True, min_size=1))
        made.append(
            standard(
                f"i{n}",
                situations=QUESTIONS,
                materials=draw(materials()),
                results=tuple(
                    ItemResult(name=r) for r in draw(st.lists(st.sampled_from(PAPERS[:4]), max_size=1))
                ),
                conditions=tuple(
                    Condition(text=f"条件{k}", rule=draw(RULES)) for k in range(draw(st.integers(0, 2)))
                ),
                fees=tuple(
                    Fee(name="工本费", amount=draw(st.integers(0, 99)), basis="某文")
                    for _ in range(draw(st.integers(0, 1)))
                ),
                form=form_of(
                    *(
                        FormField(
                            element=e,
                            when=draw(RULES),
                            required=draw(st.booleans()),
                            required_when=draw(RULES),
                        )
                        for e in fields
                    )
                ),
                promised_limit=Limit(
                    amount=draw(st.integers(0, 40)),
                    unit=draw(st.sampled_from(["working_day", "calendar_day", "working_hour", "hour"])),
                ),
            )
        )
    return made


@st.composite
def orders(draw: st.DrawFn) -> list[Order]:
    ends = st.sampled_from([f"i{n}" for n in range(6)])
    return [Order(before=draw(ends), after=draw(ends), why="人工") for _ in range(draw(st.integers(0, 2)))]


def composed(made: list[PublishedStandard], answers: dict[str, str], extra: list[Order]) -> Compiled | None:
    try:
        return compile_standards(made, answers, edges=extra)
    except Circle as refused:
        assert len(refused.items) > 1 and refused.fields
        return None


@settings(max_examples=150, deadline=None)
@given(standards(), ANSWERS, orders())
def test_nothing_is_lost(made: list[PublishedStandard], answers: dict[str, str], extra: list[Order]) -> None:
    compiled = composed(made, answers, extra)
    if compiled is None:
        return
    assert compiled.blocking == ()
    assert compiled.proof.lost == ()
    references = [part.reference for one in compiled.requirements for part in one.parts]
    dropped = [(one.item, one.code) for one in compiled.dropped if one.kind == "material"]
    assert sorted(references + dropped) == sorted((s.code, m.code) for s in made for m in s.content.materials)


@settings(max_examples=100, deadline=None)
@given(standards(), ANSWERS, st.fixed_dictionaries({q.code: st.sampled_from(q.options) for q in QUESTIONS}))
def test_whatever_an_item_asks_of_somebody_the_one_thing_asks(
    made: list[PublishedStandard], early: dict[str, str], later: dict[str, str]
) -> None:
    """Tried with real answers, beside the proof: composed with some, judged with all."""
    compiled = composed(made, early, [])
    if compiled is None:
        return
    values = {**later, **early}
    stands = {part.reference: one for one in compiled.requirements for part in one.parts}
    for item in made:
        for material in item.content.materials:
            if holds(material.required_when, values):
                one = stands[item.code, material.code]
                assert one.met_by or holds(one.required_when, values)
        for field in item.content.form.fields():
            if holds(field.when, values):
                kept = next(f for f in compiled.fields if f.element == field.element)
                assert holds(kept.when, values)
                if field.required or (field.required_when and holds(field.required_when, values)):
                    assert kept.required or holds(kept.required_when, values)


def holds(rule: str, values: dict[str, Any]) -> bool:
    return not rule or parse(rule).holds(values)


@settings(max_examples=150, deadline=None)
@given(standards(), orders())
def test_no_circle_is_accepted_and_everybody_waits_long_enough(
    made: list[PublishedStandard], extra: list[Order]
) -> None:
    compiled = composed(made, {}, extra)
    if compiled is None:
        return
    rows = {row.item: row for row in compiled.schedule}
    for edge in compiled.edges:
        assert rows[edge.earlier].ends <= rows[edge.later].starts
    waiting = {
        row.item: {e.earlier for e in compiled.edges if e.later == row.item} for row in compiled.schedule
    }
    while ready := [item for item, before in waiting.items() if not before]:
        for item in ready:
            del waiting[item]
        for before in waiting.values():
            before.difference_update(ready)
    assert waiting == {}


@settings(max_examples=150, deadline=None)
@given(standards(), orders())
def test_the_joint_date_is_never_later_than_it_may_be(
    made: list[PublishedStandard], extra: list[Order]
) -> None:
    compiled = composed(made, {}, extra)
    if compiled is None:
        return
    days = {s.code: working_days(s.content.promised_limit) for s in made}
    joint = compiled.promised_limit.amount
    assert joint == sum(days[code] for code in compiled.critical_path)
    assert max(days.values()) <= joint <= sum(days.values())
    assert compiled.saved.days.saved >= 0
    for earlier, later in zip(compiled.critical_path, compiled.critical_path[1:], strict=False):
        assert any((e.earlier, e.later) == (earlier, later) for e in compiled.edges)


@settings(max_examples=150, deadline=None)
@given(standards())
def test_one_paper_is_asked_once(made: list[PublishedStandard]) -> None:
    compiled = composed(made, {}, [])
    if compiled is None:
        return
    asked = [one for one in compiled.requirements if one.to_hand_in]
    for n, one in enumerate(asked):
        for other in asked[n + 1 :]:
            if plain_name(one.name) == plain_name(other.name):
                assert not set(one.accept) & set(other.accept) or {*one.media, *other.media} == {
                    "paper",
                    "electronic",
                }
    for saving in (compiled.saved.materials, compiled.saved.fields, compiled.saved.visits):
        assert 0 <= saving.together <= saving.one_by_one
    assert len({one.key for one in compiled.requirements}) == len(compiled.requirements)


@given(RULES, RULES, st.fixed_dictionaries({q.code: st.sampled_from([*q.options, None]) for q in QUESTIONS}))
def test_what_implies_holds_for_every_answer(one: str, other: str, values: dict[str, Any]) -> None:
    assert implies(one, any_of([one, other]))
    if implies(one, other) and holds(one, values):
        assert holds(other, values)

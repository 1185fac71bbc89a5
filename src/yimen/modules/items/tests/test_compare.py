"""What changed, and what it means for people."""

from hypothesis import given, settings
from hypothesis import strategies as st

from yimen.modules.items.compare import Effect, apply, compare, compare_sets, verdict
from yimen.modules.items.content import Fee, Limit, MaterialRequirement, Place, StandardContent, Tolerance
from yimen.modules.items.tests.factories import make_content

codes = st.sampled_from("abcdef")
materials = st.lists(
    st.builds(
        MaterialRequirement,
        code=codes,
        name=st.sampled_from(["甲", "乙", "丙"]),
        copies=st.integers(0, 3),
        main=st.booleans(),
    ),
    max_size=5,
)
limits = st.builds(
    Limit, amount=st.integers(0, 60), unit=st.sampled_from(["working_day", "calendar_day", "month", "hour"])
)
contents = st.builds(
    lambda m, p, legal, v, t, places, fees: make_content(
        materials=tuple(m),
        promised_limit=p,
        legal_limit=legal,
        visits=v,
        tolerance=t,
        places=places,
        fees=fees,
    ),
    materials,
    limits,
    limits,
    st.integers(0, 3),
    st.none() | st.just(Tolerance()),
    st.lists(
        st.builds(
            Place, name=st.sampled_from("甲乙"), address=st.just("路1号"), window=st.sampled_from(["", "1"])
        ),
        max_size=3,
    ).map(tuple),
    st.lists(
        st.builds(Fee, name=st.sampled_from("甲乙"), amount=st.integers(0, 9), basis=st.just("法")),
        max_size=2,
    ).map(tuple),
)


@given(contents, contents)
@settings(max_examples=80, deadline=None)
def test_changes_carried_out_give_the_new_version(old: StandardContent, new: StandardContent) -> None:
    changes = compare(old, new)
    assert apply(old, changes) == new
    assert bool(changes) == (old != new)
    assert all(change.sentence.endswith("。") for change in changes)


def test_fewer_materials_and_a_shorter_promise_are_easier() -> None:
    old = make_content()
    new = make_content(materials=old.materials[:1], promised_limit=Limit(amount=5))
    told = {change.part: (change.sentence, change.effect) for change in compare(old, new)}
    assert told["materials"] == ("不再需要提交“营业执照”。", Effect.EASIER)
    assert told["promised_limit"] == ("承诺办结时限由10个工作日改为5个工作日。", Effect.EASIER)
    assert verdict(compare(old, new)) == "这次改了2处，其中2处让您更省事。"


def test_a_new_material_is_harder_unless_it_can_be_spared() -> None:
    old = make_content()
    new = make_content(materials=(*old.materials, MaterialRequirement(code="plan", name="平面图")))
    (change,) = compare(old, new)
    assert (change.kind, change.effect) == ("added", Effect.HARDER)
    spared = make_content(
        materials=(*old.materials, old.materials[1].model_copy(update={"code": "id", "name": "身份证"}))
    )
    assert compare(old, spared)[0].effect is Effect.NEUTRAL


def test_a_month_is_longer_than_ten_working_days() -> None:
    (change,) = compare(make_content(), make_content(promised_limit=Limit(amount=1, unit="month")))
    assert change.effect is Effect.HARDER


def test_two_sets_are_compared_by_key() -> None:
    a, b = make_content(), make_content(visits=1, visit_reason="现场核验")
    pairs = compare_sets({"1": a, "2": a, "3": a}, {"2": b, "3": a, "4": b})
    assert [(p.key, p.kind) for p in pairs] == [
        ("1", "only_left"),
        ("2", "different"),
        ("3", "same"),
        ("4", "only_right"),
    ]

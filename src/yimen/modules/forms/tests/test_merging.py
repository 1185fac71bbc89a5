from hypothesis import given, settings
from hypothesis import strategies as st

from yimen.modules.forms.api import (
    FormDefinition,
    asked_by,
    merge_definitions,
    required_fields,
    visible_fields,
)
from yimen.modules.forms.tests.factories import a_field, a_food_form, a_form

CODES = ["entity_name", "remarks", "contact_phone", "premises_area", "applicant_email", "opening_on"]
CONDITIONS = ["", "s = 'a'", "n > 3", "s = 'b' OR n IS NULL", "b"]

fields = st.fixed_dictionaries(
    {
        "element": st.sampled_from(CODES),
        "required": st.booleans(),
        "required_when": st.sampled_from(CONDITIONS),
        "when": st.sampled_from(CONDITIONS),
        "label": st.sampled_from(["", "别称"]),
    }
)
sections = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["甲", "乙"]),
        "when": st.sampled_from(CONDITIONS),
        "fields": st.lists(fields, max_size=3, unique_by=lambda field: field["element"]),
    }
)


def _one_form(rows: list[dict[str, object]]) -> FormDefinition:
    seen: set[str] = set()
    for row in rows:
        row["fields"] = [f for f in row["fields"] if f["element"] not in seen]  # type: ignore[attr-defined, index]
        seen |= {f["element"] for f in row["fields"]}  # type: ignore[attr-defined, index]
    return FormDefinition.model_validate({"title": "表", "sections": rows})


forms = st.lists(sections, min_size=1, max_size=3).map(_one_form)
facts = st.fixed_dictionaries(
    {
        "s": st.sampled_from([None, "a", "b"]),
        "n": st.sampled_from([None, 1, 9]),
        "b": st.sampled_from([None, True, False]),
    }
)


@given(st.lists(forms, min_size=2, max_size=4), facts)
@settings(max_examples=400, deadline=None)
def test_the_merged_form_shows_and_requires_exactly_what_one_of_the_items_would(
    definitions: list[FormDefinition], known: dict[str, object]
) -> None:
    parts = [(f"item{number}", definition) for number, definition in enumerate(definitions)]
    merged, conflicts = merge_definitions(parts)
    shown = {field.element for definition in definitions for field in visible_fields(definition, {}, known)}
    needed = {code for definition in definitions for code in required_fields(definition, {}, known)}
    assert {field.element for field in visible_fields(merged, {}, known)} == shown
    assert required_fields(merged, {}, known) == needed
    assert {field.element for field in merged.fields()} == set(asked_by(parts))
    for code, items in asked_by(parts).items():
        labels = {d.label(f) for _, d in parts for f in d.fields() if f.element == code}
        if len(labels) > 1:
            told = [c for c in conflicts if c.element == code and c.what == "label"]
            assert len(told) == 1
            assert [item for item, _ in told[0].asked] == items


def test_the_same_element_is_asked_once_and_differences_are_told() -> None:
    one = a_form(a_field("contact_phone", required=True), "remarks", title="甲表")
    other = a_form(
        a_field("contact_phone", label="联系人电话"), "premises_area", title="乙表", section="场所"
    )
    merged, conflicts = merge_definitions([("A", one), ("B", other)])
    assert merged.title == "甲表、乙表"
    assert [field.element for field in merged.fields()] == ["contact_phone", "remarks", "premises_area"]
    assert next(merged.fields()).required
    assert {conflict.what for conflict in conflicts} == {"label", "required", "section"}
    assert all("A" in conflict.sentence and "B" in conflict.sentence for conflict in conflicts)
    assert not any(conflict.blocking for conflict in conflicts)


def test_one_form_comes_back_as_it_is() -> None:
    assert merge_definitions([("A", a_food_form())]) == (a_food_form(), [])
    assert merge_definitions([]) == (FormDefinition(), [])


def test_two_local_elements_under_one_code_cannot_be_merged_and_are_told() -> None:
    one = a_form("x_size", elements=[{"code": "x_size", "name": "面积", "type": "number"}])
    other = a_form("x_size", elements=[{"code": "x_size", "name": "尺码", "type": "text"}])
    _, conflicts = merge_definitions([("A", one), ("B", other)])
    assert [conflict.blocking for conflict in conflicts if conflict.what == "element"] == [True]


def test_thirty_items_merge_into_one_form() -> None:
    parts = [
        (f"i{n}", a_form(a_field("remarks", required=n % 2 == 0, when=f"n > {n}"), "contact_phone"))
        for n in range(30)
    ]
    merged, _ = merge_definitions(parts)
    assert len(list(merged.fields())) == 2

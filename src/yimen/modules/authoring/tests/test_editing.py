"""The author's form: what is shown comes back unchanged; what is typed is never lost."""

import pytest

from yimen.kernel.errors import Invalid
from yimen.modules.authoring.editing import (
    Control,
    Posted,
    finished,
    from_post,
    rearranged,
    relocated,
    shown,
    unknown_organisations,
)
from yimen.modules.forms.api import ELEMENTS, Choice, DataElement, FormDefinition, FormField, FormSection
from yimen.modules.items.api.contents import parse_content, plain
from yimen.modules.items.content import (
    Joint,
    Limit,
    Promise,
    ReviewStep,
    StandardContent,
    Tolerance,
)
from yimen.modules.items.tests.factories import make_content

CODES = [code for code, element in ELEMENTS.items() if element.type == "text"][:3]


def posted(content: dict) -> dict[str, list[str]]:
    """What a browser sends for an untouched form."""
    values: dict[str, list[str]] = {}

    def add(control: Control) -> None:
        if control.spec.kind == "flag":
            if control.value:
                values[control.name] = ["yes"]
        elif control.spec.kind in ("many", "materials"):
            values[control.name] = list(control.value)
        else:
            values[control.name] = [str(control.value).replace("\n", "\r\n")]

    for group in shown(content, {}):
        for control in group.controls:
            add(control)
        for row in group.rows:
            values[f"{group.group.key}.{row.number}._was"] = [row.was]
            for control in row.controls:
                add(control)
    return values


def rich() -> StandardContent:
    return make_content(
        steps=(
            ReviewStep(
                code="joint",
                name="会商",
                post="reviewer",
                limit=Limit(amount=3, note="不含会商"),
                joint=Joint(organisations=("gaj",)),
            ),
        ),
        form=FormDefinition(
            title="表",
            sections=(
                FormSection(title="甲", hint="提示", fields=(FormField(element=CODES[0], required=True),)),
                FormSection(title="乙", fields=(FormField(element=CODES[1]), FormField(element=CODES[2]))),
            ),
        ),
    )


@pytest.mark.parametrize("content", [make_content(), rich()])
def test_an_untouched_form_gives_the_same_content(content: StandardContent) -> None:
    stored = plain(content)
    back = finished(from_post(Posted(posted(stored)), stored))
    assert parse_content(back) == content


def test_rows_can_be_added_removed_and_moved() -> None:
    stored = plain(make_content())
    data = from_post(Posted(posted(stored)), stored)
    more = rearranged(data, "add:materials")
    assert [row["code"] for row in more["materials"]] == ["application", "licence", "m3"]
    up = rearranged(more, "up:materials:1")
    assert [row["code"] for row in up["materials"]][:2] == ["licence", "application"]
    less = rearranged(up, "remove:materials:2")
    assert len(less["materials"]) == 2
    for odd in ("remove:materials:99", "remove:name:0", "up:materials:x", "", "add:nothing"):
        assert rearranged(less, odd) == less


def test_a_moved_row_keeps_what_the_form_does_not_show() -> None:
    stored = plain(rich())
    values = posted(stored)
    values |= {
        "steps.7.name": ["新环节"],
        "steps.7.code": ["second"],
        "steps.7.post": ["head"],
        "steps.7._was": [""],
    }
    data = finished(rearranged(from_post(Posted(values), stored), "up:steps:1"))
    content = parse_content(data)
    assert [step.code for step in content.steps] == ["second", "joint"]
    assert content.steps[1].joint is not None


def test_wrong_values_are_shown_again_with_their_error() -> None:
    stored = plain(make_content())
    values = posted(stored) | {"legal_limit.amount": ["二十"], "materials.0.copies": ["many"]}
    data = from_post(Posted(values), stored)
    groups = shown(data, {"legal_limit.amount": "应当是整数", "materials.0.copies": "应当是整数"})
    wrong = {
        c.name: c.value
        for g in groups
        for c in (*g.controls, *(c for r in g.rows for c in r.controls))
        if c.error
    }
    assert wrong == {"legal_limit.amount": "二十", "materials.0.copies": "many"}


NAMES = {"gaj": "公安分局", "xfj": "消防救援大队"}


def full() -> StandardContent:
    """A content with everything the form shows."""
    element = DataElement(
        code="x_seats", name="座位种类", type="choice", choices=(Choice(code="a", name="卡座"), Choice(code="b", name="散座"))
    )  # fmt: skip
    step = ReviewStep(
        code="review",
        name="审查",
        post="reviewer",
        limit=Limit(amount=3, clause="内部规定"),
        joint=Joint(
            organisations=("gaj", "xfj"), silence_days=3, silence_means="wait", clause="某办法第三条"
        ),
    )
    return make_content(
        steps=(step,),
        tolerance=Tolerance(days=7, when_late="refuse"),
        promise=Promise(materials=("licence",), check_days=30, text="承诺属实。"),
        joint_organisations=("区消防救援大队",),
        quantity_limit="每年100个",
        intermediary="无",
        valid_until="2030-12-31",
        form=FormDefinition(
            title="申请表",
            elements=(element,),
            sections=(
                FormSection(
                    title="甲",
                    hint="提示",
                    when="seats = 'a'",
                    fields=(
                        FormField(element="x_seats"),
                        FormField(
                            element=CODES[0], required_when="x_seats = 'b'", default_from="person.name"
                        ),
                    ),
                ),
            ),
        ),
    )


def test_everything_a_content_says_stands_in_the_form_and_comes_back() -> None:
    stored = plain(full())
    values = posted(stored)
    assert values["steps.0.joint.organisations"] == ["gaj\r\nxfj"]
    assert values["promise.materials"] == ["licence"] and values["form_elements.0.choices"] == [
        "a 卡座\r\nb 散座"
    ]
    assert parse_content(finished(from_post(Posted(values), stored))) == full()
    shown_paths = {name for name in values if not name.endswith("_was")}
    for path in (
        "tolerance.days",
        "form.title",
        "form_sections.0.when",
        "form_fields.1.required_when",
        "valid_until",
    ):
        assert path in shown_paths, path


def test_organisations_are_written_by_name() -> None:
    stored = plain(full())
    [steps] = [g for g in shown(stored, {}, NAMES) if g.group.key == "steps"]
    control = next(c for c in steps.rows[0].controls if c.spec.name == "joint.organisations")
    assert control.value == "公安分局\n消防救援大队"
    values = posted(stored) | {"steps.0.joint.organisations": ["消防救援大队\r\ngaj\r\n没有的局"]}
    data = from_post(Posted(values), stored, NAMES)
    assert data["steps"][0]["joint"]["organisations"] == ["xfj", "gaj", "没有的局"]
    assert list(unknown_organisations(data, NAMES)) == ["steps.0.joint.organisations"]
    values["steps.0.joint.organisations"] = [""]
    assert parse_content(finished(from_post(Posted(values), stored, NAMES))).steps[0].joint is None


def test_tolerance_and_promise_are_there_only_while_they_say_something() -> None:
    stored = plain(full())
    values = posted(stored) | {"tolerance.days": [""], "promise.materials": [], "promise.text": [""]}
    content = parse_content(finished(from_post(Posted(values), stored)))
    assert content.tolerance is None and content.promise is None
    written = values | {"promise.text": ["写了很久的承诺"]}
    with pytest.raises(Invalid) as refused:
        parse_content(finished(from_post(Posted(written), stored)))
    assert set(refused.value.fields) == {"promise.materials"}
    values |= {
        "tolerance.days": ["3"],
        "tolerance.clause": [""],
        "promise.materials": ["licence"],
        "promise.check_days": [""],
    }
    content = parse_content(finished(from_post(Posted(values), plain(make_content()))))
    assert content.tolerance is not None and content.tolerance.clause.startswith("广东省")
    assert content.promise is not None and content.promise.check_days == 60


def test_a_new_material_takes_the_usual_files() -> None:
    stored = plain(make_content())
    more = rearranged(from_post(Posted(posted(stored)), stored), "add:materials")
    more["materials"][2] |= {"name": "照片", "code": "photo"}
    assert set(parse_content(finished(more)).materials[2].accept) == {"pdf", "image"}
    none = posted(stored) | {"materials.0.accept": []}
    assert set(parse_content(finished(from_post(Posted(none), stored))).materials[0].accept) == {
        "pdf",
        "image",
    }


def test_what_is_chosen_and_gone_can_still_be_seen() -> None:
    stored = plain(full())
    values = posted(stored)
    less = rearranged(from_post(Posted(values), stored), "remove:materials:1")
    [promise] = [g for g in shown(less, {}) if g.group.key == "promise_group"]
    assert ("licence", "licence（已经没有了）") in promise.controls[0].options
    [fields] = [g for g in shown(stored, {}) if g.group.key == "form_fields"]
    assert ("x_seats", "座位种类") in fields.rows[0].controls[1].options


def test_errors_of_the_form_stand_beside_their_control() -> None:
    stored = plain(full())
    values = posted(stored) | {
        "form_fields.1.when": ["= ="], "form_sections.0.when": ["("], "form_elements.0.code": ["seats"],
        "steps.0.joint.silence_days": ["99"],
    }  # fmt: skip
    data = from_post(Posted(values), stored)
    with pytest.raises(Invalid) as refused:
        parse_content(finished(data))
    found = relocated(refused.value.fields, data)
    assert {"form_fields.1.when", "form_sections.0.when", "steps.0.joint.silence_days"} <= set(found)
    wrong = {c.name for g in shown(data, found) for r in g.rows for c in r.controls if c.error}
    assert {"form_fields.1.when", "form_sections.0.when", "steps.0.joint.silence_days"} <= wrong


def test_a_group_that_no_field_uses_yet_stays() -> None:
    stored = plain(full())
    values = posted(stored) | {
        "form_sections.1.title": ["乙"], "form_sections.1.hint": ["以后再填"], "form_sections.1.when": [""],
        "form_sections.1._was": [""],
    }  # fmt: skip
    back = parse_content(finished(from_post(Posted(values), stored)))
    assert [(s.title, len(s.fields)) for s in back.form.sections] == [("甲", 2), ("乙", 0)]

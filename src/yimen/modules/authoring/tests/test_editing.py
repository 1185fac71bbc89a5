"""The author's form: what is shown comes back unchanged; what is typed is never lost."""

import pytest

from yimen.modules.authoring.editing import Control, Posted, finished, from_post, rearranged, shown
from yimen.modules.forms.api import ELEMENTS, FormDefinition, FormField, FormSection
from yimen.modules.items.api.contents import parse_content, plain
from yimen.modules.items.content import Joint, Limit, ReviewStep, StandardContent
from yimen.modules.items.tests.factories import make_content

CODES = [code for code, element in ELEMENTS.items() if element.type == "text"][:3]


def posted(content: dict) -> dict[str, list[str]]:
    """What a browser sends for an untouched form."""
    values: dict[str, list[str]] = {}

    def add(control: Control) -> None:
        if control.spec.kind == "flag":
            if control.value:
                values[control.name] = ["yes"]
        elif control.spec.kind == "many":
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

import re

import pytest
from pydantic import ValidationError

from yimen.modules.forms.api import ELEMENTS, DataElement, FormDefinition
from yimen.modules.forms.cleaning import clean
from yimen.modules.forms.definition import LOCAL_PREFIX
from yimen.modules.forms.tests.factories import a_form


def test_the_dictionary_is_large_and_each_element_is_written_out() -> None:
    assert len(ELEMENTS) >= 150
    for element in ELEMENTS.values():
        assert re.fullmatch(r"[\u4e00-\u9fff（）()、“”/A-Z ]+", element.name), element.code
        assert element.example or element.type == "table", element.code
        assert not element.code.startswith(LOCAL_PREFIX)
        assert element.source == "" or element.source.split(".")[0] in ("person", "entity", "account"), (
            element.code
        )
        assert not any(word in element.name for word in ("其他材料", "有关材料")), element.code


def test_every_example_passes_the_check_of_its_own_element() -> None:
    for element in ELEMENTS.values():
        if element.type != "table":
            assert clean(element, element.example) is not None, element.code


def test_columns_of_tables_are_elements_that_are_no_tables() -> None:
    for element in ELEMENTS.values():
        for code in element.columns:
            assert ELEMENTS[code].type not in ("table", "address"), element.code


def test_numbers_of_people_are_marked_as_sensitive() -> None:
    for element in ELEMENTS.values():
        if element.type == "id_number":
            assert element.sensitive == "sensitive", element.code
        if element.type == "phone":
            assert element.sensitive != "none", element.code


def test_an_element_that_contradicts_itself_is_refused() -> None:
    for row in (
        {"type": "choice"},
        {"type": "text", "choices": {"a": "甲"}},
        {"type": "table"},
        {"type": "text", "pattern": "("},
        {"type": "text", "pattern": "a"},
        {"type": "number", "min": 3, "max": 1},
        {"type": "date", "earliest": "2026-02-30"},
    ):
        with pytest.raises(ValidationError):
            DataElement.model_validate({"code": "thing", "name": "东西", **row})


def test_a_form_refuses_unknown_elements_double_questions_and_broken_rules() -> None:
    for fields in (["no_such_element"], ["remarks", "remarks"], [{"element": "remarks", "when": "a >"}]):
        with pytest.raises(ValidationError):
            a_form(*fields)


def test_a_district_adds_its_own_element_inside_the_form() -> None:
    own = {"code": "x_dragon_boat", "name": "龙舟队名称", "type": "text"}
    form = a_form("x_dragon_boat", elements=[own])
    assert form.element("x_dragon_boat") is not None
    with pytest.raises(ValidationError, match="x_"):
        a_form(elements=[{**own, "code": "dragon_boat"}])


def test_a_form_goes_through_json_unchanged() -> None:
    form = a_form(
        {"element": "remarks", "required": True},
        elements=[{"code": "x_a", "name": "甲", "type": "number", "min": 1}],
    )
    assert FormDefinition.model_validate_json(form.model_dump_json()) == form

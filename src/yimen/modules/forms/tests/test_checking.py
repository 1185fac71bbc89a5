from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yimen.kernel.errors import Invalid
from yimen.kernel.expressions import Kind
from yimen.modules.forms.api import (
    ELEMENTS,
    FormDefinition,
    check_form,
    form_problems,
    json_schema,
    posted_values,
    present,
    render_form,
    required_fields,
    visible_fields,
)
from yimen.modules.forms.tests.factories import a_field, a_food_form, a_form, filled_food_form

TODAY = {"today": date(2026, 11, 21)}


def refused(form: FormDefinition, values: object, known: dict[str, object] | None = None) -> dict[str, str]:
    with pytest.raises(Invalid) as wrong:
        check_form(form, values, known or TODAY)  # type: ignore[arg-type]
    return wrong.value.fields


def test_a_well_filled_form_passes_and_comes_back_in_plain_shapes() -> None:
    cleaned = check_form(a_food_form(), filled_food_form(), TODAY)
    assert cleaned == filled_food_form()


def test_texts_of_an_html_post_become_the_same_plain_values() -> None:
    form = a_form(
        "premises_area",
        "registered_capital",
        "tree_count",
        "opening_on",
        "food_online",
        "food_items",
        "applicant_phone",
    )
    posted = {
        "premises_area": " 86.50 平方米",
        "registered_capital": "1,000,000.10元",
        "tree_count": "３",
        "opening_on": "2026年2月5日",
        "food_online": "on",
        "food_items": "hot",
        "applicant_phone": "+86 138-0013-8000",
    }
    assert check_form(form, posted, TODAY) == {
        "premises_area": 86.5,
        "registered_capital": 1000000.1,
        "tree_count": 3,
        "opening_on": "2026-02-05",
        "food_online": True,
        "food_items": ["hot"],
        "applicant_phone": "13800138000",
    }


@pytest.mark.parametrize(
    ("code", "value", "said"),
    [
        ("opening_on", "2026-02-30", "2026年2月没有 30 日，这个月只有 28 天"),
        ("opening_on", "2026-13-01", "月份应为 1 到 12"),
        ("opening_on", "明天", "年-月-日"),
        ("applicant_birth_date", "2027-01-01", "不能晚于今天"),
        ("applicant_birth_date", "1899-12-31", "不能早于1900年1月1日"),
        ("applicant_id_number", "440101199001010012", "最后一位应为“1”"),
        ("applicant_id_number", "44010119900101001", "18位"),
        ("entity_uscc", "91440199MA5D4K2O7R", "第16位是字母“O”"),
        ("applicant_phone", "1380013800", "11位"),
        ("registered_capital", "100万", "换算成元"),
        ("registered_capital", "0.001", "两位小数"),
        ("registered_capital", -1, "不能小于 0元"),
        ("premises_floor", "1.5", "整数"),
        ("premises_area", True, "数字"),
        ("premises_area", float("nan"), "数字"),
        ("premises_area", 10**40, "位"),
        ("food_online", "可能", "“是”或者“否”"),
        ("delivery_way", "飞", "“窗口领取”“邮寄送达”"),
        ("food_items", ["hot", "x"], "没有“x”这个选项"),
        ("food_items", 5, "选择一项或者几项"),
        ("remarks", "字" * 501, "最多 500 个字，您填写了 501 个字"),
        ("remarks", "a\x00b", "无法识别的字符"),
        ("remarks", "a\ud800b", "无法识别的字符"),
        ("remarks", {"a": 1}, "一组内容"),
        ("applicant_email", "lin@", "名称@域名"),
        ("vehicle_plate", "12345", "粤A12345"),
        ("premises_address", {"division": "440199001000"}, "请填写详细地址"),
        ("premises_address", {"road": "x"}, "没有“road”这一项"),
        ("premises_address", {"division": "abc", "detail": "x"}, "12 位数字"),
        ("applicant_division", "99", None),
    ],
)
def test_each_wrong_value_is_answered_with_what_would_be_right(
    code: str, value: object, said: str | None
) -> None:
    form = a_form(code)
    if said is None:
        assert check_form(form, {code: value}, TODAY)
        return
    assert said in refused(form, {code: value})[code]


def test_fields_that_the_form_does_not_have_are_refused_by_name() -> None:
    errors = refused(a_form("remarks"), {"remarks": "x", "remark": "y"})
    assert list(errors) == ["remark"]
    assert "remark" in errors["remark"]


def test_what_is_not_shown_is_dropped_and_not_required() -> None:
    form = a_food_form()
    values = {**filled_food_form(), "premises_ownership": "own", "food_main_business": "sales"}
    cleaned = check_form(form, values, TODAY)
    assert not {"premises_lessor", "lease_until", "food_workers", "agent_name"} & cleaned.keys()


def test_a_hidden_answer_hides_what_depends_on_it() -> None:
    form = a_form(
        "food_online",
        a_field("premises_ownership", when="food_online"),
        a_field("premises_lessor", when="premises_ownership = 'rent'", required=True),
    )
    cleaned = check_form(form, {"food_online": "false", "premises_ownership": "rent", "premises_lessor": "x"})
    assert cleaned == {"food_online": False}


def test_conditions_read_facts_beside_the_form() -> None:
    errors = refused(a_food_form(), filled_food_form(), {**TODAY, "applying_by": "agent"})
    assert errors == {"agent_name": "请填写代办人姓名。"}


def test_required_when_holds_only_while_its_condition_holds() -> None:
    form = a_form(a_field("remarks", required_when="premises_area > 100"), "premises_area")
    assert check_form(form, {"premises_area": 100}) == {"premises_area": 100}
    assert "remarks" in refused(form, {"premises_area": 101})
    assert required_fields(form, {"premises_area": "101"}) == {"remarks"}


def test_a_draft_needs_nothing_but_what_is_there_must_fit() -> None:
    assert check_form(a_food_form(), {}, TODAY, complete=False) == {}
    with pytest.raises(Invalid):
        check_form(a_food_form(), {"contact_phone": "1"}, TODAY, complete=False)


def test_cells_of_a_table_are_named_by_row_and_column() -> None:
    form = a_form(a_field("shareholders", required=True))
    good = {
        "shareholder_name": "吴",
        "shareholder_id": "440101",
        "contribution_amount": "1",
        "contribution_form": "cash",
    }
    errors = refused(
        form, {"shareholders": [good, {}, {**good, "contribution_amount": "x"}, {"shareholder_name": "林"}]}
    )
    assert "第 3 行认缴出资额" in errors["shareholders.2.contribution_amount"]
    assert errors["shareholders.3.shareholder_id"] == "第 4 行：请填写股东证件号码。"
    assert check_form(form, {"shareholders": [good, {}]})["shareholders"][0]["contribution_amount"] == 1
    assert refused(form, {"shareholders": []}) == {"shareholders": "请填写股东（发起人）出资情况。"}


def test_rules_see_an_address_as_text_and_division_and_a_table_as_its_rows() -> None:
    form = a_form(
        "premises_address",
        "owned_houses",
        "food_equipment",
        a_field("remarks", when="premises_address_division LIKE '4401%' AND food_equipment >= 2"),
    )
    values = {
        "premises_address": {"division": "440199", "detail": "x"},
        "food_equipment": [{"food_equipment_name": "a", "food_equipment_count": 1}] * 2,
    }
    assert "remarks" in [field.element for field in visible_fields(form, values)]
    assert form_problems(form) == []


def test_the_lint_of_a_standard_finds_rules_that_cannot_work() -> None:
    form = a_form(
        "premises_area",
        "delivery_way",
        a_field("remarks", when="delivery_way = 'pigeon'"),
        a_field("application_reason", when="premises_aera > 3"),
        a_field("change_content", required_when="premises_area > 5 AND premises_area < 3"),
        a_field("loss_statement", when="situation = 'lost'"),
    )
    found = [
        problem.code for problem in form_problems(form, {"situation": Kind("choice", ("lost", "broken"))})
    ]
    assert found == ["choice", "unknown_name", "never"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
EVERYTHING = FormDefinition.model_validate(
    {"sections": [{"title": "全部", "fields": [{"element": code, "required": True} for code in ELEMENTS]}]}
)
CODES = st.sampled_from([*ELEMENTS, "x_unknown", "foo"])
NEARLY = JSON | st.sampled_from(
    [
        "2026-02-30",
        "١٢٣",
        "²",
        "1e5",
        "0x10",
        "-",
        ".",
        "440101199001010011",
        "９１",
        "1" * 400,
        "\ud800",
        "99999999999999999999",
    ]
)
ROWS = st.lists(st.dictionaries(CODES, NEARLY, max_size=3) | NEARLY, max_size=3)


@given(
    st.dictionaries(
        CODES, NEARLY | ROWS | st.fixed_dictionaries({"division": NEARLY, "detail": NEARLY}), max_size=8
    )
)
@settings(max_examples=500, deadline=None)
def test_no_json_whatever_gets_more_than_a_refusal(values: dict[str, object]) -> None:
    for form, complete in ((EVERYTHING, False), (a_food_form(), True)):
        try:
            cleaned = check_form(form, values, TODAY, complete=complete)
        except Invalid as wrong:
            assert wrong.fields
        else:
            assert check_form(form, cleaned, TODAY, complete=complete) == cleaned
        visible_fields(form, values)


@given(JSON)
@settings(max_examples=100, deadline=None)
def test_a_body_that_is_no_object_is_refused(values: object) -> None:
    with pytest.raises(Invalid):
        check_form(a_food_form(), values, TODAY)  # type: ignore[arg-type]


@given(st.dictionaries(CODES, NEARLY | ROWS, max_size=8))
@settings(max_examples=60, deadline=None)
def test_whatever_was_typed_can_be_shown_again(values: dict[str, object]) -> None:
    errors = {code: "有误" for code in values}
    assert "form-body" in render_form(EVERYTHING, values, errors, known=TODAY)
    present(EVERYTHING, values, masked=True)


def test_integrators_get_a_json_schema() -> None:
    schema = json_schema(a_food_form())
    assert schema["additionalProperties"] is False
    assert "entity_uscc" in schema["required"]
    assert "lease_until" not in schema["required"]
    assert schema["properties"]["lease_until"]["x-when"] == "(premises_ownership = 'rent')"
    assert schema["properties"]["premises_area"] == {
        "type": "number",
        "minimum": 1,
        "maximum": 1000000,
        "x-unit": "平方米",
        "title": "经营场所面积",
        "description": "按建筑面积填写，可写两位小数",
    }
    assert schema["properties"]["food_workers"]["items"]["required"][0] == "food_worker_name"


def test_answers_are_told_in_words_and_masked_for_those_who_only_recognise() -> None:
    form = a_food_form()
    sections = present(form, filled_food_form(), division_name=lambda code: "一门区东街")
    told = {field.label: field for section in sections for field in section.fields}
    assert told["租赁截止日期"].text == "2028年12月31日"
    assert told["经营项目"].text == "热食类食品制售、冷食类食品制售"
    assert told["经营场所地址"].text == "一门区东街人民路 1 号首层"
    assert told["经营场所面积"].text == "86.5 平方米"
    assert told["食品从业人员"].rows[0]["从业人员姓名"] == "陈秀英"
    masked = present(form, filled_food_form(), masked=True)
    assert "139****9000" in str(masked)
    assert "陈秀英" not in str(masked)


def test_a_post_is_read_by_the_names_on_the_page() -> None:
    from django.http import QueryDict

    form = a_food_form()
    post = QueryDict(
        "p-entity_name=晨光&p-food_items=hot&p-food_items=cold&p-premises_address-detail=人民路&p-food_workers-rows=2"
        "&p-food_workers-0-food_worker_name=陈&p-food_workers-1-food_worker_name=何&p-_form=add:food_workers&evil=1"
    )
    values = posted_values(form, post, "p-")
    assert values["food_items"] == ["hot", "cold"]
    assert values["premises_address"] == {"detail": "人民路"}
    assert [row.get("food_worker_name") for row in values["food_workers"]] == ["陈", "何", None]
    assert "evil" not in values

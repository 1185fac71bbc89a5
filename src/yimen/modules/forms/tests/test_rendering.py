import re

from django.http import QueryDict

from yimen.kernel.errors import Invalid
from yimen.modules.forms.api import (
    DivisionGroup,
    Prefilled,
    check_form,
    cleared_fields,
    is_refresh,
    posted_values,
    prefill,
    render_form,
)
from yimen.modules.forms.showing import browser_rule
from yimen.modules.forms.tests.factories import a_field, a_food_form, a_form, filled_food_form


def test_each_control_has_its_label_its_help_and_its_error_by_id() -> None:
    form = a_form(a_field("applicant_id_number", required=True, hint="看身份证"))
    try:
        check_form(form, {"applicant_id_number": "123"})
    except Invalid as wrong:
        html = render_form(form, {"applicant_id_number": "123"}, wrong.fields)
    assert '<label class="field-label" for="f-applicant_id_number">' in html
    assert 'aria-describedby="f-applicant_id_number-hint f-applicant_id_number-error"' in html
    assert 'id="f-applicant_id_number-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="123"' in html
    assert '<a href="#f-applicant_id_number">申请人身份证号码：' in html


def test_every_id_is_there_once_and_every_description_exists() -> None:
    html = render_form(
        a_food_form(), {**filled_food_form(), "food_workers": [{}, {}]}, {"remarks": "有误"}, "p-"
    )
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for described in re.findall(r'aria-describedby="([^"]+)"', html):
        assert set(described.split()) <= set(ids)
    for target in re.findall(r'\bfor="([^"]+)"', html):
        assert target in ids


def test_typed_text_is_escaped_and_never_lost() -> None:
    html = render_form(a_form("remarks", "opening_on"), {"remarks": "<script>", "opening_on": "2026-02-30"})
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert 'value="2026-02-30" type="text"' in html


def test_few_choices_are_radios_and_many_a_list() -> None:
    html = render_form(
        a_form("premises_ownership", "applicant_education", "food_items", "food_online"),
        {"food_items": ["hot"]},
    )
    assert html.count('type="radio" name="premises_ownership"') == 5
    assert '<select class="control" id="f-applicant_education"' in html
    assert 'value="hot" checked' in html
    assert "choices-inline" in html


def test_a_choice_shows_what_depends_on_it_without_asking_the_server() -> None:
    html = render_form(a_food_form(), {})
    assert re.search(
        r'<fieldset class="form-when" role="presentation" data-when="[^"]+" hidden disabled>', html
    )
    assert 'name="lease_until"' in html
    shown = render_form(a_food_form(), {"premises_ownership": "rent"})
    start = shown.index('name="lease_until"')
    assert "hidden disabled" not in shown[shown.rindex("form-when", 0, start) : start]


def test_a_number_asks_the_server_what_depends_on_it() -> None:
    html = render_form(a_food_form(), {}, refresh_url="/refresh")
    assert "fire_acceptance_number" not in html
    control = html[html.index('id="f-premises_area"') :]
    assert 'hx-post="/refresh"' in control[: control.index(">")]
    assert "fire_acceptance_number" in render_form(a_food_form(), {"premises_area": "420"})


def test_without_scripts_a_button_updates_the_form() -> None:
    assert "更新表单" in render_form(a_food_form())
    assert "更新表单" not in render_form(a_form("remarks"))
    assert is_refresh(QueryDict("_form=refresh"))
    assert not is_refresh(QueryDict("remarks=x"))


def test_rows_are_added_and_removed_by_buttons_with_everything_kept() -> None:
    form = a_form("food_equipment")
    html = render_form(form, {"food_equipment": [{"food_equipment_name": "柜"}, {}]})
    assert 'name="food_equipment-0-food_equipment_name" value="柜"' in html
    assert 'value="add:food_equipment"' in html
    post = QueryDict(
        "food_equipment-rows=2&food_equipment-0-food_equipment_name=柜&_form=remove:food_equipment:1"
    )
    assert posted_values(form, post) == {"food_equipment": [{"food_equipment_name": "柜"}]}
    odd = QueryDict("food_equipment-rows=²&_form=remove:food_equipment:99")
    assert posted_values(form, odd) == {}
    huge = QueryDict("food_equipment-rows=9999&_form=add:remarks")
    assert len(posted_values(form, huge)["food_equipment"]) == 50


def test_what_was_emptied_is_told_from_what_was_not_on_the_page() -> None:
    form = a_form("remarks", "food_items", "contact_phone", "premises_address", "food_equipment")
    post = QueryDict("remarks=&food_items-asked=1&premises_address-detail=&food_equipment-rows=1")
    assert cleared_fields(form, post) == {"remarks", "food_items", "premises_address", "food_equipment"}


def test_what_is_known_is_shown_to_confirm_with_its_source() -> None:
    form = a_form(
        "applicant_name",
        "applicant_id_number",
        a_field("contact_phone", default_from="account.phone"),
        "remarks",
    )
    found = prefill(form, person={"name": "林晓燕", "id_number": "坏的"}, account={"phone": "13800138000"})
    assert found == {
        "applicant_name": Prefilled(value="林晓燕", source="person.name", label="您的实名信息"),
        "contact_phone": Prefilled(value="13800138000", source="account.phone", label="您的账号资料"),
    }
    html = render_form(form, {code: one.value for code, one in found.items()}, sources=found)
    assert "来自您的实名信息，请核对" in html
    changed = render_form(form, {"applicant_name": "林小燕"}, sources=found)
    assert "来自" not in changed


def test_an_address_offers_towns_and_villages_and_keeps_a_code_it_does_not_know() -> None:
    towns = (DivisionGroup(name="东街", choices=(("440199001000", "东街"), ("440199001001", "第一居委会"))),)
    known = render_form(
        a_form("premises_address"),
        {"premises_address": {"division": "440199001001", "detail": "路"}},
        divisions=towns,
    )
    assert '<option value="440199001001" selected>' in known
    other = render_form(
        a_form("premises_address"),
        {"premises_address": {"division": "110101001000", "detail": "路"}},
        divisions=towns,
    )
    assert '<option value="110101001000" selected>' in other
    none = render_form(
        a_form("premises_address"), {"premises_address": {"division": "110101001000", "detail": "路"}}
    )
    assert 'type="hidden" name="premises_address-division" value="110101001000"' in none


def test_conditions_become_rules_of_the_page_only_where_the_answer_is_the_same() -> None:
    form = a_food_form()
    rule = browser_rule(form, ["premises_ownership <> 'rent' AND NOT food_online"], {}, "p-")
    assert rule == {
        "all": [
            {
                "all": [
                    {"field": "p-premises_ownership"},
                    {"not": {"field": "p-premises_ownership", "in": ["rent"]}},
                ]
            },
            {"all": [{"field": "p-food_online"}, {"not": {"field": "p-food_online", "in": ["true"]}}]},
        ]
    }
    assert browser_rule(form, ["premises_area > 3"], {}) is None
    assert browser_rule(form, ["applying_by = 'agent'"], {"applying_by": "agent"}) == {"all": []}
    assert browser_rule(form, ["applying_by = 'agent' OR food_online IS NULL"], {}) == {
        "any": [{"any": []}, {"not": {"field": "food_online"}}]
    }

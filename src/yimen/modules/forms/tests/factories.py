"""Forms for tests of this folder and of others."""

from typing import Any

from yimen.modules.forms.definition import FormDefinition


def a_field(element: str, **more: Any) -> dict[str, Any]:
    return {"element": element, **more}


def a_form(
    *fields: dict[str, Any] | str, title: str = "申请表", section: str = "基本信息", **more: Any
) -> FormDefinition:
    """A form of one section; a bare code is an optional field."""
    rows = [a_field(field) if isinstance(field, str) else field for field in fields]
    return FormDefinition.model_validate(
        {"title": title, "sections": [{"title": section, "fields": rows}], **more}
    )


def a_food_form() -> FormDefinition:
    """A realistic form: conditions over choices, over numbers, over facts beside the form, and a table."""
    return FormDefinition.model_validate(
        {
            "title": "食品经营许可申请表",
            "sections": [
                {
                    "title": "申请人",
                    "fields": [
                        a_field("entity_name", required=True),
                        a_field("entity_uscc", required=True),
                        a_field("contact_phone", required=True),
                        a_field("agent_name", when="applying_by = 'agent'", required=True),
                    ],
                },
                {
                    "title": "经营场所",
                    "fields": [
                        a_field("premises_address", required=True),
                        a_field("premises_area", required=True),
                        a_field("fire_acceptance_number", when="premises_area >= 300", required=True),
                        a_field("premises_ownership", required=True),
                        a_field(
                            "premises_lessor", when="premises_ownership IN ('rent', 'lend')", required=True
                        ),
                        a_field("lease_until", when="premises_ownership = 'rent'", required=True),
                    ],
                },
                {
                    "title": "经营项目",
                    "hint": "只选实际经营的项目。",
                    "fields": [
                        a_field("food_main_business", required=True),
                        a_field("food_items", required=True),
                        a_field("food_online", required=True),
                        a_field("food_online_address", required_when="food_online", when="food_online"),
                        a_field("opening_on"),
                        a_field("remarks"),
                    ],
                },
                {
                    "title": "从业人员",
                    "when": "food_main_business = 'catering'",
                    "fields": [a_field("food_workers", required=True)],
                },
            ],
        }
    )


def filled_food_form() -> dict[str, Any]:
    """Values that pass ``a_food_form``."""
    return {
        "entity_name": "一门区晨光餐饮有限公司",
        "entity_uscc": "91440199MA5D4K2B7R",
        "contact_phone": "13900139000",
        "premises_address": {"division": "440199001000", "detail": "人民路 1 号首层"},
        "premises_area": 86.5,
        "premises_ownership": "rent",
        "premises_lessor": "林建国",
        "lease_until": "2028-12-31",
        "food_main_business": "catering",
        "food_items": ["hot", "cold"],
        "food_online": False,
        "food_workers": [
            {
                "food_worker_name": "陈秀英",
                "food_worker_post": "厨师",
                "health_certificate_number": "JK20260001",
                "health_certificate_until": "2027-03-01",
            }
        ],
    }

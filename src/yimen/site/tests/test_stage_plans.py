"""The district's stage plans name items and departments that the district has."""

import yaml

from yimen.modules.projects.content import StagePlanContent
from yimen.site.demo import standards
from yimen.site.demo.projects import PLANS


def test_every_item_and_lead_of_a_stage_plan_is_there() -> None:
    entries = list(standards.read_all())
    slugs = {entry["slug"]: entry["content"] for _, entry in entries}
    organisations = {organisation for organisation, _ in entries}
    document = yaml.safe_load(PLANS.read_text("utf-8"))
    for plan in document["plans"]:
        content = StagePlanContent.model_validate(plan["content"])
        assert content.target_days <= 120
        assert sum(stage.days for stage in content.stages) <= 120
        for stage in content.stages:
            assert stage.lead in organisations
            assert {item.item for item in stage.items} <= slugs.keys()
        for supply in content.supplies:
            materials = {material["code"] for material in slugs[supply.item]["materials"]}
            assert supply.requirement in materials
            assert set(supply.by) <= slugs.keys()

"""The themes that the district ships: complete, proven, and as their sources list them."""

from datetime import date
from functools import cache

import pytest

from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import StandardContent
from yimen.modules.themes.api import Compiled, compile_standards
from yimen.modules.themes.content import ThemeContent
from yimen.site.demo import standards, themes

NEWBORN = (
    "生育登记凭证签发", "出生医学证明签发", "预防接种电子档案申领", "国（境）内出生登记", "城乡居民参保登记（基本医疗保险）",
    "社会保障卡申领", "城乡居民基本医疗保险费申报（新生儿医保缴费）", "生育医疗费用报销", "科学育儿指导服务登记",
)  # fmt: skip
RESTAURANT = (
    "营业执照信息核验", "食品经营许可新办", "户外招牌设施设置规范管理", "公众聚集场所投入使用、营业前消防安全检查",
    "烟草专卖零售许可新办",
)  # fmt: skip
OFFICIAL = (
    "newborn",
    "open-restaurant",
    "start-enterprise",
    "retirement",
    "move-in-with-child",
    "home-inheritance",
    "disability-care",
)


@cache
def published() -> dict[str, PublishedStandard]:
    """The district's standards as values, by slug."""
    found = {}
    for number, (organisation, entry) in enumerate(standards.read_all(), 1):
        content = StandardContent.model_validate(entry["content"])
        found[entry["slug"]] = PublishedStandard(
            standard_id=number, item_id=number, code=f"SHIPPED-{number}", slug=entry["slug"], name=content.name,
            type=content.type, version=1, content=content, digest=str(number), organisation_id=1,
            organisation_code=organisation, organisation_name=organisation, division_id=1, division_code="449901000000",
            division_name="澜江区", valid_from=date(2026, 1, 1), valid_to=None,
        )  # fmt: skip
    return found


@cache
def shipped() -> dict[str, ThemeContent]:
    return dict(themes.read_all())


def composed(content: ThemeContent) -> Compiled:
    return compile_standards(
        [published()[member.item] for member in content.members],
        {given.code: given.answer for given in content.given if not given.when},
        same=content.same,
        different=content.different,
        edges=content.edges,
        brings=content.brings,
    )


def test_seven_life_and_business_events_and_nineteen_trades_in_ten_industries() -> None:
    trades = [content.trade for content in shipped().values() if content.trade]
    assert set(OFFICIAL) <= shipped().keys()
    assert len(trades) >= 19 and len(set(trades)) >= 10


@pytest.mark.parametrize("code", sorted(dict(themes.read_all())))
def test_every_theme_goes_together_and_loses_nothing(code: str) -> None:
    compiled = composed(shipped()[code])
    assert compiled.blocking == ()
    assert compiled.proof.lost == ()
    assert compiled.saved.days.together <= compiled.saved.days.one_by_one
    assert compiled.saved.fields.saved > 0


def test_newborn_and_restaurant_hold_what_their_sources_list() -> None:
    assert tuple(s.content.name for s in composed(shipped()["newborn"]).items) == NEWBORN
    assert tuple(s.content.name for s in composed(shipped()["open-restaurant"]).items) == RESTAURANT


def test_a_newborns_certificate_is_asked_of_nobody() -> None:
    compiled = composed(shipped()["newborn"])
    met = {one.name for one in compiled.requirements if one.met_by}
    assert "出生医学证明" in met and "新生儿户口簿页" in met
    assert {"birth_certificate_number", "child_id_number"} <= compiled.awaited


def test_a_new_enterprise_need_not_know_its_code() -> None:
    compiled = composed(shipped()["start-enterprise"])
    assert "entity_uscc" in compiled.awaited
    assert all(field.element != "entity_uscc" for field in compiled.form_to_fill.fields())

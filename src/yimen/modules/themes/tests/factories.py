"""Test doors of themes: standards as plain values, themes published in a store."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from yimen.kernel.actor import Actor
from yimen.modules.forms.definition import FormDefinition, FormField, FormSection
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import ItemResult, Limit, MaterialRequirement, ReviewStep, Source
from yimen.modules.items.tests.factories import make_content, make_organisation, make_standard
from yimen.modules.themes.services.authoring import NewTheme, create_theme, publish

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
AUTHOR = Actor(name="测试编制人", channel="system")
STEPS = (
    ReviewStep(code="review", name="审查", post="reviewer"),
    ReviewStep(code="decide", name="决定", post="head"),
)
_numbers = count(1)


def paper(name: str, code: str = "", **changes: Any) -> MaterialRequirement:
    return MaterialRequirement(code=code or f"m{next(_numbers)}", name=name, **changes)


def form_of(*elements: str | FormField) -> FormDefinition:
    fields = tuple(e if isinstance(e, FormField) else FormField(element=e) for e in elements)
    return FormDefinition(title="申请表", sections=(FormSection(title="基本信息", fields=fields),))


def standard(slug: str, **changes: Any) -> PublishedStandard:
    """A published standard as a value, without a store: named after its slug, no materials but those given."""
    number = next(_numbers)
    base: dict[str, Any] = {"name": f"{slug}登记", "materials": (), "conditions": (), "results": ()}
    content = make_content(**{**base, **changes})
    return PublishedStandard(
        standard_id=number,
        item_id=number,
        code=f"ITEM-{slug}",
        slug=slug,
        name=content.name,
        type=content.type,
        version=1,
        content=content,
        digest=f"digest-{number}",
        organisation_id=1,
        organisation_code=f"org-{slug}",
        organisation_name=f"{slug}局",
        division_id=1,
        division_code="449901000000",
        division_name="测试区",
        valid_from=date(2026, 1, 1),
        valid_to=None,
    )


def chain(*slugs: str, days: Iterable[int] = ()) -> list[PublishedStandard]:
    """Items each of which needs the result of the one before."""
    limits = list(days) or [2] * len(slugs)
    made = []
    for n, slug in enumerate(slugs):
        needs = (paper(f"{slugs[n - 1]}证"),) if n else ()
        made.append(
            standard(
                slug,
                materials=needs,
                results=(ItemResult(name=f"{slug}证", kind="licence"),),
                promised_limit=Limit(amount=limits[n]),
            )
        )
    return made


def published_items() -> tuple[PublishedStandard, PublishedStandard, PublishedStandard]:
    """Three items in the store: a licence, a permit that needs it, and a notice that needs nothing of the others."""
    organisation = make_organisation()
    applicant = paper(
        "申请人居民身份证", "id", trust="A", sources=(Source(kind="licence", name="居民身份证"),)
    )
    licence = make_standard(
        f"licence-{next(_numbers)}",
        organisation=organisation,
        steps=STEPS,
        name="营业执照办理",
        results=(ItemResult(name="营业执照", kind="licence", sample="a.pdf"),),
        materials=(applicant,),
        promised_limit=Limit(amount=2),
    )
    permit = make_standard(
        f"permit-{next(_numbers)}",
        organisation=organisation,
        steps=STEPS,
        name="开店许可",
        materials=(applicant, paper("营业执照", "licence", trust="A"), paper("场所平面图", "plan")),
        promised_limit=Limit(amount=10),
    )
    notice = make_standard(
        f"notice-{next(_numbers)}",
        organisation=organisation,
        steps=STEPS,
        name="招牌备案",
        materials=(applicant, paper("招牌效果图", "picture")),
        promised_limit=Limit(amount=3),
    )
    return licence, permit, notice


def theme_content(*standards: PublishedStandard, **changes: Any) -> dict[str, Any]:
    """A content over these items, led by the test organisation."""
    base: dict[str, Any] = {
        "name": "开店一件事",
        "summary": "开一家店要办的都在这里。",
        "aliases": ["开铺头"],
        "audience": ["person"],
        "lead": make_organisation().code,
        "members": [{"item": one.slug} for one in standards],
    }
    return {**base, **changes}


def make_theme(content: dict[str, Any], code: str = "", at: datetime = AT, actor: Actor = AUTHOR) -> str:
    """A published theme; returns its code."""
    code = code or f"theme-{next(_numbers)}"
    version = create_theme(NewTheme(code=code, content=content), actor, at)
    publish(version.pk, actor, at)
    return code

"""Test doors: small complete standards, published items, actors that may write and review."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from yimen.foundation.orgs.api import Division, Organisation
from yimen.kernel.actor import Actor
from yimen.modules.items.content import (
    Basis,
    Condition,
    ItemResult,
    ItemType,
    Limit,
    MaterialRequirement,
    Place,
    Question,
    ReviewStep,
    Source,
    StandardContent,
)
from yimen.modules.items.models import Item, Standard
from yimen.modules.items.published import PublishedStandard
from yimen.modules.items.queries.published import value_of
from yimen.modules.items.services.drafting import (
    approve_standard,
    save_draft,
    start_version,
    submit_for_review,
)
from yimen.modules.items.services.items import NewItem, create_item
from yimen.modules.items.services.publishing import adopt, publish

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
AUTHOR = Actor(name="测试编制人", channel="system")
REVIEWER = Actor(name="测试审核人", channel="system")
_numbers = count(1)


def make_content(**changes: Any) -> StandardContent:
    """A small complete standard of a permit with one material, two steps and no finding that blocks publishing."""
    base: dict[str, Any] = {
        "name": "测试经营许可",
        "summary": "开店经营前要办的许可。",
        "aliases": ("开店许可",),
        "type": ItemType.PERMIT,
        "audience": ("person", "enterprise"),
        "basis": (Basis(law="中华人民共和国行政许可法", article="第十二条"),),
        "conditions": (Condition(text="有固定的经营场所。"),),
        "materials": (
            MaterialRequirement(
                code="application", name="经营许可申请书", kind="form", trust="D", originals=1
            ),
            MaterialRequirement(
                code="licence",
                name="营业执照",
                kind="certificate",
                trust="A",
                issuer="市场监督管理部门",
                sources=(Source(kind="licence", name="营业执照"),),
                main=False,
            ),
        ),
        "legal_limit": Limit(amount=20, clause="行政许可法第四十二条"),
        "promised_limit": Limit(amount=10),
        "steps": (
            ReviewStep(code="review", name="审查", post="reviewer", limit=Limit(amount=7)),
            ReviewStep(code="decide", name="决定", post="head", limit=Limit(amount=3)),
        ),
        "results": (ItemResult(name="测试经营许可决定", kind="approval", sample="sample.pdf"),),
        "places": (
            Place(name="区政务服务中心", address="政通路8号", window="3号窗口", phone="020-00001234"),
        ),
        "consult_phone": "020-00001234",
        "complaint_phone": "020-00001235",
        "consult_address": "政通路8号",
        "complaint_address": "政通路8号",
        "faq": (Question(question="要去几次？", answer="不用去。"),),
    }
    return StandardContent.model_validate({**base, **changes})


def make_organisation(code: str = "test-org", division_code: str = "449901000000") -> Organisation:
    """An organisation in a county-level division; made once."""
    division, _ = Division.objects.get_or_create(code=division_code, defaults={"name": "测试区", "level": 3})
    organisation, _ = Organisation.objects.get_or_create(
        code=code, defaults={"name": f"测试区{code}局", "short_name": f"{code}局", "division": division}
    )
    return organisation


def make_item(
    code: str = "", *, organisation: Organisation | None = None, at: datetime = AT, **changes: Any
) -> Item:
    """An item with a draft only."""
    organisation = organisation or make_organisation()
    new = NewItem(
        code=code or f"TEST-{next(_numbers):06d}",
        organisation=organisation.code,
        content=make_content(**changes),
    )
    return create_item(new, AUTHOR, at)


def make_standard(
    slug: str = "",
    *,
    code: str = "",
    organisation: Organisation | None = None,
    valid_from: date = date(2026, 1, 1),
    at: datetime = AT,
    content: StandardContent | None = None,
    **changes: Any,
) -> PublishedStandard:
    """A published item: ``make_standard("food-permit", promised_limit=Limit(amount=5))``."""
    organisation = organisation or make_organisation()
    number = next(_numbers)
    new = NewItem(
        code=code or f"TEST-{number:06d}",
        slug=slug,
        organisation=organisation.code,
        content=content or make_content(**changes),
    )
    standard = adopt(new, valid_from, AUTHOR, REVIEWER, at)
    return value_of(
        Standard.objects.select_related("item", "item__organisation", "item__division").get(pk=standard.pk)
    )


def publish_next_version(
    code: str, content: StandardContent, valid_from: date, at: datetime = AT
) -> Standard:
    """Draft, review and publish another version of an item that has one."""
    draft = start_version(code, AUTHOR, at)
    save_draft(draft.pk, content, draft.revision, AUTHOR, at)
    submit_for_review(draft.pk, AUTHOR, at)
    approve_standard(draft.pk, "同意", REVIEWER, at)
    return publish(draft.pk, valid_from, REVIEWER, at)

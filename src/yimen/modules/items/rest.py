"""REST: the catalogue, public. A published standard is the whole of what may be asked of a person."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Invalid, NotFound
from yimen.modules.items.canonical import plain
from yimen.modules.items.compare import compare, verdict
from yimen.modules.items.content import Audience, ItemType
from yimen.modules.items.queries.items import item_with_code, shown, two_versions, versions_of
from yimen.modules.items.queries.search import ItemLine, search

router = Router(tags=["事项"])


class LimitOut(Schema):
    """A limit; 0 = on the spot."""

    amount: int
    unit: str


class ItemOut(Schema):
    """One line of the list."""

    code: str
    slug: str
    name: str
    type: str
    organisation: str
    organisation_name: str
    division: str
    division_name: str
    version: int | None
    legal_limit: LimitOut | None
    promised_limit: LimitOut | None
    visits: int | None
    instant: bool
    online_depth: str


class ItemsOut(Schema):
    count: int
    results: list[ItemOut]


class VersionOut(Schema):
    version: int
    state: str
    valid_from: str | None
    valid_to: str | None
    published_at: str | None
    digest: str
    change_note: str


class VersionsOut(Schema):
    count: int
    results: list[VersionOut]


class ChangeOut(Schema):
    part: str
    key: str
    kind: str
    effect: str
    sentence: str
    before: Any = None
    after: Any = None


class ChangesOut(Schema):
    code: str
    from_version: int
    to_version: int
    verdict: str
    changes: list[ChangeOut]


class ProblemOut(Schema):
    """RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    fields: dict[str, str] = {}
    clause: str = ""
    would_pass: str = ""


REFUSED = {404: ProblemOut, 409: ProblemOut, 422: ProblemOut}


@router.get("", auth=None, response={200: ItemsOut, 422: ProblemOut}, summary="查找事项", url_name="items")
def list_items(
    request: HttpRequest,
    q: str = "",
    division: str = "",
    organisation: str = "",
    type: ItemType | None = None,
    audience: Audience | None = None,
    page: int = 1,
    size: int = 20,
) -> dict[str, Any]:
    """Items that may be applied for; ``q`` is a name, everyday words, pinyin or initials. At most 100 a page."""
    found = search(
        q[:200],
        division=division,
        organisation=organisation,
        type=type.value if type else "",
        audience=audience or "",
        page=min(max(page, 1), 1_000_000),
        size=size,
    )
    return {"count": found.count, "results": [_line(line) for line in found.results]}


@router.get(
    "/{code}", auth=None, response={200: dict[str, Any], **REFUSED}, summary="事项标准", url_name="item"
)
def get_item(request: HttpRequest, code: str, version: int | None = None) -> dict[str, Any]:
    """The whole published standard of an item and its version; ``?version=`` for an older one."""
    item, standard = shown(code, now().astimezone(CHINA).date(), version)
    return {
        "code": item.code,
        "slug": item.slug or "",
        "state": item.state,
        "version": standard.version,
        "valid_from": standard.valid_from.isoformat(),
        "valid_to": standard.valid_to.isoformat() if standard.valid_to else None,
        "digest": standard.digest,
        "organisation": item.organisation.code,
        "organisation_name": item.organisation.name,
        "division": item.division.code,
        "division_name": item.division.name,
        **plain(standard.content),
    }


@router.get(
    "/{code}/versions",
    auth=None,
    response={200: VersionsOut, **REFUSED},
    summary="历次版本",
    url_name="item_versions",
)
def get_versions(request: HttpRequest, code: str) -> dict[str, Any]:
    """Every published version of an item, the newest first."""
    rows = list(versions_of(item_with_code(code), published_only=True))
    results = [
        {
            "version": row.version,
            "state": row.state,
            "valid_from": row.valid_from.isoformat() if row.valid_from else None,
            "valid_to": row.valid_to.isoformat() if row.valid_to else None,
            "published_at": row.published_at.astimezone(CHINA).isoformat() if row.published_at else None,
            "digest": row.digest,
            "change_note": row.change_note,
        }
        for row in rows
    ]
    return {"count": len(results), "results": results}


@router.get(
    "/{code}/changes",
    auth=None,
    response={200: ChangesOut, **REFUSED},
    summary="两版之间改了什么",
    url_name="item_changes",
)
def get_changes(request: HttpRequest, code: str) -> dict[str, Any]:
    """What changed between two published versions, ``?from=1&to=2``; by default the last two."""
    item = item_with_code(code)
    numbers = list(versions_of(item, published_only=True).values_list("version", flat=True))
    if not numbers:
        raise NotFound("这个事项还没有发布过标准。", code="version_unknown")
    new = _number(request, "to", numbers[0])
    before = [n for n in numbers if n < new]
    old = _number(request, "from", before[0] if before else new)
    first, second = two_versions(item, old, new)
    changes = compare(first.parsed, second.parsed)
    return {
        "code": item.code,
        "from_version": old,
        "to_version": new,
        "verdict": verdict(changes),
        "changes": [
            {
                "part": change.part,
                "key": change.key,
                "kind": change.kind,
                "effect": change.effect.value,
                "sentence": change.sentence,
                "before": change.before,
                "after": change.after,
            }
            for change in changes
        ],
    }


def _number(request: HttpRequest, name: str, otherwise: int) -> int:
    text = request.GET.get(name, "")
    if not text:
        return otherwise
    if not text.isdigit() or len(text) > 6:
        raise Invalid(f"{name} 应为版本号，例如 1。", fields={name: "应为版本号，例如 1。"})
    return int(text)


def _line(line: ItemLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in ItemOut.model_fields}

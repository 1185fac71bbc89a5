"""REST of the public register: names checked and reserved, entities found (市场主体登记管理条例第三十五条: open to anybody)."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Router
from pydantic import BaseModel

from yimen.kernel.access import actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.modules.registration.models import MarketEntity
from yimen.modules.registration.queries import register
from yimen.modules.registration.queries.names import check_name
from yimen.modules.registration.rules.judging import Verdict
from yimen.modules.registration.rules.trades import industry_label
from yimen.modules.registration.services.notices import object_to, publish_notice

router = Router(tags=["市场主体登记"])
Kind = Literal[
    "company",
    "joint_stock",
    "branch",
    "sole_trader",
    "partnership",
    "sole_proprietorship",
    "cooperative",
    "other",
]
State = Literal["active", "abnormal", "cancelling", "cancelled", "revoked"]


class NameIn(BaseModel):
    """A name to be checked; without ``division`` the place in the name says where."""

    name: str = Field(max_length=200, examples=["粤海市澜江区晨光餐饮有限公司"])
    kind: Kind = "company"
    division: str = Field(
        "", max_length=12, pattern=r"^(\d{6}|\d{9}|\d{12})?$", description="登记机关所在区划代码"
    )
    parent: str = Field("", max_length=200, description="分支机构所从属企业的名称")


class PartsOut(BaseModel):
    place: str
    brand: str
    trade: str
    form: str
    trade_code: str


class FindingOut(BaseModel):
    kind: str
    refuses: bool
    sentence: str
    clause: str
    would_pass: str
    other: str


class VerdictOut(BaseModel):
    """``ok``, ``similar`` (may be registered upon a promise) or ``refused``."""

    name: str
    outcome: Literal["ok", "similar", "refused"]
    parts: PartsOut
    findings: list[FindingOut]


class EntityRow(BaseModel):
    name: str
    uscc: str
    kind: str
    state: str
    representative: str
    established_on: date
    division: str


class EntityPage(BaseModel):
    """``more``: there are more than were counted."""

    count: int
    more: bool
    results: list[EntityRow]


class RegisteredChangeOut(BaseModel):
    item: str
    from_: str = Field(serialization_alias="from")
    to: str


class HistoryOut(BaseModel):
    on: date
    kind: str
    title: str
    by: str
    note: str
    clause: str
    case_number: str
    changes: list[RegisteredChangeOut]


class AbnormalOut(BaseModel):
    reason: str
    clause: str
    listed_on: date
    removed_on: date | None


class NoticeOut(BaseModel):
    state: str
    starts_on: date
    ends_on: date
    apply_until: date


class EntityOut(EntityRow):
    state_label: str
    registry: str
    authority: str
    address: str
    capital: Decimal | None
    industry: str
    industry_name: str
    scope: str
    term_until: date | None
    approved_on: date
    ended_on: date | None
    code_disputed: bool
    parent: str
    investors: list[dict[str, Any]]
    history: list[HistoryOut]
    abnormal: list[AbnormalOut]
    notices: list[NoticeOut]
    page: str


class NoticeIn(BaseModel):
    """All investors promise: no debts, or all of them settled (条例第三十三条第一款)."""

    promised: bool = False


class ObjectionIn(BaseModel):
    reason: str = Field(max_length=500)


@router.post("/entities/names/check", response=VerdictOut, auth=None, summary="查名称能不能用", by_alias=True)
def check(request: HttpRequest, payload: NameIn) -> Any:
    """Writes nothing: whoever thinks of a name may ask."""
    today = now().astimezone(CHINA).date()
    found = check_name(
        payload.name, today, kind=payload.kind, division=payload.division, parent=payload.parent
    )
    return _verdict(found)


@router.get("/entities", response=EntityPage, auth=None, summary="查市场主体")
def search(
    request: HttpRequest, q: str = "", state: State | None = None, page: int = 1, size: int = 20
) -> Any:
    found = register.search(q, state=state or "", page=page, size=size)
    return {"count": found.count, "more": found.more, "results": [_row(e) for e in found.results]}


@router.get("/entities/{uscc}", response=EntityOut, auth=None, summary="一家市场主体的登记", by_alias=True)
def read(request: HttpRequest, uscc: str) -> Any:
    return _entity(register.entity_with_code(uscc))


@router.post("/entities/{uscc}/cancellation-notice", response=NoticeOut, summary="发布简易注销公告")
def announce_cancellation(request: HttpRequest, uscc: str, payload: NoticeIn) -> Any:
    code = register.entity_with_code(uscc).uscc
    return _notice(publish_notice(code, actor_of_request(request), now(), promised=payload.promised))


@router.post("/entities/{uscc}/objections", response=NoticeOut, summary="对简易注销提出异议")
def object_to_cancellation(request: HttpRequest, uscc: str, payload: ObjectionIn) -> Any:
    code = register.entity_with_code(uscc).uscc
    return _notice(object_to(code, payload.reason, actor_of_request(request), now()).notice)


def _verdict(found: Verdict) -> dict[str, Any]:
    parts = found.parts
    return {
        "name": parts.whole,
        "outcome": found.outcome,
        "parts": {name: getattr(parts, name) for name in PartsOut.model_fields},
        "findings": [{name: getattr(f, name) for name in FindingOut.model_fields} for f in found.findings],
    }


def _row(entity: MarketEntity) -> dict[str, Any]:
    return {name: getattr(entity, name) for name in EntityRow.model_fields}


def _notice(notice: Any) -> dict[str, Any]:
    return {name: getattr(notice, name) for name in NoticeOut.model_fields}


def _day(moment: Any) -> date | None:
    return moment.astimezone(CHINA).date() if moment else None


def _entity(entity: MarketEntity) -> dict[str, Any]:
    plain = (
        "state_label", "registry", "authority", "address", "capital", "industry", "scope", "term_until", "approved_on",
        "ended_on", "code_disputed", "investors",
    )  # fmt: skip
    return (
        _row(entity)
        | {name: getattr(entity, name) for name in plain}
        | {
            "industry_name": industry_label(entity.industry),
            "parent": entity.parent.uscc if entity.parent else "",
            "history": [_event(event) for event in entity.events.all()],
            "abnormal": [_entry(entry) for entry in entity.abnormal_entries.all()],
            "notices": [_notice(notice) for notice in entity.notices.all()],
            "page": f"{settings.PUBLIC_URL}/entities/{entity.uscc}/",
        }
    )


def _event(event: Any) -> dict[str, Any]:
    return {
        "on": _day(event.at), "kind": event.kind, "title": event.get_kind_display(), "by": event.by, "note": event.note,
        "clause": event.clause, "case_number": event.case_number,
        "changes": [{"item": c["item"], "from_": c["from"], "to": c["to"]} for c in event.changes],
    }  # fmt: skip


def _entry(entry: Any) -> dict[str, Any]:
    return {
        "reason": entry.get_reason_display(),
        "clause": entry.clause,
        "listed_on": _day(entry.listed_at),
        "removed_on": _day(entry.removed_at),
    }

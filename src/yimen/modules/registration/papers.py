"""From the register to paper: the licence with its QR to the public register, certificates of premises, applicants' own documents."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings

from yimen.foundation.documents import api as documents
from yimen.foundation.orgs import api as orgs
from yimen.kernel.errors import NotFound
from yimen.modules.issuing import api as issuing
from yimen.modules.registration.models import Binding, MarketEntity, PremisesCertificate
from yimen.modules.registration.queries.register import BUSINESS_LICENCE as LICENCE
from yimen.modules.registration.rules.deeds import Deed, yuan
from yimen.modules.registration.states import EntityKind

PREMISES = "临时经营场所证明"
papers = documents.papers


def page_of(uscc: str) -> str:
    """The address of an entity in the public register, as QR codes carry it."""
    return f"{settings.PUBLIC_URL}/entities/{uscc}/"


def place_name(division: str, on: date) -> str:
    """The full name of a division; "" for one that is not known."""
    try:
        return orgs.division_named(division, on) if division else ""
    except NotFound:
        return ""


def result_papers(occasion: issuing.Occasion, result: Any) -> Sequence[Any]:
    """The papers of a granted case that the register knows better than a plain certificate; none for other items."""
    case = occasion.case
    if result.name not in (LICENCE, PREMISES) or not Binding.objects.filter(item_id=case.item_id).exists():
        return ()
    if result.name == PREMISES:
        row = PremisesCertificate.objects.filter(case_number=case.number).first()
        return (_premises(row, occasion.common),) if row else ()
    entity = MarketEntity.objects.filter(events__case_number=case.number).first()
    if entity is None:
        return ()
    return tuple(licence(entity, copy, occasion.common) for copy in ("正本", "副本"))


def licence(entity: MarketEntity, copy: str, common: dict[str, Any]) -> Any:
    """营业执照, original or duplicate; both are of the same force (条例第二十二条)."""
    return papers.BusinessLicence(
        **{**common, "title": f"{LICENCE}（{copy}）", "addressee": entity.name, "date": entity.approved_on},
        uscc=entity.uscc, copy=copy, facts=_facts(entity), page_url=page_of(entity.uscc),
    )  # fmt: skip


def _facts(entity: MarketEntity) -> tuple[Any, ...]:
    place = place_name(entity.division, entity.approved_on)
    trader = entity.kind == EntityKind.SOLE_TRADER
    term = f"至{documents.day_text(entity.term_until)}" if entity.term_until else "长期"
    rows = (
        ("名称", entity.name), ("注册资本", yuan(entity.capital)), ("类型", entity.kind_label),
        ("注册日期" if trader else "成立日期", documents.day_text(entity.established_on)),
        (entity.representative_label, entity.representative), ("营业期限", term),
        ("经营场所" if trader else "住所", f"{place}{entity.address}"), ("经营范围", entity.scope),
    )  # fmt: skip
    return tuple(papers.Fact(label=label, value=value) for label, value in rows if value)


def _premises(row: PremisesCertificate, common: dict[str, Any]) -> Any:
    return papers.Certificate(
        **{**common, "title": PREMISES, "number": row.number, "addressee": row.holder},
        facts=(papers.Fact(label="场所地址", value=row.address),), valid_from=row.valid_from, valid_until=row.valid_until,
        statement="本证明仅用于市场主体登记，不作为房屋权属证明；期满前三十日内可以申请延续。",
    )  # fmt: skip


def deed_data(deed: Deed, on: date) -> dict[str, Any]:
    """A deed as the templates read it."""
    paper = papers.Deed(
        organisation="", number="", addressee="", date=on, title=deed.title, paragraphs=deed.paragraphs,
        facts=tuple(papers.Fact(label=label, value=value) for label, value in deed.facts), head=deed.head, rows=deed.rows,
        articles=tuple(papers.Article(heading=heading, lines=lines) for heading, lines in deed.articles),
        signatures=deed.signatures, demo=settings.DEMO,
    )  # fmt: skip
    data: dict[str, Any] = papers.as_data(paper)
    return data


def render_deed(deed: Deed, on: date, form: str) -> bytes:
    """A deed as ``pdf`` or ``docx``."""
    data = deed_data(deed, on)
    return documents.render_docx("deed", data) if form == "docx" else documents.render_pdf("deed", data)

"""What each paper needs to be printed. One dataclass a paper; all share ``Paper``; ``render_paper`` makes the PDF.

Days are ``date`` (printed 2026年2月25日), moments aware ``datetime`` (printed in China time). Empty fields are left
out of the print. Fixed wording stands in the templates, so that a caller gives facts only.
"""

from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from yimen.foundation.documents.rendering import render_pdf


@dataclass(frozen=True, kw_only=True)
class MaterialRow:
    """A line of a list of materials."""

    name: str
    form: str = ""
    copies: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A line of a correction notice: what is missing or wrong, why, and what would be right."""

    requirement: str
    reason: str
    would_pass: str = ""


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A legal clause: its name (《中华人民共和国行政许可法》第三十八条第一款) and, where useful, its words."""

    name: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Remedies:
    """Where an applicant may turn (行政许可法第三十八条第二款): the organ for 行政复议 and the court for 行政诉讼."""

    reconsideration: str
    court: str
    reconsideration_days: int = 60
    suit_months: int = 6


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A labelled value."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What every paper carries.

    Args:
        organisation: whose paper it is; stands in red at the top and again at the signature.
        number: the document number (字号), such as 青云行审受字〔2026〕12号.
        addressee: to whom.
        date: the day of the paper.
        item, case_number: the matter and its case number.
        verification_code, verification_url: how anybody checks the paper; both print at the foot of every page.
        contact, address: whom to ask and where.
        title: overrides the template's title.
        paragraphs: overrides the template's opening text.
        notes: added at the end.
        demo: prints 演示 across the page.
    """

    template: ClassVar[str] = "notice"

    organisation: str
    number: str
    addressee: str
    date: date
    item: str = ""
    case_number: str = ""
    verification_code: str = ""
    verification_url: str = ""
    contact: str = ""
    address: str = ""
    title: str = ""
    paragraphs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    demo: bool = False


@dataclass(frozen=True, kw_only=True)
class Receipt(Paper):
    """收件凭证: what was handed in, when, to whom."""

    template: ClassVar[str] = "receipt"

    received_at: datetime
    way: str = ""
    clerk: str = ""
    promise: str = ""
    materials: tuple[MaterialRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CorrectionNotice(Paper):
    """一次性告知书 (行政许可法第三十二条第一款第四项)."""

    template: ClassVar[str] = "correction_notice"

    received_on: date
    missing: tuple[Missing, ...]
    answer_by: date | None = None
    how: str = ""


@dataclass(frozen=True, kw_only=True)
class Acceptance(Paper):
    """受理通知书 (行政许可法第三十二条第一款第五项、第二款)."""

    template: ClassVar[str] = "acceptance"

    accepted_on: date
    due_on: date | None = None
    limit: str = ""
    fee: str = ""
    ways: str = ""
    materials: tuple[MaterialRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NotAccepted(Paper):
    """不予受理通知书 (行政许可法第三十二条第一款第一、二项，第二款)."""

    template: ClassVar[str] = "not_accepted"

    received_on: date
    reasons: tuple[str, ...]
    clauses: tuple[Clause, ...]
    would_pass: tuple[str, ...] = ()
    remedies: Remedies | None = None


@dataclass(frozen=True, kw_only=True)
class Suspension(Paper):
    """特别程序告知书: time that is not counted, told in writing (行政许可法第四十五条)."""

    template: ClassVar[str] = "suspension"

    procedure: str
    starts_on: date
    time_needed: str
    reason: str = ""
    ends_on: date | None = None
    due_before: date | None = None
    due_after: date | None = None
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Extension(Paper):
    """延期办理告知书 (行政许可法第四十二条)."""

    template: ClassVar[str] = "extension"

    reason: str
    extended_by: str
    approver: str
    due_before: date
    due_after: date
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DecisionGranted(Paper):
    """准予行政许可决定书 (行政许可法第三十八条第一款)."""

    template: ClassVar[str] = "decision_granted"

    applied_on: date
    accepted_on: date | None = None
    decision: str = ""
    facts: tuple[Fact, ...] = ()
    conditions: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    deliver_by: date | None = None


@dataclass(frozen=True, kw_only=True)
class DecisionRefused(Paper):
    """不予行政许可决定书 (行政许可法第三十八条第二款): reasons, clauses, remedies, and what would pass."""

    template: ClassVar[str] = "decision_refused"

    applied_on: date
    reasons: tuple[str, ...]
    clauses: tuple[Clause, ...]
    remedies: Remedies
    accepted_on: date | None = None
    would_pass: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Delivery(Paper):
    """送达回证."""

    template: ClassVar[str] = "delivery"

    documents: tuple[Fact, ...]
    way: str
    place: str = ""
    recipient: str = ""
    relation: str = ""
    delivered_at: datetime | None = None
    server: str = ""


@dataclass(frozen=True, kw_only=True)
class Termination(Paper):
    """终止办理告知书."""

    template: ClassVar[str] = "termination"

    reasons: tuple[str, ...]
    clauses: tuple[Clause, ...]
    would_pass: tuple[str, ...] = ()
    remedies: Remedies | None = None


@dataclass(frozen=True, kw_only=True)
class Revocation(Paper):
    """撤销决定书 (行政许可法第六十九条)."""

    template: ClassVar[str] = "revocation"

    decided_on: date
    reasons: tuple[str, ...]
    clauses: tuple[Clause, ...]
    remedies: Remedies | None = None


@dataclass(frozen=True, kw_only=True)
class Withdrawal(Paper):
    """撤回申请确认书."""

    template: ClassVar[str] = "withdrawal"

    withdrawn_on: date
    reason: str = ""
    applied_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Certificate(Paper):
    """A result certificate in landscape; ``title`` is its name, ``addressee`` its holder."""

    template: ClassVar[str] = "certificate"

    facts: tuple[Fact, ...]
    valid_from: date | None = None
    valid_until: date | None = None
    statement: str = ""


@dataclass(frozen=True, kw_only=True)
class BusinessLicence(Paper):
    """营业执照 in landscape (市场主体登记管理条例第二十二条): ``copy`` is 正本 or 副本, ``page_url`` the entity in the public register."""

    template: ClassVar[str] = "business_licence"

    uscc: str
    facts: tuple[Fact, ...]
    copy: str = "正本"
    page_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Article:
    """A headed part of a deed."""

    heading: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Deed(Paper):
    """A document that applicants make for themselves (章程、决议、申请书): nobody issues it, they sign it.

    Args:
        facts: labelled values on top. head, rows: one table. articles: headed paragraphs. signatures: who signs.
    """

    template: ClassVar[str] = "deed"

    facts: tuple[Fact, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    articles: tuple[Article, ...] = ()
    signatures: tuple[str, ...] = ()


def as_data(paper: Paper) -> dict[str, Any]:
    """The plain data of a paper, as its template reads it."""
    return {field.name: _value(getattr(paper, field.name)) for field in fields(paper)}


def _value(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_value(inner) for inner in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _value(getattr(value, field.name)) for field in fields(value)}
    return value


def render_paper(paper: Paper) -> bytes:
    """A paper as PDF."""
    return render_pdf(paper.template, as_data(paper))

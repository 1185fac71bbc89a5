"""From the one form to what the register needs: the same data elements whoever sets up whatever.

A company, a branch, a sole trader and a partnership fill one common set of elements (forms/data/elements.yaml); here they become
one value, checked together: amounts against the whole, terms against the law, persons against their roles.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from yimen.kernel.errors import Invalid
from yimen.modules.registration.rules.names import plain_name
from yimen.modules.registration.rules.trades import check_industry
from yimen.modules.registration.states import EntityKind as K

Form = Mapping[str, Any]
MOST_COMPANY_INVESTORS = 50
CONTRIBUTION_YEARS = 5
CONTRIBUTION_FORMS = {
    "cash": "货币",
    "goods": "实物",
    "ip": "知识产权",
    "land": "土地使用权",
    "other": "其他",
}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody named in a form; number and telephone never reach the register."""

    name: str
    id_number: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Investor:
    """One shareholder or partner as the register shows him; ``amount`` in yuan."""

    name: str
    amount: str = ""
    form: str = ""
    until: str = ""

    def as_row(self) -> dict[str, str]:
        return {"name": self.name, "amount": self.amount, "form": self.form, "until": self.until}


@dataclass(frozen=True, kw_only=True)
class SetUp:
    """What a set-up asks to be registered (市场主体登记管理条例第八条). ``capital`` in yuan."""

    kind: str
    name: str
    division: str
    address: str
    representative: Person
    capital: Decimal | None = None
    scope: str = ""
    industry: str = ""
    term_until: date | None = None
    investors: tuple[Investor, ...] = ()
    parent_code: str = ""
    promised: bool = False
    named: bool = True


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a change asks for: only what is to be other than before; ``representative`` with his number when he changes."""

    uscc: str
    values: dict[str, Any] = field(default_factory=dict)
    representative: Person | None = None
    promised: bool = False


def text_of(form: Form, *codes: str) -> str:
    """The first of these elements that holds text."""
    return next((str(form[code]).strip() for code in codes if str(form.get(code) or "").strip()), "")


def kind_of(form: Form, bound: str) -> str:
    """The kind of entity: as the item says, told apart by the applicant's own answer."""
    if bound == K.COMPANY and form.get("company_form") == "股份有限公司":
        return K.JOINT_STOCK
    return bound


def set_up_of(form: Form, bound: str, on: date) -> SetUp:
    """Read a set-up from the form of its case.

    Args:
        form: the answers, as the case keeps them.
        bound: the kind that the item is bound to.
        on: the day, for terms of contribution.

    Raises:
        Invalid: something is missing or does not fit together; a sentence for each element.
    """
    kind = kind_of(form, bound)
    problems: dict[str, str] = {}
    place = _address(form, kind, problems)
    head = _head(form, kind, problems)
    name = plain_name(text_of(form, "entity_proposed_name"))
    if not name and kind != K.SOLE_TRADER:
        problems["entity_proposed_name"] = "请填写拟设立的名称。"
    capital = _amount(form.get("registered_capital"), "registered_capital", problems)
    investors = _investors(form, kind, capital, on, problems)
    if capital is None and investors and kind == K.PARTNERSHIP:
        capital = sum((Decimal(i.amount or 0) for i in investors), Decimal(0))
    industry = _industry(form, problems)
    if problems:
        raise Invalid("登记事项还有要改的地方：" + next(iter(problems.values())), fields=problems)
    return SetUp(
        kind=kind, name=name or f"{head.name}（个体工商户）", named=bool(name), division=place[0], address=place[1],
        representative=head, capital=capital, scope=text_of(form, "business_scope"), industry=industry,
        term_until=_day(form.get("business_term_until")), investors=investors,
        parent_code=text_of(form, "branch_of_uscc"), promised=bool(form.get("name_promise")),
    )  # fmt: skip


def change_of(form: Form, kind: str, on: date) -> Change:
    """Read a change from the form of its case; what stays as it is may be repeated, and is no change.

    Raises:
        Invalid: as ``set_up_of``.
    """
    problems: dict[str, str] = {}
    values: dict[str, Any] = {}
    if name := plain_name(text_of(form, "entity_proposed_name")):
        values["name"] = name
    if any(isinstance(form.get(code), Mapping) for code in ("registered_address", "premises_address")):
        values["division"], values["address"] = _address(form, kind, problems)
    if scope := text_of(form, "business_scope"):
        values["scope"] = scope
    capital = _amount(form.get("registered_capital"), "registered_capital", problems)
    if capital is not None:
        values["capital"] = capital
    if form.get("shareholders"):
        rows = _investors(form, kind, capital, on, problems)
        values["investors"] = [row.as_row() for row in rows]
    if industry := _industry(form, problems):
        values["industry"] = industry
    if problems:
        raise Invalid("变更内容还有要改的地方：" + next(iter(problems.values())), fields=problems)
    head = _person(form, *HEADS[K.SOLE_TRADER if kind == K.SOLE_TRADER else K.COMPANY])
    return Change(
        uscc=text_of(form, "entity_uscc"),
        values=values,
        representative=head if head.name else None,
        promised=bool(form.get("name_promise")),
    )


HEADS = {
    K.SOLE_TRADER: ("applicant_name", "applicant_id_number", "applicant_phone"),
    K.COMPANY: ("legal_representative_name", "legal_representative_id_number", "legal_representative_phone"),
}


def _person(form: Form, name: str, number: str, phone: str) -> Person:
    return Person(name=text_of(form, name), id_number=text_of(form, number), phone=text_of(form, phone))


def _head(form: Form, kind: str, problems: dict[str, str]) -> Person:
    codes = HEADS[K.SOLE_TRADER if kind == K.SOLE_TRADER else K.COMPANY]
    head = _person(form, *codes)
    for code, value, word in zip(codes, (head.name, head.id_number), ("姓名", "身份证号码"), strict=False):
        if not value:
            problems[code] = f"请填写{word}。"
    return head


def _address(form: Form, kind: str, problems: dict[str, str]) -> tuple[str, str]:
    codes = ("registered_address", "premises_address")
    wanted = codes if kind in (K.COMPANY, K.JOINT_STOCK) else codes[::-1]
    for code in wanted:
        value = form.get(code)
        if isinstance(value, Mapping) and value.get("division") and value.get("detail"):
            return str(value["division"])[:12], str(value["detail"]).strip()
    problems[wanted[0]] = "请填写住所（经营场所），先选镇街，再写门牌。"
    return "", ""


def _amount(value: Any, code: str, problems: dict[str, str]) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or amount >= Decimal(10) ** 15:
        problems[code] = "请填写金额，以元为单位，例如 1000000。"
        return None
    return amount.quantize(Decimal("0.01"))


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _industry(form: Form, problems: dict[str, str]) -> str:
    typed = text_of(form, "industry_code")
    if not typed:
        return ""
    try:
        return check_industry(typed)
    except Invalid as wrong:
        problems |= wrong.fields
        return ""


def _investors(
    form: Form, kind: str, capital: Decimal | None, on: date, problems: dict[str, str]
) -> tuple[Investor, ...]:
    rows = form.get("shareholders")
    rows = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    found, total = [], Decimal(0)
    for row in rows:
        amount = _amount(row.get("contribution_amount"), "shareholders", problems) or Decimal(0)
        total += amount
        way = CONTRIBUTION_FORMS.get(str(row.get("contribution_form") or ""), "")
        until = str(row.get("contribution_until") or "")
        found.append(
            Investor(name=text_of(row, "shareholder_name"), amount=str(amount), form=way, until=until)
        )
    if sentence := _investors_wrong(kind, found, total, capital, on):
        problems.setdefault("shareholders", sentence)
    return tuple(found)


def _investors_wrong(
    kind: str, rows: list[Investor], total: Decimal, capital: Decimal | None, on: date
) -> str:
    """What the law says against these investors; "" = nothing."""
    if kind == K.PARTNERSHIP and rows and len(rows) < 2:
        return "合伙企业要有两个以上合伙人（合伙企业法第十四条）。"
    if kind != K.COMPANY:
        return ""
    if len(rows) > MOST_COMPANY_INVESTORS:
        return f"有限责任公司的股东不超过五十个（公司法第四十二条），您填写了{len(rows)}个。"
    if rows and capital is not None and total != capital:
        return f"股东认缴出资额合计{total:,.2f}元，与注册资本{capital:,.2f}元不一致，请核对（公司法第四十七条）。"
    last = on.replace(year=on.year + CONTRIBUTION_YEARS, day=min(on.day, 28))
    late = next((row for row in rows if (until := _day(row.until)) and until > last), None)
    if late:
        return (
            f"“{late.name}”的出资期限{late.until}超过自成立之日起五年（公司法第四十七条），请改到{last}以前。"
        )
    return ""

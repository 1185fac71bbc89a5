"""Certificates of temporary premises (临时经营场所证明): their own term, and renewal by a certificate that follows."""

from datetime import date, datetime, timedelta

from yimen.foundation.params import api as params
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotPossible
from yimen.modules.registration.models import MarketEntity, PremisesCertificate
from yimen.modules.registration.params import PREMISES_MONTHS, RENEWAL_DAYS
from yimen.modules.registration.services.history import record
from yimen.modules.registration.services.naming import months_after

CLAUSE = "市场主体登记管理条例第十一条第三款"


def issue_premises(
    holder: str, address: str, until: date, at: datetime, *, number: str, authority: str, entity: MarketEntity | None = None,
    case_number: str = "", renews: PremisesCertificate | None = None,
) -> PremisesCertificate:  # fmt: skip
    """Issue a certificate, or renew one: the new one begins the day after the old one ends.

    Args:
        until: last day. number: the certificate's number (one case, one certificate).

    Raises:
        Invalid: the term is longer than the place allows. NotPossible: nothing to renew now.
    """
    today = at.astimezone(CHINA).date()
    start = require_renewable(renews, today) if renews is not None else today
    check_term(start, until, today)
    made = PremisesCertificate.objects.create(
        number=number, holder=holder, entity=entity or (renews.entity if renews else None), address=address,
        valid_from=start, valid_until=until, issued_at=at, case_number=case_number, renews=renews,
    )  # fmt: skip
    if made.entity is not None:
        note = f"证明 {number}，{start}至{until}，{address}"
        record(made.entity, "premises", at, by=authority, case_number=case_number, note=note, clause=CLAUSE)
    return made


def check_term(start: date, until: date, on: date) -> None:
    """Raises Invalid for a term that ends before it begins or outlasts what the place allows."""
    months = int(params.value(PREMISES_MONTHS.code, on=on))
    last = months_after(start, months)
    if not start < until <= last:
        sentence = f"证明从{start}起最长{months}个月，截止日期应在{start + timedelta(days=1)}到{last}之间。"
        raise Invalid(sentence, clause=CLAUSE, fields={"lease_until": sentence})


def require_renewable(old: PremisesCertificate, on: date) -> date:
    """The day a renewal begins.

    Raises:
        NotPossible: too early, too late, or renewed already; says when and what instead.
    """
    days = int(params.value(RENEWAL_DAYS.code, on=on))
    opens = old.valid_until - timedelta(days=days)
    if PremisesCertificate.objects.filter(renews=old).exists():
        raise NotPossible(f"证明 {old.number} 已经延续过了，请用新证明的编号申请。")
    if on < opens:
        raise NotPossible(f"证明 {old.number} 到{old.valid_until}届满，{opens}起可以申请延续。")
    if on > old.valid_until:
        raise NotPossible(
            f"证明 {old.number} 已于{old.valid_until}届满，不能延续。", would_pass="请重新申请核发。"
        )
    return old.valid_until + timedelta(days=1)

"""From an act to the paper it requires: which papers, and what each says (pure over the case and its event)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from yimen.foundation.calendar.api import current_calendar
from yimen.foundation.documents import api as documents
from yimen.foundation.trace.api import Event
from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines

papers = documents.papers
COURT = "有管辖权的人民法院"


@dataclass(frozen=True)
class Occasion:
    """An act that requires paper: the case, its trace event and data, its clocks by kind."""

    case: cases.Case
    event: Event
    data: dict[str, Any]
    clocks: dict[str, deadlines.Clock]
    common: dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of paper: its name, the word in its number (字号), and how it is built."""

    code: str
    title: str
    word: str
    build: Callable[[Occasion], Any]


def day(moment: datetime | None) -> date | None:
    return moment.astimezone(CHINA).date() if moment else None


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line.strip())


def _clauses(name: str) -> tuple[Any, ...]:
    return (papers.Clause(name=name),) if name else ()


def _remedies(occasion: Occasion) -> Any:
    return papers.Remedies(reconsideration="本级人民政府", court=COURT)


def _correction(o: Occasion) -> Any:
    missing = tuple(
        papers.Missing(requirement=f"{title}{m['name']}", reason=m["reason"]) for title, m in _all_missing(o)
    )
    until = o.data.get("until")
    return papers.CorrectionNotice(
        **o.common,
        received_on=day(o.case.received_at) or o.common["date"],
        missing=missing,
        answer_by=date.fromisoformat(until) if until else None,
        how="登录一门政务服务大厅，在“我的办件”里补交；也可以到任一综合窗口补交。",
    )


def _all_missing(o: Occasion) -> Iterator[tuple[str, dict[str, str]]]:
    """What is missing in this case, and with it in the others that are told by the same notice, each with its item."""
    if not o.data.get("told_with"):
        yield from (("", line) for line in o.data["missing"])
        return
    told = o.case.application.cases.filter(number__in=o.data["told_with"]).order_by("id")
    for case in told:
        notice: Any = cases.last_notice(case)
        yield from ((f"【{case.published.content.name}】", line) for line in notice["missing"])


def _revocation(o: Occasion) -> Any:
    return papers.Revocation(
        **o.common,
        decided_on=day(o.case.decided_at) or o.common["date"],
        reasons=_lines(o.data["reason"]),
        clauses=_clauses(o.event.clause),
        remedies=_remedies(o),
    )


def _acceptance(o: Occasion) -> Any:
    content = o.case.published.content
    promised = o.clocks.get("promised")
    fees = "；".join(f"{fee.name} {fee.amount}{fee.unit}" for fee in content.fees)
    return papers.Acceptance(
        **o.common,
        accepted_on=day(o.case.accepted_at) or o.common["date"],
        due_on=promised.due_on if promised else None,
        limit=promised.limit_label if promised else "",
        fee=fees or "不收费",
    )


def _not_accepted(o: Occasion) -> Any:
    return papers.NotAccepted(
        **o.common,
        received_on=day(o.case.received_at) or o.common["date"],
        reasons=_lines(o.data["reason"]),
        clauses=_clauses(o.event.clause),
        would_pass=_lines(o.data["would_pass"]),
        remedies=_remedies(o),
    )


def _suspension(o: Occasion) -> Any:
    until = o.data.get("until")
    return papers.Suspension(
        **o.common,
        procedure=o.data["name"],
        starts_on=o.common["date"],
        time_needed=f"{o.data['days']}个工作日",
        reason=o.event.note,
        ends_on=date.fromisoformat(until) if until else None,
        clauses=_clauses(o.event.clause),
    )


def _extension(o: Occasion) -> Any:
    legal = o.clocks["legal"]
    before = deadlines.due_of(replace(legal.as_limit(), extensions=()), current_calendar(legal.region))
    return papers.Extension(
        **o.common,
        reason=o.data["reason"],
        extended_by=f"{o.data['days']}个工作日",
        approver=o.data["approver"],
        due_before=before.due_on,
        due_after=legal.due_on or before.due_on,
        clauses=_clauses(o.event.clause),
    )


def _granted(o: Occasion) -> Any:
    content = o.case.published.content
    delivery = o.clocks.get("delivery")
    results = "、".join(r.name for r in content.results)
    return papers.DecisionGranted(
        **o.common,
        applied_on=day(o.case.received_at) or o.common["date"],
        accepted_on=day(o.case.accepted_at),
        facts=(papers.Fact(label="结果", value=results),) if results else (),
        clauses=tuple(papers.Clause(name=f"《{b.law}》{b.article}") for b in content.basis[:3]),
        deliver_by=delivery.due_on if delivery else None,
    )


def _refused(o: Occasion) -> Any:
    basis = o.case.published.content.basis
    clause = o.event.clause or (
        f"《{basis[0].law}》{basis[0].article}" if basis else "行政许可法第三十八条第二款"
    )
    return papers.DecisionRefused(
        **o.common,
        applied_on=day(o.case.received_at) or o.common["date"],
        accepted_on=day(o.case.accepted_at),
        reasons=_lines(o.event.note),
        clauses=_clauses(clause),
        remedies=_remedies(o),
        would_pass=_lines(o.data.get("would_pass", "")),
    )


def _delivery(o: Occasion) -> Any:
    return papers.Delivery(
        **o.common,
        documents=(papers.Fact(label="送达文书", value="决定书及办理结果"),),
        way=o.event.note,
        delivered_at=o.event.at,
        server=o.event.actor_name,
        recipient=o.data.get("receiver") or o.case.application.applicant_name,
    )


def _termination(o: Occasion) -> Any:
    return papers.Termination(
        **o.common, reasons=_lines(o.data["reason"]), clauses=_clauses(o.event.clause), remedies=_remedies(o)
    )


def _withdrawal(o: Occasion) -> Any:
    return papers.Withdrawal(**o.common, withdrawn_on=o.common["date"], applied_on=day(o.case.received_at))


KINDS = {
    kind.code: kind
    for kind in (
        Kind("correction_notice", "一次性告知书（补正）", "补", _correction),
        Kind("acceptance", "受理通知书", "受", _acceptance),
        Kind("not_accepted", "不予受理通知书", "不受", _not_accepted),
        Kind("suspension", "特别程序期限告知书", "特", _suspension),
        Kind("extension", "延长办理期限告知书", "延", _extension),
        Kind("decision_granted", "准予决定书", "准", _granted),
        Kind("decision_refused", "不予决定书", "不准", _refused),
        Kind("delivery", "送达回证", "达", _delivery),
        Kind("termination", "终止办理告知书", "终", _termination),
        Kind("revocation", "撤销决定书", "撤决", _revocation),
        Kind("withdrawal", "撤回申请确认书", "撤", _withdrawal),
    )
}
BY_ACT = {
    "request_correction": "correction_notice",
    "accept": "acceptance",
    "refuse_acceptance": "not_accepted",
    "suspend": "suspension",
    "extend": "extension",
    "deliver": "delivery",
    "terminate": "termination",
    "withdraw": "withdrawal",
    "revoke": "revocation",
}


def kind_of(act: str, data: dict[str, Any]) -> Kind | None:
    """The paper that an act requires, if any; a notice told in another case's paper needs none of its own."""
    if data.get("told_in"):
        return None
    if act == "decide":
        return KINDS[f"decision_{data['outcome']}"]
    code = BY_ACT.get(act)
    return KINDS[code] if code else None


ResultBuilder = Callable[[Occasion, Any], Sequence[Any]]
_builders: list[ResultBuilder] = []


def register_results(builder: ResultBuilder) -> None:
    """Let a higher module make the papers of the results it knows: ``builder(occasion, result)`` gives them, or none.

    The builder runs after the decision; an empty answer leaves the result to the plain certificate.
    """
    if builder not in _builders:
        _builders.append(builder)


def certificates(o: Occasion) -> Iterator[Any]:
    """The result papers of a granted case: one for each result that is a paper of its own, more where a builder says so."""
    content = o.case.published.content
    for result in content.results:
        made = next((found for build in _builders if (found := build(o, result))), None)
        if made is not None:
            yield from made
        elif result.kind in ("licence", "proof", "approval"):
            yield papers.Certificate(
                **{**o.common, "title": result.name},
                facts=(
                    papers.Fact(label="办理事项", value=content.name),
                    papers.Fact(label="办件编号", value=o.case.number),
                    papers.Fact(label="决定日期", value=documents.day_text(o.common["date"])),
                ),
                valid_from=o.common["date"],
            )


def receipt(application: cases.Application, received: list[cases.Case], common: dict[str, Any]) -> Any:
    """The receipt of a whole application (收件凭证)."""
    rows = tuple(
        papers.MaterialRow(name=material.name, form=material.get_source_display(), note=material.reference)
        for material in application.materials.exclude(state="replaced").order_by("id")
    )
    return papers.Receipt(
        **common,
        received_at=application.received_at or application.created_at,
        way={"window": "窗口", "online": "网上", "mobile": "手机", "courier": "邮寄", "kiosk": "自助机"}.get(
            application.channel, "系统接口"
        ),
        materials=rows,
        notes=tuple(f"{case.published.content.name}：办件编号 {case.number}" for case in received),
    )

"""What can be seen in the course of one case of what was decided, asked for and charged (pure)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from yimen.modules.cases.api import MACHINE
from yimen.modules.supervision.rules import procedure
from yimen.modules.supervision.rules.course import Act, Course
from yimen.modules.supervision.rules.spec import Seen

FORM = "form"
CENT = 0.005


def refusal(course: Course) -> Iterator[Seen]:
    """Refusals: basis, reason, remedy (行政许可法第三十八条第二款).

    Papers of the platform always tell of reconsideration and suit; an event from elsewhere says in ``remedy`` if it did not.
    """
    for act in course.acts:
        refused = _refused(act)
        if not refused:
            continue
        reason = str(act.data.get("reason") or act.note)
        yield course.seen(
            "refusal",
            act,
            {
                "refused": refused,
                "clause_given": _names_clause(act),
                "reason_length": 0 if reason == "不予" else len(reason.strip()),
                "remedy_told": act.data.get("remedy") is not False,
                "would_pass_told": bool(str(act.data.get("would_pass", "")).strip()),
            },
        )


def _refused(act: Act) -> str:
    if act.act == "refuse_acceptance":
        return "acceptance"
    return "permit" if act.act == "decide" and act.data.get("outcome") == "refused" else ""


def _names_clause(act: Act) -> bool:
    """A clause of its own: the one every decision carries by the step table says nothing of this case."""
    general = MACHINE.steps[act.act].clause if act.act == "decide" else ""
    return bool(act.clause.strip()) and act.clause != general


def material_asked(course: Course) -> Iterator[Seen]:
    """Things asked for that the guide does not list (行政许可法第三十一条第一款; 第七十二条)."""
    for act in course.named("request_correction", "propose_correction"):
        lines = procedure.asked_in(act) or _proposed(act)
        outside = [name for name in lines if name != FORM and name not in course.guide]
        if lines:
            yield course.seen("material_asked", act, {"outside": len(outside)})


def _proposed(act: Act) -> list[str]:
    rows = act.data.get("proposed")
    found = rows if isinstance(rows, list) else []
    return [str(row["requirement"]) for row in found if isinstance(row, dict) and row.get("requirement")]


def fee(course: Course) -> Iterator[Seen]:
    """Every fee that an event records beside the standard's (行政许可法第五十八条、第五十九条).

    The platform takes no payments yet: events of connected systems carry ``fees: [{name, amount}]``.
    """
    for act in course.acts:
        for place, (name, amount) in enumerate(_charged(act.data)):
            standard = course.fees.get(name, 0.0)
            over = amount - standard
            facts = {
                "amount": amount,
                "standard": standard,
                "listed": name in course.fees,
                "over": round(over, 2) if over > CENT else 0.0,
            }
            yield course.seen("fee", act, facts, part=f":{place}")


def _charged(data: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    rows = data.get("fees")
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict):
            continue
        try:
            yield str(row.get("name", "")), float(row.get("amount", 0))
        except (TypeError, ValueError):
            continue


Look = Callable[[Course], Iterable[Seen]]
LOOKS: dict[str, Look] = {
    "not_accepting": procedure.not_accepting,
    "telling": procedure.telling,
    "suspension": procedure.suspension,
    "order": procedure.order,
    "registration": procedure.registration,
    "refusal": refusal,
    "material_asked": material_asked,
    "fee": fee,
}
"""Detectors that read one case's course."""

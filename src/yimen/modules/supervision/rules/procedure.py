"""What can be seen in the course of one case of how it was handled (pure)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from yimen.kernel.clock import CHINA
from yimen.modules.cases.api import MACHINE, CaseState
from yimen.modules.flows.api import predecessors
from yimen.modules.supervision.rules.course import (
    CLOSING,
    RECEIVING,
    Act,
    Course,
    passed_steps,
    reviewed_steps,
)
from yimen.modules.supervision.rules.spec import Seen

LAWFUL = frozenset(
    {"hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal", "expert_review"}
)
"""行政许可法第四十五条."""
HANDLING = ("accept", "refuse_acceptance", "request_correction", "pass_step", "decide", "suspend", "extend")
GROUND_WORDS = (("not_needed", "（一）"), ("no_authority", "（二）"))
PROPOSED = frozenset({"propose_correction"})


def not_accepting(course: Course) -> Iterator[Seen]:
    """Refusals to accept, with whether anything was missing (行政许可法第三十二条第一款)."""
    for act in course.named("refuse_acceptance"):
        facts: dict[str, Any] = {"ground": _ground(act)}
        if course.missing is not None:
            facts["missing"] = course.missing
        yield course.seen("not_accepting", act, facts)


def _ground(act: Act) -> str:
    given = act.data.get("ground")
    if given in ("not_needed", "no_authority", "incomplete", "other"):
        return str(given)
    for ground, mark in GROUND_WORDS:
        if f"第{mark}" in act.clause and "第三十二条" in act.clause and "、" not in act.clause:
            return ground
    return "incomplete" if "材料" in act.note else "other"


def asked_in(act: Act) -> list[str]:
    """The requirements that a notice of correction names."""
    lines = act.data.get("missing")
    rows = lines if isinstance(lines, list) else []
    return [str(row["requirement"]) for row in rows if isinstance(row, dict) and row.get("requirement")]


def telling(course: Course) -> Iterator[Seen]:
    """Each notice of correction beside the ones before it (行政许可法第三十二条第一款第（四）项)."""
    told: set[str] = set()
    for number, act in enumerate(course.named("request_correction"), 1):
        asked = asked_in(act)
        fresh = [name for name in asked if name not in told] if number > 1 else []
        told |= set(asked)
        yield course.seen("telling", act, {"notices": number, "new_things": len(fresh), "things": len(asked)})


def suspension(course: Course) -> Iterator[Seen]:
    """Each suspension with its paper, and how much longer it lasted than was told (行政许可法第四十五条)."""
    acts = list(course.acts)
    for place, act in enumerate(acts):
        if act.act != "suspend":
            continue
        ended = next((a for a in acts[place + 1 :] if a.from_state == CaseState.SUSPENDED and a.moves), None)
        procedure = str(act.data.get("procedure", ""))
        facts: dict[str, Any] = {
            "document_given": bool(str(act.data.get("document", "")).strip()),
            "procedure_known": procedure in LAWFUL or procedure in course.procedures,
            "overran": _days_after(act.data.get("until"), ended) if ended else 0,
        }
        if isinstance(act.data.get("days"), int):
            facts["days"] = act.data["days"]
        yield course.seen("suspension", act, facts)


def _days_after(until: object, ended: Act) -> int:
    try:
        told = date.fromisoformat(str(until))
    except ValueError:
        return 0
    return max(0, (ended.at.astimezone(CHINA).date() - told).days)


def order(course: Course) -> Iterator[Seen]:
    """Steps out of order: against the step table, before their predecessors, by too few officers."""
    acts = list(course.acts)
    for place, act in enumerate(acts):
        before = acts[:place]
        for fault in _faults(course, before, act):
            yield course.seen("order", act, {"fault": fault, "act": act.act}, part=f":{fault}")


def _faults(course: Course, before: list[Act], act: Act) -> Iterator[str]:
    if before and act.at < before[-1].at:
        yield "backwards"
    step = MACHINE.steps.get(act.act)
    if step is not None and act.from_state and act.from_state not in step.sources:
        yield "not_allowed"
    if act.act == "pass_step":
        yield from _step_faults(course, before, act)
    elif act.act == "decide" and act.data.get("outcome") == "granted" and not _on_the_spot(course, act):
        passed = passed_steps(course, before)
        if any(s.code not in passed for s in reviewed_steps(course.steps)):
            yield "skipped"


def _on_the_spot(course: Course, act: Act) -> bool:
    return course.instant or act.data.get("on_the_spot") is True


def _step_faults(course: Course, before: list[Act], act: Act) -> Iterator[str]:
    code = str(act.data.get("step", ""))
    plan = {s.code: s for s in course.steps}
    if code not in plan:
        return
    passed = passed_steps(course, before)
    needed = predecessors(course.steps)[code]
    if any(n not in passed and not plan[n].when and plan[n].post not in RECEIVING | CLOSING for n in needed):
        yield "early"
    if act.data.get("passed", True) and plan[code].officers > 1:
        signed = {
            a.actor_id for a in _since_return(before) if a.act == "pass_step" and a.data.get("step") == code
        }
        if len(signed | {act.actor_id}) < plan[code].officers:
            yield "officers"


def _since_return(before: list[Act]) -> list[Act]:
    """Signatures count from the last return on."""
    last = max((n for n, act in enumerate(before) if act.act == "return_step"), default=-1)
    return before[last + 1 :]


def registration(course: Course) -> Iterator[Seen]:
    """Handling that began before the application was registered (安阳市政务服务条例第五十六条: 线下办理线上办件)."""
    received = next(course.named("submit"), None)
    first = min(course.named(*HANDLING), key=lambda a: a.at, default=None)
    if first is None:
        return
    if received is None:
        yield course.seen("registration", first, {"before_minutes": 1, "registered": False})
        return
    minutes = int((received.at - first.at).total_seconds() // 60)
    if first.sequence < received.sequence:
        minutes = max(minutes, 1)
    if minutes > 0:
        yield course.seen("registration", first, {"before_minutes": minutes, "registered": True})

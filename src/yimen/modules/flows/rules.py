"""Review steps as a small net: which are open, what passing or returning one does (pure).

The state of a flow is a plain mapping that fits a JSON column: step code to ``{"s": state, "at": opened, "by": officers}``.
Steps come from the standard (``items.content.ReviewStep``); the engine knows nothing of what is being reviewed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NotRequired, TypedDict

from yimen.kernel.errors import NotPossible
from yimen.kernel.expressions import parse
from yimen.modules.items.content import ReviewStep

START = "start"
WAITING, OPEN, PASSED, SKIPPED = "waiting", "open", "passed", "skipped"


class StepRecord(TypedDict):
    """Where one step stands: ``s`` state, ``at`` when it opened (ISO), ``by`` officers who passed it, ``on`` when passed."""

    s: str
    at: NotRequired[str]
    by: NotRequired[list[int]]
    on: NotRequired[str]


Flow = dict[str, StepRecord]


def predecessors(steps: Sequence[ReviewStep]) -> dict[str, frozenset[str]]:
    """The steps that must have passed before each one; a step without ``after`` follows the one before it."""
    before: dict[str, frozenset[str]] = {}
    previous: frozenset[str] = frozenset()
    for step in steps:
        named = frozenset(step.after) - {START}
        before[step.code] = named if step.after else previous
        previous = frozenset({step.code})
    return before


def faults(steps: Sequence[ReviewStep]) -> list[str]:
    """What is wrong with a plan of steps: doubled codes, unknown predecessors, circles."""
    codes = [step.code for step in steps]
    found = [f"环节代码“{code}”重复" for code in sorted({c for c in codes if codes.count(c) > 1})]
    before = predecessors(steps)
    found += [
        f"环节“{code}”的前序环节“{name}”不存在"
        for code, names in before.items()
        for name in names
        if name not in before
    ]
    if not found and len(_ordered(before)) < len(before):
        found.append("环节互为前序，形成循环")
    return found


def begin(steps: Sequence[ReviewStep], values: Mapping[str, Any], at: datetime) -> Flow:
    """Open a flow: steps whose ``when`` does not hold are skipped, those without predecessors open.

    Args:
        steps: the standard's plan.
        values: form values and answers that ``when`` speaks of.
        at: the moment of acceptance.
    """
    flow: Flow = {step.code: {"s": WAITING if _applies(step, values) else SKIPPED} for step in steps}
    _open_ready(flow, predecessors(steps), at)
    return flow


def open_steps(flow: Flow) -> list[str]:
    """Codes of the steps that wait for somebody now, in plan order."""
    return [code for code, record in flow.items() if record["s"] == OPEN]


def is_done(flow: Flow) -> bool:
    """Has every step that applies passed?"""
    return all(record["s"] in (PASSED, SKIPPED) for record in flow.values())


def pass_step(
    flow: Flow, steps: Sequence[ReviewStep], code: str, officer: int, at: datetime
) -> tuple[Flow, bool]:
    """Record one officer's pass.

    A step that asks for two officers (行政许可法第三十四条第三款) passes with the second, different one.

    Returns:
        The new flow and whether the step has passed.

    Raises:
        NotPossible: the step is not open, or this officer has already passed it.
    """
    step, record = _open_record(flow, steps, code)
    officers = record.get("by", [])
    if officer in officers:
        raise NotPossible(
            "您已经签署过这个环节，须由另一名工作人员签署。",
            code="second_officer_needed",
            clause="行政许可法第三十四条",
        )
    officers = [*officers, officer]
    if len(officers) < step.officers:
        return {**flow, code: {**record, "by": officers}}, False
    changed: Flow = {**flow, code: {**record, "s": PASSED, "by": officers, "on": at.isoformat()}}
    _open_ready(changed, predecessors(steps), at)
    return changed, True


def pass_all_of(
    flow: Flow, steps: Sequence[ReviewStep], posts: frozenset[str], officer: int, at: datetime
) -> Flow:
    """Pass every open step of these posts, and those that open thereby: what an act of theirs does by itself."""
    mine = {step.code for step in steps if step.post in posts}
    while opened := [code for code in open_steps(flow) if code in mine]:
        flow = dict(flow)
        for code in opened:
            flow[code] = {**flow[code], "s": PASSED, "by": [officer], "on": at.isoformat()}
        _open_ready(flow, predecessors(steps), at)
    return flow


def closing_steps(steps: Sequence[ReviewStep], posts: frozenset[str]) -> frozenset[str]:
    """The steps of these posts that no step of another post follows: deciding and certifying at the end of the plan."""
    before = predecessors(steps)
    post_of = {step.code: step.post for step in steps}
    return frozenset(
        code
        for code, post in post_of.items()
        if post in posts and all(post_of[later] in posts for later in _dependants(code, before))
    )


def return_to(flow: Flow, steps: Sequence[ReviewStep], code: str, at: datetime) -> Flow:
    """Send the file back to an earlier step: it opens anew and everything that depends on it waits again.

    Raises:
        NotPossible: the step is unknown, skipped, or has not passed yet.
    """
    record = flow.get(code)
    if record is None or record["s"] != PASSED:
        raise NotPossible("只能退回到已经通过的环节。", code="step_not_passed")
    before = predecessors(steps)
    later = _dependants(code, before)
    changed: Flow = {
        name: {"s": WAITING} if name in later and rec["s"] != SKIPPED else rec for name, rec in flow.items()
    }
    changed[code] = {"s": OPEN, "at": at.isoformat()}
    return changed


def _open_record(flow: Flow, steps: Sequence[ReviewStep], code: str) -> tuple[ReviewStep, StepRecord]:
    step = next((s for s in steps if s.code == code), None)
    record = flow.get(code)
    if step is None or record is None or record["s"] != OPEN:
        raise NotPossible("这个环节现在不在办理中。", code="step_not_open")
    return step, record


def _applies(step: ReviewStep, values: Mapping[str, Any]) -> bool:
    return not step.when or parse(step.when).evaluate(values) is True


def _open_ready(flow: Flow, before: Mapping[str, frozenset[str]], at: datetime) -> None:
    passed = {code for code, record in flow.items() if record["s"] in (PASSED, SKIPPED)}
    effective = {code: _effective(code, before, flow) for code in flow}
    for code, record in flow.items():
        if record["s"] == WAITING and effective[code] <= passed:
            flow[code] = {"s": OPEN, "at": at.isoformat()}


def _effective(code: str, before: Mapping[str, frozenset[str]], flow: Flow) -> frozenset[str]:
    """Predecessors, looking through skipped steps to those before them."""
    names: set[str] = set()
    for name in before[code]:
        names |= _effective(name, before, flow) if flow[name]["s"] == SKIPPED else {name}
    return frozenset(names)


def _dependants(code: str, before: Mapping[str, frozenset[str]]) -> set[str]:
    found: set[str] = set()
    grew = True
    while grew:
        new = {c for c, names in before.items() if names & ({code} | found)} - found
        found |= new
        grew = bool(new)
    return found - {code}


def _ordered(before: Mapping[str, Iterable[str]]) -> list[str]:
    done: list[str] = []
    grew = True
    while grew:
        ready = [c for c, names in before.items() if c not in done and set(names) <= set(done)]
        done += ready
        grew = bool(ready)
    return done

"""Pass a review step, return to an earlier one (审查)."""

from pydantic import Field

from yimen.kernel.errors import Invalid, NotAllowed, NotPossible
from yimen.modules.cases import rules
from yimen.modules.cases.services import clocks
from yimen.modules.cases.services.acts.base import Done, Payload, Reason, Work
from yimen.modules.cases.services.acts.opinions import ask_opinions, waiting_opinions
from yimen.modules.cases.states import CaseState
from yimen.modules.flows import api as flows
from yimen.modules.items.content import ReviewStep


class PassStep(Payload):
    """An opinion on one step; ``step`` may be left out while only one is open."""

    opinion: Reason
    step: str = Field("", max_length=31)


class ReturnStep(Payload):
    """Back to a step that had passed."""

    to: str = Field(max_length=31)
    reason: Reason


def pass_step(work: Work) -> Done:
    """Sign a step; with the last signature its clock stops and the next steps open.

    Raises:
        NotAllowed: the step belongs to a post the actor does not hold.
        NotPossible: the step is not open, waits for opinions, or needs a second officer.
    """
    case, steps = work.case, work.case.published.content.steps
    code = work.payload.step or _only_open(rules.open_reviews(steps, case.flow))
    step = next((s for s in steps if s.code == code), None)
    if step is not None:
        _check_post(work, step)
    if waiting := waiting_opinions(case, code):
        names = "、".join(w.organisation.label for w in waiting)
        raise NotPossible(f"还在等{names}的意见，意见齐了再通过本环节。", code="opinions_waiting")
    before = set(flows.open_steps(case.flow))
    case.flow, passed = flows.pass_step(case.flow, steps, code, work.actor.account_id or 0, work.at)
    if passed:
        # not by their moment: a branch opened a moment ago by the step before would start its clock again
        opened = [c for c in flows.open_steps(case.flow) if c not in before]
        clocks.step_passed(case, code, opened, work.at)
        ask_opinions(case, opened, work.at)
    name = step.name if step else code
    note = f"{name}：{work.payload.opinion}" + ("" if passed else "（尚需另一名工作人员签署）")
    return Done(note=note, data={"step": code, "passed": passed})


def return_step(work: Work) -> Done:
    """Send the file back to an earlier step; no limit is moved by it."""
    case, steps = work.case, work.case.published.content.steps
    if case.state not in (CaseState.ACCEPTED, CaseState.IN_REVIEW):
        raise NotPossible("当前状态不能退回环节。")
    clocks.cancel_steps(case, work.at)
    case.flow = flows.return_to(case.flow, steps, work.payload.to, work.at)
    clocks.start_steps(case, flows.open_steps(case.flow), work.at)
    return Done(note=work.payload.reason, data={"to": work.payload.to})


def _only_open(opened: list[str]) -> str:
    if len(opened) != 1:
        raise Invalid(
            "现在有几个环节同时在办，请写明通过哪一个。", fields={"step": f"可选：{'、'.join(opened)}"}
        )
    return opened[0]


def _check_post(work: Work, step: ReviewStep) -> None:
    if work.actor.posts and step.post not in work.actor.posts:
        raise NotAllowed(f"“{step.name}”由{step.post}岗办理，您不在这个岗位上。")

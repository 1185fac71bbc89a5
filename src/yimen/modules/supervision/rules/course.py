"""The course of one case as detectors read it, and in whose hands it was at a moment (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yimen.modules.cases.api import FINAL, CaseState
from yimen.modules.items.content import ReviewStep
from yimen.modules.supervision.rules.spec import Holder, Seen

APPLICANT = "申请人"
RECEIVING, CLOSING = frozenset({"receiver"}), frozenset({"head", "certifier"})
"""Posts whose first steps accepting completes, and whose last steps deciding and delivering complete."""
RECEIVER = "receiver"
S = CaseState


@dataclass(frozen=True, kw_only=True)
class Act:
    """One event of the chain; ``data`` is what the act left there."""

    sequence: int
    act: str
    from_state: str
    to_state: str
    at: datetime
    actor_id: int | None = None
    clause: str = ""
    note: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def moves(self) -> bool:
        return self.from_state != self.to_state


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An opinion asked of another organisation inside a step."""

    organisation_id: int
    name: str
    step: str
    asked_at: datetime
    due_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Course:
    """One case: what it is and everything that happened.

    Args:
        steps: the review steps of the pinned standard.
        guide: codes of the materials that the guide lists.
        fees: name to amount in yuan, by the standard.
        procedures: codes of special procedures the standard lists with excluded time.
        missing: required materials not handed in; ``None`` where nobody asked.
    """

    case_id: int
    number: str
    organisation_id: int
    organisation: str
    division: str
    item: str
    item_type: str
    instant: bool
    channel: str
    joint: bool
    acts: Sequence[Act]
    steps: tuple[ReviewStep, ...] = ()
    guide: frozenset[str] = frozenset()
    fees: Mapping[str, float] = field(default_factory=dict)
    procedures: frozenset[str] = frozenset()
    missing: int | None = None
    asked: tuple[Asked, ...] = ()

    @property
    def about(self) -> dict[str, Any]:
        """The facts every detector tells of its case."""
        return {
            "item": self.item,
            "item_type": self.item_type,
            "instant": self.instant,
            "channel": self.channel,
            "joint": self.joint,
        }

    def named(self, *names: str) -> Iterator[Act]:
        return (act for act in self.acts if act.act in names)

    def seen(self, detector: str, act: Act, facts: Mapping[str, Any], part: str = "") -> Seen:
        """What a detector saw at one event."""
        return Seen(
            detector=detector,
            occasion=f"{self.number}:{act.sequence}{part}",
            at=act.at,
            organisation_id=self.organisation_id,
            division=self.division,
            case_id=self.case_id,
            number=self.number,
            sequence=act.sequence,
            holder=holder_at(self, act.at, by=act),
            facts={**self.about, **facts},
        )


def reviewed_steps(steps: Sequence[ReviewStep]) -> list[ReviewStep]:
    """The steps that every case has to pass between acceptance and decision, conditional ones left out."""
    return [s for s in steps if not s.when and s.post not in RECEIVING | CLOSING]


def holder_at(course: Course, moment: datetime, by: Act | None = None) -> Holder:
    """In whose hands the case was just before a moment: the holder the ledger names, with its post.

    Args:
        by: the act that is judged; it counts as not done yet, and its own step names the post.
    """
    before = [a for a in course.acts if a.at <= moment and (by is None or a.sequence < by.sequence)]
    state = next((a.to_state for a in reversed(before) if a.to_state), S.SUBMITTED)
    if state == S.CORRECTION_REQUESTED or (state in FINAL and by is None):
        return Holder(name=APPLICANT)
    if state == S.SUSPENDED and by is None:
        last = next(a for a in reversed(before) if a.to_state == S.SUSPENDED)
        return Holder(name=last.note.split("，", 1)[0] or "特别程序")
    if state == S.WAITING:
        return Holder(name="前一事项")
    late = next((a for a in course.asked if _is_silent(a, moment)), None)
    if late is not None and by is None:
        return Holder(name=late.name, organisation_id=late.organisation_id, step="征求意见")
    post, step = _post_at(course, before, state, by)
    return Holder(name=course.organisation, organisation_id=course.organisation_id, post=post, step=step)


def _is_silent(asked: Asked, moment: datetime) -> bool:
    """Was an opinion overdue and still outstanding then?"""
    return (
        asked.due_at is not None
        and asked.due_at <= moment
        and (asked.answered_at is None or asked.answered_at > moment)
    )


def _post_at(course: Course, before: Sequence[Act], state: str, by: Act | None) -> tuple[str, str]:
    steps = {s.code: s for s in course.steps}
    named = steps.get(str(by.data.get("step", ""))) if by is not None else None
    if named is not None:
        return named.post, named.name
    if state in (S.SUBMITTED, S.DRAFT, ""):
        return RECEIVER, "受理"
    if state in (S.GRANTED, S.REFUSED):
        return "certifier", "送达"
    if by is not None and by.act == "decide":
        return "head", "决定"
    passed = passed_steps(course, before)
    for step in course.steps:
        if step.post not in RECEIVING and not step.when and step.code not in passed:
            return step.post, step.name
    return "head", "决定"


def passed_steps(course: Course, acts: Sequence[Act]) -> set[str]:
    """The steps that stood as passed after these acts: returning to a step undoes it and what follows it."""
    order = [s.code for s in course.steps]
    passed: set[str] = set()
    for act in acts:
        if act.act == "pass_step" and act.data.get("passed", True):
            passed.add(str(act.data.get("step", "")))
        elif act.act == "return_step" and act.data.get("to") in order:
            passed -= set(order[order.index(str(act.data["to"])) :])
    return passed

"""State machines written as a table: one row is one legal act.

The same table decides whether an act may happen, which buttons a person sees, and draws the diagram.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotAllowed, NotPossible, Refusal

S = TypeVar("S", bound=StrEnum)
Guard = Callable[[Any], str | None]
TimedGuard = Callable[[Any, datetime], str | None]
Permission = Callable[[str, Actor, Any], bool]


@dataclass(frozen=True, kw_only=True)
class Step(Generic[S]):
    """One act.

    Args:
        name: stable English name, as in the public contract.
        label: the button's words.
        sources: states from which it may happen.
        target: the state after it; ``None`` where the act itself decides (a decision, a resume).
        grants: any one of these lets an actor take the step, over rows in scope.
        guards: functions of the subject that return a sentence when they object.
        timed_guards: the same, asked also for the moment as which the actor acts (``Actor.as_of``).
        clause: the legal basis shown in the trace.
    """

    name: str
    label: str
    sources: frozenset[S]
    target: S | None
    grants: frozenset[str]
    guards: tuple[Guard, ...] = field(default=())
    timed_guards: tuple[TimedGuard, ...] = field(default=())
    clause: str = ""


class Machine(Generic[S]):
    """The table of steps.

    Args:
        initial: the first state.
        steps: the rows.
        permits: ``(grant, actor, subject) -> bool``: does this grant of the actor reach this subject?
    """

    def __init__(self, initial: S, steps: Iterable[Step[S]], permits: Permission) -> None:
        self.initial = initial
        self.steps = {step.name: step for step in steps}
        self._permits = permits

    def possible(self, state: S, actor: Actor, subject: object) -> list[str]:
        """The acts open to this actor now, in table order."""
        here = [(n, s) for n, s in self.steps.items() if state in s.sources]
        return [n for n, s in here if self._objection(s, state, actor, subject) is None]

    def check(self, name: str, state: S, actor: Actor, subject: object) -> Step[S]:
        """Return the step, or raise why not.

        Raises:
            NotAllowed: the actor has no grant that reaches the subject.
            NotPossible: the state or a guard forbids it.
        """
        step = self.steps.get(name)
        if step is None:
            raise NotPossible(f"没有“{name}”这个办理动作。", code="unknown_act")
        objection = self._objection(step, state, actor, subject)
        if objection is not None:
            raise objection
        return step

    def unreachable(self) -> set[S]:
        """States that no row leads to from the initial state (rows with a target only)."""
        states = {s for step in self.steps.values() for s in step.sources}
        reached, grew = {self.initial}, True
        while grew:
            new = {s.target for s in self.steps.values() if s.target and s.sources & reached} - reached
            reached |= new
            grew = bool(new)
        return states - reached

    def mermaid(self) -> str:
        """The diagram of the table, for the documentation."""
        rows = [
            f"  {a.value} --> {s.target.value}: {s.name}"
            for s in self.steps.values()
            if s.target
            for a in sorted(s.sources)
        ]
        return "\n".join(["stateDiagram-v2", f"  [*] --> {self.initial.value}", *rows])

    def _objection(self, step: Step[S], state: S, actor: Actor, subject: object) -> Refusal | None:
        if not any(self._permits(grant, actor, subject) for grant in step.grants):
            return NotAllowed()
        if state not in step.sources:
            return NotPossible(f"当前状态不能“{step.label}”。", code="state_forbids", clause=step.clause)
        for guard in step.guards:
            if why := guard(subject):
                return NotPossible(why, clause=step.clause)
        if actor.as_of is not None:
            for timed in step.timed_guards:
                if why := timed(subject, actor.as_of):
                    return NotPossible(why, clause=step.clause)
        return None

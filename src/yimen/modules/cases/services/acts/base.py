"""What every act shares: what it takes, what it works on, what it leaves behind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from yimen.kernel.actor import Actor
from yimen.modules.cases.models import Case
from yimen.modules.cases.states import CaseState

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=2000)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Clause = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=300)]


class Payload(BaseModel):
    """Base of what an act takes; unknown keys are told, not dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoPayload(Payload):
    """An act that takes nothing but an optional remark."""

    note: Note = ""


@dataclass
class Work:
    """One act being done: the locked case, who, when, and what was taken."""

    case: Case
    actor: Actor
    at: datetime
    payload: Any


@dataclass(frozen=True, kw_only=True)
class Done:
    """What an act leaves in the trace.

    Args:
        state: the case's state after it; ``None`` keeps the table's target.
        act: another name for the trace than the table's, where the act only prepared what others complete.
        note: a sentence for people.
        clause: the legal basis, where the act itself names one; else the table's.
        data: plain values for the trace; never personal data.
    """

    state: CaseState | None = None
    act: str = ""
    note: str = ""
    clause: str = ""
    data: dict[str, Any] = field(default_factory=dict)


P = TypeVar("P", bound=Payload)
Perform = Callable[[Work], Done]


@dataclass(frozen=True)
class ActDefinition:
    """An act's name in the table, the shape it takes, and the function that does it."""

    name: str
    payload: type[Payload]
    perform: Perform

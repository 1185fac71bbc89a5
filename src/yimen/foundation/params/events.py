"""What happened to parameters."""

from dataclasses import dataclass

from yimen.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ParamSet(Event):
    code: str
    division: str
    actor_id: int | None

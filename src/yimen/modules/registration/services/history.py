"""The line that every act leaves: in the entity's own history, and in the trace's chain."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.modules.registration.models import EntityEvent, MarketEntity

SUBJECT = "market_entity"


def record(
    entity: MarketEntity, kind: str, at: datetime, *, by: str, actor: Actor | None = None, case_number: str = "",
    changes: Sequence[dict[str, Any]] = (), note: str = "", clause: str = "", before: str = "",
) -> EntityEvent:  # fmt: skip
    """Write one line of history.

    Args:
        by: who, as the public reads it (an authority, never a person's name).
        actor: who did it; given where no case holds the trace of the act.
        before: the state it had.
    """
    if actor is not None:
        trace.append(
            SUBJECT, entity.uscc, kind, actor, at, from_state=before or entity.state, to_state=entity.state, clause=clause,
            note=note[:500],
        )  # fmt: skip
    return EntityEvent.objects.create(
        entity=entity, kind=kind, at=at, by=by[:120], case_number=case_number, changes=list(changes), note=note[:500],
        clause=clause[:300],
    )  # fmt: skip

"""Many limits as arrays: the bridge from plain values to the bulk rule (pure)."""

from collections.abc import Sequence

import numpy as np

from yimen.foundation.calendar.api import WorkCalendar
from yimen.modules.deadlines.rules.bulk import CODES, LimitSet, Pauses, compute_many
from yimen.modules.deadlines.rules.compute import Limit
from yimen.modules.deadlines.rules.values import local_day, spans_of


def due_ordinals(limits: Sequence[Limit], calendar: WorkCalendar) -> list[int]:
    """Due ordinals of many limits by the array rule; 0 where the scalar rule has to answer."""
    rows = [n for n, limit in enumerate(limits) if limit.unit in CODES]
    chosen = [limits[n] for n in rows]
    spans = [
        (n, *span)
        for n, limit in enumerate(chosen)
        if limit.exclusions
        for span in spans_of(limit.exclusions)
    ]
    pauses = np.array(spans, dtype=np.int32).reshape(-1, 3)
    due = compute_many(
        LimitSet(
            start=np.array([local_day(limit.start).toordinal() for limit in chosen], dtype=np.int32),
            amount=np.array([limit.total for limit in chosen], dtype=np.int32),
            unit=np.array([CODES[limit.unit] for limit in chosen], dtype=np.int8),
            same=np.array([limit.first_day == "same" for limit in chosen], dtype=bool),
            roll=np.array([limit.roll for limit in chosen], dtype=bool),
            pauses=Pauses(row=pauses[:, 0], first=pauses[:, 1], last=pauses[:, 2]),
        ),
        calendar,
    )
    answers = [0] * len(limits)
    for n, ordinal in zip(rows, due.tolist(), strict=True):
        answers[n] = ordinal
    return answers

"""The door of the flow engine."""

from yimen.modules.flows.rules import (
    Flow,
    begin,
    closing_steps,
    faults,
    is_done,
    open_steps,
    pass_all_of,
    pass_step,
    predecessors,
    return_to,
)

__all__ = [
    "Flow",
    "begin",
    "closing_steps",
    "faults",
    "is_done",
    "open_steps",
    "pass_all_of",
    "pass_step",
    "predecessors",
    "return_to",
]

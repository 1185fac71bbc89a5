"""The rule of limits, pure: compute, explain, in bulk, day by day with holders."""

from yimen.modules.deadlines.rules.arrays import due_ordinals
from yimen.modules.deadlines.rules.bulk import CODES, LimitSet, Pauses, compute_many
from yimen.modules.deadlines.rules.compute import Deadline, Limit, compute, due_of
from yimen.modules.deadlines.rules.ledger import Change, Hand, LedgerDay, hands, ledger_days
from yimen.modules.deadlines.rules.parse import due_text, limit_from, read_day, read_unit
from yimen.modules.deadlines.rules.values import (
    OFFICE_HOURS,
    DayCount,
    Exclusion,
    Extension,
    FirstDay,
    Unit,
    WorkingHours,
)

__all__ = [
    "CODES",
    "OFFICE_HOURS",
    "Change",
    "DayCount",
    "Deadline",
    "Exclusion",
    "Extension",
    "FirstDay",
    "Hand",
    "LedgerDay",
    "Limit",
    "LimitSet",
    "Pauses",
    "Unit",
    "WorkingHours",
    "compute",
    "compute_many",
    "due_of",
    "due_ordinals",
    "due_text",
    "hands",
    "ledger_days",
    "limit_from",
    "read_day",
    "read_unit",
]

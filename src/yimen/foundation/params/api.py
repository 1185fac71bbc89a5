"""The door of params: numbers and words that differ by place, as data with a clause."""

from yimen.foundation.params.kept import Kept, seen
from yimen.foundation.params.models import Reference, ReferenceChange
from yimen.foundation.params.permissions import PARAM_MANAGE
from yimen.foundation.params.queries import history_of, value
from yimen.foundation.params.registry import Declared, declare, declared
from yimen.foundation.params.services import set_value

__all__ = [
    "PARAM_MANAGE",
    "Declared",
    "Kept",
    "Reference",
    "ReferenceChange",
    "declare",
    "declared",
    "history_of",
    "seen",
    "set_value",
    "value",
]

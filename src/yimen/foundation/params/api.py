"""The door of params: numbers and words that differ by place, as data with a clause."""

from yimen.foundation.params.permissions import PARAM_MANAGE
from yimen.foundation.params.queries import history_of, value
from yimen.foundation.params.registry import Declared, declare, declared
from yimen.foundation.params.services import set_value

__all__ = ["PARAM_MANAGE", "Declared", "declare", "declared", "history_of", "set_value", "value"]

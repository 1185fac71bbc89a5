"""Reading parameters: the narrowest division that set one, its newest value on the day, else the default."""

from collections import defaultdict
from datetime import date
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from yimen.foundation.params.models import Param
from yimen.foundation.params.registry import declaration_of

KEEP_SECONDS = 30.0
PREFIX_LENGTHS = (12, 9, 6, 4, 2, 0)

_Rows = dict[str, list[tuple[str, date, Any]]]
_kept: dict[str, tuple[float, _Rows]] = {}


def forget() -> None:
    """Drop what is kept, after a change; other processes follow within ``KEEP_SECONDS``."""
    _kept.clear()


def _rows() -> _Rows:
    """All set values (a few dozen), kept for a moment; never inside an open test or write transaction of another store."""
    store = str(connection.settings_dict["NAME"])
    kept = _kept.get(store)
    if kept and monotonic() - kept[0] < KEEP_SECONDS:
        return kept[1]
    rows: _Rows = defaultdict(list)
    for code, division, since, worth in Param.objects.order_by("-valid_from", "-id").values_list(
        "code", "division", "valid_from", "value"
    ):
        rows[code].append((division, since, worth))
    _kept[store] = (monotonic(), rows)
    return rows


def value(code: str, division: str = "", *, on: date) -> Any:
    """The value of a parameter.

    Args:
        code: as declared.
        division: 12-digit division code of the place asked about; "" for the whole platform.
        on: the day.

    Raises:
        NotFound: no code declares it.
    """
    entry = declaration_of(code)
    candidates = [row for row in _rows().get(code, ()) if row[1] <= on]
    for length in PREFIX_LENGTHS if division else (0,):
        place = division[:length].ljust(12, "0") if length else ""
        for where, _, worth in candidates:
            if where == place:
                return worth
    return entry.default


def history_of(code: str) -> QuerySet[Param]:
    """Everything that was ever set for a parameter, the newest first."""
    return Param.objects.filter(code=code).order_by("-valid_from", "-id")

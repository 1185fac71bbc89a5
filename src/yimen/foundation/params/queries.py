"""Reading parameters: the narrowest division that set one, its newest value on the day, else the default."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import QuerySet

from yimen.foundation.params.kept import Kept
from yimen.foundation.params.models import Param
from yimen.foundation.params.registry import declaration_of

PREFIX_LENGTHS = (12, 9, 6, 4, 2, 0)

_Rows = dict[str, list[tuple[str, date, Any]]]
_kept: Kept[str, _Rows] = Kept()


def _rows() -> _Rows:
    """All set values: a few dozen."""
    rows: _Rows = defaultdict(list)
    for code, division, since, worth in (
        Param.objects.using("default")
        .order_by("-valid_from", "-id")
        .values_list("code", "division", "valid_from", "value")
    ):
        rows[code].append((division, since, worth))
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
    candidates = [row for row in _kept.one("", _rows).get(code, ()) if row[1] <= on]
    for length in PREFIX_LENGTHS if division else (0,):
        place = division[:length].ljust(12, "0") if length else ""
        for where, _, worth in candidates:
            if where == place:
                return worth
    return entry.default


def history_of(code: str) -> QuerySet[Param]:
    """Everything that was ever set for a parameter, the newest first."""
    return Param.objects.filter(code=code).order_by("-valid_from", "-id")

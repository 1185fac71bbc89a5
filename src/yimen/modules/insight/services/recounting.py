"""Recount the cubes from the raw events; repair what differs."""

from django.db import connection, transaction

from yimen.modules.insight.models import Contribution
from yimen.modules.insight.queries.recount import (
    Difference,
    Progress,
    Recount,
    months_with_events,
    recount_month,
    recount_standing,
)
from yimen.modules.insight.rules.periods import Period
from yimen.modules.insight.rules.shares import Cells
from yimen.modules.insight.services.adding import add_to_cubes
from yimen.modules.insight.services.folding import refresh

CHUNK = 500


def recount(
    period: Period | None = None, *, repair: bool = False, progress: Progress = lambda _: None
) -> Recount:
    """Count every raw event again and compare with the cubes, month by month.

    A part is first read beside the running work; only where something differs is it read again with all folding held off, so
    that news that arrives meanwhile cannot look like an error and nobody waits for a recount that holds.

    Args:
        period: only these days; the standing of cases is compared only without a period.
        repair: fold the news that is missing, then add what still differs.
        progress: told how many cases of the part are counted.

    Returns:
        What was found before any repair.
    """
    whole = Recount()
    for month in months_with_events(period):
        _join(whole, _part(month, repair, progress))
    if period is None:
        standing = _part(None, repair, progress)
        _join(whole, standing)
        whole.cases = standing.cases  # over months, a case was counted in each month of its acts
    whole.behind = sorted(set(whole.behind))
    return whole


def _part(month: Period | None, repair: bool, progress: Progress) -> Recount:
    found = _count(month, progress)
    if found.holds or not repair:
        return found
    for start in range(0, len(found.behind), CHUNK):
        refresh(found.behind[start : start + CHUNK])
    with transaction.atomic():
        _hold_off_folding()
        again = recount_month(month) if month else recount_standing()
        add_to_cubes(_corrections(again.differences))
    return found


def _count(month: Period | None, progress: Progress) -> Recount:
    found = recount_month(month, progress) if month else recount_standing(progress)
    if found.holds:
        return found
    with transaction.atomic():
        _hold_off_folding()
        return recount_month(month) if month else recount_standing()


def _hold_off_folding() -> None:
    """SQLite has one writer at a time anyway; PostgreSQL is asked to let nobody change contributions meanwhile."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(Contribution._meta.db_table)
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def _corrections(differences: list[Difference]) -> Cells:
    cells: Cells = {}
    for d in differences:
        cells.setdefault((d.cube, d.key), {})[d.measure] = d.counted - d.stored
    return cells


def _join(whole: Recount, part: Recount) -> None:
    whole.cases += part.cases
    whole.rows += part.rows
    whole.behind += part.behind
    whole.differences += part.differences

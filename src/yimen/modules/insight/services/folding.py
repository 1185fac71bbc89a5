"""Fold what happened to cases into the cubes: exact however often, late or out of order the news comes."""

from collections.abc import Sequence

from django.db import transaction

from yimen.kernel.deadlocks import again_after_deadlock
from yimen.modules.cases import api as cases
from yimen.modules.insight.models import Contribution
from yimen.modules.insight.queries.raw import shares_of
from yimen.modules.insight.rules.shares import Cells, Share, added, cells_of
from yimen.modules.insight.services.adding import add_to_cubes


def refresh_application(application_id: int) -> int:
    """Fold all cases of an application: an act upon one may change what another adds."""
    rows = cases.Case.objects.filter(application_id=application_id).exclude(state=cases.CaseState.DRAFT)
    return refresh(list(rows.order_by("pk").values_list("pk", flat=True)))


def refresh_with(case_id: int) -> int:
    """Fold a case and the others of its application."""
    found = cases.Case.objects.filter(pk=case_id).values_list("application_id", flat=True).first()
    return refresh_application(found) if found is not None else 0


def refresh(case_ids: Sequence[int]) -> int:
    """Derive the shares of cases anew and add to the cubes the difference to what they added before.

    The rows of ``Contribution`` are held while the shares are read, so that of two workers with news of one case the
    second reads what the first wrote, and whichever comes last leaves the truth.

    Returns:
        How many cases add something else now.
    """
    return again_after_deadlock(lambda: _refresh(case_ids)) if case_ids else 0


@transaction.atomic
def _refresh(case_ids: Sequence[int]) -> int:
    ids = sorted(set(case_ids))
    known = set(Contribution.objects.filter(case_id__in=ids).values_list("case_id", flat=True))
    fresh = [Contribution(case_id=key) for key in ids if key not in known]
    if fresh:
        Contribution.objects.bulk_create(fresh, ignore_conflicts=True)
    held = Contribution.objects.select_for_update().filter(case_id__in=ids).order_by("case_id")
    rows = {row.case_id: row for row in held}
    shares = shares_of(ids)
    difference: Cells = {}
    changed = []
    for key, row in rows.items():
        share = shares.get(key, Share())
        text = share.as_text() if share.happenings else ""
        if text != row.text:
            added(difference, cells_of(Share.from_text(row.text)), -1)
            added(difference, cells_of(share))
            row.text = text
            changed.append(row)
    Contribution.objects.bulk_update(changed, ["text"], batch_size=200)
    add_to_cubes(difference)
    return len(changed)

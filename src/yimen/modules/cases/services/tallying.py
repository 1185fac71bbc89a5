"""Count closed cases once: what an office has closed only grows, and its lists tell their exact total with every page."""

from collections import Counter

from django.db import transaction

from yimen.modules.cases.models import Case, ClosedTally
from yimen.modules.cases.states import FINAL

BATCH = 2000
PLACE = ("organisation_id", "centre_id", "division", "state")


def tally_closed() -> int:
    """Take every closed case that is not in the tally into it, in short transactions.

    Returns:
        How many cases it took.
    """
    taken = 0
    while part := _tally_some():
        taken += part
    if taken:
        _draw_together()
    return taken


def leave_tally(case: Case) -> None:
    """Take a closed case out again, before an act moves it; the act holds its row and writes it."""
    ClosedTally.objects.create(**{name: getattr(case, name) for name in PLACE}, number=-1)
    case.tallied = False


@transaction.atomic
def _tally_some() -> int:
    """Rows that an act holds are passed over; the next round finds them."""
    rows = Case.objects.filter(tallied=False, is_open=False, state__in=FINAL).order_by("id")
    found = list(rows.select_for_update(skip_locked=True).values_list("pk", *PLACE)[:BATCH])
    Case.objects.filter(pk__in=[key for key, *_ in found]).update(tallied=True)
    _add(Counter(tuple(place) for _, *place in found))
    return len(found)


@transaction.atomic
def _draw_together() -> None:
    """One row for each place that has several; rows only come and go, so what is held here is what is replaced."""
    rows = ClosedTally.objects.values_list("pk", *PLACE)
    by_place: dict[tuple[object, ...], list[int]] = {}
    for key, *place in rows:
        by_place.setdefault(tuple(place), []).append(key)
    several = [key for keys in by_place.values() if len(keys) > 1 for key in keys]
    held = list(ClosedTally.objects.filter(pk__in=several).select_for_update().values_list(*PLACE, "number"))
    ClosedTally.objects.filter(pk__in=several).delete()
    numbers: Counter[tuple[object, ...]] = Counter()
    for *place, number in held:
        numbers[tuple(place)] += number
    _add(numbers)


def _add(numbers: Counter[tuple[object, ...]]) -> None:
    ClosedTally.objects.bulk_create(
        ClosedTally(**dict(zip(PLACE, place, strict=True)), number=number)
        for place, number in numbers.items()
    )

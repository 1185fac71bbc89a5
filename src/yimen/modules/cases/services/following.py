"""Keep what cases copy from their clocks in line when clocks move as a whole."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Max, Min, OuterRef, QuerySet, Subquery

from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import NotAllowed, NotPossible
from yimen.modules.cases.models import Case, OpinionRequest
from yimen.modules.cases.services import clocks
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items import api as items

GOVERNING = (clocks.TELLING, clocks.LEGAL, clocks.PROMISED, clocks.DELIVERY)


def follow_recount(recount_id: int) -> int:
    """Take over the due moments that a recount moved, in one statement.

    Returns:
        The number of cases brought in line.
    """
    moved = deadlines.moves_of(recount_id).filter(clock__subject_kind=clocks.SUBJECT)
    earliest = (
        deadlines.Clock.objects.filter(
            subject_kind=clocks.SUBJECT, subject_key=OuterRef("number"), kind__in=GOVERNING, state="running"
        )
        .order_by()
        .values("subject_key")
        .annotate(due=Min("due_at"))
    )
    _follow_opinions(recount_id)
    touched = Case.objects.filter(is_open=True, number__in=moved.values("clock__subject_key"))
    return touched.update(due_at=Subquery(earliest.values("due")[:1]))


def _follow_opinions(recount_id: int) -> None:
    moved = deadlines.moves_of(recount_id).filter(clock__subject_kind=clocks.OPINION_SUBJECT)
    due = dict(moved.values_list("clock__subject_key", "new_due_at"))
    if not due:
        return
    numbers = {key.split(":", 1)[0] for key in due}
    waiting = list(
        OpinionRequest.objects.filter(case__number__in=numbers, answered_at=None).select_related("case")
    )
    for request in waiting:
        request.due_at = due.get(clocks.opinion_key(request.case, request), request.due_at)
    OpinionRequest.objects.bulk_update(waiting, ["due_at"], batch_size=500)


def promised_clocks(item_id: int) -> QuerySet[deadlines.Clock]:
    """The open promised clocks of an item's running cases."""
    numbers = Case.objects.filter(item_id=item_id, is_open=True).values("number")
    return deadlines.Clock.objects.filter(
        subject_kind=clocks.SUBJECT,
        subject_key__in=numbers,
        kind=clocks.PROMISED,
        state__in=["running", "paused"],
    )


@dataclass(frozen=True, kw_only=True)
class LongerPromise:
    """An item whose running cases were promised more time than its standard in force takes.

    ``held`` and ``promised`` are limits as ``{"amount", "unit"}``.
    """

    code: str
    name: str
    organisation: str
    held: dict[str, object]
    promised: dict[str, object]
    count: int


def longer_promises(actor: Actor) -> list[LongerPromise]:
    """The items of the actor's publishing scope for which a shorter promise could reach running cases."""
    pinned = (
        Case.objects.filter(is_open=True, accepted_at__isnull=False, standard__promised_unit="working_day")
        .exclude(standard_id=F("item__current_id"))
        .filter(item__current__promised_unit="working_day")
        .filter(standard__promised_amount__gt=F("item__current__promised_amount"))
        .values("item_id")
        .annotate(count=Count("id"), held=Max("standard__promised_amount"))
    )
    found = {row["item_id"]: row for row in pinned}
    rows = (
        items.Item.objects.filter(pk__in=found)
        .select_related("organisation", "division", "current")
        .order_by("code")
    )
    return [
        LongerPromise(
            code=item.code,
            name=item.name,
            organisation=item.organisation.label,
            held={"amount": found[item.pk]["held"], "unit": "working_day"},
            promised={"amount": item.current.promised_amount, "unit": "working_day"},
            count=found[item.pk]["count"],
        )
        for item in rows
        if item.current is not None and items.reaches(items.PUBLISH, actor, item)
    ]


def preview_promise(code: str, at: datetime) -> deadlines.Preview:
    """Which open clocks would move if the item's present promise held for its running cases too."""
    return deadlines.preview_moves(*_promise(code, at))


def extend_promise_to_running(code: str, actor: Actor, at: datetime) -> int:
    """Let a shorter promise hold for the cases already running: always to the applicant's good, so it may be done.

    Returns:
        How many clocks moved.

    Raises:
        NotAllowed: the actor may not publish this item's standards.
        NotPossible: it would make a case later (no promise is taken back).
    """
    limit, running = _promise(code, at)
    item = items.item_with_code(code)
    if not items.reaches(items.PUBLISH, actor, item):
        raise NotAllowed("只有事项发布人员可以把新的承诺时限用到在办件上。")
    if deadlines.preview_moves(limit, running).later:
        raise NotPossible("新的承诺时限比原来长，已经作出的承诺不能收回，在办件仍按原承诺办理。")
    with transaction.atomic():
        recount = deadlines.apply_moves(
            limit, at, by=actor.name, why=f"“{item.name}”缩短承诺时限", clocks=running
        )
        data = {"moved": recount.moved, "recount": recount.pk}
        trace.append("item", item.code, "shorten_running_promises", actor, at, data=data)
    return recount.moved


def _promise(code: str, at: datetime) -> tuple[deadlines.NewLimit, QuerySet[deadlines.Clock]]:
    standard = items.current(code, at.astimezone(CHINA).date())
    promised = standard.content.promised_limit
    limit = deadlines.NewLimit(
        kind=clocks.PROMISED, amount=promised.amount or 1, unit=deadlines.Unit(promised.unit)
    )
    return limit, promised_clocks(standard.item_id)

"""The list of cases: an office's or one's own, newest first, with the exact total."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import BigIntegerField, CharField, DateTimeField, Func, Model, Q, QuerySet, Subquery

from yimen.foundation.identity import api as identity
from yimen.kernel import frozen
from yimen.kernel.actor import Actor, Scope
from yimen.kernel.frozen import Slot
from yimen.kernel.lists import key_behind, refuse_far_page
from yimen.kernel.paging import Page, window
from yimen.modules.cases.models import Case, ClosedTally
from yimen.modules.cases.permissions import READ, READ_ALL
from yimen.modules.cases.queries import cases_visible_to, within
from yimen.modules.cases.states import CaseState

R = TypeVar("R", bound=Model)
COUNT = Func(template="COUNT(*)", output_field=BigIntegerField())
SUM = Func("number", template="COALESCE(SUM(%(expressions)s), 0)", output_field=BigIntegerField())
"""Over all rows of a statement: an aggregate of the ORM would group them."""


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A line of a list; an enterprise is shown in full, a person masked."""

    number: str
    application: str
    item: str
    item_name: str
    organisation: str
    state: str
    is_open: bool
    received_at: datetime | None
    due_at: datetime | None
    entity_name: str | None
    person_name: bytes | None

    @property
    def applicant(self) -> str:
        return self.entity_name or (identity.masked_name(self.person_name) if self.person_name else "")

    def is_overdue(self, at: datetime) -> bool:
        return self.is_open and self.due_at is not None and self.due_at < at


def list_cases(
    actor: Actor,
    at: datetime,
    *,
    state: str = "",
    organisation: str = "",
    overdue: bool | None = None,
    page: int = 1,
    size: int = 20,
    after: str = "",
) -> Page[ListedCase]:
    """The actor's cases, newest first, with the exact total.

    Args:
        state: one state, or ``open`` for every open one.
        organisation: organisation code.
        overdue: only cases past (or not past) their due moment.
        after: number of the case behind which to read on, whatever ``page`` says.

    Raises:
        Invalid: the actor sees no case of the number ``after``; the page lies too far behind.
    """
    offset, limit, number = window(1 if after else page, size)
    key = key_behind(cases_visible_to(actor), after) if after else None
    scopes = (*actor.scopes(READ), *actor.scopes(READ_ALL))
    if scopes and actor.person_id is None and not actor.entity_ids:
        count, results = _office_page(scopes, at, (state, organisation, overdue), (key, offset, limit))
    else:
        rows = _narrowed(cases_visible_to(actor), state, organisation, overdue, at)
        count = rows.count()
        refuse_far_page(offset, count)
        behind = rows if key is None else rows.filter(pk__lt=key)
        results = list(_listed(behind)[offset : offset + limit]) if offset < count else []
    return Page(count=count, results=[ListedCase(*row) for row in results], number=number, size=limit)


def closed_total(actor: Actor) -> int:
    """How many cases of the actor's office are closed, exactly; visits only those that are not tallied yet."""
    scopes = (*actor.scopes(READ), *actor.scopes(READ_ALL))
    tallied = ClosedTally.objects.filter(within(scopes)).values_list(SUM)
    rows = Case.objects.filter(within(scopes), is_open=False, tallied=False).exclude(state=CaseState.DRAFT)
    [(count,)] = rows.values_list(COUNT + Subquery(tallied))
    return int(count)


def _narrowed(rows: QuerySet[R], state: Any, organisation: Any, overdue: bool | None, at: Any) -> QuerySet[R]:
    if state:
        rows = rows.filter(is_open=True) if state == "open" else rows.filter(state=state)
    if organisation:
        rows = rows.filter(organisation__code=organisation)
    if overdue is not None:
        late = Q(is_open=True, due_at__lt=at)
        rows = rows.filter(late) if overdue else rows.exclude(late)
    return rows


def _listed(rows: QuerySet[Case]) -> QuerySet[Case, Any]:
    """What a list shows, newest first, as plain values: making models of twenty lines costs more than their statement."""
    return rows.order_by("-id").values_list(
        "number", "application__number", "item__code", "item__name", "organisation__code", "state", "is_open",
        "received_at", "due_at", "application__entity__name", "application__person__name_sealed",
    )  # fmt: skip


def _office_page(
    scopes: tuple[Scope, ...],
    at: datetime,
    narrow: tuple[str, str, bool | None],
    part: tuple[int | None, int, int],
) -> tuple[int, list[Any]]:
    """A page of an office's list, by SQL written once for everybody whose scopes have the same shape."""
    (state, organisation, overdue), (key, offset, limit) = narrow, part
    values: dict[str, Any] = {"at": at, "state": state, "code": organisation, "key": key}
    for place, scope in enumerate(scopes):
        values[f"organisation{place}"], values[f"centre{place}"] = scope.organisation_id, scope.centre_id
    named = "open" if state == "open" else bool(state)
    forms = tuple((s.division, s.organisation_id is None, s.centre_id is None) for s in scopes)
    shape = ("cases", forms, named, bool(organisation), overdue)
    wanted: Any = "open" if named == "open" else Slot("state", CharField()) if named else ""
    code = Slot("code", CharField()) if organisation else ""

    def build() -> QuerySet[Case]:
        rows = Case.objects.filter(within(_slotted(scopes))).exclude(state=CaseState.DRAFT)
        return _narrowed(rows, wanted, code, overdue, Slot("at", DateTimeField()))

    def counted() -> QuerySet[Case, Any]:
        if named == "open" or overdue:
            return build().values_list(COUNT)
        tally = ClosedTally.objects.filter(within(_slotted(scopes)))
        tallied = _narrowed(tally, wanted, code, None, None).values_list(SUM)
        return build().filter(tallied=False).values_list(COUNT + Subquery(tallied))

    def listed() -> QuerySet[Case, Any]:
        behind = build() if key is None else build().filter(pk__lt=Slot("key", BigIntegerField()))
        return _listed(behind)[offset : offset + limit]

    [(count,)] = frozen.rows((*shape, "count"), counted, values)
    refuse_far_page(offset, count)
    if offset >= count:
        return count, []
    return count, frozen.rows((*shape, key is None, offset, limit), listed, values)


def _slotted(scopes: tuple[Scope, ...]) -> list[Scope]:
    """The same scopes with places for their numbers."""

    def place(name: str, key: int | None) -> Any:
        return None if key is None else Slot(name, BigIntegerField())

    return [
        Scope(
            division=scope.division,
            organisation_id=place(f"organisation{n}", scope.organisation_id),
            centre_id=place(f"centre{n}", scope.centre_id),
        )
        for n, scope in enumerate(scopes)
    ]

"""Results that wait to be handed over: a line a case, or a line an application whose applicant takes them all together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from yimen.kernel.actor import Actor
from yimen.modules.cases import api as cases
from yimen.modules.themes import api as themes
from yimen.portals.desk.grants import DELIVER
from yimen.portals.desk.lists.inbox import JOINS, Left, left_of
from yimen.portals.desk.lists.tabs import BY_KEY


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One line.

    Args:
        case: the one that stands for the line; the only one unless the results go out together.
        ready: what this actor hands over now.
        undecided: how many cases of the application still have no decision; nothing is handed over before.
        elsewhere: results of the same application that somebody else hands over.
        thing: name of the one thing, "" = none.
    """

    case: cases.Case
    left: Left
    ready: Sequence[cases.Case]
    undecided: int = 0
    elsewhere: Sequence[cases.Case] = ()
    thing: str = ""

    @property
    def together(self) -> bool:
        return self.case.application.together

    @property
    def may(self) -> bool:
        return bool(self.ready) and not self.undecided


def waiting_for(actor: Actor, meant: Q, at: datetime) -> QuerySet[cases.Case]:
    """The case that stands for each line, the most urgent first.

    Args:
        meant: which cases are searched for.
    """
    rows = cases.cases_in_scope(actor).filter(BY_KEY["to_deliver"].condition(at)).filter(meant)
    before = rows.filter(application_id=OuterRef("application_id"), pk__lt=OuterRef("pk"))
    return rows.exclude(Q(application__together=True) & Exists(before)).order_by(
        F("due_at").asc(nulls_last=True), "id"
    )


def as_lines(found: QuerySet[cases.Case], actor: Actor, at: datetime) -> list[Waiting]:
    """Lines with what goes out together: a handful of statements however many."""
    heads = list(found.select_related(*JOINS, "application__agent"))
    left = left_of(heads, at)
    grouped = {case.application_id for case in heads if case.application.together}
    reach = reach_of(grouped, actor)
    things = themes.names_of_applications(case.application_id for case in heads if case.application.joint)
    return [
        _line(
            case,
            left[case.number],
            reach.get(case.application_id),
            actor,
            things.get(case.application_id, ""),
        )
        for case in heads
    ]


@dataclass(kw_only=True)
class Reach:
    """What of one application goes out together: by this actor, by others, and what is still undecided."""

    ready: list[cases.Case]
    elsewhere: list[cases.Case]
    undecided: int = 0


def reach_of(application_ids: Iterable[int], actor: Actor) -> dict[int, Reach]:
    """Application id to what may be handed over of it, in two statements, none for none."""
    wanted = set(application_ids)
    if not wanted:
        return {}
    of_office = cases.cases_in_scope(actor).filter(application_id__in=wanted)
    seen = set(of_office.values_list("pk", flat=True))
    every = cases.Case.objects.filter(application_id__in=wanted).exclude(state=cases.CaseState.DRAFT)
    found: dict[int, Reach] = {}
    for case in every.select_related("application", "item", "organisation").order_by("id"):
        here = found.setdefault(case.application_id, Reach(ready=[], elsewhere=[]))
        if case.state in (cases.CaseState.GRANTED, cases.CaseState.REFUSED):
            own = case.pk in seen and cases.permits(DELIVER, actor, case)
            (here.ready if own else here.elsewhere).append(case)
        elif case.state not in cases.DECIDED:
            here.undecided += 1
    return found


def _line(case: cases.Case, left: Left, reach: Reach | None, actor: Actor, thing: str) -> Waiting:
    if reach is None:
        own = [case] if cases.permits(DELIVER, actor, case) else []
        return Waiting(case=case, left=left, ready=own, thing=thing)
    return Waiting(
        case=case,
        left=left,
        ready=reach.ready,
        undecided=reach.undecided,
        elsewhere=reach.elsewhere,
        thing=thing,
    )

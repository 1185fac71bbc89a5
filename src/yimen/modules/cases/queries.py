"""Reading applications and cases: whose rows, which list, what is told."""

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet

from yimen.foundation.trace import api as trace
from yimen.kernel import frozen
from yimen.kernel.actor import ENTITY, PERSON, Actor, Scope
from yimen.kernel.errors import NotFound
from yimen.kernel.frozen import Slot
from yimen.modules.cases import rules
from yimen.modules.cases.models import Application, Case, CaseLink, OpinionRequest
from yimen.modules.cases.permissions import CREATE, OPINE, READ, READ_ALL
from yimen.modules.cases.states import MACHINE, CaseState, in_scope, is_applicant
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items.api import Impact

ASKING_STATES = [CaseState.ACCEPTED, CaseState.IN_REVIEW, CaseState.SUSPENDED]
"""While an opinion still matters: after the decision or the end of the case nobody waits for it."""
LIST_JOINS = ("application__person", "application__entity", "item", "organisation")
HOT_JOINS = ("application", "item", "organisation")
"""What an act or a short answer needs; people and entities are read when somebody asks for them."""


def may_see(case: Case, actor: Actor) -> bool:
    """Own, received by oneself, of one's organisation or centre, supervised, or asked for an opinion on it.

    A draft is nobody's business but the applicant's and that of whoever types it in.
    """
    if is_applicant(actor, case) or (actor.channel == "system" and actor.account_id is None):
        return True
    if actor.may(CREATE) and case.applicant_key[0] == actor.account_id:
        return True
    if case.state == CaseState.DRAFT:
        return False
    if any(in_scope(s, case) for s in (*actor.scopes(READ), *actor.scopes(READ_ALL))):
        return True
    asked = [s.organisation_id for s in actor.scopes(OPINE) if s.organisation_id]
    return bool(asked) and OpinionRequest.objects.filter(case=case, organisation_id__in=asked).exists()


def cases_visible_to(actor: Actor) -> QuerySet[Case]:
    """The rows of this actor: as applicant, and by scope."""
    rows = own_cases(actor)
    scopes = (*actor.scopes(READ), *actor.scopes(READ_ALL))
    if scopes:
        rows = (
            Case.objects.filter(_own(actor) | within(scopes))
            if actor.person_id
            else Case.objects.filter(within(scopes))
        )
    return rows.exclude(Q(state=CaseState.DRAFT) & ~_own(actor))


def cases_in_scope(actor: Actor) -> QuerySet[Case]:
    """The rows of the actor's office only: what the desk works on."""
    scopes = (*actor.scopes(READ), *actor.scopes(READ_ALL))
    return (
        Case.objects.filter(within(scopes)).exclude(state=CaseState.DRAFT) if scopes else Case.objects.none()
    )


def own_cases(actor: Actor) -> QuerySet[Case]:
    """What the actor applied for, or handed in for somebody."""
    return Case.objects.filter(_own(actor)) if actor.signed_in else Case.objects.none()


def own_applications(actor: Actor) -> QuerySet[Application]:
    """Applications of the actor, newest first."""
    if not actor.signed_in:
        return Application.objects.none()
    return Application.objects.filter(_own(actor, "")).select_related("person", "entity").order_by("-id")


def application_with_number(number: str, actor: Actor) -> Application:
    """An application with its cases.

    Raises:
        NotFound: unknown, or none of its cases is the actor's to see.
    """
    application = (
        Application.objects.select_related("person", "entity", "centre", "agent")
        .prefetch_related("cases__item", "cases__organisation")
        .filter(number=number)
        .first()
    )
    if application is not None:
        for case in application.cases.all():
            case.application = application
        if _is_limited(application, actor):
            seen = [case for case in application.cases.all() if may_see(case, actor)]
            application._prefetched_objects_cache = {"cases": seen}  # type: ignore[attr-defined]
        if any(may_see(case, actor) for case in application.cases.all()):
            return application
    raise NotFound(f"没有找到申请“{number[:40]}”，或者您无权查看。")


def _is_limited(application: Application, actor: Actor) -> bool:
    """Does the actor act for this applicant in some matters only? Then the others of one application stay hidden."""
    principals = ((PERSON, application.person_id), (ENTITY, application.entity_id))
    return any(key is not None and actor.items_for(kind, key) is not None for kind, key in principals)


def waits_of(application: Application) -> dict[int, list[str]]:
    """Case id to the numbers of the cases it still waits for; no statement unless the application is joint."""
    found: dict[int, list[str]] = {}
    if application.joint:
        links = CaseLink.objects.filter(later__application=application, state="pending")
        for later, earlier in links.order_by("id").values_list("later_id", "earlier__number"):
            found.setdefault(later, []).append(earlier)
    return found


def joint_due(application: Application) -> datetime | None:
    """Until when all results are promised, once that clock runs."""
    if not application.joint_days:
        return None
    clocks = deadlines.clocks_of("application", [application.number]).get(application.number, [])
    return clocks[0].due_at if clocks else None


def effects_of_ending(case: Case) -> list[str]:
    """What withdrawing or refusing this case would do to the others, one sentence each."""
    said = []
    links = case.leads_to.filter(state="pending").select_related("later__application").order_by("id")
    for link in links:
        content = link.later.published.content
        names = {m.code: m.name for m in content.materials}
        lacking = "”“".join(names[code] for code in link.supplies if code in names)
        if link.when_failed == "terminate":
            said.append(f"“{content.name}”以它为前提，会一并终止办理。")
        elif lacking:
            said.append(f"“{content.name}”要用它的结果，“{lacking}”会改由申请人提供。")
        else:
            said.append(f"“{content.name}”不再等它，马上开始办理。")
    return said


def case_with_number(number: str, actor: Actor) -> Case:
    """One case.

    Raises:
        NotFound: unknown or invisible; the two look the same from outside.
    """
    case = (
        Case.objects.select_related(*LIST_JOINS, "application__agent", "centre").filter(number=number).first()
    )
    if case is None or not may_see(case, actor):
        raise NotFound(f"没有找到办件“{number[:40]}”，或者您无权查看。")
    return case


def case_in_brief(number: str, actor: Actor, *, lock: bool = False) -> Case:
    """One case as an act or a short answer needs it, in one statement.

    Args:
        lock: hold the row until the transaction ends.

    Raises:
        NotFound: unknown or invisible; the two look the same from outside.
    """

    def build() -> QuerySet[Case]:
        rows = Case.objects.filter(number=Slot("number", CharField())).select_related(*HOT_JOINS)
        return rows.select_for_update(of=("self",)) if lock else rows

    found = frozen.rows(("case_in_brief", lock), build, {"number": number})
    if not found or not may_see(found[0], actor):
        raise NotFound(f"没有找到办件“{number[:40]}”，或者您无权查看。")
    case: Case = found[0]
    return case


def possible_acts(case: Case, actor: Actor) -> list[str]:
    """The acts open to this actor now, in table order: what the table allows, and of steps only the actor's own."""
    names = MACHINE.possible(CaseState(case.state), actor, case)
    if "pass_step" in names and not steps_open_to(case, actor):
        names.remove("pass_step")
    return names


def steps_open_to(case: Case, actor: Actor) -> list[str]:
    """The open review steps that this actor can sign now: of his posts, not signed by him, no opinion outstanding."""
    plan = {step.code: step for step in case.published.content.steps}
    mine = [
        code
        for code in rules.open_reviews(case.published.content.steps, case.flow)
        if (not actor.posts or plan[code].post in actor.posts)
        and actor.account_id not in case.flow[code].get("by", [])
    ]
    if any(plan[code].joint for code in mine):
        asked = OpinionRequest.objects.filter(case=case, step__in=mine, answered_at=None)
        waiting = set(asked.values_list("step", flat=True))
        mine = [code for code in mine if code not in waiting]
    return mine


def told_requirements(events: Iterable[trace.Event]) -> list[str]:
    """Every requirement that an earlier correction notice named."""
    notices = [json.loads(e.data) for e in events if e.act == "request_correction" and e.data]
    return [line["requirement"] for notice in notices for line in notice["missing"]]


def last_notice(case: Case) -> dict[str, object]:
    """The newest correction notice: ``missing`` lines and ``until``; empty when there was none."""
    event = trace.events_of("case", case.number).filter(act="request_correction").last()
    found: dict[str, object] = json.loads(event.data) if event and event.data else {}
    return found


def opinions_waiting_for(actor: Actor) -> QuerySet[OpinionRequest]:
    """Opinions asked of the actor's organisation and not given yet, soonest due first."""
    asked = [s.organisation_id for s in actor.scopes(OPINE) if s.organisation_id]
    rows = OpinionRequest.objects.filter(
        organisation_id__in=asked, answered_at=None, case__state__in=ASKING_STATES
    )
    return rows.select_related("case__item", "case__organisation", "organisation").order_by("due_at", "id")


def impact_on_cases(standard_id: int) -> list[Impact]:
    """The open cases pinned to a version, and at which windows: what its author sees before publishing the next one."""
    rows = (
        Case.objects.filter(standard_id=standard_id, is_open=True)
        .values_list("centre__name")
        .annotate(number=Count("id"))
        .order_by("-number")
    )
    counts = [(name or "网上", number) for name, number in rows]
    if not counts:
        return []
    where = "，".join(f"{name} {number} 件" for name, number in counts[:8])
    return [
        Impact(label="按本版办理中的办件", count=sum(n for _, n in counts), detail=f"{where}；仍按原版本办完")
    ]


def _end_of_chain() -> QuerySet[Case, Any]:
    return Case.objects.filter(number=Slot("number", CharField())).values_list(
        "state", "trace_length", "trace_head"
    )


def rebuilt_state_differs(number: str, events: list[trace.Event]) -> str | None:
    """Compare a case's stored state with the one its events lead to; for verifying the trace."""
    found = frozen.rows("case_end_of_chain", _end_of_chain, {"number": number})
    if not found:
        return "办件记录已不存在"
    [(state, length, head)] = found
    if (length, head) != (len(events), events[-1].hash if events else ""):
        return f"办件记着有{length}条记录，实际留存{len(events)}条"
    moves = [e for e in events if e.to_state]
    for earlier, later in pairwise(moves):
        if later.from_state != earlier.to_state:
            return f"第{later.sequence}条记录的起始状态与前一条不衔接"
    if moves and moves[-1].to_state != state:
        return f"办件状态为“{state}”，按记录应为“{moves[-1].to_state}”"
    return None


def _own(actor: Actor, path: str = "application__") -> Q:
    own = Q(pk__in=[])
    if actor.person_id is not None:
        people = {actor.person_id, *_freely(actor, PERSON, actor.principal_ids)}
        at_window = Q(**{f"{path}agent_id": actor.person_id, f"{path}channel": "window"})
        own = Q(**{f"{path}person_id__in": people}) | at_window
    if entities := _freely(actor, ENTITY, actor.entity_ids):
        own |= Q(**{f"{path}entity_id__in": entities})
    for (kind, key), codes in actor.limited_to.items():
        own |= _limited(path, kind, key, codes)
    return own


def _freely(actor: Actor, kind: str, keys: Iterable[int]) -> set[int]:
    """Those principals for whom the actor may act in every matter."""
    return {key for key in keys if actor.items_for(kind, key) is None}


def _limited(path: str, kind: str, key: int, codes: Iterable[str]) -> Q:
    """The rows of a principal who let the actor act in some items only (民法典第一百六十五条)."""
    of_principal = {f"application__{kind}_id": key, "item__code__in": set(codes)}
    if path:
        return Q(**of_principal)
    return Q(pk__in=Case.objects.filter(**of_principal).values("application_id"))


def within(scopes: Iterable[Scope]) -> Q:
    """The rows that at least one of the scopes reaches; none where there is no scope."""
    wanted = Q(pk__in=[])
    for scope in scopes:
        part = Q()
        if scope.division:
            part &= Q(division__startswith=scope.division)
        if scope.organisation_id is not None:
            part &= Q(organisation_id=scope.organisation_id)
        if scope.centre_id is not None:
            part &= Q(centre_id=scope.centre_id)
        if not part:
            return Q()
        wanted = part if wanted == Q(pk__in=[]) else wanted | part
    return wanted

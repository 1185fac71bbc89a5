"""Which projects an actor sees, and one project with everything around it."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from yimen.foundation.orgs.api import Organisation
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotFound
from yimen.kernel.lists import key_behind
from yimen.kernel.paging import Page, window
from yimen.modules.projects.codes import read_code
from yimen.modules.projects.models import Finding, JointSession, Project, Stage, StageItem, StagePlan
from yimen.modules.projects.permissions import JOIN, LEAD, READ, WATCH

OFFICE_GRANTS = (READ, JOIN, LEAD)


def owns(actor: Actor, project: Project) -> bool:
    """May the actor act for the owner (建设单位)?"""
    return project.owner_id in actor.entity_ids


def speaks_for(actor: Actor, organisation: Organisation, *grants: str) -> bool:
    """Does one of these grants of the actor reach this organisation? A scope of a centre reaches none."""
    return any(
        scope.organisation_id == organisation.pk
        if scope.organisation_id is not None
        else scope.centre_id is None and organisation.division.code.startswith(scope.division)
        for grant in grants
        for scope in actor.scopes(grant)
    )


def projects_visible_to(actor: Actor) -> QuerySet[Project]:
    """The owner's own, those of the actor's organisation (leading or deciding, of whatever level), and those supervised."""
    wanted = Q(pk__in=[])
    if actor.entity_ids:
        wanted |= Q(owner_id__in=set(actor.entity_ids))
    for scope in (scope for grant in OFFICE_GRANTS for scope in actor.scopes(grant)):
        if scope.organisation_id is not None:
            wanted |= _takes_part(scope.organisation_id)
        elif scope.centre_id is None:
            wanted |= Q(division__startswith=scope.division)
    for scope in actor.scopes(WATCH):
        if scope.organisation_id is not None:
            wanted |= _takes_part(scope.organisation_id)
        elif scope.centre_id is None:
            wanted |= Q(division__startswith=scope.division)
    return Project.objects.filter(wanted)


def _takes_part(organisation_id: int) -> Q:
    leads = Stage.objects.filter(project=OuterRef("pk"), lead_id=organisation_id)
    decides = StageItem.objects.filter(stage__project=OuterRef("pk"), organisation_id=organisation_id)
    return Q(Exists(leads)) | Q(Exists(decides))


def project_with_code(code: str, actor: Actor) -> Project:
    """One project with plan, owner, stages, items, cases, sessions and opinions, in a fixed number of statements.

    Raises:
        Invalid: the code itself is mistyped; the sentence says which part.
        NotFound: unknown or not the actor's to see.
    """
    typed = read_code(code)
    found = (
        projects_visible_to(actor)
        .filter(code=typed.text)
        .select_related("plan", "owner")
        .prefetch_related(*_everything())
        .first()
    )
    if found is None:
        hint = "" if typed.older or typed.check_fits else "末位校验码和前面的数字对不上，可能抄错了一位。"
        raise NotFound(f"没有找到项目“{typed.text}”，或者您无权查看。{hint}", code="project_unknown")
    return found


def _everything() -> tuple[
    Prefetch[str, QuerySet[Stage], str] | Prefetch[str, QuerySet[StageItem], str] | str, ...
]:
    sessions = JointSession.objects.prefetch_related(
        Prefetch("findings", Finding.objects.select_related("organisation__division"))
    )
    items = (
        StageItem.objects.select_related(
            "item__current",
            "organisation",
            "organisation__division",
            "case",
            "case__application",
            "case__item",
        )
        .defer("item__current__content")
        .prefetch_related("opinions__organisation", "case__waits_for__earlier__item")
    )
    return (
        Prefetch("stages", Stage.objects.select_related("lead__division").order_by("ordinal")),
        Prefetch("stages__items", items.order_by("ordinal")),
        Prefetch("stages__sessions", sessions),
        "stages__pre_reviews__materials",
        "stages__procedures__organisation__division",
        "stages__procedures__cases",
        "stages__applications__application",
    )  # type: ignore[return-value]


def list_projects(
    actor: Actor,
    *,
    state: str = "",
    track: str = "",
    text: str = "",
    page: int = 1,
    size: int = 20,
    after: str = "",
) -> Page[Project]:
    """The actor's projects, newest first, with the exact total.

    Args:
        text: part of the name, or the beginning of the code.
        after: code of the project behind which to read on, whatever ``page`` says.

    Raises:
        Invalid: the actor sees no project of the code ``after``.
    """
    offset, limit, number = window(1 if after else page, size)
    rows = _narrowed(actor, state, track, text)
    behind = rows.filter(pk__lt=key_behind(projects_visible_to(actor), after, "code")) if after else rows
    results = behind.select_related("plan", "owner").prefetch_related("stages__lead").order_by("-id")
    return Page(count=rows.count(), results=list(results[offset : offset + limit]), number=number, size=limit)


def page_for_export(
    actor: Actor, *, state: str = "", track: str = "", text: str = "", page: int = 1, size: int = 20
) -> list[Project]:
    """The same page of the list, with everything around each project."""
    offset, limit, _ = window(page, size)
    rows = _narrowed(actor, state, track, text).select_related("plan", "owner").order_by("-id")
    return list(rows.prefetch_related(*_everything())[offset : offset + limit])


def _narrowed(actor: Actor, state: str, track: str, text: str) -> QuerySet[Project]:
    rows = projects_visible_to(actor)
    if state:
        rows = rows.filter(state=state)
    if track:
        rows = rows.filter(track=track)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(code__startswith=text))
    return rows


def plans_on(day: date) -> list[StagePlan]:
    """The plans in force on a day, in the order in which they are tried."""
    valid = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    return list(StagePlan.objects.filter(valid).order_by("code"))


def stage_named(project: Project, kind: str) -> Stage:
    """A stage of a project read by ``project_with_code``.

    Raises:
        NotFound: there is no such stage.
    """
    found = next((stage for stage in project.stages.all() if stage.kind == kind), None)
    if found is None:
        raise NotFound(f"没有“{kind[:20]}”这个阶段：可以是 site、project、construction、completion。")
    return found


def project_of_stage(stage: Stage) -> Project:
    """The whole project of a stage, its row held: for the platform's own reactions, not for showing."""
    rows = Project.objects.select_related("plan", "owner").prefetch_related(*_everything())
    return rows.select_for_update(of=("self",)).get(pk=stage.project_id)


def rebuilt_state_differs(code: str, events: list[trace.Event]) -> str | None:
    """Compare a project's stored state with the one its events lead to; for verifying the trace."""
    found = Project.objects.filter(code=code).values_list("state", "trace_length", "trace_head").first()
    if found is None:
        return "项目记录已不存在"
    state, length, head = found
    if (length, head) != (len(events), events[-1].hash if events else ""):
        return f"项目记着有{length}条记录，实际留存{len(events)}条"
    if events and events[-1].to_state != state:
        return f"项目状态为“{state}”，按记录应为“{events[-1].to_state}”"
    return None

"""Laying a project out: which items stand in which stage, who decides them, when they are planned."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from yimen.foundation.calendar.api import WorkCalendar, YearNotAnnounced, current_calendar
from yimen.foundation.orgs import api as orgs
from yimen.modules.items.api import Item
from yimen.modules.projects.models import Project, Stage, StageItem
from yimen.modules.projects.queries.stages import edges_between
from yimen.modules.projects.rules import items_for, schedule, working_days
from yimen.modules.projects.states import StageState


def items_named(codes: Iterable[str]) -> dict[str, Item]:
    """Items by the slug or code that a plan names them with, in one statement."""
    wanted = set(codes)
    rows = Item.objects.filter(Q(slug__in=wanted) | Q(code__in=wanted))
    found: dict[str, Item] = {}
    for item in rows.select_related("organisation", "current").defer("current__content"):
        for name in (item.slug, item.code):
            if name in wanted:
                found[str(name)] = item
    return found


def lay_out(project: Project) -> None:
    """Make the four stages of a new project with the items its facts ask for."""
    plan = project.plan.parsed
    leads = orgs.organisations_with_codes(stage.lead for stage in plan.stages)
    named = items_named(item.item for stage in plan.stages for item in items_for(stage, project.facts))
    laid: list[tuple[Stage, list[StageItem]]] = []
    for n, part in enumerate(plan.stages, 1):
        stage = Stage(
            project=project, kind=part.kind, ordinal=n, lead=leads[part.lead], state=StageState.WAITING,
            track=project.track,
        )  # fmt: skip
        codes = [one.item for one in items_for(part, project.facts) if one.item in named]
        rows = [
            StageItem(
                stage=stage,
                item=named[code],
                plan_code=code,
                ordinal=m,
                organisation=named[code].organisation,
            )
            for m, code in enumerate(codes, 1)
        ]
        laid.append((stage, rows))
    _set_days(project, laid, project.registered_on)
    Stage.objects.bulk_create(stage for stage, _ in laid)
    StageItem.objects.bulk_create(row for _, rows in laid for row in rows)


def plan_again(project: Project, since: date) -> None:
    """Plan the stages that have not begun anew: another track was chosen, or an earlier stage ended."""
    waiting = [stage for stage in project.stages.all() if stage.state == StageState.WAITING]
    turned = [stage for stage in waiting if stage.track != project.track]
    for stage in turned:
        stage.track = project.track
    Stage.objects.bulk_update(turned, ["track"])
    _plan([(stage, list(stage.items.all())) for stage in waiting], project, since)


def plan_stage(project: Project, stage: Stage, since: date) -> None:
    """Plan one stage from the day it begins, and those after it from its end."""
    later = [
        one
        for one in project.stages.all()
        if one.ordinal > stage.ordinal and one.state == StageState.WAITING and one.pk != stage.pk
    ]
    _plan([(one, list(one.items.all())) for one in (stage, *later)], project, since)


def _plan(laid: Sequence[tuple[Stage, Sequence[StageItem]]], project: Project, since: date) -> None:
    rows = [row for _, own in laid for row in own]
    before = {id(row): (row.planned_from, row.planned_to) for row in rows}
    before |= {id(stage): (stage.planned_from, stage.planned_to) for stage, _ in laid}
    _set_days(project, laid, since)
    names = ["planned_from", "planned_to"]
    moved = [row for row in rows if before[id(row)] != (row.planned_from, row.planned_to)]
    stages = [stage for stage, _ in laid if before[id(stage)] != (stage.planned_from, stage.planned_to)]
    StageItem.objects.bulk_update(moved, names)
    Stage.objects.bulk_update(stages, names)


def _set_days(project: Project, laid: Sequence[tuple[Stage, Sequence[StageItem]]], since: date) -> None:
    """Planned days follow the promises of the items in force; unknown where the year's calendar is not announced."""
    calendar = current_calendar()
    begin: date | None = since
    for stage, rows in laid:
        days = {row.item.code: _days(row.item) for row in rows}
        spans = schedule(days, edges_between(project, stage, rows, since))
        for row in rows:
            span = spans[row.item.code]
            row.planned_from = _day(calendar, begin, span.start + 1)
            row.planned_to = _day(calendar, begin, span.end)
        stage.planned_from = _day(calendar, begin, 1)
        stage.planned_to = _day(calendar, begin, max((span.end for span in spans.values()), default=0))
        begin = stage.planned_to


def _days(item: Item) -> int:
    current = item.current
    return working_days(current.promised_amount, current.promised_unit) if current else 1


def _day(calendar: WorkCalendar, begin: date | None, days: int) -> date | None:
    """So many working days after a day; None where nobody can know yet."""
    if begin is None:
        return None
    try:
        return calendar.add_working_days(begin, days) if days else begin
    except YearNotAnnounced:
        return None

"""The chart of one project, or of many, from the ledgers of their cases: nothing is counted twice or elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.projects.gantt import Chart, Day, Pause, Row, days_of
from yimen.modules.projects.models import Project, StageApplication, StageItem, day_of

SUBJECT = "case"
HANDLING = ("legal", "promised")
CORRECTION = "correction"


def chart_of(project: Project, at: datetime) -> Chart:
    """One project's chart as of now."""
    return charts_of([project], at)[project.pk]


def charts_of(projects: Sequence[Project], at: datetime) -> dict[int, Chart]:
    """The charts of many projects, in a number of statements that does not grow with them."""
    ids = [project.pk for project in projects]
    items = StageItem.objects.filter(stage__project_id__in=ids).select_related(
        "stage", "item", "organisation"
    )
    applications = StageApplication.objects.filter(stage__project_id__in=ids)
    by_application = {row.application_id: row.stage_id for row in applications}
    handled = cases.Case.objects.filter(application_id__in=by_application).select_related(
        "item", "organisation"
    )
    found = list(handled.order_by("id"))
    ledgers = cases.ledgers_of(found, at)
    clocks = deadlines.clocks_of(SUBJECT, [case.number for case in found])
    of_item: defaultdict[tuple[int, int], list[cases.Case]] = defaultdict(list)
    for case in found:
        of_item[by_application[case.application_id], case.item_id].append(case)
    rows: defaultdict[int, list[Row]] = defaultdict(list)
    for planned in items.order_by("stage__project_id", "stage__ordinal", "ordinal"):
        own = of_item[planned.stage_id, planned.item_id]
        into = rows[planned.stage.project_id]
        into += [_row(planned, case, ledgers[case.number], clocks[case.number]) for case in own] or [
            _planned(planned)
        ]
    today = at.astimezone(CHINA).date()
    return {
        project.pk: Chart(rows=tuple(rows[project.pk]), target=project.plan.parsed.target_days, today=today)
        for project in projects
    }


def _planned(planned: StageItem) -> Row:
    return Row(
        stage=planned.stage.kind,
        item=planned.item.code,
        name=planned.item.name,
        organisation=planned.organisation.label,
        planned_from=planned.planned_from,
        planned_to=planned.planned_to,
    )


def _row(
    planned: StageItem,
    case: cases.Case,
    ledger: Sequence[deadlines.LedgerDay],
    clocks: Iterable[deadlines.Clock],
) -> Row:
    clocks = list(clocks)
    pauses = _pauses(clocks)
    days: tuple[Day, ...] = days_of(ledger, pauses, day_of(case.received_at), _corrections(clocks))
    latest = planned.case_id == case.pk
    return Row(
        stage=planned.stage.kind,
        item=planned.item.code,
        name=planned.item.name,
        organisation=planned.organisation.label,
        case=case.number,
        state=case.state,
        outcome=case.outcome,
        planned_from=planned.planned_from if latest else None,
        planned_to=planned.planned_to if latest else None,
        days=days,
        pauses=pauses,
        decided_on=day_of(case.decided_at),
    )


def _corrections(clocks: Iterable[deadlines.Clock]) -> list[Pause]:
    """When the limit that ran was the applicant's to correct: from the day after the notice to the day it came back."""
    found = []
    for clock in clocks:
        since, until = day_of(clock.started_at), day_of(clock.stopped_at)
        if clock.kind == CORRECTION and since is not None:
            found.append(Pause(since=since + timedelta(days=1), until=until, reason=clock.kind_label))
    return found


def _pauses(clocks: Iterable[deadlines.Clock]) -> tuple[Pause, ...]:
    """The exclusions of the limit of law (that of the promise has the same, unless it was broken before)."""
    found: dict[tuple[str, str], Pause] = {}
    for clock in clocks:
        if clock.kind not in HANDLING:
            continue
        for stored in clock.exclusions:
            since, until = stored["from"][:10], stored.get("to")
            found.setdefault(
                (since, stored.get("reason", "")),
                Pause(
                    since=datetime.fromisoformat(since).date(),
                    until=datetime.fromisoformat(until[:10]).date() if until else None,
                    reason=stored.get("reason", ""),
                    document=stored.get("document", ""),
                    clause=stored.get("clause", ""),
                ),
            )
    return tuple(found.values())

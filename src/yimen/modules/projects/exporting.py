"""A project as the level above takes it: project, stages, cases, results, in documented JSON (``schemas/project-export.schema.json``)."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from yimen.kernel.clock import CHINA
from yimen.modules.issuing import api as issuing
from yimen.modules.projects.gantt import Chart, Row
from yimen.modules.projects.models import JointSession, Project, Stage, StageItem
from yimen.modules.projects.queries.charts import charts_of

FORMAT = "yimen/project-export/1"
SCHEMA = Path(__file__).parent / "schemas" / "project-export.schema.json"


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what ``export`` gives."""
    found: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    return found


def export(projects: Sequence[Project], at: datetime) -> dict[str, Any]:
    """The document of these projects, read with ``project_with_code`` or prefetched alike; no personal data."""
    charts = charts_of(projects, at)
    applications = [
        one.application_id
        for project in projects
        for stage in project.stages.all()
        for one in stage.applications.all()
    ]
    papers: dict[str, list[issuing.Document]] = {}
    for document in issuing.documents_of(applications):
        if document.case is not None:
            papers.setdefault(document.case.number, []).append(document)
    return {
        "format": FORMAT,
        "exported_at": _moment(at),
        "projects": [_project(project, charts[project.pk], papers) for project in projects],
    }


def _project(
    project: Project, chart: Chart, papers: Mapping[str, Sequence[issuing.Document]]
) -> dict[str, Any]:
    return {
        "code": project.code,
        "name": project.name,
        "owner": {"name": project.owner.name, "uscc": project.owner.uscc},
        "division": project.division,
        "address": project.address,
        "investment": project.investment,
        "approval": project.facts.get("approval", ""),
        "kind": project.kind,
        "invests": float(project.invests),
        "floor_area": float(project.floor_area),
        "site": project.site,
        "point": {"type": "Point", "coordinates": [float(project.longitude), float(project.latitude)]},
        "site_area": float(project.site_area),
        "track": project.track,
        "state": project.state,
        "registered_at": _moment(project.registered_at),
        "finished_at": _moment(project.finished_at),
        "earthworks_at": _moment(project.earthworks_at),
        "plan": {"code": project.plan.code, "version": project.plan.version},
        "clock": {
            "target_days": chart.target,
            "used_days": chart.used,
            "excluded_days": chart.excluded,
            "days_added_up": chart.one_by_one,
        },
        "stages": [_stage(stage, chart, papers) for stage in project.stages.all()],
    }


def _stage(stage: Stage, chart: Chart, papers: Mapping[str, Sequence[issuing.Document]]) -> dict[str, Any]:
    return {
        "kind": stage.kind,
        "name": stage.label,
        "lead": stage.lead.code,
        "track": stage.track,
        "state": stage.state,
        "planned_from": _day(stage.planned_from),
        "planned_to": _day(stage.planned_to),
        "started_at": _moment(stage.started_at),
        "finished_at": _moment(stage.finished_at),
        "used_days": chart.used_by(stage.kind),
        "items": [_item(row) for row in stage.items.all()],
        "cases": [_case(row, papers.get(row.case, ())) for row in chart.of_stage(stage.kind) if row.case],
        "pre_reviews": [
            {
                "state": one.state,
                "requested_at": _moment(one.requested_at),
                "decided_at": _moment(one.decided_at),
                "opinion": one.opinion,
            }
            for one in stage.pre_reviews.all()
        ],
        "sessions": [_session(one) for one in stage.sessions.all()],
        "procedures": [
            {
                "kind": one.kind,
                "document": one.document,
                "clause": one.clause,
                "days": one.days,
                "cases": [case.number for case in one.cases.all()],
                "started_at": _moment(one.started_at),
                "ended_at": _moment(one.ended_at),
                "result": one.result,
            }
            for one in stage.procedures.all()
        ],
    }


def _item(row: StageItem) -> dict[str, Any]:
    return {
        "code": row.item.code,
        "name": row.item.name,
        "organisation": row.organisation.code,
        "level": row.organisation.division.code,
        "case": row.case.number if row.case else None,
        "opinions": [
            {
                "kind": one.kind,
                "organisation": one.organisation.code,
                "ready": one.ready,
                "text": one.text,
                "given_at": _moment(one.given_at),
            }
            for one in row.opinions.all()
        ],
    }


def _case(row: Row, papers: Sequence[issuing.Document]) -> dict[str, Any]:
    return {
        "number": row.case,
        "item": row.item,
        "organisation": row.organisation,
        "state": row.state,
        "decided_on": _day(row.decided_on),
        "ledger_days": len(row.days),
        "counted_days": row.counted,
        "days": row.sums,
        "holders": [{"holder": holder, "days": days} for holder, days in row.holders.items()],
        "excluded": [
            {
                "from": _day(pause.since),
                "to": _day(pause.until),
                "reason": pause.reason,
                "document": pause.document,
                "clause": pause.clause,
            }
            for pause in row.pauses
        ],
        "results": [
            {
                "kind": paper.kind,
                "title": paper.title,
                "number": paper.number,
                "issued_at": _moment(paper.issued_at),
                "verification_code": paper.verification_code,
            }
            for paper in papers
        ],
        "outcome": row.outcome,
    }


def _session(session: JointSession) -> dict[str, Any]:
    return {
        "kind": session.kind,
        "state": session.state,
        "held_at": _moment(session.held_at),
        "place": session.place,
        "findings": [
            {
                "organisation": one.organisation.code,
                "agrees": one.agrees,
                "text": one.text,
                "given_at": _moment(one.given_at),
            }
            for one in session.findings.all()
        ],
        "outcome": session.outcome,
        "opinion": session.opinion,
        "told_at": _moment(session.told_at),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).isoformat(timespec="seconds") if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

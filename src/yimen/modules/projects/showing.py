"""A project as REST tells it: plain values from the project, its chart and its cases' clocks."""

from typing import Any

from yimen.kernel.actor import Actor
from yimen.modules.deadlines import api as deadlines
from yimen.modules.projects.gantt import Chart, Row
from yimen.modules.projects.models import JointSession, Project, Stage, StageItem
from yimen.modules.projects.queries.possible import Possible, possible_on


def brief(project: Project, chart: Chart) -> dict[str, Any]:
    """One line of the list."""
    return {
        "code": project.code,
        "name": project.name,
        "owner": project.owner.name,
        "kind": project.kind,
        "track": project.track,
        "state": project.state,
        "stage": next((one.kind for one in project.stages.all() if one.state == "under_way"), None),
        "registered_at": project.registered_at,
        "target_days": chart.target,
        "used_days": chart.used,
    }


def whole(project: Project, chart: Chart, actor: Actor) -> dict[str, Any]:
    """The project with stages, cases, clocks and the rows of its chart."""
    numbers = [row.case for row in chart.rows if row.case]
    clocks = deadlines.clocks_of("case", numbers) if numbers else {}
    return brief(project, chart) | {
        "division": project.division,
        "address": project.address,
        "investment": project.investment,
        "approval": project.facts.get("approval", ""),
        "invests": float(project.invests),
        "floor_area": float(project.floor_area),
        "site": project.site,
        "point": [float(project.longitude), float(project.latitude)],
        "site_area": float(project.site_area),
        "plan": {
            "code": project.plan.code,
            "version": project.plan.version,
            "name": project.plan.parsed.name,
        },
        "finished_at": project.finished_at,
        "earthworks_at": project.earthworks_at,
        "clock": {
            "target_days": chart.target,
            "used_days": chart.used,
            "left_days": chart.left,
            "excluded_days": chart.excluded,
            "days_added_up": chart.one_by_one,
        },
        "stages": [_stage(stage, chart) for stage in project.stages.all()],
        "cases": [
            {
                "number": row.case,
                "stage": row.stage,
                "item": row.item,
                "item_name": row.name,
                "organisation": row.organisation,
                "state": row.state,
                "clocks": [_clock(clock) for clock in clocks.get(row.case, ())],
            }
            for row in chart.rows
            if row.case
        ],
        "gantt": [_row(row) for row in chart.rows],
        "possible": [_possible(one) for one in possible_on(project, actor)],
    }


def _stage(stage: Stage, chart: Chart) -> dict[str, Any]:
    return {
        "kind": stage.kind,
        "name": stage.label,
        "lead": stage.lead.code,
        "lead_name": stage.lead.label,
        "state": stage.state,
        "track": stage.track,
        "planned_from": stage.planned_from,
        "planned_to": stage.planned_to,
        "started_at": stage.started_at,
        "finished_at": stage.finished_at,
        "used_days": chart.used_by(stage.kind),
        "applications": [one.application.number for one in stage.applications.all()],
        "items": [_item(row) for row in stage.items.all()],
        "pre_reviews": [
            {"state": one.state, "requested_at": one.requested_at, "due_on": one.due_on, "opinion": one.opinion,
             "missing": one.missing, "decided_at": one.decided_at}
            for one in stage.pre_reviews.all()
        ],
        "sessions": [_session(one) for one in stage.sessions.all()],
        "procedures": [
            {"id": one.pk, "kind": one.kind, "document": one.document, "clause": one.clause, "days": one.days,
             "cases": [case.number for case in one.cases.all()], "started_at": one.started_at,
             "ended_at": one.ended_at, "result": one.result}
            for one in stage.procedures.all()
        ],
    }  # fmt: skip


def _item(row: StageItem) -> dict[str, Any]:
    return {
        "code": row.item.code,
        "plan_code": row.plan_code,
        "name": row.item.name,
        "organisation": row.organisation.code,
        "division": row.organisation.division.code,
        "case": row.case.number if row.case else None,
        "state": row.case.state if row.case else None,
        "waits_for": [link.earlier.number for link in row.case.waits_for.all()] if row.case else [],
        "opinions": [
            {"kind": one.kind, "organisation": one.organisation.code, "ready": one.ready, "text": one.text}
            for one in row.opinions.all()
        ],
    }


def _session(session: JointSession) -> dict[str, Any]:
    return {
        "id": session.pk,
        "kind": session.kind,
        "state": session.state,
        "held_at": session.held_at,
        "place": session.place,
        "due_on": session.due_on,
        "findings": [
            {
                "organisation": one.organisation.code,
                "agrees": one.agrees,
                "text": one.text,
                "given_at": one.given_at,
            }
            for one in session.findings.all()
        ],
        "outcome": session.outcome,
        "opinion": session.opinion,
        "told_at": session.told_at,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "stage": row.stage,
        "item": row.item,
        "name": row.name,
        "organisation": row.organisation,
        "case": row.case or None,
        "planned": {"from": row.planned_from, "to": row.planned_to},
        "actual": {
            "from": row.days[0].date if row.days else None,
            "to": row.days[-1].date if row.days else None,
        },
        "ledger_days": len(row.days),
        "counted": row.counted,
        "days": row.sums,
        "excluded": [
            {"from": p.since, "to": p.until, "reason": p.reason, "document": p.document, "clause": p.clause}
            for p in row.pauses
        ],
        "holders": [{"holder": holder, "days": days} for holder, days in row.holders.items()],
        "stretches": [
            {"from": s.since, "to": s.until, "kind": s.kind, "holder": s.holder} for s in row.stretches
        ],
    }


def _clock(clock: deadlines.Clock) -> dict[str, Any]:
    return {
        "kind": clock.kind,
        "limit": {"amount": clock.amount, "unit": clock.unit},
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "state": clock.state,
        "holder": clock.holder,
        "clause": clock.clause,
    }


def _possible(one: Possible) -> dict[str, Any]:
    told: dict[str, Any] = {"act": one.act}
    return told | {
        name: value
        for name, value in (
            ("stage", one.stage), ("item", one.item), ("session", one.session), ("procedure", one.procedure),
        )
        if value
    }  # fmt: skip

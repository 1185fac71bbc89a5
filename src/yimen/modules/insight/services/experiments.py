"""Ask for an experiment, and carry it out in the background."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from yimen.foundation.calendar.api import current_calendar
from yimen.foundation.orgs import api as orgs
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotAllowed, NotPossible
from yimen.modules.insight.models import Experiment
from yimen.modules.insight.permissions import SIMULATE
from yimen.modules.insight.queries.experiments import experiments_visible_to, home_division
from yimen.modules.insight.queries.flows import runs_of, working_hours
from yimen.modules.insight.queries.reach import in_division
from yimen.modules.insight.rules.periods import Period, month_before
from yimen.modules.insight.simulation.experiment import experiment
from yimen.modules.insight.simulation.world import Changes

LONGEST_DAYS = 400
SEED = 20260101


def ask(organisation: str, period: Period, changes: Changes, actor: Actor, at: datetime) -> Experiment:
    """Put an experiment in line.

    Args:
        organisation: code; "" for everything in the actor's scope, which needs a scope over a division.
        period: the days whose flow is replayed; the last whole month in it proves the model.

    Raises:
        Invalid: no change, a period that is too long or too short.
        NotAllowed: an organisation outside the actor's scope.
        NotPossible: one of the actor's is under way.
    """
    if changes == Changes():
        raise Invalid("没有改变任何东西。", fields={"less_days": "至少填写一项改变。"})
    if period.days > LONGEST_DAYS or month_of_proof(period).since <= period.since:
        raise Invalid(
            "时间段应当在两个月以上、400天以内。",
            fields={"from": "最后一个整月用来验证，前面至少要有一个月供学习。"},
        )
    found = orgs.organisation_with_code(organisation) if organisation else None
    made = Experiment(
        asked_by_id=actor.account_id, asked_by_name=actor.name, asked_at=at, since=period.since, until=period.until,
        organisation=found.pk if found else 0, division=found.division.code if found else home_division(actor),
        seed=SEED, changes=as_data(changes),
    )  # fmt: skip
    if not _within(actor, made):
        raise NotAllowed("只能推演本人范围内的部门。", would_pass="请选择本人范围内的部门。")
    if (
        experiments_visible_to(actor)
        .filter(asked_by_id=actor.account_id, finished_at=None, error="")
        .exists()
    ):
        raise NotPossible("上一次推演还没有结束。", would_pass="请等它结束以后再推演。")
    made.save(force_insert=True)
    return made


def _within(actor: Actor, made: Experiment) -> bool:
    return any(
        scope.centre_id is None
        and made.division.startswith(scope.division)
        and scope.organisation_id in (None, made.organisation)
        for scope in actor.scopes(SIMULATE)
    )


def month_of_proof(period: Period) -> Period:
    """The last whole month of a period; before the first whole month there is none, and the period's own days stand for it."""
    last = period.until
    following = month_before(last, -1)
    first = last.replace(day=1) if (following - last).days == 1 else month_before(last, 1)
    return Period(first, date.fromordinal(month_before(first, -1).toordinal() - 1))


def as_data(changes: Changes) -> dict[str, Any]:
    return asdict(changes)


def changes_from(data: Mapping[str, Any]) -> Changes:
    """The changes kept as data."""
    return Changes(
        hands=dict(data.get("hands") or {}),
        merged=_pair(data.get("merged")),
        parallel=_pair(data.get("parallel")),
        less_days=int(data.get("less_days") or 0),
        at_once=bool(data.get("at_once")),
    )


def _pair(value: Any) -> tuple[str, str] | None:
    return (str(value[0]), str(value[1])) if value else None


def carry_out(key: int, clock: Callable[[], datetime]) -> None:
    """Run an experiment and keep what it tells; a refusal is kept as its answer."""
    run = Experiment.objects.get(pk=key)
    run.started_at, run.done, run.error = clock(), 1, ""
    run.save(update_fields=["started_at", "done", "error"])
    calendar = current_calendar()
    reach = Q(organisation_id=run.organisation) if run.organisation else in_division(_prefix(run.division))
    try:
        runs = runs_of(reach, Period(run.since, run.until), calendar)
        _note(run.pk, 15)
        proof = month_of_proof(Period(run.since, run.until))
        month = (
            working_hours(_opening(proof.since), calendar),
            working_hours(_opening(date.fromordinal(proof.until.toordinal() + 1)), calendar),
        )
        told = experiment(runs, month, changes_from(run.changes), run.seed, lambda n: _note(run.pk, n))
    except (NotPossible, Invalid) as refusal:
        would_pass = f"{refusal.message}{refusal.would_pass}"
        Experiment.objects.filter(pk=run.pk).update(error=would_pass[:300])
        return
    told["month"] = [proof.since.isoformat(), proof.until.isoformat()]
    Experiment.objects.filter(pk=run.pk).update(result=told, done=100, finished_at=clock())


def fail(key: int, error: Exception) -> None:
    """Say that an experiment broke, instead of leaving it under way for ever."""
    Experiment.objects.filter(pk=key).update(
        error=f"推演没有完成（{type(error).__name__}），请联系系统管理员。"
    )


def _note(key: int, percent: int) -> None:
    Experiment.objects.filter(pk=key).update(done=percent)


def _prefix(code: str) -> str:
    return orgs.prefix_of(code) if code.strip("0") else ""


def _opening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)

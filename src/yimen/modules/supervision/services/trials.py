"""The sandbox: try a rule on past events before it is switched on; as background work, with progress, taken up again."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q

from yimen.foundation.orgs import api as orgs
from yimen.kernel.actor import Actor
from yimen.kernel.errors import Invalid, NotFound, Refusal
from yimen.modules.cases import api as cases
from yimen.modules.supervision.models import Rule, TrialFinding, TrialRun
from yimen.modules.supervision.queries.evaluating import evaluate, touched_in
from yimen.modules.supervision.rules.facts import DETECTORS
from yimen.modules.supervision.rules.spec import Finding, Period
from yimen.modules.supervision.rules.telling import sentence_of
from yimen.modules.supervision.states import RULES

SILENCE = timedelta(minutes=5)
LONGEST = timedelta(days=800)
MOST_KEPT = 2000
"""Rows kept for looking at; counts are exact beyond."""
TOLD_EVERY = 500
State = TrialRun.State


def queue_trial(rule: Rule, since: datetime, until: datetime, actor: Actor, at: datetime) -> TrialRun:
    """Put a trial of a rule over a period in line; within the actor's own division.

    Raises:
        Invalid: the period makes no sense.
    """
    if not since < until or until - since > LONGEST:
        raise Invalid(
            "试跑的时间段不对。",
            fields={"since": "开始要早于结束，最长两年。"},
            would_pass="例如去年1月1日到去年12月31日。",
        )
    scopes = actor.scopes(RULES)
    division = scopes[0].division if scopes else ""
    return TrialRun.objects.create(
        rule=rule, division=division, since=since, until=min(until, at), asked_at=at, asked_by_id=actor.account_id,
        asked_by_name=actor.name[:80],
    )  # fmt: skip


def run_trial(run_id: int, now: Callable[[], datetime]) -> TrialRun:
    """Carry a queued trial out, or one whose worker died; nothing but its own rows is written."""
    at = now()
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, seen_at__lt=at - SILENCE)
    mine = TrialRun.objects.filter(free, pk=run_id)
    if not mine.update(state=State.RUNNING, seen_at=at, looked=0, found=0):
        return TrialRun.objects.get(pk=run_id)
    run = TrialRun.objects.select_related("rule").get(pk=run_id)
    run.findings.all().delete()
    try:
        _try(run, now)
    except Refusal as refusal:
        run.state, run.problem = State.FAILED, refusal.message[:300]
    else:
        run.state, run.problem = State.DONE, ""
    run.seen_at = run.finished_at = now()
    run.save()
    return run


def _try(run: TrialRun, now: Callable[[], datetime]) -> None:
    rows = cases.Case.objects.filter(division__startswith=run.division)
    period = Period(since=run.since, until=run.until)
    run.whole = touched_in(rows, period).count() if DETECTORS[run.rule.detector].source == "chains" else 0
    pending = 0

    def progress(n: int) -> None:
        nonlocal pending
        run.looked, pending = run.looked + n, pending + n
        if pending >= TOLD_EVERY:
            TrialRun.objects.filter(pk=run.pk).update(looked=run.looked, whole=run.whole, seen_at=now())
            pending = 0

    per_organisation: Counter[int] = Counter()
    kept: list[TrialFinding] = []
    for finding in evaluate([run.rule.spec], period, now(), rows=rows, progress=progress):
        row = _row(run, finding)
        per_organisation[row.organisation_id] += 1
        if sum(per_organisation.values()) <= MOST_KEPT:
            kept.append(row)
    TrialFinding.objects.bulk_create(kept, batch_size=500)
    run.found = sum(per_organisation.values())
    run.by_organisation = _told(per_organisation)


def _row(run: TrialRun, finding: Finding) -> TrialFinding:
    seen = finding.seen
    holder = seen.holder
    return TrialFinding(
        run=run,
        number=seen.number,
        organisation_id=(holder.organisation_id if holder else None) or seen.organisation_id,
        holder=(holder.name if holder else "")[:120],
        sentence=sentence_of(run.rule.detector, seen.facts, seen.due_on)[:300],
        occurred_at=seen.at,
    )


def _told(counts: "Counter[int]") -> list[dict[str, object]]:
    names = {o.pk: o for o in orgs.Organisation.objects.filter(pk__in=counts)}
    return [
        {"code": names[pk].code, "label": names[pk].label, "n": n}
        for pk, n in sorted(counts.items(), key=lambda pair: (-pair[1], names[pair[0]].code))
    ]


def mark_wrong(run: TrialRun, key: int, wrong: bool, why: str) -> None:
    """Remember that a row looks wrong, with the reason; it is what the rule should be mended by.

    Raises:
        NotFound: no such row in this trial.
    """
    rows = TrialFinding.objects.filter(run=run, pk=min(key, 2**63 - 1))
    if not rows.update(looks_wrong=wrong, why=why.replace("\x00", "").strip()[:200] if wrong else ""):
        raise NotFound("没有找到这一行。")


def stuck_trials(at: datetime) -> list[int]:
    """Trials whose worker died, to be queued again."""
    silent = TrialRun.objects.filter(state=State.RUNNING, seen_at__lt=at - SILENCE)
    return list(silent.order_by("pk").values_list("pk", flat=True)[:50])

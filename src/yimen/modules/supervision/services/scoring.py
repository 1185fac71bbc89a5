"""Compute, publish and settle scores; every score can be reckoned anew and compared."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from yimen.foundation.orgs import api as orgs
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotAllowed, NotPossible
from yimen.kernel.events import announce
from yimen.modules.deadlines import api as deadlines
from yimen.modules.supervision.events import ScoresPublished
from yimen.modules.supervision.models import Objection, Score, ScoreFormula, ScoreRound
from yimen.modules.supervision.queries.scores import (
    counts_of_organisations,
    counts_of_posts,
    formula_on,
    month_bounds,
)
from yimen.modules.supervision.rules.scoring import (
    DEFAULT_WEIGHTS,
    INDICATORS,
    Count,
    Formula,
    Result,
    means_of,
    score,
)
from yimen.modules.supervision.states import ANSWER, OBJECTION, SCORE

SUBJECT = "score_round"
OBJECTION_DAYS = 5
State = ScoreRound.State


def seed_formula(at: datetime) -> ScoreFormula:
    """The first formula, where there is none."""
    found = ScoreFormula.objects.order_by("version").first()
    if found is not None:
        return found
    return ScoreFormula.objects.create(
        version=1, weights=DEFAULT_WEIGHTS, strength=20, clause="本地效能评价办法；权重为本地数据",
        valid_from=date(2000, 1, 1), made_at=at, made_by_name="一门平台",
    )  # fmt: skip


def save_formula(
    weights: Mapping[str, int], strength: int, clause: str, actor: Actor, at: datetime
) -> ScoreFormula:
    """Publish the next version of the formula; months already computed keep theirs.

    Raises:
        Invalid: a weight that is no indicator, all weights nought, numbers out of bounds.
    """
    wrong = {
        f"weight_{code}": "权重应为0至100的整数。"
        for code, weight in weights.items()
        if code not in INDICATORS or not 0 <= weight <= 100
    }
    if not 0 <= strength <= 1000:
        wrong["strength"] = "应为0至1000的整数。"
    if not wrong and not sum(weights.values()):
        wrong[f"weight_{next(iter(INDICATORS))}"] = "至少一项权重大于0。"
    if wrong:
        raise Invalid("评分公式没有保存，请按提示修改。", fields=wrong)
    with transaction.atomic():
        last = ScoreFormula.objects.select_for_update().order_by("-version").first()
        made = ScoreFormula.objects.create(
            version=last.version + 1 if last else 1, weights=dict(weights), strength=strength, clause=clause[:200],
            valid_from=at.astimezone(CHINA).date(), made_at=at, made_by_name=actor.name[:80],
        )  # fmt: skip
        trace.append(
            SUBJECT, "formula", "save_formula", actor, at, note=f"第{made.version}版", data=dict(weights)
        )
    return made


@transaction.atomic
def compute_round(division: str, month: date, actor: Actor, at: datetime) -> ScoreRound:
    """Compute, or compute again, the scores of one month; a round once published is not computed again.

    Raises:
        Invalid: the month has not begun.
        NotPossible: published already.
    """
    month = month.replace(day=1)
    if month_bounds(month)[0] > at:
        raise Invalid("这个月还没有到。", fields={"month": "请选择已经开始的月份。"})
    _reach(actor, division)
    found = ScoreRound.objects.select_for_update().filter(month=month, division=division).first()
    if found is not None and found.state != State.COMPUTED:
        raise NotPossible("这个月的评分已经公示，不能重新计算；可以在评分页上复算核对。")
    formula = formula_on(max(month, at.astimezone(CHINA).date())) or seed_formula(at)
    if found is None:
        found = ScoreRound(month=month, division=division)
    found.formula, found.computed_at = formula, at
    found.save()
    found.scores.all().delete()
    Score.objects.bulk_create(_scores(found, at))
    found.save()
    trace.append(SUBJECT, found.key, "compute", actor, at, data={"formula": formula.version})
    return found


def _scores(found: ScoreRound, at: datetime) -> list[Score]:
    organisations = {
        (pk, ""): counts
        for pk, counts in counts_of_organisations(orgs.prefix_of(found.division), found.month, at).items()
    }
    posts = counts_of_posts(orgs.prefix_of(found.division), found.month, at)
    rows: list[Score] = []
    for name, counted in (("organisations", organisations), ("posts", posts)):
        means = means_of(counted.values())
        found.means = {**found.means, name: means}
        made = [
            _score(found, key, score(counts, means, found.formula.value), counts)
            for key, counts in counted.items()
        ]
        made.sort(key=lambda row: (-row.points, row.organisation_id, row.post))
        for row in made:
            row.rank = 1 + sum(other.points > row.points for other in made)
        rows += made
    return rows


def _score(found: ScoreRound, key: tuple[int, str], result: Result, counts: Mapping[str, Count]) -> Score:
    return Score(
        round=found, organisation_id=key[0], post=key[1], points=result.points, low=result.low, high=result.high,
        inputs={code: list(share) for code, share in counts.items()},
    )  # fmt: skip


def result_of(row: Score) -> Result:
    """The stored score reckoned from its stored inputs, part by part: what its page shows."""
    means = row.round.means.get("posts" if row.post else "organisations", {})
    counts = {code: (int(good), int(whole)) for code, (good, whole) in row.inputs.items()}
    return score(counts, means, row.round.formula.value)


def recompute(row: Score, at: datetime) -> dict[str, Any]:
    """Count again from the raw clocks, cases and cards, and say what differs; nothing is written.

    Returns:
        ``result`` as it would be now, ``changed``: indicator to (stored, now).
    """
    division, month = orgs.prefix_of(row.round.division), row.round.month
    if row.post:
        now = counts_of_posts(division, month, at).get((row.organisation_id, row.post), {})
    else:
        now = counts_of_organisations(division, month, at).get(row.organisation_id, {})
    means = row.round.means.get("posts" if row.post else "organisations", {})
    stored = {code: (int(g), int(w)) for code, (g, w) in row.inputs.items()}
    now = dict.fromkeys(stored, (0, 0)) | now
    changed = {
        code: (stored.get(code, (0, 0)), now.get(code, (0, 0)))
        for code in {*stored, *now}
        if stored.get(code, (0, 0)) != now.get(code, (0, 0))
    }
    return {"result": score(now, means, row.round.formula.value), "changed": changed}


@transaction.atomic
def publish_round(found: ScoreRound, actor: Actor, at: datetime) -> ScoreRound:
    """Publish for objection: everybody reads it, departments may object until the clock is over.

    Raises:
        NotPossible: published already, or the month is not over.
    """
    _reach(actor, found.division)
    if found.state != State.COMPUTED:
        raise NotPossible("已经公示过了。")
    if month_bounds(found.month)[1] > at:
        raise NotPossible(
            "这个月还没有结束，月末以后才能公示。", would_pass="可以先计算、查看，月末以后重新计算再公示。"
        )
    [clock] = deadlines.start_clocks(
        [
            deadlines.ClockSpec(
                subject_kind=SUBJECT, subject_key=found.key, kind=OBJECTION, amount=OBJECTION_DAYS, division=found.division,
                holder="各部门", clause=found.formula.clause,
            )
        ],
        at,
    )  # fmt: skip
    found.state, found.published_at, found.objections_until = State.PUBLISHED, at, clock.due_at
    found.save()
    trace.append(SUBJECT, found.key, "publish", actor, at)
    announce(ScoresPublished(at=at, round_id=found.pk, state=found.state))
    return found


@transaction.atomic
def finish_round(found: ScoreRound, actor: Actor, at: datetime) -> ScoreRound:
    """Make a published round final once the time for objection is over and every objection is answered.

    Raises:
        NotPossible: too early, or objections wait for an answer.
    """
    _reach(actor, found.division)
    if found.state != State.PUBLISHED:
        raise NotPossible("只有公示中的评分可以生效。")
    if found.objections_until is None or found.objections_until >= at:
        raise NotPossible("异议期还没有结束。")
    waiting = Objection.objects.filter(score__round=found, answered_at=None).count()
    if waiting:
        raise NotPossible(f"还有{waiting}件异议没有答复，答复以后才能生效。")
    deadlines.stop(deadlines.open_clocks_of(SUBJECT, found.key), at)
    found.state, found.final_at = State.FINAL, at
    found.save()
    trace.append(SUBJECT, found.key, "finish", actor, at)
    announce(ScoresPublished(at=at, round_id=found.pk, state=found.state))
    return found


@transaction.atomic
def object_to(row: Score, text: str, actor: Actor, at: datetime) -> Objection:
    """A department objects to its own published score, in time.

    Raises:
        NotAllowed: not the actor's organisation.
        NotPossible: not published, or the time for objection is over.
        Invalid: nothing said.
    """
    if not any(s.organisation_id == row.organisation_id for s in actor.scopes(ANSWER)):
        raise NotAllowed("只能对本部门的评分提出异议。")
    until = row.round.objections_until
    if row.round.state != State.PUBLISHED or until is None or until < at:
        raise NotPossible("现在不在异议期内，不能提出异议。")
    clean = text.replace("\x00", "").strip()
    if not 4 <= len(clean) <= 4000:
        raise Invalid("请写明异议。", fields={"text": "写明哪一项不对、为什么，4至4000个字。"})
    made = Objection.objects.create(
        score=row, text=clean, at=at, by_name=actor.name[:80], account_id=actor.account_id
    )
    trace.append(SUBJECT, row.round.key, "object", actor, at, note=clean[:300])
    return made


@transaction.atomic
def answer_objection(key: int, accepted: bool, text: str, actor: Actor, at: datetime) -> Objection:
    """Answer an objection; when it is right, the score is counted again from what the records say now.

    Raises:
        NotPossible: answered already, or no such objection.
        Invalid: no reason given.
    """
    made = Objection.objects.select_for_update(of=("self",)).select_related("score__round__formula").filter(pk=min(key, 2**63 - 1)).first()  # fmt: skip
    if made is None or made.answered_at is not None:
        raise NotPossible("这件异议已经答复过，或者不存在。")
    _reach(actor, made.score.round.division)
    clean = text.replace("\x00", "").strip()
    if not 4 <= len(clean) <= 4000:
        raise Invalid("请写明答复。", fields={f"answer_{key}": "写明采纳或者不采纳的理由，4至4000个字。"})
    made.accepted, made.answer, made.answered_at, made.answered_by_name = accepted, clean, at, actor.name[:80]
    made.save()
    data: dict[str, Any] = {"accepted": accepted}
    if accepted:
        again = recompute(made.score, at)["result"]
        data |= {
            "from": str(made.score.points),
            "to": str(again.points),
            "parts": [asdict(p) for p in again.parts],
        }
        _take_over(made.score, at)
    trace.append(SUBJECT, made.score.round.key, "answer_objection", actor, at, note=clean[:300], data=data)
    return made


def _take_over(row: Score, at: datetime) -> None:
    again = recompute(row, at)["result"]
    row.points, row.low, row.high = again.points, again.low, again.high
    row.inputs = {p.code: [p.good, p.whole] for p in again.parts}
    row.save()
    peers = Score.objects.filter(round=row.round, post="") if not row.post else Score.objects.filter(round=row.round).exclude(post="")  # fmt: skip
    rows = list(peers)
    for one in rows:
        one.rank = 1 + sum(other.points > one.points for other in rows)
    Score.objects.bulk_update(rows, ["rank"], batch_size=500)


def _reach(actor: Actor, division: str) -> None:
    if not any(division.startswith(s.division) and s.organisation_id is None for s in actor.scopes(SCORE)):
        raise NotAllowed("只能计算、公示本辖区的评分。")


__all__ = [
    "Formula", "answer_objection", "compute_round", "finish_round", "object_to", "publish_round", "recompute", "result_of",
    "save_formula", "seed_formula",
]  # fmt: skip

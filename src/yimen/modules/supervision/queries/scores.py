"""What scores are computed from: counts by organisation and by post over one month, in a fixed number of statements."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import StrIndex, Substr

from yimen.foundation.orgs import api as orgs
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import NotFound
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items import api as items
from yimen.modules.supervision.models import Card, Objection, Score, ScoreFormula, ScoreRound
from yimen.modules.supervision.rules.scoring import Count as Share
from yimen.modules.supervision.states import ANSWER, ANSWER_READ, COUNTED

State = deadlines.ClockState
Counts = dict[str, Share]
PUBLIC_STATES = (ScoreRound.State.PUBLISHED, ScoreRound.State.FINAL)


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """The first moment of a month in China and of the next."""
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    first, last = (datetime.combine(day, time(), CHINA).astimezone(UTC) for day in (month, following))
    return first, last


def counts_of_organisations(division: str, month: date, at: datetime) -> dict[int, Counts]:
    """Indicator to (good, whole) for every organisation that had anything to do that month."""
    since, until = month_bounds(month)
    until = min(until, at)
    found: defaultdict[int, Counts] = defaultdict(dict)
    for kind, indicator in (("promised", "on_time"), ("legal", "in_law"), ("step", "steps")):
        for organisation_id, share in _kept(division, kind, since, until).items():
            found[organisation_id][indicator] = share
    rows = cases.Case.objects.filter(division__startswith=division, organisation__isnull=False)
    accepted = (
        rows.filter(Q(accepted_at__gte=since, accepted_at__lt=until) | Q(state="not_accepted", finished_at__gte=since, finished_at__lt=until))
        .order_by()
        .values_list("organisation_id")
        .annotate(n=Count("pk"), once=Count("pk", filter=Q(corrections__lte=1)))
    )  # fmt: skip
    for organisation_id, n, once in accepted:
        found[organisation_id]["told_once"] = (once, n)
    in_hand = dict(
        rows.filter(Q(finished_at__isnull=True) | Q(finished_at__gte=since), received_at__lt=until)
        .order_by()
        .values_list("organisation_id")
        .annotate(n=Count("pk"))
    )
    carded = dict(_upheld(division, since, until).values_list("organisation_id").annotate(n=Count("pk")))
    for organisation_id in {*in_hand, *carded}:
        good, bad = in_hand.get(organisation_id, 0), carded.get(organisation_id, 0)
        found[organisation_id]["clean"] = (max(good - bad, 0), max(good, bad))
    return {key: _whole(counts) for key, counts in found.items()}


def _whole(counts: Counts) -> Counts:
    return {code: counts.get(code, (0, 0)) for code in ("on_time", "in_law", "steps", "told_once", "clean")}


def counts_of_posts(division: str, month: date, at: datetime) -> dict[tuple[int, str], Counts]:
    """The same by organisation and post: its own steps and the cards it held."""
    since, until = month_bounds(month)
    until = min(until, at)
    posts: defaultdict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    clocks = _relevant(division, "step", since, until).annotate(
        number=Substr("subject_key", 1, StrIndex("subject_key", Value(":")) - 1),
        step=Substr("subject_key", StrIndex("subject_key", Value(":")) + 1),
    )
    standard = cases.Case.objects.filter(number__in=clocks.values("number")).order_by()
    by_number = dict(standard.values_list("number", "standard_id").iterator(chunk_size=5000))
    for organisation_id, number, step, state in clocks.values_list(
        "organisation_id", "number", "step", "state"
    ).iterator(chunk_size=5000):
        post = _post_of(by_number.get(number), step)
        if post and organisation_id:
            posts[organisation_id, post][0] += state == State.MET
            posts[organisation_id, post][1] += 1
    cards = _upheld(division, since, until).exclude(post="")
    bad = {(o, p): n for o, p, n in cards.values_list("organisation_id", "post").annotate(n=Count("pk"))}
    found: dict[tuple[int, str], Counts] = {}
    for key in {*posts, *bad}:
        good, whole = posts[key]
        clean = (max(whole - bad.get(key, 0), 0), max(whole, bad.get(key, 0)))
        found[key] = {"steps": (good, whole), "clean": clean}
    return found


def _post_of(standard_id: int | None, step: str) -> str:
    if standard_id is None:
        return ""
    return next((s.post for s in items.pinned(standard_id).content.steps if s.code == step), "")


def _relevant(division: str, kind: str, since: datetime, until: datetime) -> "QuerySet[deadlines.Clock]":
    """Clocks that ended in the month, and those that passed their due moment in it and still run."""
    ended = Q(state__in=[State.MET, State.MISSED], stopped_at__gte=since, stopped_at__lt=until)
    late = Q(state=State.RUNNING, due_at__gte=since, due_at__lt=until)
    return deadlines.Clock.objects.filter(
        ended | late, kind=kind, division__startswith=division, organisation_id__isnull=False
    ).order_by()


def _kept(division: str, kind: str, since: datetime, until: datetime) -> dict[int, Share]:
    rows = _relevant(division, kind, since, until).values_list("organisation_id")
    counted = rows.annotate(met=Count("pk", filter=Q(state=State.MET)), n=Count("pk"))
    return {organisation_id: (met, n) for organisation_id, met, n in counted if organisation_id is not None}


def _upheld(division: str, since: datetime, until: datetime) -> "QuerySet[Card]":
    """Cards decided against somebody in the month and not taken back since."""
    rows = Card.objects.filter(state__in=COUNTED, decided_at__gte=since, decided_at__lt=until)
    return rows.filter(division__startswith=division).order_by()


def formula_on(on: date) -> ScoreFormula | None:
    """The newest formula in force on a day."""
    return ScoreFormula.objects.filter(valid_from__lte=on).order_by("-version").first()


def rounds_in(division: str, *, public: bool = False) -> "QuerySet[ScoreRound]":
    """Rounds of a division and below, newest first."""
    rows = ScoreRound.objects.filter(division__startswith=division).select_related("formula")
    rows = rows.filter(state__in=PUBLIC_STATES) if public else rows
    return rows.order_by("-month", "division")


def round_with_id(key: int, division: str) -> ScoreRound:
    """A round within a division.

    Raises:
        NotFound: there is none, or it lies elsewhere.
    """
    found = rounds_in(division).filter(pk=min(key, 2**63 - 1)).first()
    if found is None:
        raise NotFound("没有找到这一轮评分。")
    return found


def scores_of(found: ScoreRound, *, posts: bool = False) -> "QuerySet[Score]":
    """The scores of a round by rank."""
    rows = Score.objects.filter(round=found).select_related("organisation")
    rows = rows.exclude(post="") if posts else rows.filter(post="")
    return rows.order_by("rank", "organisation__code", "post")


def score_with_id(key: int) -> Score:
    """One score.

    Raises:
        NotFound: there is none.
    """
    rows = Score.objects.select_related("round__formula", "organisation")
    found = rows.filter(pk=min(key, 2**63 - 1)).first()
    if found is None:
        raise NotFound("没有找到这个评分。")
    return found


def own_scores(actor: Actor) -> "QuerySet[Score]":
    """The published scores of the actor's own organisation, newest first."""
    ids = [s.organisation_id for g in (ANSWER, ANSWER_READ) for s in actor.scopes(g) if s.organisation_id]
    rows = Score.objects.filter(organisation_id__in=ids, round__state__in=PUBLIC_STATES, post="")
    return rows.select_related("round", "organisation").order_by("-round__month", "-pk")


def objections_of(found: ScoreRound) -> "QuerySet[Objection]":
    rows = Objection.objects.filter(score__round=found).select_related("score__organisation")
    return rows.order_by("answered_at", "pk")


def post_names(ids: set[int]) -> dict[tuple[int, str], str]:
    """(organisation, post code) to the post's name; a post dissolved since keeps its name."""
    rows = orgs.Post.objects.filter(organisation_id__in=ids)
    return {
        (organisation_id, code): name
        for organisation_id, code, name in rows.values_list("organisation_id", "code", "name")
    }

"""Scores in the console: rounds by month, publishing, objections, one score reckoned part by part, the formula."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yimen.foundation.orgs import api as orgs
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Invalid, NotFound, Refusal
from yimen.modules.supervision.models import Score, ScoreRound
from yimen.modules.supervision.pages.reading import day_of, division_of, errors_of, text_of, whole
from yimen.modules.supervision.permissions import SCORE, WATCH
from yimen.modules.supervision.queries import scores as queries
from yimen.modules.supervision.rules.scoring import INDICATORS
from yimen.modules.supervision.services import scoring

NAV = "supervision_console:scores"


@access(WATCH)
@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """Every month computed, newest first; and the formula in force."""
    division = orgs.prefix_of(division_of(actor_of_request(request), WATCH))
    today = now().astimezone(CHINA).date()
    last = today.replace(day=1) - timedelta(days=1)
    context = {
        "rounds": queries.rounds_in(division)[:36], "formula": queries.formula_on(today), "indicators": INDICATORS.values(),
        "month": f"{last:%Y-%m}", "nav_current": NAV,
    }  # fmt: skip
    return render(request, "supervision/rounds.html", context)


@access(SCORE)
@require_POST
def compute(request: HttpRequest) -> HttpResponse:
    """Compute a month, or compute it again before it is published."""
    actor, at = actor_of_request(request), now()
    month = day_of(f"{text_of(request.POST.get('month'), 7)}-01", date(1990, 1, 1))
    try:
        if month.year < 2000:
            raise Invalid("请选择月份，例如 2026-03。")
        found = scoring.compute_round(division_of(actor, SCORE), month, actor, at)
    except Refusal as refusal:
        messages.error(request, " ".join(errors_of(refusal).values()))
        return redirect("supervision_console:scores")
    messages.success(request, _("已计算。看过以后再公示。"))
    return redirect("supervision_console:round", key=found.pk)


@access(WATCH)
@require_http_methods(["GET", "POST"])
def round_page(request: HttpRequest, key: int) -> HttpResponse:
    """One month: ranks of departments and posts, objections, publishing."""
    actor, at = actor_of_request(request), now()
    found = queries.round_with_id(key, orgs.prefix_of(division_of(actor, WATCH)))
    errors: dict[str, str] = {}
    if request.method == "POST":
        if not actor.may(SCORE):
            raise NotFound("没有这个办理动作，或者您不能办。")
        try:
            _act(request, found)
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            messages.success(request, _("已办理。"))
            return redirect("supervision_console:round", key=found.pk)
    posts = list(queries.scores_of(found, posts=True)[:200])
    names = queries.post_names({row.organisation_id for row in posts})
    context = {
        "round": found, "scores": queries.scores_of(found),
        "posts": [(row, names.get((row.organisation_id, row.post), row.post)) for row in posts],
        "objections": queries.objections_of(found), "errors": errors, "typed": request.POST,
        "may_publish": actor.may(SCORE), "at": at, "nav_current": NAV,
    }  # fmt: skip
    return render(request, "supervision/round.html", context, status=422 if errors else 200)


def _act(request: HttpRequest, found: ScoreRound) -> None:
    actor, at, name = actor_of_request(request), now(), request.POST.get("act")
    if name == "publish":
        scoring.publish_round(found, actor, at)
    elif name == "finish":
        scoring.finish_round(found, actor, at)
    elif name == "answer":
        key = whole(request.POST.get("objection"))
        if not queries.objections_of(found).filter(pk=key).exists():
            raise NotFound("没有找到这件异议。")
        text = text_of(request.POST.get(f"answer_{key}"), 4000)
        scoring.answer_objection(key, request.POST.get("accepted") == "yes", text, actor, at)
    else:
        raise NotFound("没有这个办理动作。")


@access(WATCH)
@require_GET
def score_page(request: HttpRequest, key: int) -> HttpResponse:
    """One score part by part; with ``?again=1`` counted again from the raw records and compared."""
    found = queries.score_with_id(key)
    queries.round_with_id(found.round_id, orgs.prefix_of(division_of(actor_of_request(request), WATCH)))
    return render(
        request, "supervision/score.html", score_context(found, again=request.GET.get("again") == "1")
    )


def score_context(found: Score, *, again: bool) -> dict[str, object]:
    """What a score's page shows: its parts, and where asked for the count made again."""
    name = queries.post_names({found.organisation_id}).get((found.organisation_id, found.post), found.post)
    compared = scoring.recompute(found, now()) if again else None
    changed = compared["changed"].items() if compared else ()
    return {
        "score": found, "round": found.round, "result": scoring.result_of(found), "post_name": name, "compared": compared,
        "changed": [(INDICATORS[code].label, old, new) for code, (old, new) in changed],
        "formula": found.round.formula, "nav_current": NAV,
    }  # fmt: skip


@access(SCORE)
@require_http_methods(["GET", "POST"])
def formula(request: HttpRequest) -> HttpResponse:
    """Weights as data: a new version from today on; months already computed keep theirs."""
    actor, at = actor_of_request(request), now()
    current = queries.formula_on(at.astimezone(CHINA).date()) or scoring.seed_formula(at)
    errors: dict[str, str] = {}
    values = {f"weight_{code}": str(current.weights.get(code, 0)) for code in INDICATORS}
    values |= {"strength": str(current.strength), "clause": current.clause}
    if request.method == "POST":
        values = {name: text_of(request.POST.get(name), 200) for name in values}
        weights = {code: whole(values[f"weight_{code}"], -1) for code in INDICATORS}
        try:
            scoring.save_formula(weights, whole(values["strength"], -1), values["clause"], actor, at)
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            messages.success(request, _("新公式已保存，从下一次计算起用。"))
            return redirect("supervision_console:scores")
    fields = [(f"weight_{i.code}", i.label, values[f"weight_{i.code}"], errors.get(f"weight_{i.code}", "")) for i in INDICATORS.values()]  # fmt: skip
    context = {"fields": fields, "values": values, "errors": errors, "current": current, "nav_current": NAV}
    return render(request, "supervision/formula.html", context, status=422 if errors else 200)

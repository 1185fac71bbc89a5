"""What everybody may read: published scores, how they are reckoned, the rules in force."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.kernel.access import PUBLIC, access
from yimen.kernel.clock import now
from yimen.kernel.errors import NotFound
from yimen.modules.supervision.pages.reading import whole
from yimen.modules.supervision.pages.scores import score_context
from yimen.modules.supervision.queries import scores as queries
from yimen.modules.supervision.queries.rules import in_force
from yimen.modules.supervision.rules.scoring import INDICATORS
from yimen.modules.supervision.rules.spec import KIND_LABELS

NAV = "supervision:scores"


@access(PUBLIC)
@require_GET
def public_scores(request: HttpRequest) -> HttpResponse:
    """The newest published month, or ``?round=`` an earlier one."""
    published = queries.rounds_in("", public=True)
    asked = whole(request.GET.get("round"))
    found = published.filter(pk=asked).first() if asked else published.first()
    rows = list(queries.scores_of(found)) if found else []
    context = {
        "round": found, "rounds": published[:24], "scores": rows, "indicators": INDICATORS.values(), "at": now(),
        "nav_current": NAV,
    }  # fmt: skip
    return render(request, "supervision/hall_scores.html", context)


@access(PUBLIC)
@require_GET
def public_score(request: HttpRequest, key: int) -> HttpResponse:
    """One published score of a department, reckoned part by part."""
    found = queries.score_with_id(key)
    if found.round.state not in queries.PUBLIC_STATES or found.post:
        raise NotFound("没有找到这个评分，或者它没有公示。")
    return render(
        request, "supervision/hall_score.html", score_context(found, again=False) | {"nav_current": NAV}
    )


@access(PUBLIC)
@require_GET
def public_rules(request: HttpRequest) -> HttpResponse:
    """The rules in force, each with its law."""
    rows = in_force(now())
    groups = [(label, [r for r in rows if r.kind == kind]) for kind, label in KIND_LABELS.items()]
    return render(request, "supervision/hall_rules.html", {"groups": groups, "nav_current": NAV})

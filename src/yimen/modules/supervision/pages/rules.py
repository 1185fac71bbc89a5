"""Rules in the console: list, one rule with its versions, the editor, and the sandbox where a rule is tried on the past."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import NotFound, Refusal
from yimen.modules.supervision.models import Rule, TrialRun
from yimen.modules.supervision.pages.reading import (
    day_of,
    division_of,
    errors_of,
    opening,
    page_of,
    text_of,
    whole,
)
from yimen.modules.supervision.permissions import RULES, WATCH
from yimen.modules.supervision.queries.rules import latest_rule, latest_rules, trial_with_id, versions_of
from yimen.modules.supervision.rules.facts import DETECTORS
from yimen.modules.supervision.rules.spec import COLOUR_LABELS, KIND_LABELS
from yimen.modules.supervision.services.rules import (
    RuleIn,
    local_code,
    may_change,
    save_rule,
    switch_off,
    switch_on,
)
from yimen.modules.supervision.services.trials import mark_wrong, queue_trial
from yimen.modules.supervision.worker import carry_out_trial

NAV = "supervision_console:rules"
NUMBERS = ("lead", "statement_days", "decision_days", "appeal_days", "review_days")
TEXTS = ("code", "kind", "label", "detector", "condition", "clause", "consequence", "colour", "division")
DEFAULTS = {name: field.default for name, field in RuleIn.model_fields.items() if not field.is_required()}


@access(WATCH)
@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    """Every rule by kind, with what it judges and whether it is on."""
    rows = list(latest_rules())
    on = set(Rule.objects.filter(is_on=True).values_list("code", flat=True))
    groups = [
        (label, [(r, r.code in on) for r in rows if r.kind == kind]) for kind, label in KIND_LABELS.items()
    ]
    return render(request, "supervision/rules.html", {"groups": groups, "nav_current": NAV})


@access(WATCH)
@require_GET
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule: what it says, its versions, its trials."""
    found = latest_rule(code)
    today = now().astimezone(CHINA).date()
    context = {
        "rule": found,
        "detector": DETECTORS[found.detector],
        "versions": versions_of(found.code)[:50],
        "is_on": Rule.objects.filter(code=found.code, is_on=True).exists(),
        "trials": TrialRun.objects.filter(rule__code=found.code).select_related("rule").order_by("-pk")[:20],
        "since": today - timedelta(days=365),
        "until": today,
        "nav_current": NAV,
    }
    return render(request, "supervision/rule.html", context)


@access(RULES)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """Write the next version of a rule, or a new one; it is kept switched off."""
    actor = actor_of_request(request)
    errors: dict[str, str] = {}
    before = latest_rule(code) if code else None
    local = before is not None and not may_change(before, actor)
    if request.method == "POST":
        values: dict[str, Any] = {name: text_of(request.POST.get(name), 600) for name in TEXTS}
        values |= {name: text_of(request.POST.get(name), 12) for name in NUMBERS}
        values["answerable"] = request.POST.get("answerable") == "yes"
        if before is not None:
            values |= {"code": before.code, "replaces": before.replaces}
            if local:
                values |= _local(before, division_of(actor, RULES))
        try:
            made = save_rule(_given(values), actor, now())
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            messages.success(
                request, _("第%(n)s版已经保存，还没有启用；先试跑再启用。") % {"n": made.version}
            )
            return redirect("supervision_console:rule", code=made.code)
    elif before is not None and local and (own := _own_version(before, actor)):
        return redirect("supervision_console:rule_edit", code=own)
    elif before is not None:
        values = {name: getattr(before, name) for name in RuleIn.model_fields}
    else:
        values = dict(DEFAULTS, division=division_of(actor, RULES))
    context = {
        "values": values, "errors": errors, "before": before, "local": local, "detectors": DETECTORS.values(),
        "detector_choices": [(d.code, f"{d.label}（{KIND_LABELS[d.kind]}）") for d in DETECTORS.values()],  # type: ignore[index]
        "kinds": list(KIND_LABELS.items()), "colours": list(COLOUR_LABELS.items()), "nav_current": NAV,
    }  # fmt: skip
    return render(request, "supervision/rule_edit.html", context, status=422 if errors else 200)


def _local(before: Rule, division: str) -> dict[str, Any]:
    """A general rule is not the division's to change: what is written stands in its place there."""
    return {"code": local_code(before, division), "division": division, "replaces": before.code}


def _own_version(before: Rule, actor: Actor) -> str:
    """The code of the division's own rule in place of this one, where there is one already."""
    code = local_code(before, division_of(actor, RULES))
    return code if Rule.objects.filter(code=code).exists() else ""


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Numbers as numbers; what is none stays as typed and is told beside its field."""
    given = dict(values)
    for name in NUMBERS:
        text = str(values[name])
        given[name] = (
            int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text or DEFAULTS[name]
        )
    return given


@access(RULES)
@require_POST
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """Put the newest version in force, or end the one that is."""
    turn = switch_on if request.POST.get("to") == "on" else switch_off
    try:
        turn(code, actor_of_request(request), now())
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("已启用，从现在起发生的算。") if turn is switch_on else _("已停用，发过的牌照常办完。")
        )
    return redirect("supervision_console:rule", code=code)


@access(RULES)
@require_POST
def start_trial(request: HttpRequest, code: str) -> HttpResponse:
    """Try the newest version on the past, as background work."""
    found, at = latest_rule(code), now()
    today = at.astimezone(CHINA).date()
    since = day_of(request.POST.get("since"), today - timedelta(days=365))
    until = day_of(request.POST.get("until"), today)
    try:
        run = queue_trial(
            found, opening(since), opening(until + timedelta(days=1)), actor_of_request(request), at
        )
    except Refusal as refusal:
        messages.error(request, " ".join(errors_of(refusal).values()))
        return redirect("supervision_console:rule", code=code)
    carry_out_trial.enqueue(run.pk)
    return redirect("supervision_console:trial", key=run.pk)


@access(WATCH)
@require_GET
def trial(request: HttpRequest, key: int) -> HttpResponse:
    """Progress while it runs (htmx asks again), then how many cards, where, and rows to look at."""
    run = trial_with_id(key)
    division = division_of(actor_of_request(request), WATCH)
    if division and not run.division.startswith(division.rstrip("0")):
        raise NotFound("没有找到这次试跑。")
    polled = bool(getattr(request, "htmx", False))
    organisation = text_of(request.GET.get("organisation"), 60)
    rows = run.findings.select_related("organisation").order_by("-looks_wrong", "pk")
    if organisation:
        rows = rows.filter(organisation__code=organisation)
    context = {
        "run": run, "page": page_of(rows, request, 50), "organisation": organisation, "nav_current": NAV,
        "wrong": run.findings.filter(looks_wrong=True).count(), "may_mark": actor_of_request(request).may(RULES),
    }  # fmt: skip
    template = "supervision/_trial_progress.html" if polled else "supervision/trial.html"
    response = render(request, template, context)
    if polled and not run.is_working:
        response.headers["HX-Refresh"] = "true"
    return response


@access(RULES)
@require_POST
def mark(request: HttpRequest, key: int) -> HttpResponse:
    """Mark that a row of a trial looks wrong, or does not after all."""
    run = trial_with_id(key)
    wrong = request.POST.get("wrong") == "yes"
    mark_wrong(run, whole(request.POST.get("row")), wrong, text_of(request.POST.get("why"), 200))
    return redirect("supervision_console:trial", key=run.pk)

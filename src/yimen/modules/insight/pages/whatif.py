"""What-if: ask for an experiment, watch it, read it beside what was."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yimen.foundation.orgs import api as orgs
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Invalid, Refusal
from yimen.modules.insight.models import Experiment
from yimen.modules.insight.permissions import SIMULATE
from yimen.modules.insight.queries.choosing import organisation_choices
from yimen.modules.insight.queries.experiments import experiment_with_key, experiments_visible_to
from yimen.modules.insight.queries.flows import stage_choices
from yimen.modules.insight.rules.periods import Period, month_before, period_of
from yimen.modules.insight.services.experiments import ask
from yimen.modules.insight.simulation.world import Changes
from yimen.modules.insight.worker import run_experiment

FIELDS = (
    "organisation", "from", "to", "less_days", "hands_stage", "hands", "merge_from", "merge_into", "beside_one",
    "beside_other", "at_once",
)  # fmt: skip
RECENT = 20
MOST_HANDS, MOST_DAYS = 50, 60


@access(SIMULATE)
@require_http_methods(["GET", "POST"])
def what_if(request: HttpRequest) -> HttpResponse:
    """The form, and the experiments so far; nothing typed is lost when it is refused."""
    today = now().astimezone(CHINA).date()
    if request.method == "POST":
        typed = {name: _text(request.POST, name) for name in FIELDS}
        try:
            made = _ask(request, typed, today)
        except Refusal as refusal:
            return _page(request, typed, refusal.fields or {"organisation": refusal.message}, 422)
        return redirect("insight_console:experiment", made.pk)
    last = today.replace(day=1) - timedelta(days=1)
    usual = {"from": month_before(last, 11).isoformat(), "to": last.isoformat()}
    return _page(request, dict.fromkeys(FIELDS, "") | usual, {})


def _page(
    request: HttpRequest, typed: dict[str, str], errors: Mapping[str, str], status: int = 200
) -> HttpResponse:
    actor = actor_of_request(request)
    context = {
        "typed": typed,
        "errors": errors,
        "organisations": organisation_choices(actor, SIMULATE),
        "may_all": any(s.organisation_id is None and s.centre_id is None for s in actor.scopes(SIMULATE)),
        "stages": stage_choices(None),
        "experiments": [(e, _sentence(e)) for e in experiments_visible_to(actor)[:RECENT]],
        "nav_current": "insight_console:dashboard",
    }
    return render(request, "insight/what_if.html", context, status=status)


def _ask(request: HttpRequest, typed: Mapping[str, str], today: date) -> Experiment:
    made = ask(
        typed["organisation"], _period(typed, today), _changes(typed), actor_of_request(request), now()
    )
    run_experiment.enqueue(made.pk)
    return made


def _period(typed: Mapping[str, str], today: date) -> Period:
    try:
        since, until = (date.fromisoformat(typed[name]) for name in ("from", "to"))
    except ValueError as wrong:
        raise Invalid("日期写得不对。", fields={"from": "请填写开始和结束日期，如 2026-01-01。"}) from wrong
    if until >= today:
        raise Invalid("只能重放已经过去的日子。", fields={"to": "请填写今天以前的日期。"})
    return period_of(since, until, today)


def _changes(typed: Mapping[str, str]) -> Changes:
    stages = {code for code, _ in stage_choices(None)}
    for name in ("hands_stage", "merge_from", "merge_into", "beside_one", "beside_other"):
        if typed[name] and typed[name] not in stages:
            raise Invalid("没有这个环节。", fields={name: "请从列表里选择环节。"})
    hands = _whole(typed, "hands", MOST_HANDS)
    if hands and not typed["hands_stage"]:
        raise Invalid("没有选环节。", fields={"hands_stage": "请选择给哪个环节增加人手。"})
    return Changes(
        hands={typed["hands_stage"]: hands} if hands else {},
        merged=_two(typed, "merge_from", "merge_into"),
        parallel=_two(typed, "beside_one", "beside_other"),
        less_days=_whole(typed, "less_days", MOST_DAYS),
        at_once=typed["at_once"] == "1",
    )


def _two(typed: Mapping[str, str], one: str, other: str) -> tuple[str, str] | None:
    first, second = typed[one], typed[other]
    if not first and not second:
        return None
    if not first or not second or first == second:
        raise Invalid("两个环节要都选，而且不能相同。", fields={other: "请选择另一个不同的环节。"})
    return first, second


def _whole(typed: Mapping[str, str], name: str, most: int) -> int:
    text = typed[name] or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= most):
        raise Invalid("数字不对。", fields={name: f"请填写0到{most}的整数。"})
    return int(text)


def _text(values: Mapping[str, str], name: str) -> str:
    return str(values.get(name) or "").replace("\x00", "").strip()[:60]


@access(SIMULATE)
@require_GET
def result(request: HttpRequest, key: int) -> HttpResponse:
    """One experiment: progress while it runs, then the changed world beside what was."""
    if key > 2**62:
        key = 0
    found = experiment_with_key(key, actor_of_request(request))
    context = {
        "experiment": found,
        "sentence": _sentence(found),
        "place": _place(found),
        "told": found.result or {},
        "rows": _rows(found.result) if found.result else [],
        "nav_current": "insight_console:dashboard",
    }
    partial = bool(request.headers.get("HX-Request")) and found.state in ("waiting", "running")
    template = "insight/_experiment_progress.html" if partial else "insight/experiment.html"
    response = render(request, template, context)
    if request.headers.get("HX-Request") and not partial:
        response["HX-Refresh"] = "true"
    return response


def _place(found: Experiment) -> str:
    if not found.organisation:
        return "范围内全部部门"
    row = orgs.Organisation.objects.filter(pk=found.organisation).first()
    return row.name if row else ""


def _sentence(found: Experiment) -> str:
    """What is changed, in words."""
    names = dict(stage_choices(found.organisation or None)) | dict(stage_choices(None))
    change, said = found.changes, []
    for code, n in (change.get("hands") or {}).items():
        said.append(f"“{names.get(code, code)}”增加{n}人")
    if change.get("merged"):
        one, other = change["merged"]
        said.append(f"“{names.get(one, one)}”并入“{names.get(other, other)}”")
    if change.get("parallel"):
        one, other = change["parallel"]
        said.append(f"“{names.get(one, one)}”与“{names.get(other, other)}”同时办")
    if change.get("less_days"):
        said.append(f"承诺期限缩短{change['less_days']}个工作日")
    if change.get("at_once"):
        said.append("前后相接的部门同时开始办")
    return "，".join(said)


def _rows(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One line a stage: load and waiting, before and after."""
    names = dict(stage_choices(None))
    was, would = told["was"], told["would"]
    return [
        {
            "name": names.get(code, code),
            "hands": told["hands"].get(code),
            "load": was["load"].get(code),
            "new_load": would["load"].get(code),
            "wait": was["waits"].get(code),
            "new_wait": would["waits"].get(code),
        }
        for code in was["load"]
    ]

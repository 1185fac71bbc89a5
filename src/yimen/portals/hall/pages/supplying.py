"""Handing in what a notice asks for, or what was tolerated to follow: each thing with its own upload."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.errors import NotFound
from yimen.modules.cases import api as cases
from yimen.portals.hall.own import NOT_THERE, case_of
from yimen.portals.hall.pages.handing_over import FORM, Handing, TogetherHanding, Wanted


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """The correction: exactly what the notice names."""
    return _correction(request, number).answer()


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def supply(request: HttpRequest, number: str) -> HttpResponse:
    """What was tolerated to follow (容缺后补)."""
    return _following(request, number).answer()


@require_POST
@access(SIGNED_IN)
def save(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Keep what is put together so far; nothing is checked, nothing refused but what cannot be kept."""
    begin = {"correct": _correction, "supply": _following}.get(act)
    if begin is None:
        raise NotFound(NOT_THERE)
    return begin(request, number).keep_quietly()


def _correction(request: HttpRequest, number: str) -> Handing:
    """What the notice names; of one thing of several departments, what all of them told in the one notice."""
    actor = actor_of_request(request)
    case = case_of(number, actor)
    asked = [case]
    if case.application.joint:
        waiting = {"state": cases.CaseState.CORRECTION_REQUESTED, "application_id": case.application_id}
        asked = list(cases.own_cases(actor).filter(**waiting).order_by("id")) or asked
    notices: dict[str, Any] = {one.number: cases.last_notice(one) for one in asked}
    until = min((str(notice.get("until") or "") for notice in notices.values()), default="")
    if len(asked) == 1:
        return Handing(request, case, "correct", _wanted(asked[0], notices[asked[0].number]), until)
    told = {one.number: _wanted(one, notices[one.number]) for one in asked}
    first = case_of(asked[0].number, actor)
    return TogetherHanding(request, first, "correct", _merged(asked, told), until)


def _wanted(case: cases.Case, notice: dict[str, Any]) -> list[Wanted]:
    requirements = {m.code: m for m in case.published.content.materials}
    return [
        Wanted(
            code=line["requirement"],
            name=line["name"],
            reason=line["reason"],
            requirement=requirements.get(line["requirement"]),
        )
        for line in notice.get("missing") or []
    ]


def _merged(asked: list[cases.Case], told: dict[str, list[Wanted]]) -> list[Wanted]:
    """Each paper once, with what every department said of it; the one form once."""
    reasons = {
        (case.published.code, one.code): (case.published.content.name, one)
        for case in asked
        for one in told[case.number]
    }
    papers = cases.group_requirements(
        (item, one.requirement) for (item, _code), (_name, one) in reasons.items() if one.requirement
    ).papers
    codes = [paper.parts[0].requirement.code for paper in papers]
    merged = []
    for paper in papers:
        first, said = paper.parts[0], [reasons[part.reference] for part in paper.parts]
        code = first.requirement.code
        merged.append(
            Wanted(
                code=code if codes.count(code) == 1 else f"{code}.{first.item}",
                name=paper.name,
                reason="；".join(f"{name}：{one.reason}" for name, one in said),
                requirement=first.requirement,
                targets=tuple(part.reference for part in paper.parts),
            )
        )
    forms = [(name, one) for name, one in reasons.values() if one.code == FORM]
    if forms:
        reason = "；".join(f"{name}：{one.reason}" for name, one in forms)
        merged.append(Wanted(code=FORM, name=forms[0][1].name, reason=reason, requirement=None))
    return merged


def _following(request: HttpRequest, number: str) -> Handing:
    case = case_of(number, actor_of_request(request))
    owed = cases.Material.objects.filter(case=case, state="owed").order_by("id")
    requirements = {m.code: m for m in case.published.content.materials}
    wanted = [
        Wanted(code=m.requirement, name=m.name, reason=_("您说过这一份后补"), requirement=requirements.get(m.requirement))
        for m in owed
    ]  # fmt: skip
    return Handing(request, case, "supply", wanted, "")

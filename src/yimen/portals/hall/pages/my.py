"""My matters: applications with their cases, mine and of those I act for; drafts."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.foundation.identity import api as identity
from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import now
from yimen.kernel.paging import Page, window
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.forms import api as forms
from yimen.modules.registration import api as registration
from yimen.modules.themes import api as themes
from yimen.portals.hall.filling import SUBJECT_PREFIX
from yimen.portals.hall.own import application_of, own_cases_of, reaches_whole
from yimen.portals.hall.pages.home import action_of
from yimen.portals.hall.pages.reading import page_number, page_size, text_of
from yimen.portals.hall.standing import APPLICANTS_TURN, standing_of

TABS = (("", "在办"), ("done", "已办结"), ("all", "全部"))
STATES = {"": ["draft", "submitted"], "done": ["closed"], "all": ["draft", "submitted", "closed"]}


@require_GET
@access(SIGNED_IN)
def my(request: HttpRequest) -> HttpResponse:
    """The list, newest first, with the line of each case."""
    actor, at = actor_of_request(request), now()
    state = text_of(request, "state", 10)
    state = state if state in STATES else ""
    whom = text_of(request, "whom", 40)
    people = _whom(actor)
    rows = _for_whom(cases.own_applications(actor), whom, actor)
    offset, limit, number = window(page_number(request), page_size(request, 10))
    wanted = rows.filter(state__in=STATES[state])
    page = Page(count=wanted.count(), results=_read(actor, wanted, offset, limit), number=number, size=limit)
    context: dict[str, Any] = {
        "page": page,
        "rows": _lines(page, at),
        "tabs": [(key, label, key == state) for key, label in TABS],
        "state": state,
        "whom": whom,
        "people": people,
        "drafts": forms.drafts_visible_to(actor).filter(subject__startswith=SUBJECT_PREFIX)[:20],
        "nav_current": "hall:my",
    }
    return render(request, "hall/my.html", context)


def _read(
    actor: Actor, rows: QuerySet[cases.Application], offset: int, limit: int
) -> list[cases.Application]:
    found = list(rows.prefetch_related(own_cases_of(actor, "item", "organisation"))[offset : offset + limit])
    for application in found:
        for case in application.cases.all():
            case.application = application
    return found


def _lines(page: Page[cases.Application], at: datetime) -> list[dict[str, Any]]:
    numbers = [case.number for application in page.results for case in application.cases.all()]
    clocks = deadlines.clocks_of("case", numbers) if numbers else {}
    lines = []
    for application in page.results:
        found = [_line(case, clocks[case.number], at) for case in application.cases.all()]
        lines.append({"application": application, "cases": found})
    return lines


def _line(case: cases.Case, clocks: list[deadlines.Clock], at: datetime) -> dict[str, Any]:
    """A case with its sentence, and the applicant's next act where there is one."""
    standing = standing_of(case, clocks, at)
    mine = case.is_open and (standing.turn == APPLICANTS_TURN or case.owed > 0)
    return {"case": case, "standing": standing, "action": action_of(case) if mine else None}


def _whom(actor: Actor) -> list[tuple[str, str]]:
    """For whom there may be matters; empty when only oneself."""
    if not actor.entity_ids and not actor.principal_ids:
        return []
    found = [("me", "我本人")]
    found += [
        (f"person:{row.pk}", row.masked_name)
        for row in identity.Person.objects.filter(pk__in=actor.principal_ids)
    ]
    found += [
        (f"entity:{row.pk}", row.name)
        for row in identity.LegalEntity.objects.filter(pk__in=actor.entity_ids).order_by("name")
    ]
    return found


def _for_whom(rows: QuerySet[cases.Application], whom: str, actor: Actor) -> QuerySet[cases.Application]:
    kind, _colon, key = whom.partition(":")
    if whom == "me":
        return rows.filter(person_id=actor.person_id or 0)
    if kind in ("person", "entity") and key.isdecimal() and len(key) < 18:
        return rows.filter(**{f"{kind}_id": int(key)})
    return rows


@require_GET
@access(SIGNED_IN)
def application(request: HttpRequest, number: str) -> HttpResponse:
    """One application: its cases, each with its line; its receipt."""
    actor, at = actor_of_request(request), now()
    found = application_of(number, actor)
    clocks = deadlines.clocks_of("case", [case.number for case in found.cases.all()])
    lines = [
        {"case": case, "standing": standing_of(case, clocks[case.number], at)} for case in found.cases.all()
    ]
    whole = reaches_whole(found.pk, actor)
    context = {"application": found, "cases": lines, "whole": whole, "nav_current": "hall:my"}
    context["filing"] = whole and registration.has_filing(found.pk)
    if found.joint:
        context |= _joint(found, lines)
    return render(request, "hall/application.html", context)


def _joint(found: cases.Application, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """One thing as a whole: what it is, until when, how far, and whether something is to be corrected for all at once."""
    pursued = themes.theme_of_application(found)
    done = sum(line["case"].state in cases.DECIDED for line in lines)
    return {
        "pursued": pursued,
        "due_at": cases.joint_due(found),
        "done": done,
        "correcting": [
            line["case"] for line in lines if line["case"].state == cases.CaseState.CORRECTION_REQUESTED
        ],
    }

"""Registering a project: a few plain questions, the site drawn back before anything is kept."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from yimen.foundation.identity import api as identity
from yimen.foundation.orgs import api as orgs
from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Invalid, Refusal
from yimen.kernel.validation import invalid_from
from yimen.modules.projects import api as projects
from yimen.modules.projects.content import PlanQuestion
from yimen.modules.projects.drawing import SitePicture, draw_site
from yimen.modules.projects.geometry import degrees
from yimen.modules.projects.pages.hall import NAV
from yimen.modules.projects.pages.reading import text_of
from yimen.modules.projects.queries.projects import plans_on
from yimen.modules.projects.states import INVESTMENTS, PROJECT_KINDS

FIELDS = ("name", "owner", "code", "investment", "approval", "kind", "track", "division", "address", "invests", "floor_area",
          "point")  # fmt: skip
APPROVAL_CHOICES = [
    {"value": "filing", "label": "备案", "hint": "大多数企业投资项目"},
    {"value": "verification", "label": "核准", "hint": "列入政府核准的投资项目目录的"},
]
TRACK_CHOICES = [
    {"value": "parallel", "label": "并联办理", "hint": "能一起办的一起办，只等真正需要的结果"},
    {"value": "serial", "label": "逐项办理（原方式）", "hint": "办完一项再办下一项，四个阶段依次进行"},
]
LONGEST_BOUNDARY = 60_000


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What the typed site comes to."""

    picture: SitePicture | None = None
    area: float = 0.0
    corners: int = 0


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def new_project(request: HttpRequest) -> HttpResponse:
    """Register, or only draw the site (button ``_look``); what was typed always stays."""
    actor, at = actor_of_request(request), now()
    on = at.astimezone(CHINA).date()
    values: dict[str, Any] = _typed(request) if request.method == "POST" else _first(actor)
    errors: dict[str, str] = {}
    looked = Looked()
    if request.method == "POST":
        try:
            looked = _look(values)
            if "_look" not in request.POST:
                made = projects.register_project(_given(values), actor, at)
                messages.success(request, _("项目已经登记，项目代码 %(code)s。") % {"code": made.code})
                return redirect("projects:project", code=made.code)
        except Refusal as refusal:
            errors = _beside(refusal)
    context = {
        **_choices(actor, on),
        "values": values,
        "errors": errors,
        "looked": looked,
        "nav_current": NAV,
    }
    return render(request, "projects/hall_new.html", context, status=422 if errors else 200)


def _typed(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    values: dict[str, Any] = {name: text_of(post.get(name), 200) for name in FIELDS}
    values["boundary"] = str(post.get("boundary", ""))[:LONGEST_BOUNDARY].replace("\0", "")
    values["answers"] = [text_of(code, 41) for code in post.getlist("answers")[:60]]
    return values


def _first(actor: Actor) -> dict[str, Any]:
    owners = _owners(actor)
    return {
        "investment": "enterprise", "approval": "filing", "track": "parallel", "kind": "factory",
        "owner": owners[0][0] if len(owners) == 1 else "", "answers": [],
    }  # fmt: skip


def _look(values: dict[str, Any]) -> Looked:
    site = projects.read_site(values["boundary"], values["point"])
    picture = draw_site([degrees(corner) for corner in site.ring], degrees(site.point))
    return Looked(picture=picture, area=site.area, corners=len(site.ring))


def _given(values: dict[str, Any]) -> projects.ProjectIn:
    told = {name: value for name, value in values.items() if value not in ("", None)}
    told["answers"] = dict.fromkeys(values["answers"], True)
    try:
        return projects.ProjectIn.model_validate(told)
    except ValidationError as error:
        raise invalid_from(error) from error


def _beside(refusal: Refusal) -> dict[str, str]:
    """Each sentence beside its field; the boundary's field is called ``boundary`` on the page."""
    names = {"site": "boundary"}
    found = {names.get(name.split(".")[0], name.split(".")[0]): text for name, text in refusal.fields.items()}
    if isinstance(refusal, Invalid) and found:
        return found
    return {**found, "": " ".join(part for part in (refusal.message, refusal.would_pass) if part)}


def _owners(actor: Actor) -> list[tuple[str, str]]:
    rows = identity.LegalEntity.objects.filter(pk__in=actor.entity_ids).order_by("name")
    return [(row.uscc, row.name) for row in rows]


def _choices(actor: Actor, on: date) -> dict[str, Any]:
    districts = orgs.Division.objects.filter(level=3, organisations__isnull=False).distinct().order_by("code")
    return {
        "owners": _owners(actor),
        "divisions": [(one.code, one.name) for one in districts[:500] if one.exists_on(on)],
        "investments": list(INVESTMENTS.items()),
        "approvals": APPROVAL_CHOICES,
        "kinds": list(PROJECT_KINDS.items()),
        "tracks": TRACK_CHOICES,
        "questions": [{"value": q.code, "label": q.question, "hint": q.hint} for q in _questions(on)],
    }


def _questions(on: date) -> list[PlanQuestion]:
    """The questions of all plans in force, each once."""
    found: dict[str, PlanQuestion] = {}
    for plan in plans_on(on):
        for question in plan.parsed.questions:
            found.setdefault(question.code, question)
    return list(found.values())

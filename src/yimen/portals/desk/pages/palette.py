"""What the command palette finds: a case, an application, an item, an applicant by the exact number."""

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA, now
from yimen.modules.cases import api as cases
from yimen.modules.items import api as items
from yimen.modules.themes import api as themes
from yimen.portals.desk.grants import CREATE, READ
from yimen.portals.desk.lists.filters import LONGEST, applicant_of, matching

MOST = 8


@access(READ)
@require_GET
def palette(request: HttpRequest) -> JsonResponse:
    """``{results: [{label, kind, url}]}``; only the actor's own rows."""
    actor = actor_of_request(request)
    q = request.GET.get("q", "").strip()[:LONGEST]
    if len(q) < 2:
        return JsonResponse({"results": []})
    return JsonResponse({"results": [*_cases(q, actor), *_items(q, actor)]})


def _cases(q: str, actor: Actor) -> list[dict[str, str]]:
    rows = cases.cases_in_scope(actor).filter(matching(q))
    rows = rows.select_related("application__person", "application__entity", "item").order_by(
        "-is_open", "-id"
    )
    found = [
        {
            "label": f"{case.number} {case.item.name} {case.application.applicant_label}",
            "kind": cases.STATE_LABELS[cases.CaseState(case.state)],
            "url": reverse("desk:case", args=[case.number]),
        }
        for case in rows[:MOST]
    ]
    if found and applicant_of(q.replace(" ", "").upper()) is not None:
        found.insert(
            0,
            {
                "label": _("这个证件号码的全部办件"),
                "kind": _("列表"),
                "url": f"{reverse('desk:inbox')}?q={q}",
            },
        )
    return found


def _items(q: str, actor: Actor) -> list[dict[str, str]]:
    if not actor.may(CREATE) or q.isdigit():
        return []
    on = now().astimezone(CHINA).date()
    page = items.search(q, size=4, on=on)
    things = themes.published_themes(on, q=q.replace("\x00", ""), size=2).results
    found = [
        {
            "label": _("给来人办：%(name)s") % {"name": line.name},
            "kind": _("一件事"),
            "url": f"{reverse('desk:window')}?new=1&theme={line.code}",
        }
        for line in things
    ]
    return found + [
        {
            "label": _("给来人办：%(name)s") % {"name": line.name},
            "kind": line.organisation_name,
            "url": f"{reverse('desk:window')}?new=1&item={line.code}",
        }
        for line in page.results
    ]

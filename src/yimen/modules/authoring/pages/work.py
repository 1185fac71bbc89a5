"""The workbench: lists, one item with its versions, new items and versions, export."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yimen.foundation.orgs.api import organisations
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Invalid, NotFound
from yimen.modules.authoring import lineage
from yimen.modules.authoring.pages.guards import page_number, visible, working
from yimen.modules.authoring.pages.life import acts_of
from yimen.modules.authoring.queries.exporting import FORMATS, export
from yimen.modules.authoring.queries.work import WorkFilter, family_of, lineage_of, work_counts, work_list
from yimen.modules.items.api.authors import (
    ITEM_STATE_LABELS,
    STANDARD_STATE_LABELS,
    Item,
    ItemState,
    NewItem,
    Standard,
    StandardState,
    create_item,
    items_visible_to,
    reaches,
    start_version,
    versions_of,
)
from yimen.modules.items.api.contents import UNCONFIRMED
from yimen.modules.items.content import ITEM_TYPE_LABELS
from yimen.modules.items.permissions import PUBLISH, WRITE

NAV = "items_console:list"
WORK_TABS = (
    ("", "全部事项"),
    (StandardState.DRAFT.value, "编制中"),
    (StandardState.RETURNED.value, "退回修改"),
    (StandardState.IN_REVIEW.value, "待法制审核"),
    (StandardState.APPROVED.value, "待发布"),
    ("unpublished", "从未发布"),
)


@working
@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """Items of one's scope with filters in the address: ``?q=&state=&type=&organisation=&work=&page=``."""
    actor = actor_of_request(request)
    wanted = _filter(request)
    counts = work_counts(actor)
    context = {
        "page": work_list(actor, wanted),
        "wanted": wanted,
        "tabs": [
            (value, label, counts.get(value, 0) if value in STANDARD_STATE_LABELS else None)
            for value, label in WORK_TABS
        ],
        "types": [("", "所有类型"), *((kind.value, label) for kind, label in ITEM_TYPE_LABELS.items())],
        "states": [("", "所有状态"), *((state.value, label) for state, label in ITEM_STATE_LABELS.items())],
        "may_write": actor.may(WRITE),
        "formats": list(FORMATS),
        "nav_current": NAV,
    }
    return render(request, "authoring/list.html", context)


def _filter(request: HttpRequest) -> WorkFilter:
    def given(name: str) -> str:
        return request.GET.get(name, "")[:80].strip()

    return WorkFilter(
        q=given("q"),
        state=given("state"),
        type=given("type"),
        organisation=given("organisation"),
        work=given("work") if given("work") in dict(WORK_TABS) else "",
        page=page_number(request),
    )


@working
@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """The items of one's scope as a file: ``?format=csv|xlsx|json|yaml`` and the filters of the list."""
    form = request.GET.get("format", "csv")
    if form not in FORMATS:
        raise NotFound("没有这种导出格式，请选择 csv、xlsx、json 或者 yaml。")
    ids = items_visible_to(actor_of_request(request)).values("pk")
    response = HttpResponse(export(form, Item.objects.filter(pk__in=ids)), content_type=FORMATS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="items.{form}"'
    return response


@working
@require_GET
def item_overview(request: HttpRequest, code: str) -> HttpResponse:
    """One item: versions, what is being worked on, lineage, and what may be done."""
    actor = actor_of_request(request)
    item = visible(request, code)
    return render(
        request,
        "authoring/item.html",
        {
            "item": item,
            "versions": list(versions_of(item, published_only=False)),
            "lineage": lineage_of(item),
            "graph": _graph(item, actor),
            "may_write": reaches(WRITE, actor, item) and item.state != ItemState.CANCELLED,
            "acts": acts_of(item) if reaches(PUBLISH, actor, item) else [],
            "nav_current": NAV,
        },
    )


def _graph(item: Item, actor: Actor) -> lineage.Graph | None:
    """The family of an item as a drawing."""
    members, steps, reachable = family_of(item, actor)
    return lineage.laid_out(
        [
            lineage.Item(
                key=member.pk,
                code=member.code,
                name=member.name,
                here=member.pk == item.pk,
                gone=member.state == ItemState.CANCELLED,
                url=reverse("items_console:item", args=[member.code]) if member.pk in reachable else "",
            )
            for member in members
        ],
        [
            lineage.Step(source=s.from_item_id, target=s.to_item_id, label=s.get_kind_display(), on=s.on)
            for s in steps
            if s.from_item_id and s.to_item_id
        ],
    )


@access(WRITE)
@require_http_methods(["GET", "POST"])
def new_item(request: HttpRequest) -> HttpResponse:
    """Add an item; ``?from=CODE`` starts from another one's content."""
    actor, at = actor_of_request(request), now()
    origin = items_visible_to(actor).filter(code=request.GET.get("from", "")).first()
    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = {
            name: request.POST.get(name, "").strip()
            for name in ("code", "name", "type", "organisation", "slug")
        }
        try:
            content = _first_content(values, origin)
            new = NewItem(
                code=values["code"], organisation=values["organisation"], slug=values["slug"], content=content
            )
            item = create_item(new, actor, at, origin=origin)
            return redirect("items_console:edit", item.code, 1)
        except Invalid as refusal:
            errors = refusal.fields
        except NotFound as refusal:
            errors = {"organisation": refusal.message}
    scopes = [scope.organisation_id for scope in actor.scopes(WRITE) if scope.organisation_id]
    rows = organisations(on=at.astimezone(CHINA).date())
    if scopes and len(scopes) == len(actor.scopes(WRITE)):
        rows = rows.filter(pk__in=scopes)
    context = {
        "values": values,
        "errors": errors,
        "origin": origin,
        "types": [(kind.value, label) for kind, label in ITEM_TYPE_LABELS.items()],
        "organisations": [(org.code, org.name) for org in rows[:500]],
        "nav_current": NAV,
    }
    return render(request, "authoring/new.html", context, status=422 if errors else 200)


def _first_content(values: dict[str, str], origin: Item | None) -> dict[str, Any]:
    newest = Standard.objects.filter(item=origin).order_by("-version").first() if origin else None
    unknown = {"amount": 0, "note": UNCONFIRMED}
    base = (
        newest.content
        if newest
        else {"audience": ["person"], "legal_limit": unknown, "promised_limit": unknown}
    )
    return {**base, "name": values["name"], "type": values["type"]}


@access(WRITE)
@require_POST
def new_version(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the next version, or go on with the one in work."""
    standard = start_version(code, actor_of_request(request), now())
    return redirect("items_console:edit", code, standard.version)

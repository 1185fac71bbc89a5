"""The workbench: lists, one item with its versions and its life, new items, export, two sets compared."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yimen.foundation.orgs.api import organisations
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Invalid, NotFound
from yimen.modules.items.compare import Pair, compare_sets
from yimen.modules.items.content import ITEM_TYPE_LABELS
from yimen.modules.items.lint import UNCONFIRMED
from yimen.modules.items.models import Item, Standard
from yimen.modules.items.pages.guards import working
from yimen.modules.items.pages.hall import page_number
from yimen.modules.items.permissions import PUBLISH, WRITE
from yimen.modules.items.queries.exporting import FORMATS, export
from yimen.modules.items.queries.items import (
    WorkFilter,
    items_visible_to,
    lineage_of,
    versions_of,
    work_counts,
    work_list,
)
from yimen.modules.items.services.drafting import start_version
from yimen.modules.items.services.items import NewItem, create_item
from yimen.modules.items.services.life import (
    adjust_item,
    cancel_item,
    merge_items,
    resume_item,
    split_item,
    suspend_item,
    transfer_item,
)
from yimen.modules.items.states import (
    ITEM_STATE_LABELS,
    STANDARD_STATE_LABELS,
    ItemState,
    StandardState,
    reaches,
)

MOST_COMPARED = 2_000
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
    return render(request, "items/console_list.html", context)


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
    item = _visible(request, code)
    return render(
        request,
        "items/console_item.html",
        {
            "item": item,
            "versions": list(versions_of(item, published_only=False)),
            "lineage": lineage_of(item),
            "may_write": reaches(WRITE, actor, item) and item.state != ItemState.CANCELLED,
            "acts": _acts(item) if reaches(PUBLISH, actor, item) else [],
            "nav_current": NAV,
        },
    )


def _visible(request: HttpRequest, code: str) -> Item:
    item = items_visible_to(actor_of_request(request)).filter(code=code).first()
    if item is None:
        raise NotFound()
    return item


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
    return render(request, "items/console_new.html", context, status=422 if errors else 200)


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


# ---- life ---------------------------------------------------------------------------------------------------------

ACTS: dict[str, tuple[str, str, str]] = {
    "suspend": ("暂停", "暂停后不再收新的申请，已经受理的照常办完。", ""),
    "resume": ("恢复", "恢复后可以重新申请。", ""),
    "cancel": ("取消", "取消后不能恢复，已经受理的照常办完。", ""),
    "split": ("拆分", "拆分为几个已经发布的新事项，办事人会被引导过去。", "新事项的代码，每行一个"),
    "merge": ("并入其他事项", "并入一个已经发布的事项，办事人会被引导过去。", "并入的事项代码"),
    "adjust": ("调整层级或者权限", "以新的代码继续办理，新事项要先发布。", "调整后的事项代码"),
    "transfer": ("划转给其他部门", "今后由另一个部门办理，编码不变，在办件不动。", "接收部门的代码"),
}


def _acts(item: Item) -> list[tuple[str, str]]:
    names = {
        ItemState.ACTIVE: ("suspend", "cancel", "split", "merge", "adjust", "transfer"),
        ItemState.SUSPENDED: ("resume", "cancel", "split", "merge", "adjust", "transfer"),
        ItemState.CANCELLED: (),
    }[ItemState(item.state)]
    return [(name, ACTS[name][0]) for name in names]


@access(PUBLISH)
@require_http_methods(["GET", "POST"])
def life(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """One act on an item's life: what it means, reason, clause, and where the item goes."""
    if act not in ACTS:
        raise NotFound()
    item = _visible(request, code)
    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = {name: request.POST.get(name, "").strip()[:2000] for name in ("reason", "clause", "into")}
        try:
            _carry_out(request, act, item.code, values)
            messages.success(request, _("已办理：%(act)s。") % {"act": ACTS[act][0]})
            return redirect("items_console:item", item.code)
        except (Invalid, NotFound) as refusal:
            errors = getattr(refusal, "fields", {}) or {"into": refusal.message}
            errors = {
                ("into" if name in ("codes", "organisation") else name): text for name, text in errors.items()
            }
    title, meaning, into_label = ACTS[act]
    context = {
        "item": item,
        "act": act,
        "title": title,
        "meaning": meaning,
        "into_label": into_label,
        "values": values,
        "errors": errors,
        "nav_current": NAV,
    }
    return render(request, "items/console_life.html", context, status=422 if errors else 200)


def _carry_out(request: HttpRequest, act: str, code: str, values: dict[str, str]) -> None:
    actor, at = actor_of_request(request), now()
    why = (values["reason"], values["clause"])
    into = values["into"].split()
    one = into[0] if into else ""
    if act == "suspend":
        suspend_item(code, *why, actor, at)
    elif act == "resume":
        resume_item(code, actor, at, reason=values["reason"])
    elif act == "cancel":
        cancel_item(code, *why, actor, at)
    elif act == "split":
        split_item(code, into, *why, actor, at)
    elif act == "merge":
        merge_items([code], one, *why, actor, at)
    elif act == "adjust":
        adjust_item(code, one, *why, actor, at)
    else:
        transfer_item(code, one, *why, actor, at)


# ---- two sets -----------------------------------------------------------------------------------------------------


@working
@require_GET
def compare_divisions(request: HttpRequest) -> HttpResponse:
    """The published standards of two divisions side by side (a province's and a city's): ``?left=&right=``."""
    left, right = (request.GET.get(name, "").strip()[:12] for name in ("left", "right"))
    pairs: list[Pair] = []
    if left.isdigit() and right.isdigit():
        pairs = compare_sets(_set_of(request, left), _set_of(request, right))
    counts = {
        kind: sum(pair.kind == kind for pair in pairs)
        for kind in ("same", "different", "only_left", "only_right")
    }
    context = {
        "left": left,
        "right": right,
        "pairs": [pair for pair in pairs if pair.kind != "same"],
        "counts": counts,
        "asked": bool(left and right),
        "nav_current": NAV,
    }
    return render(request, "items/console_compare.html", context)


def _set_of(request: HttpRequest, division: str) -> dict[str, Any]:
    """By base code where there is one, else by name: the same matter in two places."""
    rows = (
        items_visible_to(actor_of_request(request))
        .filter(division__code=division.ljust(12, "0"), current__isnull=False)
        .order_by("code")[:MOST_COMPARED]
    )
    return {item.base_code or item.name: item.current.parsed for item in rows if item.current}

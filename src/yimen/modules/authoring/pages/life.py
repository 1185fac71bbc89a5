"""What becomes of an item: one page for each act, with reason and clause."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid, NotFound
from yimen.modules.authoring.pages.guards import visible
from yimen.modules.items.api.authors import (
    Item,
    ItemState,
    adjust_item,
    cancel_item,
    merge_items,
    resume_item,
    split_item,
    suspend_item,
    transfer_item,
)
from yimen.modules.items.permissions import PUBLISH

NAV = "items_console:list"
ACTS: dict[str, tuple[str, str, str]] = {
    "suspend": ("暂停", "暂停后不再收新的申请，已经受理的照常办完。", ""),
    "resume": ("恢复", "恢复后可以重新申请。", ""),
    "cancel": ("取消", "取消后不能恢复，已经受理的照常办完。", ""),
    "split": ("拆分", "拆分为几个已经发布的新事项，办事人会被引导过去。", "新事项的代码，每行一个"),
    "merge": ("并入其他事项", "并入一个已经发布的事项，办事人会被引导过去。", "并入的事项代码"),
    "adjust": ("调整层级或者权限", "以新的代码继续办理，新事项要先发布。", "调整后的事项代码"),
    "transfer": ("划转给其他部门", "今后由另一个部门办理，编码不变，在办件不动。", "接收部门的代码"),
}


def acts_of(item: Item) -> list[tuple[str, str]]:
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
    item = visible(request, code)
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
    return render(request, "authoring/life.html", context, status=422 if errors else 200)


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

"""Going on with a kept draft, or throwing it away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.errors import NotFound
from yimen.modules.forms import api as forms
from yimen.portals.hall.filling import ITEMS, SUBJECT_PREFIX, THEME


@require_GET
@access(SIGNED_IN)
def resume(request: HttpRequest, key: int) -> HttpResponse:
    """Open a draft where it was left, on whatever device."""
    draft = forms.draft_with_id(min(key, 2**63 - 1), actor_of_request(request))
    theme, codes = draft.values.get(THEME), draft.values.get(ITEMS)
    if draft.subject.startswith(SUBJECT_PREFIX) and isinstance(theme, str):
        return redirect(f"{reverse('hall:apply')}?theme={theme}")
    if not draft.subject.startswith(SUBJECT_PREFIX) or not isinstance(codes, list):
        raise NotFound("没有找到这份草稿，可能已经提交或者删除。")
    query = "&".join(f"item={code}" for code in codes)
    return redirect(f"{reverse('hall:apply')}?{query}")


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def discard(request: HttpRequest, key: int) -> HttpResponse:
    """Ask once, then delete a draft with everything it kept."""
    key = min(key, 2**63 - 1)
    draft = forms.draft_with_id(key, actor_of_request(request))
    if request.method == "GET":
        return render(request, "hall/apply/discard.html", {"draft": draft, "nav_current": "hall:my"})
    forms.discard_draft(key, actor_of_request(request))
    messages.success(request, _("草稿已删除。"))
    return redirect("hall:my")

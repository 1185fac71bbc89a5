"""Opinions that other organisations ask of ours."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Refusal
from yimen.kernel.paging import Page, window
from yimen.modules.cases import api as cases
from yimen.portals.desk.grants import OPINE
from yimen.portals.desk.lists.filters import read_filters

WORDS = {
    "agree": "经研究，无不同意见，同意。",
    "object": "经研究，不同意，理由如下：",
}


@access(OPINE)
@require_http_methods(["GET", "POST"])
def opinions(request: HttpRequest) -> HttpResponseBase:
    """The waiting ones, soonest due first; POST answers one."""
    actor, at = actor_of_request(request), now()
    typed: dict[str, str] = {"request": ""}
    errors: dict[str, str] = {}
    said = ""
    if request.method == "POST":
        key = str(request.POST.get("request") or "")
        answer, text = str(request.POST.get("answer") or ""), str(request.POST.get("text") or "").strip()
        if answer not in WORDS:
            errors["answer"] = _("请选择同意还是不同意。")
        if answer == "object" and len(text) < 4:
            errors["text"] = _("不同意的，请写明理由和依据。")
        typed = {"request": key, "answer": answer, "text": text[:4000]}
        if not errors and key.isascii() and key.isdigit() and len(key) < 19:
            try:
                cases.give_opinion(int(key), answer, text[:4000], actor, at)  # type: ignore[arg-type]
            except Refusal as refusal:
                said = refusal.message
            else:
                messages.success(request, _("意见已答复。"))
                return redirect("desk:opinions")
    rows = cases.opinions_waiting_for(actor)
    offset, limit, number = window(read_filters(request.GET).page, 20)
    page = Page(count=rows.count(), results=list(rows[offset : offset + limit]), number=number, size=limit)
    context = {
        "page": page, "typed": typed, "errors": errors, "said": said, "at": at, "nav_current": "desk:opinions",
        "answers": [("agree", "同意"), ("object", "不同意")],
    }  # fmt: skip
    return render(request, "desk/opinions.html", context)

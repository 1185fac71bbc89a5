"""The hall: find what can be done, and read how."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from yimen.foundation.documents.api import render_pdf
from yimen.kernel.access import PUBLIC, access
from yimen.kernel.clock import CHINA, now
from yimen.modules.forms.api import render_form
from yimen.modules.items.canonical import plain
from yimen.modules.items.compare import compare, grouped, verdict
from yimen.modules.items.content import ITEM_TYPE_LABELS
from yimen.modules.items.presenting import POST_WORDS, guide_of
from yimen.modules.items.queries.items import shown, two_versions, versions_of
from yimen.modules.items.queries.search import search, suggest
from yimen.modules.items.states import ItemState
from yimen.modules.items.wording import AUDIENCE_WORDS

MOST_PAGES = 100_000


def page_number(request: HttpRequest) -> int:
    """``?page=`` as a number; anything odd is the first page."""
    text = request.GET.get("page", "1")
    return min(int(text), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def version_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else None


@access(PUBLIC)
@require_GET
def item_list(request: HttpRequest) -> HttpResponse:
    """Search and browse: ``?q=&type=&audience=&division=&organisation=&page=``; htmx asks for the results only."""
    asked = {
        name: request.GET.get(name, "")[:60] for name in ("q", "division", "organisation", "type", "audience")
    }
    if asked["type"] not in ITEM_TYPE_LABELS:
        asked["type"] = ""
    if asked["audience"] not in AUDIENCE_WORDS:
        asked["audience"] = ""
    found = search(
        asked["q"],
        division=asked["division"],
        organisation=asked["organisation"],
        type=asked["type"],
        audience=asked["audience"],
        page=page_number(request),
    )
    context = {
        "page": found,
        "asked": asked,
        "types": [(kind.value, label) for kind, label in ITEM_TYPE_LABELS.items()],
        "audiences": [("person", "个人"), ("enterprise", "企业")],
        "nav_current": "items:list",
    }
    htmx: Any = getattr(request, "htmx", None)
    part = bool(htmx) and not getattr(htmx, "history_restore_request", False)
    response = render(request, "items/_results.html" if part else "items/list.html", context)
    response.headers["Vary"] = "HX-Request"
    return response


@access(PUBLIC)
@require_GET
def suggestions(request: HttpRequest) -> HttpResponse:
    """What somebody who is typing may mean: an HTML list under the field."""
    q = request.GET.get("q", "")[:60]
    return render(request, "items/_suggestions.html", {"found": suggest(q) if q.strip() else [], "q": q})


@access(PUBLIC)
@require_GET
def item_page(request: HttpRequest, code: str) -> HttpResponse:
    """One item: five answers first, details folded below; ``?version=`` for an older one."""
    today = now().astimezone(CHINA).date()
    item, standard = shown(code, today, version_number(request.GET.get("version")))
    versions = list(versions_of(item, published_only=True)[:10])
    context = {
        "item": item,
        "standard": standard,
        "guide": guide_of(standard.content),
        "versions": versions,
        "has_history": len(versions) > 1,
        "is_open": item.state == ItemState.ACTIVE and item.current_id == standard.standard_id,
        "is_old": item.current_id != standard.standard_id,
        "coming": next((v for v in versions if v.valid_from and v.valid_from > today), None),
        "start_url": start_address(item.code),
        "nav_current": "items:list",
    }
    return render(request, "items/item.html", context)


def start_address(code: str) -> str:
    """Where an application begins; "" while no room serves it."""
    try:
        return f"{reverse('hall:apply')}?item={quote(code)}"
    except NoReverseMatch:
        return ""


@access(PUBLIC)
@require_GET
def changes_page(request: HttpRequest, code: str) -> HttpResponse:
    """What changed from one published version to another, and what it means: ``?from=&to=``, by default the last two."""
    today = now().astimezone(CHINA).date()
    item, _ = shown(code, today)
    numbers = list(versions_of(item, published_only=True).values_list("version", flat=True))
    new = version_number(request.GET.get("to")) or numbers[0]
    old = version_number(request.GET.get("from")) or max((n for n in numbers if n < new), default=new)
    before, after = two_versions(item, old, new)
    changes = compare(before.parsed, after.parsed)
    context = {
        "item": item,
        "before": before,
        "after": after,
        "changes": changes,
        "groups": grouped(changes),
        "verdict": verdict(changes),
        "nav_current": "items:list",
    }
    return render(request, "items/changes.html", context)


@access(PUBLIC)
@require_GET
def form_page(request: HttpRequest, code: str) -> HttpResponse:
    """The form as it will be asked, to look at before beginning (行政许可法第三十条: a sample is displayed)."""
    at = now().astimezone(CHINA)
    item, standard = shown(code, at.date())
    known = {"today": at.date(), "applicant_kind": "person"}
    context = {
        "item": item,
        "standard": standard,
        "form": render_form(standard.content.form, known=known),
        "has_form": any(True for _ in standard.content.form.fields()),
        "start_url": start_address(item.code),
        "nav_current": "items:list",
    }
    return render(request, "items/form.html", context)


@access(PUBLIC)
@require_GET
def guide_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The guide as PDF, for printing and for the counter."""
    today = now().astimezone(CHINA).date()
    item, standard = shown(code, today, version_number(request.GET.get("version")))
    data = {
        "content": plain(standard.content),
        "code": item.code,
        "version": standard.version,
        "organisation": item.organisation.name,
        "date": standard.valid_from,
        "page_url": request.build_absolute_uri(reverse("items:item", args=[item.code])),
        "names": POST_WORDS,
    }
    response = HttpResponse(render_pdf("guide", data), content_type="application/pdf")
    name = quote(f"{standard.name}办事指南.pdf")
    response.headers["Content-Disposition"] = f"inline; filename=\"guide.pdf\"; filename*=UTF-8''{name}"
    return response

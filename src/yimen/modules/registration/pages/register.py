"""The public register: anybody may search it, read an entity, and ask whether a name is free (条例第三十五条)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.foundation.documents.api import qr_svg
from yimen.kernel.access import PUBLIC, access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Invalid
from yimen.modules.registration.models import CancellationNotice, MarketEntity
from yimen.modules.registration.pages.reading import page_number, text_of
from yimen.modules.registration.papers import page_of, place_name
from yimen.modules.registration.queries import register
from yimen.modules.registration.queries.names import check_name
from yimen.modules.registration.rules.deeds import yuan
from yimen.modules.registration.rules.trades import industry_path
from yimen.modules.registration.states import KIND_LABELS, EntityKind, EntityState

TONES = {"active": "done", "abnormal": "late", "cancelling": "soon", "cancelled": "calm", "revoked": "late"}
"""Tone of the badge of each state; the word beside it says the same."""
WORDS = {
    "active": "存续",
    "abnormal": "经营异常",
    "cancelling": "简易注销公告中",
    "cancelled": "已注销",
    "revoked": "吊销未注销",
}
EVENT_TONES = {
    "set_up": "done",
    "list_abnormal": "late",
    "revoke": "late",
    "cancel": "late",
    "object": "soon",
    "dispute": "soon",
}


@require_GET
@access(PUBLIC)
def search(request: HttpRequest) -> HttpResponse:
    """Search by name or code; ``?q=&state=&page=``."""
    q, state = text_of(request, "q", 80), text_of(request, "state", 12)
    state = state if state in set(EntityState) else ""
    context: dict[str, Any] = {
        "q": q,
        "state": state,
        "states": [(s.value, WORDS[s.value]) for s in EntityState],
        "tones": TONES,
        "words": WORDS,
        "nav_current": "registration:search",
    }
    if not q and not state:
        return render(request, "registration/search.html", context)
    try:
        context["page"] = register.search(q, state=state, page=page_number(request))
    except Invalid as wrong:
        context["wrong"] = next(iter(wrong.fields.values()), wrong.message)
        return render(request, "registration/search.html", context, status=422)
    return render(request, "registration/search.html", context)


@require_GET
@access(PUBLIC)
def names(request: HttpRequest) -> HttpResponse:
    """May this name be registered? Which character, which clause, what would pass."""
    name, kind, parent = text_of(request, "name"), text_of(request, "kind", 20), text_of(request, "parent")
    kind = kind if kind in set(EntityKind) else EntityKind.COMPANY
    context: dict[str, Any] = {
        "name": name,
        "kind": str(kind),
        "parent": parent,
        "kinds": [(k.value, KIND_LABELS[k]) for k in EntityKind if k != EntityKind.OTHER],
        "nav_current": "registration:search",
    }
    if name:
        verdict = check_name(name, now().astimezone(CHINA).date(), kind=kind, parent=parent)
        parts = verdict.parts
        context |= {
            "verdict": verdict,
            "parts": [
                ("行政区划", parts.place),
                ("字号", parts.brand),
                ("行业或者经营特点", parts.trade),
                ("组织形式", parts.form),
            ],
        }
    return render(request, "registration/names.html", context)


@require_GET
@access(PUBLIC)
def entity(request: HttpRequest, uscc: str) -> HttpResponse:
    """One entity: its matters of registration, what changed, where it stands; what the licence's QR leads to."""
    found = register.entity_with_code(uscc)
    actor, today = actor_of_request(request), now().astimezone(CHINA).date()
    notice = next(
        (
            n
            for n in found.notices.all()
            if n.state in (CancellationNotice.RUNNING, CancellationNotice.OBJECTED)
        ),
        None,
    )
    context = {
        "entity": found,
        "facts": _facts(found, today),
        "industry": industry_path(found.industry),
        "state_word": WORDS[found.state],
        "tone": TONES[found.state],
        "events": [(e, EVENT_TONES.get(e.kind, "")) for e in reversed(found.events.all())],
        "abnormal": found.abnormal_entries.all(),
        "notice": notice,
        "may_object": notice is not None and notice.starts_on <= today <= notice.ends_on,
        "may_announce": may_announce(found, actor),
        "branches": register.branches_of(found),
        "premises": [(p, p.valid_until >= today) for p in found.premises.all()],
        "page_url": page_of(found.uscc),
        "nav_current": "registration:search",
    }
    return render(request, "registration/entity.html", context)


def may_announce(found: MarketEntity, actor: Actor) -> bool:
    """Does this actor act for an entity that may announce its simple cancellation?"""
    own = found.legal_entity_id is not None and found.legal_entity_id in actor.entity_ids
    return own and found.state == EntityState.ACTIVE and found.kind != EntityKind.SOLE_TRADER


def _facts(found: MarketEntity, today: Any) -> list[tuple[str, Any]]:
    place = place_name(found.division, today)
    rows = [
        ("统一社会信用代码", found.uscc),
        ("类型", found.kind_label),
        (found.representative_label, found.representative),
        ("注册资本（出资额）", yuan(found.capital) or found.capital_note),
        (
            "住所（经营场所）",
            f"{place}{found.address}" if not found.address.startswith(place[-3:]) else found.address,
        ),
        ("登记机关", found.authority),
        ("经营范围", found.scope),
    ]
    return [row for row in rows if row[1]]


@require_GET
@access(PUBLIC)
def qr(request: HttpRequest, uscc: str) -> HttpResponse:
    """The QR code that leads to this entity's page."""
    found = register.entity_with_code(uscc)
    svg = qr_svg(page_of(found.uscc))
    return HttpResponse(
        svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) if "xmlns" not in svg else svg,
        content_type="image/svg+xml",
    )

"""The registrar's room: who stands how, the abnormal list, revocation, notices and objections."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yimen.foundation.trace import api as trace
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid, NotFound
from yimen.kernel.lists import page_of
from yimen.modules.registration.models import MarketEntity
from yimen.modules.registration.pages.reading import page_number, text_of
from yimen.modules.registration.pages.register import EVENT_TONES, TONES, WORDS
from yimen.modules.registration.permissions import ANY
from yimen.modules.registration.queries.register import watched, xs_visible_to
from yimen.modules.registration.services import notices, standing
from yimen.modules.registration.states import ABNORMAL_REASONS, MACHINE, EntityState

NAV = "registration_console:list"
SIZE = 30


@dataclass(frozen=True)
class Act:
    """A page of one act: what it means, what it asks, what it does.

    Args:
        choices: name of a choice, its label, and (value, label) of each answer.
        texts: name, label and hint of what is written.
    """

    title: str
    meaning: str
    perform: Callable[[str, dict[str, str], Actor, datetime], Any]
    choice: tuple[str, str] = ("", "")
    options: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, str, str], ...] = field(default=())
    danger: bool = False


FACTS = ("note", "查实的情况", "写明时间、地点、怎样查实的")
ACTS: dict[str, Act] = {
    "list_abnormal": Act(
        "列入经营异常名录", "列入后在登记簿上向社会公示，并且不再适用简易注销。",
        lambda uscc, said, actor, at: standing.list_abnormal(uscc, said["reason"], said["note"], actor, at),
        ("reason", "列入事由"), tuple((code, label) for code, (label, _clause) in ABNORMAL_REASONS.items()), (FACTS,),
    ),
    "delist": Act(
        "移出经营异常名录", "移出以后恢复正常状态；列入和移出都留在历史里。",
        lambda uscc, said, actor, at: standing.delist(uscc, said["note"], actor, at),
        texts=(("note", "移出的理由", "例如已补报年度报告并公示"),),
    ),
    "revoke": Act(
        "吊销营业执照", "吊销以后不能再经营，只能办理注销登记。应当先作出行政处罚决定并送达。",
        lambda uscc, said, actor, at: standing.revoke(uscc, said["ground"], said["document"], said["note"], actor, at),
        ("ground", "法定情形"), tuple((code, label) for code, (label, _clause) in standing.REVOCATION_CLAUSES.items()),
        (("document", "处罚决定书文号", "例如 澜市监处罚〔2026〕12号"), FACTS), danger=True,
    ),
    "end_notice": Act(
        "终止简易注销公告", "异议成立时终止，市场主体恢复正常状态，可以改走普通注销。",
        lambda uscc, said, actor, at: notices.end_notice(uscc, said["why"], actor, at),
        texts=(("why", "终止的理由", "写明异议为什么成立"),),
    ),
}  # fmt: skip


@access(*ANY)
@require_GET
def entity_list(request: HttpRequest) -> HttpResponse:
    """Entities of the registrar's divisions, by state and part of the name."""
    state, q = text_of(request, "state", 12), text_of(request, "q", 60)
    context = {
        "page": page_of(watched(actor_of_request(request), state, q), page_number(request), SIZE),
        "state": state,
        "q": q,
        "states": list(WORDS.items()),
        "words": WORDS,
        "tones": TONES,
        "nav_current": NAV,
    }
    return render(request, "registration/console_list.html", context)


def _visible(uscc: str, actor: Actor) -> MarketEntity:
    found = xs_visible_to(actor).filter(uscc=uscc[:18]).first()
    if found is None:
        raise NotFound("没有找到这家市场主体，或者它不在您的辖区。")
    return found


@access(*ANY)
@require_GET
def entity(request: HttpRequest, uscc: str) -> HttpResponse:
    """One entity with what may be done to it now."""
    actor = actor_of_request(request)
    found = _visible(uscc, actor)
    possible = MACHINE.possible(EntityState(found.state), actor, found)
    notice = found.notices.filter(state__in=["running", "objected"]).first()
    objections = list(notice.objections.order_by("made_at")[:200]) if notice else []
    if objections and "end_notice" in possible:
        trace.record_reading(actor, "market_entity", found.uscc, "查看对简易注销提出异议的人", now())
    context = {
        "entity": found,
        "state_word": WORDS[found.state],
        "tone": TONES[found.state],
        "acts": [(name, ACTS[name]) for name in possible],
        "events": [(e, EVENT_TONES.get(e.kind, "")) for e in found.events.order_by("-at", "-id")[:50]],
        "notice": notice,
        "objections": objections,
        "may_settle": "end_notice" in possible,
        "nav_current": NAV,
    }
    return render(request, "registration/console_entity.html", context)


@access(*ANY)
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, uscc: str, act: str) -> HttpResponse:
    """One act with its reason; what was typed stays when it is not enough."""
    wanted = ACTS.get(act)
    if wanted is None:
        raise NotFound()
    actor = actor_of_request(request)
    found, errors = _visible(uscc, actor), {}
    MACHINE.check(act, EntityState(found.state), actor, found)
    names = [name for name, _label, _hint in wanted.texts] + [wanted.choice[0]] * bool(wanted.choice[0])
    said = {name: text_of(request, name, 1000) for name in names}
    if request.method == "POST":
        try:
            wanted.perform(found.uscc, said, actor, now())
        except Invalid as wrong:
            errors = wrong.fields
        else:
            messages.success(request, _("已办理：%(act)s。") % {"act": wanted.title})
            return redirect("registration_console:entity", found.uscc)
    texts = [(name, label, hint, said[name], errors.get(name, "")) for name, label, hint in wanted.texts]
    context = {
        "entity": found,
        "act": wanted,
        "texts": texts,
        "chosen": said.get(wanted.choice[0], ""),
        "choice_error": errors.get(wanted.choice[0], ""),
        "errors": errors,
        "nav_current": NAV,
    }
    return render(request, "registration/console_act.html", context, status=422 if errors else 200)


@access(*ANY)
@require_http_methods(["POST"])
def dismiss(request: HttpRequest, uscc: str, key: int) -> HttpResponse:
    """An objection is found to be unfounded, with reasons."""
    actor = actor_of_request(request)
    found = _visible(uscc, actor)
    try:
        notices.dismiss_objection(min(key, 2**63 - 1), text_of(request, "why", 1000), actor, now())
        messages.success(request, _("已驳回这条异议。"))
    except Invalid as wrong:
        messages.error(request, next(iter(wrong.fields.values()), wrong.message))
    return redirect("registration_console:entity", found.uscc)

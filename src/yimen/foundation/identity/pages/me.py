"""Acting for somebody: for whom I may act, who may act for me, choosing, adding, taking back."""

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yimen.foundation.identity import acting, queries
from yimen.foundation.identity.models import LegalEntity, Person, Representation
from yimen.foundation.identity.pages.reading import day_of, key_of, text_of
from yimen.foundation.identity.pages.signin import next_of
from yimen.foundation.identity.services.people import find_or_register_person
from yimen.foundation.identity.services.representations import grant_representation, revoke_representation
from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.actor import ENTITY, Actor
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid, NotFound, NotPossible, Refusal, TooMany

FIELDS = ("principal", "name", "id_number", "valid_to", "scope", "note")
MOST_A_DAY = 20


def _person_of(actor: Actor) -> Person:
    person = Person.objects.filter(pk=actor.person_id).first() if actor.person_id else None
    if person is None:
        raise NotPossible("您的账户还没有实名，请先完成实名注册，再办理代办委托。")
    return person


def _page(
    request: HttpRequest, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> HttpResponse:
    actor, today = actor_of_request(request), queries.china_day(now())
    context: dict[str, Any] = {
        "values": values,
        "errors": errors,
        "chosen": acting.chosen(request.session, actor),
        "entities": LegalEntity.objects.filter(pk__in=actor.entity_ids).order_by("name"),
        "mine": queries.representations_by(actor, today),
        "given": queries.representations_of(actor, today),
        "principals": queries.principals_of(actor),
        "nav_current": "identity_representations",
    }
    return render(request, "identity/representations.html", context, status=status)


@require_http_methods(["GET"])
@access(SIGNED_IN)
def representations(request: HttpRequest) -> HttpResponse:
    """The page of acting for somebody."""
    return _page(request, {"next": request.GET.get("next", "")}, {})


@require_POST
@access(SIGNED_IN)
def act_for(request: HttpRequest) -> HttpResponse:
    """Act for somebody from now on, or for oneself again."""
    kind, _colon, key = text_of(request.POST, "principal", 40).partition(":")
    acting.choose(request.session, actor_of_request(request), kind, key_of(key))
    now_for = acting.chosen(request.session, actor_of_request(request))
    said = _("现在开始为“%(name)s”办事。") % {"name": now_for} if now_for else _("现在为自己办事。")
    messages.success(request, said)
    return redirect(
        next_of(request, request.POST) if request.POST.get("next") else "identity_representations"
    )


@require_POST
@access(SIGNED_IN)
def add(request: HttpRequest) -> HttpResponse:
    """Let somebody act for me or for an enterprise whose legal representative I am."""
    values = {field: text_of(request.POST, field, 500) for field in FIELDS}
    try:
        _add(actor_of_request(request), values)
    except Refusal as refusal:
        return _page(request, values, refusal.fields or {"": refusal.message}, 422)
    messages.success(request, _("已添加代办人，对方登录后即可为您办事。"))
    return redirect("identity_representations")


def _add(actor: Actor, values: dict[str, str]) -> Representation:
    me, at = _person_of(actor), now()
    kind, _colon, key = values["principal"].partition(":")
    entity = None
    if kind == ENTITY:
        entity = LegalEntity.objects.filter(pk=key_of(key), legal_representative=me).first()
        if entity is None:
            raise Invalid(fields={"principal": "只有法定代表人可以为单位添加代办人，请重新选择。"})
    until = day_of(values, "valid_to")
    _count(actor)
    # no telephone: what somebody says of another must not become where that other is told of his matters
    agent = find_or_register_person(values["name"], values["id_number"], "", at)
    return grant_representation(
        agent=agent,
        actor=actor,
        at=at,
        principal_person=None if entity else me,
        principal_entity=entity,
        scope=values["scope"].replace("，", ",").replace("、", ",").split(","),
        valid_to=until,
        note=values["note"],
    )


def _count(actor: Actor) -> None:
    """Names and numbers of others are tried in vain."""
    today = queries.china_day(now())
    key = f"identity.agents.{actor.account_id}.{today}"
    if not cache.add(key, 1, 86_400) and cache.incr(key) > MOST_A_DAY:
        raise TooMany("今天添加代办人的次数太多了，请明天再试，或者到窗口办理。")


@require_POST
@access(SIGNED_IN)
def revoke(request: HttpRequest, key: int) -> HttpResponse:
    """Take a representation back, or give it up."""
    actor = actor_of_request(request)
    row = queries.representations_touching(actor).filter(pk=min(key, 2**63 - 1)).first()
    if row is None:
        raise NotFound("没有找到这项委托，或者它与您无关。")
    revoke_representation(row, actor=actor, at=now())
    messages.success(request, _("已撤销，立即生效。"))
    return redirect("identity_representations")

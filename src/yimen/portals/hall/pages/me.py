"""What the platform knows of me, and where I change it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from yimen.foundation.identity import api as identity
from yimen.foundation.trace import api as trace
from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.clock import now


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def me(request: HttpRequest) -> HttpResponse:
    """My identity, masked; on request in full, which is itself noted."""
    actor = actor_of_request(request)
    person = identity.person_with_id(actor.person_id) if actor.person_id else None
    full = request.method == "POST" and person is not None
    if full and person is not None:
        trace.record_reading(actor, "person", str(person.pk), "本人查看", now())
    context: dict[str, Any] = {
        "person": person,
        "full": full,
        "entities": identity.LegalEntity.objects.filter(pk__in=actor.entity_ids).order_by("name"),
        "second_factor_url": _address("mfa_index"),
        "password_url": _address("account_change_password"),
        "nav_current": "hall:me",
    }
    response = render(request, "hall/me.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""

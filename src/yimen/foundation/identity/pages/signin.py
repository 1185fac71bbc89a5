"""Signing up with a real name, and the page of a locked sign-in."""

from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from yimen.foundation.identity.models import Person
from yimen.foundation.identity.pages.reading import text_of
from yimen.foundation.identity.services.accounts import sign_up_resident
from yimen.foundation.identity.services.lockouts import cool_off, failure_limit
from yimen.kernel.access import PUBLIC, access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid, TooMany

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ORDER = ("name", "id_kind", "id_number", "phone", "username", "password", "password2", "agree")
KEPT = ("username", "name", "id_kind", "id_number", "phone", "agree", "next")


def next_of(request: HttpRequest, values: Any) -> str:
    """The address to go on to; only within this site."""
    target = values.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else str(settings.LOGIN_REDIRECT_URL)


def _sign_up_page(
    request: HttpRequest, values: dict[str, str], errors: dict[str, str], status: int
) -> HttpResponse:
    errors = {field: errors[field] for field in (*ORDER, *errors) if field in errors}
    context = {"values": values, "errors": errors, "id_kinds": Person.IdKind.choices}
    return render(request, "account/signup.html", context, status=status)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@access(PUBLIC)
def sign_up(request: HttpRequest) -> HttpResponse:
    """Sign up a resident: number checked (level 1); faces are not verified, and the page says so."""
    if actor_of_request(request).signed_in:
        return redirect(next_of(request, request.GET))
    if request.method == "GET":
        return _sign_up_page(
            request, {"next": request.GET.get("next", ""), "id_kind": "resident_id"}, {}, 200
        )
    values = {field: text_of(request.POST, field) for field in KEPT}
    if not ratelimit.consume(request, app="allauth.account", action="signup"):
        raise TooMany("注册过于频繁，请稍后再试，或到就近的政务服务中心办理。")
    try:
        account = _sign_up(request, values)
    except Invalid as wrong:
        return _sign_up_page(request, values, wrong.fields or {"": wrong.message}, 422)
    login(request, account, backend=BACKEND)
    return redirect(next_of(request, request.POST))


def _sign_up(request: HttpRequest, values: dict[str, str]) -> Any:
    first, second = request.POST.get("password", ""), request.POST.get("password2", "")
    wrong: dict[str, str] = {}
    if first != second:
        wrong["password2"] = "两次输入的密码不一致，请重新输入。"
    if not values["agree"]:
        wrong["agree"] = "请先阅读个人信息处理说明并勾选同意。"
    if values["id_kind"] not in Person.IdKind.values:
        values["id_kind"] = Person.IdKind.RESIDENT_ID.value
    fields = {name: values[name] for name in ("username", "name", "id_number", "phone", "id_kind")}
    return sign_up_resident(password=first, at=now(), also_wrong=wrong, **fields)


def locked_out(
    request: HttpRequest, original_response: Any = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The page after too many wrong passwords: how long, and who can help sooner."""
    response = render(
        request,
        "account/locked_out.html",
        {
            "minutes": int(cool_off().total_seconds() // 60),
            "failures": failure_limit(),
        },
        status=429,
    )
    response["Retry-After"] = str(int(cool_off().total_seconds()))
    return response

"""Console: accounts, their posts, deactivation. For the system administrator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yimen.foundation.identity import queries
from yimen.foundation.identity.models import Account
from yimen.foundation.identity.pages.reading import day_of, key_of, page_of, text_of
from yimen.foundation.identity.permissions import ACCOUNT_MANAGE
from yimen.foundation.identity.services import accounts as services
from yimen.foundation.orgs.api import Post
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid, NotFound, Refusal

NEW_FIELDS = ("username", "display_name", "kind")


def _account(key: int) -> Account:
    found = Account.objects.filter(pk=min(key, 2**63 - 1)).select_related("person").first()
    if found is None:
        raise NotFound("没有找到这个账户。")
    return found


@require_GET
@access(ACCOUNT_MANAGE)
def accounts(request: HttpRequest) -> HttpResponse:
    """The list of accounts, by part of the name and kind."""
    words, kind = text_of(request.GET, "q", 60), text_of(request.GET, "kind", 10)
    kind = kind if kind in Account.Kind.values else ""
    page = page_of(queries.accounts_matching(words, kind), request)
    context = {
        "page": page,
        "q": words,
        "kind": kind,
        "kinds": Account.Kind.choices,
        "nav_current": "identity_console:accounts",
    }
    return render(request, "identity/console/accounts.html", context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@access(ACCOUNT_MANAGE)
def new_account(request: HttpRequest) -> HttpResponse:
    """Create an account of staff or of a system."""
    values, errors = {"kind": Account.Kind.STAFF.value}, {}
    if request.method == "POST":
        values = {field: text_of(request.POST, field, 60) for field in NEW_FIELDS}
        try:
            made = _create(request, values)
        except Invalid as wrong:
            errors = wrong.fields or {"": wrong.message}
        else:
            messages.success(request, _("账户已建立。接着安排岗位，角色由安全管理员授予。"))
            return redirect("identity_console:account", key=made.pk)
    kinds = [choice for choice in Account.Kind.choices if choice[0] != Account.Kind.RESIDENT]
    context = {"values": values, "errors": errors, "kinds": kinds, "nav_current": "identity_console:accounts"}
    return render(request, "identity/console/account_new.html", context, status=422 if errors else 200)


def _create(request: HttpRequest, values: dict[str, str]) -> Account:
    kind = values["kind"]
    if kind not in (Account.Kind.STAFF, Account.Kind.SYSTEM):
        raise Invalid(fields={"kind": "请选择工作人员或系统；个人账户由本人实名注册。"})
    password = request.POST.get("password", "")
    if kind == Account.Kind.STAFF and not password:
        raise Invalid(fields={"password": "请设一个初始密码，并请本人首次登录后修改。"})
    return services.create_account(
        username=values["username"],
        display_name=values["display_name"],
        kind=kind,
        password=password or None,
        actor=actor_of_request(request),
        at=now(),
    )


@require_GET
@access(ACCOUNT_MANAGE)
def account(request: HttpRequest, key: int) -> HttpResponse:
    """One account: who, which posts, which roles."""
    return _account_page(request, _account(key), {}, {})


def _account_page(
    request: HttpRequest, found: Account, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> HttpResponse:
    today = queries.china_day(now())
    division = queries.division_reach(actor_of_request(request), ACCOUNT_MANAGE)
    context = {
        "account": found,
        "holdings": found.holdings.select_related("post__organisation", "post__centre").order_by(
            "-valid_from", "-id"
        ),
        "grants": queries.grants_valid_on(today)
        .filter(account=found)
        .select_related("role", "division", "organisation", "centre", "granted_by")
        .order_by("-granted_at"),
        "today": today,
        "values": values,
        "errors": errors,
        "posts": queries.post_choices(division, today),
        "nav_current": "identity_console:accounts",
    }
    return render(request, "identity/console/account.html", context, status=status)


@require_POST
@access(ACCOUNT_MANAGE)
def lock(request: HttpRequest, key: int) -> HttpResponse:
    """Deactivate an account."""
    found, reason = _account(key), text_of(request.POST, "reason")
    try:
        services.lock_account(found, actor=actor_of_request(request), at=now(), reason=reason)
    except Invalid as wrong:
        return _account_page(request, found, {"reason": reason}, wrong.fields, 422)
    messages.success(request, _("账户已停用，立即生效。"))
    return redirect("identity_console:account", key=key)


@require_POST
@access(ACCOUNT_MANAGE)
def unlock(request: HttpRequest, key: int) -> HttpResponse:
    """Activate an account again."""
    services.unlock_account(_account(key), actor=actor_of_request(request), at=now())
    messages.success(request, _("账户已恢复。"))
    return redirect("identity_console:account", key=key)


@sensitive_post_parameters("password")
@require_POST
@access(ACCOUNT_MANAGE)
def password(request: HttpRequest, key: int) -> HttpResponse:
    """Set a new password for somebody who lost it."""
    found = _account(key)
    try:
        services.reset_password(
            found, request.POST.get("password", ""), actor=actor_of_request(request), at=now()
        )
    except Refusal as wrong:
        return _account_page(request, found, {}, wrong.fields or {"password": wrong.message}, 422)
    messages.success(request, _("密码已重设，请本人登录后尽快修改。"))
    return redirect("identity_console:account", key=key)


@require_POST
@access(ACCOUNT_MANAGE)
def assign(request: HttpRequest, key: int) -> HttpResponse:
    """Put an account into a post."""
    found = _account(key)
    values = {field: text_of(request.POST, field, 20) for field in ("post", "valid_from")}
    try:
        post = Post.objects.filter(pk=key_of(values["post"])).select_related("organisation__division").first()
        if post is None:
            raise Invalid(fields={"post": "请选择一个岗位。"})
        start = day_of(values, "valid_from")
        services.assign_post(found, post, actor=actor_of_request(request), at=now(), valid_from=start)
    except Refusal as refusal:
        return _account_page(request, found, values, refusal.fields or {"post": refusal.message}, 422)
    messages.success(request, _("已安排岗位。"))
    return redirect("identity_console:account", key=key)


@require_POST
@access(ACCOUNT_MANAGE)
def end(request: HttpRequest, key: int) -> HttpResponse:
    """End a holding today."""
    holding = queries.holding_with_id(key)
    services.end_post(holding, actor=actor_of_request(request), at=now())
    messages.success(request, _("任职已结束。"))
    return redirect("identity_console:account", key=holding.account_id)

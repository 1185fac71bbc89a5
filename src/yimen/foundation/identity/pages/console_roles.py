"""Console: roles, delegation level by level, sign-in lock-outs. For the security administrator and delegators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yimen.foundation.identity import queries
from yimen.foundation.identity.grants import FAMILY_NAMES, declared_grants, families_of, label_of
from yimen.foundation.identity.models import Role, RoleGrant
from yimen.foundation.identity.pages.reading import (
    centre_of,
    day_of,
    division_of,
    organisation_of,
    page_of,
    text_of,
)
from yimen.foundation.identity.permissions import DELEGATION_MANAGE, LOCKOUT_MANAGE, ROLE_MANAGE
from yimen.foundation.identity.services import delegation as delegating
from yimen.foundation.identity.services import roles as services
from yimen.foundation.identity.services.lockouts import locked_names, release_lockout
from yimen.foundation.orgs import api as orgs
from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid, NotAllowed, NotFound, Refusal

GRANT_FIELDS = (
    "username",
    "role",
    "division",
    "organisation",
    "centre",
    "valid_from",
    "valid_to",
    "may_delegate",
)


@require_GET
@access(ROLE_MANAGE)
def role_list(request: HttpRequest) -> HttpResponse:
    """All roles."""
    context = {"page": page_of(queries.roles(), request, 50), "nav_current": "identity_console:roles"}
    return render(request, "identity/console/roles.html", context)


def _grouped(chosen: set[str]) -> list[dict[str, object]]:
    """Known grants by the noun they are about, and chosen ones that no module declares any more."""
    groups: dict[str, list[dict[str, str]]] = {}
    known = dict(declared_grants())
    for name in sorted(known.keys() | chosen):
        family = next(iter(families_of([name])), None)
        hint = name if family is None else f"{name}（{FAMILY_NAMES[family]}）"
        option = {"value": name, "label": label_of(name), "hint": hint}
        groups.setdefault(":".join(name.split(":")[:2]), []).append(option)
    return [{"title": title, "options": options} for title, options in groups.items()]


@require_http_methods(["GET", "POST"])
@access(ROLE_MANAGE)
def role_form(request: HttpRequest, code: str = "") -> HttpResponse:
    """Create a role or change what it gives, grant by grant."""
    role = Role.objects.filter(code=code).first() if code else None
    if code and role is None:
        raise NotFound(f"没有代码为“{code}”的角色。")
    values = {
        "code": code,
        "name": role.name if role else "",
        "description": role.description if role else "",
    }
    chosen, errors = set(role.grants if role else []), {}
    if request.method == "POST":
        values = {field: text_of(request.POST, field, 60) for field in ("code", "name", "description")}
        values["code"] = code or values["code"]
        chosen = {grant[:80] for grant in request.POST.getlist("grants")}
        try:
            _save_role(request, values, chosen, role)
        except Refusal as refusal:
            errors = refusal.fields or {"": refusal.message}
        else:
            messages.success(request, _("角色已保存，立即生效。"))
            return redirect("identity_console:roles")
    context = {
        "role": role,
        "values": values,
        "errors": errors,
        "chosen": chosen,
        "groups": _grouped(chosen),
        "nav_current": "identity_console:roles",
    }
    return render(request, "identity/console/role.html", context, status=422 if errors else 200)


def _save_role(request: HttpRequest, values: dict[str, str], chosen: set[str], role: Role | None) -> None:
    if role is None and Role.objects.filter(code=values["code"]).exists():
        raise Invalid(fields={"code": f"代码“{values['code']}”已被使用，请换一个。"})
    known = {name for name, _label in declared_grants()} | set(role.grants if role else [])
    if strange := sorted(chosen - known):
        raise Invalid(fields={"grants": f"没有“{strange[0]}”这项权限，请从列表中勾选。"})
    services.save_role(
        code=services.check_role_code(values["code"]),
        name=values["name"],
        description=values["description"],
        grants=chosen,
        actor=actor_of_request(request),
        at=now(),
    )


@require_POST
@access(ROLE_MANAGE)
def role_delete(request: HttpRequest, code: str) -> HttpResponse:
    """Delete a role nobody was ever given."""
    services.delete_role(delegating.role_named(code), actor=actor_of_request(request), at=now())
    messages.success(request, _("角色已删除。"))
    return redirect("identity_console:roles")


def _may_delegate(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor.may(DELEGATION_MANAGE) or queries.may_delegate_anything(actor, queries.china_day(now()))


@require_GET
@access(SIGNED_IN)
def delegation(request: HttpRequest) -> HttpResponse:
    """Who holds which role where: all within scope for the security administrator, one's own chain for others."""
    return _delegation_page(request, {"username": text_of(request.GET, "username", 60)}, {})


def _delegation_page(request: HttpRequest, values: dict[str, str], errors: dict[str, str]) -> HttpResponse:
    if not _may_delegate(request):
        raise NotAllowed("您没有可以转授的权限。需要授权时，请联系安全管理员。")
    actor, today = actor_of_request(request), queries.china_day(now())
    words = text_of(request.GET, "q", 60)
    rows = queries.grants_for_delegation(actor, today, words)
    context = {
        "page": page_of(rows, request),
        "q": words,
        "values": values,
        "errors": errors,
        "roles": [(role.code, role.name) for role in queries.roles()],
        "organisations": [(o.code, o.name) for o in orgs.organisations(on=today)[:500]],
        "centres": [(c.code, c.name) for c in orgs.centres(on=today)[:500]],
        "actor_id": actor.account_id,
        "nav_current": "identity_console:delegation",
    }
    return render(request, "identity/console/delegation.html", context, status=422 if errors else 200)


@require_POST
@access(SIGNED_IN)
def grant(request: HttpRequest) -> HttpResponse:
    """Give a role over a scope."""
    values = {field: text_of(request.POST, field, 60) for field in GRANT_FIELDS}
    try:
        row = delegating.grant_role(
            queries.account_named(values["username"]),
            values["role"],
            actor=actor_of_request(request),
            at=now(),
            division=division_of(values),
            organisation=organisation_of(values),
            centre=centre_of(values),
            valid_from=day_of(values, "valid_from"),
            valid_to=day_of(values, "valid_to"),
            may_delegate=bool(values["may_delegate"]),
        )
    except Refusal as refusal:
        return _delegation_page(request, values, refusal.fields or {"": refusal.message})
    said = _("已授予 %(account)s“%(role)s”。") % {"account": row.account, "role": row.role.name}
    messages.success(request, said)
    return redirect("identity_console:delegation")


@require_POST
@access(SIGNED_IN)
def revoke(request: HttpRequest, key: int) -> HttpResponse:
    """Take a role back with everything derived from it."""
    row = RoleGrant.objects.filter(pk=min(key, 2**63 - 1)).first()
    if row is None:
        raise NotFound("没有找到这项授权。")
    fallen = delegating.revoke_role_grant(
        row, actor=actor_of_request(request), at=now(), reason=text_of(request.POST, "reason")
    )
    said = _("已撤销。") if len(fallen) == 1 else _("已撤销，连同转授的共 %(n)s 项。") % {"n": len(fallen)}
    messages.success(request, said)
    return redirect("identity_console:delegation")


@require_GET
@access(LOCKOUT_MANAGE)
def lockouts(request: HttpRequest) -> HttpResponse:
    """User names locked now after too many wrong passwords."""
    context = {"rows": list(locked_names(now())[:200]), "nav_current": "identity_console:lockouts"}
    return render(request, "identity/console/lockouts.html", context)


@require_POST
@access(LOCKOUT_MANAGE)
def release(request: HttpRequest) -> HttpResponse:
    """Let a user name sign in again at once."""
    release_lockout(text_of(request.POST, "username", 60), actor=actor_of_request(request), at=now())
    messages.success(request, _("已解除锁定，可以立即登录。"))
    return redirect("identity_console:lockouts")

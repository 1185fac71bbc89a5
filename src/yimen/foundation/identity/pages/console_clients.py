"""Console: systems that come in by tokens, and the audit administrator's reading of what administrators did."""

from allauth.idp.oidc.models import Client
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yimen.foundation.identity import queries
from yimen.foundation.identity.models import Account
from yimen.foundation.identity.pages.reading import page_of, text_of
from yimen.foundation.identity.permissions import AUDIT_READ, CLIENT_MANAGE
from yimen.foundation.identity.services.journal import ACTS, KINDS
from yimen.foundation.identity.services.tokens import create_client
from yimen.foundation.trace import api as trace
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid, Refusal


@require_GET
@access(CLIENT_MANAGE)
def clients(request: HttpRequest) -> HttpResponse:
    """The systems that may ask for tokens."""
    rows = Client.objects.select_related("owner").order_by("name", "id")
    context = {"page": page_of(rows, request), "nav_current": "identity_console:clients"}
    return render(request, "identity/console/clients.html", context)


@require_http_methods(["GET", "POST"])
@access(CLIENT_MANAGE)
def new_client(request: HttpRequest) -> HttpResponse:
    """Register a department's system; its secret is shown once, on this page."""
    values, errors, made, secret = {}, {}, None, ""
    if request.method == "POST":
        values = {field: text_of(request.POST, field, 60) for field in ("name", "username")}
        try:
            made, secret = _create(request, values)
        except Refusal as refusal:
            errors = refusal.fields or {"username": refusal.message}
    context = {
        "values": values,
        "errors": errors,
        "made": made,
        "secret": secret,
        "nav_current": "identity_console:clients",
    }
    return render(request, "identity/console/client_new.html", context, status=422 if errors else 200)


def _create(request: HttpRequest, values: dict[str, str]) -> tuple[Client, str]:
    if not values["name"]:
        raise Invalid(fields={"name": "请填写系统名称。"})
    account = queries.account_named(values["username"])
    if account.kind != Account.Kind.SYSTEM:
        raise Invalid(fields={"username": "接入系统只能关联“系统”类型的账户，请先新建一个。"})
    return create_client(name=values["name"], account=account, actor=actor_of_request(request), at=now())


@require_GET
@access(AUDIT_READ)
def audit(request: HttpRequest) -> HttpResponse:
    """What administrators did, the newest first."""
    kind = text_of(request.GET, "kind", 20)
    kind = kind if kind in KINDS else ""
    rows = trace.Event.objects.filter(subject_kind__in=[kind] if kind else list(KINDS)).order_by("-id")
    page = page_of(rows, request, 50)
    lines = [
        {"event": row, "kind": KINDS.get(row.subject_kind, ""), "act": ACTS.get(row.act, row.act)}
        for row in page.results
    ]
    context = {
        "page": page,
        "lines": lines,
        "kind": kind,
        "kinds": list(KINDS.items()),
        "nav_current": "identity_console:audit",
    }
    return render(request, "identity/console/audit.html", context)

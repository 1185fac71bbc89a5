"""Console: organisations, centres, posts and divisions. For the system administrator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yimen.foundation.orgs import queries
from yimen.foundation.orgs.models import Centre, Organisation, Post
from yimen.foundation.orgs.pages.reading import day_of, division_of, organisation_of, page_of, text_of
from yimen.foundation.orgs.permissions import ORGANISATION_MANAGE
from yimen.foundation.orgs.services import organisations as services
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import NotFound, Refusal

ORGANISATION_FIELDS = ("code", "name", "short_name", "uscc", "kind", "division", "parent", "phone", "address")
CENTRE_FIELDS = ("code", "name", "division", "organisation", "address", "hours", "phone")
NAV = "orgs_console:organisations"


@require_GET
@access(ORGANISATION_MANAGE)
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Organisations by part of the name and division; dissolved ones on request."""
    words, division = text_of(request.GET, "q", 60), text_of(request.GET, "division", 12)
    division = division if division.isdigit() else ""
    dissolved = bool(request.GET.get("dissolved"))
    on = None if dissolved else now().astimezone(CHINA).date()
    rows = queries.organisations_matching(words, division, on)
    context = {
        "page": page_of(rows, request),
        "q": words,
        "division": division,
        "dissolved": dissolved,
        "nav_current": NAV,
    }
    return render(request, "orgs/console/organisations.html", context)


@require_http_methods(["GET", "POST"])
@access(ORGANISATION_MANAGE)
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Create an organisation."""
    values, errors = {"kind": Organisation.Kind.DEPARTMENT.value}, {}
    if request.method == "POST":
        values = {field: text_of(request.POST, field) for field in ORGANISATION_FIELDS}
        try:
            made = _create(request, values)
        except Refusal as refusal:
            errors = refusal.fields or {"": refusal.message}
        else:
            messages.success(request, _("机构已建立。"))
            return redirect("orgs_console:organisation", code=made.code)
    context = {"values": values, "errors": errors, "kinds": Organisation.Kind.choices, "nav_current": NAV}
    return render(request, "orgs/console/organisation_new.html", context, status=422 if errors else 200)


def _create(request: HttpRequest, values: dict[str, str]) -> Organisation:
    kind = values["kind"] if values["kind"] in Organisation.Kind.values else Organisation.Kind.DEPARTMENT
    return services.create_organisation(
        code=values["code"],
        name=values["name"][:120],
        short_name=values["short_name"][:40],
        uscc=values["uscc"][:18],
        kind=kind,
        division=division_of(values),
        parent=organisation_of(values, "parent"),
        phone=values["phone"][:40],
        address=values["address"],
        actor=actor_of_request(request),
        at=now(),
    )


def _organisation_page(
    request: HttpRequest, found: Organisation, values: dict[str, str], errors: dict[str, str]
) -> HttpResponse:
    context = {
        "organisation": found,
        "above": queries.organisations_above(found),
        "children": found.children.order_by("code"),
        "posts": found.posts.select_related("centre").order_by("valid_to", "code"),
        "former": found.former_names.order_by("-until"),
        "values": values,
        "errors": errors,
        "centres": [(c.code, c.name) for c in queries.centres()[:500]],
        "nav_current": NAV,
    }
    return render(request, "orgs/console/organisation.html", context, status=422 if errors else 200)


@require_GET
@access(ORGANISATION_MANAGE)
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation: place in the tree, posts, former names."""
    return _organisation_page(request, queries.organisation_with_code(code), {}, {})


@require_POST
@access(ORGANISATION_MANAGE)
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Give an organisation a new name from a day on."""
    found = queries.organisation_with_code(code)
    values = {field: text_of(request.POST, field, 120) for field in ("name", "short_name", "on")}
    try:
        services.rename_organisation(
            found,
            values["name"],
            actor=actor_of_request(request),
            at=now(),
            on=day_of(values, "on"),
            short_name=values["short_name"][:40],
        )
    except Refusal as refusal:
        return _organisation_page(
            request, queries.organisation_with_code(code), values, refusal.fields or {"": refusal.message}
        )
    messages.success(request, _("名称已更改，此前的文书仍显示原名。"))
    return redirect("orgs_console:organisation", code=code)


@require_POST
@access(ORGANISATION_MANAGE)
def contact(request: HttpRequest, code: str) -> HttpResponse:
    """Change telephone and address."""
    services.change_contact(
        queries.organisation_with_code(code),
        phone=text_of(request.POST, "phone", 40),
        address=text_of(request.POST, "address"),
        actor=actor_of_request(request),
    )
    messages.success(request, _("联系方式已更改。"))
    return redirect("orgs_console:organisation", code=code)


@require_POST
@access(ORGANISATION_MANAGE)
def dissolve(request: HttpRequest, code: str) -> HttpResponse:
    """Dissolve an organisation, perhaps into a successor."""
    found = queries.organisation_with_code(code)
    values = {field: text_of(request.POST, field, 60) for field in ("dissolve_on", "successor")}
    try:
        services.dissolve_organisation(
            found,
            actor=actor_of_request(request),
            at=now(),
            on=day_of(values, "dissolve_on"),
            successor=organisation_of(values, "successor"),
        )
    except Refusal as refusal:
        return _organisation_page(request, found, values, refusal.fields or {"": refusal.message})
    messages.success(request, _("机构已撤销。"))
    return redirect("orgs_console:organisation", code=code)


@require_POST
@access(ORGANISATION_MANAGE)
def new_post(request: HttpRequest, code: str) -> HttpResponse:
    """Create a post of an organisation."""
    found = queries.organisation_with_code(code)
    values = {field: text_of(request.POST, field, 60) for field in ("post_code", "post_name", "centre")}
    try:
        centre = queries.centre_with_code(values["centre"]) if values["centre"] else None
        services.create_post(
            code=values["post_code"],
            name=values["post_name"],
            organisation=found,
            centre=centre,
            actor=actor_of_request(request),
        )
    except Refusal as refusal:
        errors = {f"post_{field}": sentence for field, sentence in refusal.fields.items()}
        return _organisation_page(request, found, values, errors or {"": refusal.message})
    messages.success(request, _("岗位已建立。"))
    return redirect("orgs_console:organisation", code=code)


@require_POST
@access(ORGANISATION_MANAGE)
def close(request: HttpRequest, key: int) -> HttpResponse:
    """Close a post today."""
    post = Post.objects.filter(pk=min(key, 2**63 - 1)).select_related("organisation__division").first()
    if post is None:
        raise NotFound("没有找到这个岗位。")
    services.close_post(post, actor=actor_of_request(request), on=now().astimezone(CHINA).date())
    messages.success(request, _("岗位已撤销。"))
    return redirect("orgs_console:organisation", code=post.organisation.code)


@require_GET
@access(ORGANISATION_MANAGE)
def centre_list(request: HttpRequest) -> HttpResponse:
    """Service centres."""
    context = {"page": page_of(queries.centres(), request), "nav_current": "orgs_console:centres"}
    return render(request, "orgs/console/centres.html", context)


@require_http_methods(["GET", "POST"])
@access(ORGANISATION_MANAGE)
def centre_form(request: HttpRequest, code: str = "") -> HttpResponse:
    """Create a service centre, or change what the public reads about it."""
    found = queries.centre_with_code(code) if code else None
    values = {field: str(getattr(found, field, "") or "") for field in ("name", "address", "hours", "phone")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = {field: text_of(request.POST, field) for field in CENTRE_FIELDS}
        try:
            _save_centre(request, found, values)
        except Refusal as refusal:
            errors = refusal.fields or {"": refusal.message}
        else:
            messages.success(request, _("已保存。"))
            return redirect("orgs_console:centres")
    context = {"centre": found, "values": values, "errors": errors, "nav_current": "orgs_console:centres"}
    return render(request, "orgs/console/centre.html", context, status=422 if errors else 200)


def _save_centre(request: HttpRequest, found: Centre | None, values: dict[str, str]) -> Centre:
    actor, address, hours = actor_of_request(request), values["address"], values["hours"]
    name, phone = values["name"][:120], values["phone"][:40]
    if found is not None:
        return services.change_centre(
            found, name=name, address=address, hours=hours, phone=phone, actor=actor
        )
    return services.create_centre(
        code=values["code"],
        name=name,
        phone=phone,
        division=division_of(values),
        organisation=organisation_of(values, "organisation"),
        address=address,
        hours=hours,
        actor=actor,
    )


@require_GET
@access(ORGANISATION_MANAGE)
def divisions(request: HttpRequest) -> HttpResponse:
    """Divisions level by level, or by part of the name; what became of abolished ones."""
    words, code = text_of(request.GET, "q", 40), text_of(request.GET, "code", 12)
    here = queries.division_with_code(code) if code.isdigit() else None
    rows = queries.divisions_matching(words) if words else queries.children_of(here)
    context = {
        "page": page_of(rows, request, 50),
        "q": words,
        "here": here,
        "above": list(reversed(queries.ancestors(here.code))) if here else [],
        "changes": queries.successors_of(here.code) if here else [],
        "today": now().astimezone(CHINA).date(),
        "nav_current": "orgs_console:divisions",
    }
    return render(request, "orgs/console/divisions.html", context)

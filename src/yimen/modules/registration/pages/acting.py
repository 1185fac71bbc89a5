"""What people do at the register: an entity announces its simple cancellation, somebody concerned objects."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid
from yimen.modules.registration.pages.reading import text_of
from yimen.modules.registration.queries.register import entity_with_code
from yimen.modules.registration.services import notices

NAV = "registration:search"


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def announce(request: HttpRequest, uscc: str) -> HttpResponse:
    """Publish the notice of a simple cancellation, upon the promise of all investors."""
    entity, errors = entity_with_code(uscc), {}
    if request.method == "POST":
        try:
            promised = text_of(request, "promised", 5) == "1"
            notice = notices.publish_notice(entity.uscc, actor_of_request(request), now(), promised=promised)
        except Invalid as wrong:
            errors = wrong.fields
        else:
            told = {"until": notice.ends_on, "last": notice.apply_until}
            messages.success(request, _("公告已发布，到%(until)s期满；请在%(last)s以前申请注销登记。") % told)
            return redirect("registration:entity", entity.uscc)
    context = {"entity": entity, "errors": errors, "nav_current": NAV}
    return render(request, "registration/announce.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def object_to(request: HttpRequest, uscc: str) -> HttpResponse:
    """Object to a simple cancellation; what was typed stays when it is not enough."""
    entity, errors, reason = entity_with_code(uscc), {}, text_of(request, "reason", 1000)
    if request.method == "POST":
        try:
            notices.object_to(entity.uscc, reason, actor_of_request(request), now())
        except Invalid as wrong:
            errors = wrong.fields
        else:
            messages.success(request, _("异议已提交，登记机关处理以前不会按简易程序注销。"))
            return redirect("registration:entity", entity.uscc)
    context = {"entity": entity, "errors": errors, "reason": reason, "nav_current": NAV}
    return render(request, "registration/object.html", context, status=422 if errors else 200)
